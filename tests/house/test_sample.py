#!/usr/bin/python3
"""The sample is whole and invented: counts, encodings, keys that resolve, addresses that lead nowhere."""

import csv
import io
import pathlib
import re
import subprocess
import sys
import unicodedata
import unittest

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / 'contrib/sample'
ENCODING = {'organizations.csv': 'utf-8-sig', 'devices.csv': 'cp932'}


def rows(name):
    text = (SAMPLE / name).read_bytes().decode(ENCODING.get(name, 'utf-8'))
    table = list(csv.reader(io.StringIO(text, newline='')))
    for row in table:
        assert len(row) == len(table[0]), f'{name}: {row}'
    return [dict(zip(table[0], row)) for row in table[1:]]


class Sample(unittest.TestCase):
    def test_generated(self):
        run = subprocess.run([sys.executable, str(SAMPLE / 'generate.py'), '--check'], capture_output=True, text=True)
        self.assertEqual(0, run.returncode, run.stdout + run.stderr)

    def test_counts(self):
        for name, expected in (('products.csv', 6), ('lifecycles.csv', 20), ('lifecycles-revision.csv', 2),
                               ('organizations.csv', 40), ('devices.csv', 1500), ('bad-plan.csv', 1)):
            self.assertEqual(expected, len(rows(name)), name)

    def test_encodings(self):
        devices = (SAMPLE / 'devices.csv').read_bytes()
        self.assertEqual(1501, devices.count(b'\r\n'))
        with self.assertRaises(UnicodeDecodeError):
            devices.decode('utf-8')
        self.assertTrue((SAMPLE / 'organizations.csv').read_bytes().startswith(b'\xef\xbb\xbf'))

    def test_keys(self):
        products = {row['product'] for row in rows('products.csv')}
        releases = {(row['product'], row['release']) for row in rows('lifecycles.csv')}
        organizations = {row['organization'] for row in rows('organizations.csv')}
        devices = {(row['product'], unicodedata.normalize('NFKC', row['serial'])) for row in rows('devices.csv')}
        for row in rows('lifecycles.csv') + rows('lifecycles-revision.csv'):
            self.assertIn(row['product'], products)
        for row in rows('lifecycles-revision.csv'):
            self.assertIn((row['product'], row['release']), releases)
        for row in rows('organizations.csv'):
            self.assertIn(row['parent'], organizations | {''})
        for row in rows('contacts.csv') + rows('custody.csv'):
            self.assertIn(row['organization'], organizations)
        for row in rows('custody.csv'):
            self.assertTrue((row['product'], row['serial']) in devices, row)
        for row in rows('devices.csv'):
            self.assertIn(row['organization'], organizations)
            self.assertIn((row['product'], row['release']), releases)
            if row['software_release']:
                self.assertIn((row['software_product'], row['software_release']), releases)

    def test_invented(self):
        people = rows('contacts.csv') + rows('organizations.csv')
        for row in people:
            for column in ('phone', 'fax'):
                if row.get(column):
                    self.assertRegex(row[column], r'^0\d{1,2}-0\d{2,3}-\d{4}$')
            if row.get('email'):
                self.assertRegex(row['email'], r'^[\w.-]+@[\w-]+\.example$')
        maker = (SAMPLE / 'maker.conf').read_text(encoding='utf-8')
        self.assertEqual([], re.findall(r'@(?![\w-]+\.example$)', maker, re.M))


if __name__ == '__main__':
    unittest.main()
