#!/usr/bin/python3
"""import: what the command line adds to the import itself."""

import csv

from harness import Case, finish

HEADER = 'product,name,release,eol,eos\n'


class Import(Case):
    def test_stores_and_says_so(self):
        self.write('plans.csv', HEADER + 'CT,CT装置,1.0,2031-03-31,2034-03-31\nCT,CT装置,2.0,,\n')
        text = self.kigen('import', 'lifecycles', 'plans.csv', '--by', '佐藤')
        self.assertIn('plans.csv: 2 rows: 2 new', text)
        self.assertEqual(len(self.json('plan', 'show')['plans']), 2)
        self.assertIn('佐藤', self.sql("SELECT payload FROM audit_payload ORDER BY audit DESC LIMIT 1")[0][0])

    def test_refused_rows_stop_all_and_carry_the_rule(self):
        self.write('plans.csv', HEADER + 'CT,CT装置,1.0,2031-03-31,2034-03-31\nCT,CT装置,2.0,2031-03-31,2031-03-31\n')
        errors = self.kigen('import', 'lifecycles', 'plans.csv', code=1) + self.errors
        self.assertRegex(errors, r'(?m)^plans\.csv:3: .*LSP-1.*2031-03-31')
        self.assertIn('限定的サポート計画', errors)
        self.assertIn('nothing was stored', errors)
        self.assertEqual(self.sql('SELECT count(*) FROM release'), [(0,)])

    def test_keep_going_writes_rejects(self):
        self.write('plans.csv', HEADER + 'CT,CT装置,1.0,2031-03-31,2034-03-31\nCT,CT装置,2.0,2031-03-31,2031-03-31\n')
        report = self.json('import', 'lifecycles', 'plans.csv', '--keep-going', '--rejects', 'refused.csv', code=1)
        self.assertEqual((report['rows'], report['added'], report['refused'], report['stored']), (2, 1, 1, True))
        problem, = report['problems']
        self.assertEqual((problem['line'], problem['rule'], problem['value'], problem['warning']), (3, 'LSP-1', '2031-03-31', False))
        with open(self.folder / 'refused.csv', encoding='utf-8-sig') as file:
            self.assertEqual([row['release'] for row in csv.DictReader(file)], ['2.0'])

    def test_every_refused_row_is_listed(self):
        self.write('plans.csv', HEADER + ''.join(f'CT,CT装置,{n},2031-03-31,2031-03-31\n' for n in range(120)))
        self.kigen('import', 'lifecycles', 'plans.csv', code=1)
        self.assertEqual(sum(line.startswith('plans.csv:') for line in self.errors.splitlines()), 120)

    def test_dry_run_stores_nothing(self):
        self.write('plans.csv', HEADER + 'CT,CT装置,1.0,2031-03-31,2034-03-31\n')
        report = self.json('import', 'lifecycles', 'plans.csv', '--dry-run')
        self.assertEqual((report['added'], report['stored'], report['dry_run']), (1, False, True))
        self.assertEqual(self.sql('SELECT count(*) FROM release'), [(0,)])

    def test_cp932_is_announced(self):
        self.write('products.csv', 'product,name_ja,name_en\nCT,全身用Ｘ線CT,CT\n', encoding='cp932')
        self.kigen('import', 'products', 'products.csv')
        self.assertIn('cp932', self.errors)
        self.kigen('import', 'products', 'products.csv', '--encoding', 'sjis')
        self.assertEqual(self.errors, '')
        self.refused('import', 'products', 'products.csv', '--encoding', 'ebcdic', code=2)

    def test_usage(self):
        self.assertIn('did you mean devices?', self.refused('import', 'device', 'x.csv', code=2))
        self.refused('import', 'devices', code=2)
        self.refused('import', 'devices', 'x.csv', '--rejects', 'y.csv', code=2)
        self.assertIn('none.csv', self.refused('import', 'devices', 'none.csv', code=1))


if __name__ == '__main__':
    finish()
