#!/usr/bin/python3
"""Every error of the publish gate is hit by the release of the sample that stands for it, and by no other."""

import re
import unittest

from kigen import SAMPLE, TODAY, Case

# release → the rule that stops it (contrib/sample/README.md)
STOPPED = {
    'SIP-20/SIP-21': 'LSP-2a',
    'SIP-20/SIP-22': 'LSP-2b',
    'SMR-3000/R4.2': 'LSP-2c',
    'SVW/6.0': 'LSP-3',
    'SBM-700/SBM-720': 'ORD-2',
    'SUS-9/SUS-900': 'DOC-1',
    'SUS-9/E2.1': 'DOC-1',
}
PUBLISHED = {
    'SCT-6000/SCT-6064', 'SCT-6000/SCT-6128', 'SCT-6000/V3.2', 'SCT-6000/V4.1', 'SMR-3000/SMR-3015',
    'SMR-3000/SMR-3030', 'SMR-3000/R5.4', 'SBM-700/SBM-710', 'SBM-700/2.8', 'SBM-700/3.0', 'SIP-20/SIP-25', 'SVW/6.1',
    'SVW/7.0',
}
STAGES = {
    'SMR-3000/SMR-3030': 'development',
    'SCT-6000/SCT-6128': 'support',
    'SCT-6000/V4.1': 'support',
    'SVW/7.0': 'support',
    'SCT-6000/SCT-6064': 'limited-support',
    'SBM-700/SBM-710': 'limited-support',
    'SCT-6000/V3.2': 'end-of-support',
    'SUS-9/E2.1': 'unknown',
}
PUBLISH = ['--by', '早瀬', '--reason', '既存計画の取り込み']


class SampleRules(Case):
    def setUp(self):
        super().setUp()
        self.today = TODAY
        self.make_store()
        self.import_sample()

    def in_force(self):
        return {f'{product}/{name}' for product, name in self.query(
            'SELECT p.code, r.name FROM support_plan s JOIN release r ON r.id = s.release '
            "JOIN product p ON p.id = r.product WHERE s.state = 'published'")}

    def test_readme_names_them(self):
        readme = (SAMPLE / 'README.md').read_text(encoding='utf-8')
        for release, rule in STOPPED.items():
            line = next(line for line in readme.splitlines() if line.startswith('| `') and f'`{release}`' in line)
            self.assertIn(f'| {rule} |', line)

    def test_stopped_one_by_one(self):
        for release, rule in STOPPED.items():
            with self.subTest(release):
                said = self.assert_refused(['plan', 'publish', release, *PUBLISH], 1, rf'\b{rule}\b')
                others = set(re.findall(r'\b(?:LSP|ORD|DOC|CHG|EU)-\d[abc]?\b', said)) - {rule}
                self.assertEqual(set(), others, said)

    def test_adoption(self):
        said = self.kigen('plan', 'publish', '--all', '--keep-going', *PUBLISH, expect=1)
        self.assertEqual(PUBLISHED, self.in_force())
        for release, rule in STOPPED.items():
            self.assertIn(release.partition('/')[2], said)
            self.assertIn(rule, said)

    def test_all_or_nothing(self):
        self.assert_refused(['plan', 'publish', '--all', *PUBLISH], 1, 'LSP-2a', 'LSP-3')
        self.assertEqual(set(), self.in_force())

    def test_stages(self):
        stages = {f'{plan["product"]}/{plan["release"]}': plan['stage'] for plan in self.kigen_json('plan', 'show')['plans']}
        self.assertEqual(20, len(stages))
        self.assertEqual(STAGES, {release: stages[release] for release in STAGES})

    def test_changes(self):
        """CHG-1: a change without a reason; CHG-2: a date that moves to within the lead time."""
        self.kigen('plan', 'publish', 'SBM-700/2.8', 'SBM-700/3.0', *PUBLISH)
        self.kigen('deliver', '--once')
        self.kigen('import', 'lifecycles', SAMPLE / 'lifecycles-revision.csv')
        self.assert_refused(['plan', 'publish', 'SBM-700/2.8', '--by', '早瀬'], 1, r'\bCHG-1\b')
        self.assert_refused(['plan', 'publish', 'SBM-700/3.0', *PUBLISH], 1, r'\bCHG-2\b')
        self.kigen('plan', 'publish', 'SBM-700/2.8', *PUBLISH)
        self.assertEqual([(1, 'superseded'), (2, 'published')], self.query(
            "SELECT revision, state FROM support_plan s JOIN release r ON r.id = s.release WHERE r.name = '2.8' ORDER BY 1"))
        # who waits for a letter was told nothing yet
        self.assertEqual([('plan-announcement',), ('plan-change',), ('plan-announcement',)], self.query(
            'SELECT n.kind FROM notice n JOIN support_plan s ON s.id = n.plan JOIN release r ON r.id = s.release '
            "WHERE r.name = '2.8' ORDER BY n.id"))

    def test_europe(self):
        """EU-1 is off in jp. In eu it asks whether serious harm is at risk: nobody has said so of SVW, unknown is not OK."""
        self.assertNotIn('EU-1', self.kigen('check', 'SVW/6.1', '--unknown', expect=1))  # DOC-2: jp alone
        conf = self.folder / 'kigen.conf'
        text = conf.read_text(encoding='utf-8')
        self.assertIn('\nprofile = jp\n', text)
        conf.write_text(text.replace('\nprofile = jp\n', '\nprofile = eu\n'), encoding='utf-8')
        self.assertRegex(self.kigen('check', 'SVW/6.1', '--unknown'), r'EU-1 +unknown')
        for harm, finding in (('yes', r'EU-1 +error +publish'), ('no', None)):
            self.write('harm.csv', f'product,name_ja,name_en,serious_harm\nSVW,スイレイビュー,Suirei View,{harm}\n')
            self.kigen('import', 'products', 'harm.csv')
            if finding:
                self.assertRegex(self.kigen('check', 'SVW/6.1', expect=1), finding)
                self.assert_refused(['plan', 'publish', 'SVW/6.1', *PUBLISH], 1, r'\bEU-1\b')
            else:
                self.assertNotRegex(self.kigen('check', 'SVW/6.1', '--unknown'), r'EU-1 +(error|unknown)')

    def test_unreachable_is_named(self):
        """雪待診療所 has nobody: REACH-1 names it, and a letter is queued."""
        said = self.kigen('check', 'SIP-20/SIP-25', expect=1)  # PLAN-1: not published yet
        self.assertRegex(said, r'REACH-1')
        self.assertIn('雪待診療所', said)
        self.kigen('plan', 'publish', 'SIP-20/SIP-25', *PUBLISH)
        self.assertEqual([('letter', None)], self.query(
            'SELECT o.channel, o.contact FROM outbox o JOIN organization g ON g.id = o.organization '
            "WHERE g.code = 'C0307'"))


if __name__ == '__main__':
    unittest.main()
