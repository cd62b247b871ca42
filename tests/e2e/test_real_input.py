#!/usr/bin/python3
"""8,351 real releases (../shared/data/lifecycles): 547 of them have EOL and EOS on one day, and exactly those are refused."""

import csv
import unittest

from kigen import SHARED, Case

LIFECYCLES = SHARED / 'data/lifecycles/endoflife-date.csv'


@unittest.skipUnless(LIFECYCLES.exists(), f'NOT TESTED, real releases: {LIFECYCLES} is not here')
class RealInput(Case):
    def setUp(self):
        super().setUp()
        self.make_store(simulation=False)
        with open(LIFECYCLES, encoding='utf-8', newline='') as file:
            rows = csv.reader(file)
            header = next(rows)
            eol, eos = header.index('eol'), header.index('eos')
            self.rows = [(rows.line_num, row) for row in rows]
        self.coincide = {line for line, row in self.rows if row[eol] and row[eol] == row[eos]}

    def test_the_file_is_the_one_we_know(self):
        self.assertEqual((8351, 547), (len(self.rows), len(self.coincide)))

    def test_nothing_without_keep_going(self):
        said = self.assert_refused(['import', 'lifecycles', LIFECYCLES], 1, r'nothing was stored')
        self.assertEqual(self.coincide, self.refused_lines(said))

    def test_keep_going(self):
        rejects = self.folder / 'rejects.csv'
        done = self.run_kigen('import', 'lifecycles', LIFECYCLES, '--keep-going', '--rejects', rejects)
        self.assertEqual(1, done.returncode)
        self.assertEqual(self.coincide, self.refused_lines(done.stdout + done.stderr))
        self.assertEqual(7804, self.count('release'))
        self.assertEqual(7804, self.count('support_plan'))
        with open(rejects, encoding='utf-8-sig', newline='') as file:
            self.assertEqual(547 + 1, len(list(csv.reader(file))))
        self.assert_sound()
        self.assertIn('debian', self.kigen('timeline', 'debian').lower())
        svg = self.folder / 'debian.svg'
        self.kigen('timeline', 'debian', '--svg', svg)
        self.assertIn('<svg', svg.read_text(encoding='utf-8'))
        self.assertEqual(1, self.run_kigen('check').returncode)

    def refused_lines(self, said):
        """Lines of the file that the output refuses; each must name LSP-1."""
        lines = set()
        for row in said.splitlines():
            if row.startswith(f'{LIFECYCLES.name}:') and row.split(':')[1].isdigit() and 'warning' not in row:
                self.assertIn('LSP-1', row)
                lines.add(int(row.split(':')[1]))
        return lines


if __name__ == '__main__':
    unittest.main()
