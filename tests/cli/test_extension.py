#!/usr/bin/python3
"""extension: a customer's own later EOS; what is refused says why, and nothing is changed."""

from harness import Case, finish

WHY = ['--reason', '保守契約']


class Extension(Case):
    def setUp(self):
        super().setUp()
        for product, release in (('PUMP', '1.0'), ('PUMP', '2.0'), ('SW', 'A')):
            self.add_release(product, release)
        self.write('organizations.csv', 'organization,name_ja,role\nH1,A病院,hospital\nD1,販売,distributor\n')
        self.write('devices.csv', 'product,release,serial,software_product,software_release,organization\n'
                   'PUMP,1.0,S1,SW,A,H1\nPUMP,1.0,S2,,,H1\n')
        for kind in ('organizations', 'devices'):
            self.kigen('import', kind, f'{kind}.csv')
        for plan in ('PUMP/1.0', 'SW/A'):
            self.kigen('plan', 'set', plan, 'general_availability=2020-04-01', 'end_of_sale=2027-03-31', 'eol=2031-03-31', 'eos=2036-03-31',
                       'limited_support_doc=LSP-1', 'limited_support_duties=分離すること', 'limited_support_lines=parts:2033-03-31')
        self.kigen('plan', 'publish', 'PUMP/1.0', 'SW/A', '--by', '佐藤', '--reason', '初版')

    def rows(self, *words):
        return self.json('extension', 'list', *words)['extensions']

    def test_set_list_end(self):
        said = self.kigen('extension', 'set', 'PUMP/1.0', 'H1', '令和22年3月31日', '--reference', 'M-55', *WHY)
        self.assertEqual(said, 'extension 1: EOS of PUMP/1.0 at H1 is 2040-03-31 by contract\n')
        [row] = self.rows()
        expected = {'extension': 1, 'organization': 'H1', 'product': 'PUMP', 'release': '1.0', 'device': None, 'units': 2,
                    'eos': '2040-03-31', 'until': '2040-03-31', 'plan_eos': '2036-03-31', 'state': 'holds', 'reference': 'M-55',
                    'reason': '保守契約', 'created_on': '2026-12-01', 'ended_on': None}
        self.assertEqual({key: row[key] for key in expected}, expected)
        self.assertIn('M-55', self.kigen('extension', 'list', 'H1', '--release', 'PUMP'))
        done = self.json('extension', 'set', 'PUMP/1.0', 'H1', '2041-03-31', *WHY)
        self.assertEqual((done['extension'], done['replaced'], done['changed']), (2, 1, True))
        self.assertFalse(self.json('extension', 'set', 'PUMP/1.0', 'H1', '2041-03-31', *WHY)['changed'])
        self.assertEqual(self.kigen('extension', 'end', '2', *WHY), 'extension 2 is ended: 2026-12-01 is the last day on which it holds\n')
        self.assertEqual(self.rows(), [])
        self.assertEqual([row['state'] for row in self.rows('--all')], ['replaced', 'ended'])
        self.assertEqual([row['action'] for row in self.json('audit', 'list', '--action', 'extension')],
                         ['extension.set', 'extension.set', 'extension.end'])
        self.kigen('doctor')

    def test_a_device(self):
        self.kigen('extension', 'set', 'SW/A', 'H1', '2038-03-31', '--device', 'ｓ１', *WHY)  # as people type it
        self.assertFalse(self.json('extension', 'set', 'SW/A', 'H1', '2038-03-31', '--device', 'S1', *WHY)['changed'])
        [row] = self.rows('--release', 'SW/*')
        self.assertEqual((row['device'], row['units'], row['state']), ('S1', 1, 'holds'))
        # it is sold: the contract stays and stands for nothing
        self.write('organizations.csv', 'organization,name_ja,role\nH2,B病院,hospital\n')
        self.kigen('import', 'organizations', 'organizations.csv')
        self.write('sold.csv', 'product,release,serial,organization\nPUMP,1.0,S1,H2\n')
        self.kigen('import', 'devices', 'sold.csv')
        [row] = self.rows()
        self.assertEqual((row['units'], row['state']), (0, 'idle'))
        self.kigen('doctor')

    def test_refused(self):
        for words, code, message in (
                (['PUMP/1.0', 'H1', '2036-03-31', *WHY], 1, 'never shortens it (EOS is 2036-03-31)'),
                (['PUMP/1.0', 'D1', '2040-03-31', *WHY], 1, 'an extension is for a customer'),
                (['PUMP/2.0', 'H1', '2040-03-31', *WHY], 1, 'it has none'),
                (['PUMP/1.0', 'H1', '2040-03-31', '--device', 'S9', *WHY], 1, 'the device is not theirs'),
                (['SW/A', 'H1', '2040-03-31', '--device', 'S2', *WHY], 1, 'the device is not theirs'),
                (['PUMP/1.0', 'H9', '2040-03-31', *WHY], 1, 'no organization H9: did you mean H1?'),
                (['PUMP/1.1', 'H1', '2040-03-31', *WHY], 1, 'did you mean PUMP/1.0?'),
                (['PUMP', 'H1', '2040-03-31', *WHY], 2, 'name one release'),
                (['PUMP/*', 'H1', '2040-03-31', *WHY], 2, 'name one release'),
                (['PUMP/1.0', 'H1', '2040-02-30', *WHY], 2, 'DAY: '),
                (['PUMP/1.0', 'H1', '未定', *WHY], 2, 'is no day'),
                (['PUMP/1.0', 'H1', '2040-03-31'], 2, '--reason'),
                (['PUMP/1.0', 'H1', '2040-03-31', '--reason', ' '], 2, '--reason'),
                (['PUMP/1.0', 'H1', '2040-03-31', '--reason', 'a\nb'], 1, 'on one line'),
                (['PUMP/1.0', 'H1', '2040-03-31', '--reference', '', *WHY], 1, '--reference')):
            with self.subTest(words):
                self.assertIn(message, self.refused('extension', 'set', *words, code=code))
        self.assertIn('expected a number', self.refused('extension', 'end', 'x', *WHY, code=2))
        self.assertIn('no extension 1', self.refused('extension', 'end', '1', *WHY))
        self.assertEqual(self.rows('--all'), [])
        self.assertEqual(self.json('audit', 'list', '--action', 'extension'), [])


if __name__ == '__main__':
    finish()
