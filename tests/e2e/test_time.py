#!/usr/bin/python3
"""Virtual time: --today belongs to simulation stores, and simulate plays on a copy."""

import re
import unittest

from kigen import SAMPLE, Case

PUBLISH = ['--by', '早瀬', '--reason', '既存計画の取り込み']


class RealStore(Case):
    def test_writes_refuse_another_day(self):
        self.make_store(simulation=False)
        self.import_sample()
        for arguments in (['import', 'products', SAMPLE / 'products.csv'], ['plan', 'publish', 'SIP-20/SIP-25', *PUBLISH],
                          ['plan', 'set', 'SIP-20/SIP-25', 'eol=2035-03-31', '--by', 'x', '--reason', 'y'],
                          ['maker', 'set', 'phone=03-0000-0000'], ['feed', 'create', 'H0101'],
                          ['deliver', '--once', '--transport', f'maildir:{self.folder}/mail']):
            with self.subTest(arguments):
                self.assert_refused(['--today', '2020-01-01', *arguments], 1, r'--today', r'simulation')
                self.assert_refused(arguments, 1, r'simulation', env=self.environment(KIGEN_TODAY='2020-01-01'))
        self.assertFalse((self.folder / 'mail').exists())

    def test_reads_take_another_day(self):
        self.make_store(simulation=False)
        self.import_sample()
        before = self.state()
        stage = {}
        for today in ('2020-01-01', '2025-01-01', '2027-03-31', '2027-04-01'):
            shown = self.kigen_json('--today', today, 'plan', 'show', 'SCT-6000/SCT-6064')
            stage[today] = shown['plans'][0]['stage']
        self.assertEqual({'2020-01-01': 'support', '2025-01-01': 'limited-support', '2027-03-31': 'limited-support',
                          '2027-04-01': 'end-of-support'}, stage)
        self.assertEqual(before, self.state())


class Simulation(Case):
    def test_audit_keeps_the_real_time(self):
        self.today = '2031-01-15'
        self.make_store()
        self.import_sample(('products',))
        rows = self.query("SELECT day, at FROM audit WHERE action LIKE 'import%'")
        self.assertEqual(1, len(rows))
        self.assertEqual('2031-01-15', rows[0][0])
        self.assertNotIn('2031', rows[0][1])

    def test_simulate_leaves_the_store_alone(self):
        self.today = '2026-11-24'
        self.make_store()
        self.import_sample()
        self.kigen('plan', 'publish', '--all', '--keep-going', *PUBLISH, expect=1)
        before = self.state()
        files = sorted(path.name for path in self.folder.iterdir())
        said = self.kigen('simulate', '--until', '2029-12-31')
        self.assertEqual(before, self.state())
        self.assertEqual(files, sorted(path.name for path in self.folder.iterdir()))
        self.assertRegex(said, r'2027-03-31|2027-04-01')  # SCT-6064 reaches EOS
        days = re.findall(r'^(20\d\d-\d\d-\d\d) [A-Z][a-z][a-z]\b', said, re.M)
        self.assertGreater(len(days), 5)
        self.assertEqual(sorted(days), days)
        self.assertLessEqual(days[-1], '2029-12-31')

    def test_a_support_life_day_by_day(self):
        """What deliver makes on the days that matter, in one store: the reminders, the beginning, the end."""
        self.today = '2026-11-24'
        self.make_store()
        self.import_sample()
        self.kigen('plan', 'publish', 'SCT-6000/SCT-6064', *PUBLISH)  # EOL 2024-03-31, EOS 2027-03-31
        seen = {}
        for today in ('2026-11-24', '2026-12-28', '2027-02-26', '2027-03-31', '2027-04-01', '2027-04-02'):
            self.today = today
            self.kigen('deliver', '--once', '--transport', f'maildir:{self.folder}/{today}')
            seen[today] = {kind for kind, in self.query("SELECT kind FROM notice WHERE due_on = ?", today)}
        self.assertEqual({'plan-announcement'}, seen['2026-11-24'])
        self.assertEqual({'eos-reminder'}, seen['2026-12-28'])  # 3 months before: 31 December is closed
        self.assertEqual({'eos-reminder'}, seen['2027-02-26'])  # 1 month before: 28 February is a Sunday
        self.assertEqual(set(), seen['2027-03-31'])
        self.assertEqual({'eos-reached'}, seen['2027-04-01'])
        self.assertEqual(set(), seen['2027-04-02'])


if __name__ == '__main__':
    unittest.main()
