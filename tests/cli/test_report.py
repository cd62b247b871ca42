#!/usr/bin/python3
"""report coverage, readiness, lifecycle, stale."""

import csv
import io

from harness import Case, finish

DECLARED = ['doc=LSP-014', 'duties=院内ネットワークから分離する', 'lines=security-updates:2034-03-31']


class Report(Case):
    def setUp(self):
        super().setUp()
        self.add_release('CT-100', '1.0')
        self.add_release('MR-7', 'A')
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '霞浜病院', 'hospital'),"
                 " (2, 'H2', '=雪待,\"診療所\"', 'clinic')")
        self.sql("INSERT INTO contact (organization, name, email) VALUES (1, '髙橋', 'a@h1.example')")
        self.sql("INSERT INTO holding SELECT 1, id, 'user', 3, 1, 'u' || id, '2025-04-01', NULL, 'x' FROM organization")
        self.plan('eol=2031-03-31', self.today)

    def plan(self, date, today):
        self.kigen('plan', 'set', 'CT-100/1.0', date, 'eos=2034-03-31', *DECLARED, '--today', today)
        self.kigen('plan', 'publish', 'CT-100/1.0', '--by', '佐藤', '--reason', '部品', '--today', today)

    def csv(self, *words):
        text = self.kigen('report', *words, '--format', 'csv')
        self.assertTrue(text.startswith('\ufeff'))
        return list(csv.DictReader(io.StringIO(text[1:], newline='')))

    def test_coverage(self):
        self.sql("UPDATE outbox SET state = 'accepted' WHERE organization = 1")
        row, = self.json('report', 'coverage')['revisions']
        self.assertEqual(row, {'product': 'CT-100', 'release': '1.0', 'market': '*', 'revision': 1, 'state': 'published',
                               'published_on': '2026-12-01', 'affected': 2, 'accepted': 1, 'sent': 0, 'handed': 0, 'relayed': 0,
                               'requested': 0, 'printed': 0, 'waiting': 1, 'returned': 0, 'bounced': 0,
                               'failed': 0, 'acknowledged': 0, 'unreached': 1})
        self.assertRegex(self.kigen('report', 'coverage', 'CT-100/1.0'),
                         r'CT-100/1\.0 +1 +published +2026-12-01 +2 +1 +0 +0 +0 +0 +0 +1 +0 +0 +0 +0 +1\n')
        self.assertEqual(self.csv('coverage')[0]['unreached'], '1')
        self.assertIn('no revision', self.kigen('report', 'coverage', 'MR-7'))
        self.assertEqual(self.json('report', 'coverage', 'M*'), {'revisions': []})

    def test_coverage_names_those_not_reached_first(self):
        self.sql("UPDATE outbox SET state = 'accepted' WHERE organization = 1")
        first, second = self.json('report', 'coverage', '--names')['organizations']
        self.assertEqual((first['organization'], first['message'], first['acknowledged']), ('H2', 'waiting', False))
        self.assertEqual((second['name'], second['message']), ('霞浜病院', 'accepted'))
        # a name that a spreadsheet would take for a formula
        self.assertEqual(self.csv('coverage', '--names')[0]['name'], '\'=雪待,"診療所"')

    def test_readiness(self):
        self.sql("INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at) VALUES (9, 'eos-reminder', 1, '2031-03-31', 36, 'x')")
        self.sql("INSERT INTO acknowledgement (notice, organization, kind, by, how, at)"
                 " VALUES (9, 1, 'transfer', '髙橋', 'paper', '2031-04-01T00:00:00Z')")
        said = self.json('report', 'readiness', '--today', '2031-04-30')
        self.assertEqual((said['asked_of'], said['confirmed'], len(said['customers'])), (2, 1, 1))
        self.assertEqual((said['customers'][0]['organization'], said['customers'][0]['transfer'],
                          said['customers'][0]['months_left']), ('H2', 'not asked', 35))
        everyone = self.csv('readiness', '--all')
        self.assertEqual([(row['organization'], row['transfer'], row['confirmed_by'], row['confirmed_how']) for row in everyone],
                         [('H1', 'confirmed', '髙橋', 'paper'), ('H2', 'not asked', '', '')])
        self.assertIn('1 of 2 have confirmed', self.kigen('report', 'readiness'))
        self.assertIn('no customer', self.kigen('report', 'readiness', '--within', '12'))
        self.refused('report', 'readiness', '--within', 'soon', code=2)

    def test_lifecycle_says_what_was_promised_then(self):
        self.plan('eol=2030-03-31', '2027-05-01')

        def eol(day):
            said = self.json('report', 'lifecycle', 'CT-100', '--as-of', day, '--today', '2028-01-01')
            self.assertEqual(said['as_of'], day)
            row, = said['releases']
            return row['promise'], row['revision'], row['eol']

        self.assertEqual(eol('2026-11-30'), ('none', None, None))
        self.assertEqual(eol('2026-12-01'), ('in force', 1, '2031-03-31'))
        self.assertEqual(eol('2027-04-30'), ('in force', 1, '2031-03-31'))
        self.assertEqual(eol('2027-05-01'), ('in force', 2, '2030-03-31'))
        self.assertRegex(self.kigen('report', 'lifecycle', '--as-of', '令和8年12月1日'), r'CT-100/1\.0 +in force +1 ')
        self.assertRegex(self.kigen('report', 'lifecycle'), r'MR-7/A +none')
        self.assertEqual(self.csv('lifecycle', 'CT-100')[0]['limited_support_lines'], 'security-updates:2034-03-31')
        self.assertIn('lies after today', self.refused('report', 'lifecycle', '--as-of', '2026-12-02', code=2))

    def test_extensions(self):
        """What a customer was promised besides, as it stood then; who confirms, by which day."""
        self.kigen('extension', 'set', 'CT-100/1.0', 'H1', '2036-03-31', '--reason', '契約', '--reference', 'M-1', '--today', '2027-01-01')
        self.kigen('extension', 'end', '1', '--reason', '解約', '--today', '2028-01-01')
        for day, listed in (('2026-12-31', []), ('2027-01-01', [('H1', '2036-03-31', '2034-03-31', 'holds')]), ('2028-01-01', [])):
            said = self.json('report', 'lifecycle', 'CT-100', '--as-of', day, '--today', '2028-06-01')
            self.assertEqual([(row['organization'], row['eos'], row['plan_eos'], row['state']) for row in said['extensions']], listed)
        self.assertRegex(self.kigen('report', 'lifecycle', '--as-of', '2027-06-01', '--today', '2028-06-01'),
                         r'Later by contract:\n.*\n +1 +H1 .* 2034-03-31 +2036-03-31 +holds +M-1')
        self.assertNotIn('Later by contract', self.kigen('report', 'lifecycle'))
        self.kigen('extension', 'set', 'CT-100/1.0', 'H2', '2036-03-31', '--reason', '契約')
        rows = self.json('report', 'readiness')['customers']
        self.assertEqual([(row['organization'], row['eos'], row['plan_eos'], row['first_end'], row['first_end_sure']) for row in rows],
                         [('H1', '2034-03-31', '2034-03-31', '2034-03-31', True), ('H2', '2036-03-31', '2034-03-31', '2036-03-31', True)])

    def test_stale_lists_who_holds_a_wrong_date(self):
        self.sql("UPDATE outbox SET state = 'accepted'")
        self.assertIn('nobody', self.kigen('report', 'stale'))
        self.plan('eol=2032-03-31', '2027-05-01')
        rows = self.json('report', 'stale')['organizations']
        self.assertEqual([(row['organization'], row['known_revision'], row['known_eol'], row['revision'], row['eol'],
                           row['since'], row['message'], row['email']) for row in rows],
                         [('H1', 1, '2031-03-31', 2, '2032-03-31', '2027-05-01', 'waiting', 'a@h1.example'),
                          ('H2', 1, '2031-03-31', 2, '2032-03-31', '2027-05-01', 'waiting', None)])
        self.assertIn('2 organizations hold a wrong date', self.kigen('report', 'stale', 'CT-100'))
        self.sql("UPDATE outbox SET state = 'accepted' WHERE organization = 1")
        self.assertEqual([row['organization'] for row in self.csv('stale')], ['H2'])

    def test_bad_words(self):
        self.assertIn('expected text, csv', self.refused('report', 'coverage', '--format', 'html', code=2))
        self.assertIn('did you mean CT-100', self.refused('report', 'stale', 'CT100'))
        self.refused('report', 'coverages', code=2)


if __name__ == '__main__':
    finish()
