#!/usr/bin/python3
"""Own profiles, lead times of one product and holidays of kigen.conf: what check, publish, schedule, simulate, deliver and
rules make of them."""

from harness import finish
from test_publish import GOOD, Installed

CABINET = '国民の祝日・休日月日,国民の祝日・休日名称\r\n2029/3/29,創立の日\r\n2029/3/30,架空の日\r\n'


class Policy(Installed):
    def configure(self, text):
        self.write('kigen.conf', text)

    def own(self, *lines, more=''):
        self.configure('\n'.join(['[kigen]', 'profile = own', '[profile own]', *lines, more]))

    def due(self, *words):
        return [(row['kind'], row['due'], row['release']) for row in self.json('schedule', '--to', '2040-01-01', *words)['notices']
                if row['budget_month'] == 0 and 'reminder' in row['kind']]

    def published(self, *names):
        for name in names:
            self.plan(name, *GOOD)
            self.kigen('plan', 'publish', name, '--reason', '取り込み')


class Severities(Policy):
    def test_rules_shows_the_profile_in_force(self):
        self.own('base = us', 'severity.LEASE-1 = error', 'severity.LIFE-1 = off', 'lead_months = 36')
        text = self.kigen('rules')
        self.assertRegex(text, r'LEASE-1 +finding +error')
        self.assertRegex(text, r'LIFE-1 +finding +off')
        self.assertRegex(text, r'SBOM-1 +finding +error')
        self.assertIn('Profile own, based on us\n', text)
        self.assertRegex(text, r'announced at least +36 months ahead')
        self.assertRegex(self.kigen('rules', 'LEASE-1'), r'severity  jp: warning, us: warning, eu: warning, own: error\n')
        found = self.json('rules')
        self.assertEqual((found['profile']['name'], found['profile']['base']), ('own', 'us'))
        self.assertEqual(found['profile']['lead_months'], 36)
        self.assertEqual({row['id']: row['severity']['own'] for row in found['rules']}['LIFE-1'], 'off')
        self.assertRegex(self.kigen('rules', '--profile', 'jp'), r'LIFE-1 +finding +warning')
        self.assertIn('Profile jp\n', self.kigen('rules', '--profile', 'jp'))

    def test_rules_of_a_profile_that_is_not_in_force(self):
        self.configure('[profile strict]\nseverity.LEASE-1 = error\n')
        self.assertRegex(self.kigen('rules'), r'LEASE-1 +finding +warning')
        self.assertRegex(self.kigen('rules', '--profile', 'strict'), r'LEASE-1 +finding +error')
        self.assertIn('did you mean strict?', self.refused('rules', '--profile', 'strikt', code=2))

    def test_check_and_publish_obey(self):
        self.sql('UPDATE product SET security_contact = NULL')
        self.plan('CT-100/1.0')
        self.assertIn('DOC-1', self.refused_by_a_rule())
        self.own('severity.DOC-1 = warning')
        self.assertRegex(self.kigen('check', 'CT-100/1.0', code=1), r'DOC-1 +warning')
        self.assertEqual(self.json('check', code=1)['profile'], 'own')
        self.own('severity.DOC-1 = off')
        self.assertNotIn('DOC-1', self.kigen('check', 'CT-100/1.0', code=1))
        self.own('severity.REACH-1 = error')
        self.assertIn('REACH-1', self.refused_by_a_rule())
        self.own('severity.REACH-1 = off', 'severity.DOC-1 = off')
        self.kigen('plan', 'publish', 'CT-100/1.0')

    def refused_by_a_rule(self):
        return self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '取り込み', code=1)

    def test_doctor_obeys(self):
        self.plan('CT-100/1.0')
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '取り込み')
        self.own('severity.REACH-1 = error')
        self.assertIn('REACH-1', self.kigen('doctor', code=1))

    def test_the_store_gate_stays(self):
        self.own('severity.LSP-1 = warning')
        for words in (['check'], ['plan', 'publish', '--all'], ['schedule'], ['deliver', '--once'], ['rules']):
            self.assertRegex(self.refused(*words, code=3), r'kigen\.conf:4: severity\.LSP-1 = warning: LSP-1 is never softened')


class Leads(Policy):
    def test_a_profile_s_lead_times(self):
        self.published('CT-100/1.0')
        self.own('eol_leads = 18', 'eos_leads = 30, 2')
        self.assertEqual(self.due(), [('eol-reminder', '2029-09-28', '1.0'), ('eos-reminder', '2031-09-30', '1.0'),
                                      ('eos-reminder', '2034-01-31', '1.0')])

    def test_a_product_s_lead_times(self):
        self.add_release('MR-1', '1')
        self.published('CT-100/1.0', 'MR-1/1')
        self.own('eol_leads = 18', 'eos_leads = 30', more='[product MR-1]\neol_leads = 9\n')
        self.assertEqual(sorted(self.due()), [
            ('eol-reminder', '2029-09-28', '1.0'), ('eol-reminder', '2030-06-28', '1'),
            ('eos-reminder', '2031-09-30', '1'), ('eos-reminder', '2031-09-30', '1.0')])
        self.assertIn('EOL reminders                       9 months before, for product MR-1', self.kigen('rules'))
        self.sql("INSERT INTO holding VALUES (4, 1, 'user', 1, 1, 'uid-4', '2020-04-01', NULL, '2026-01-01T00:00:00Z')")
        played = self.json('simulate', '--until', '2040-01-01')
        self.assertEqual([day['day'] for day in played['days'] for message in day['messages'] for notice in message['notices']
                          if notice['product'] == 'MR-1' and notice['kind'] == 'eol-reminder' and notice['lead_months'] == 9],
                         ['2030-06-28'])
        self.environment['KIGEN_TODAY'] = '2030-06-28'
        self.kigen('deliver', '--once')
        self.assertEqual(self.sql("SELECT lead_months FROM notice n JOIN support_plan s ON s.id = n.plan WHERE s.release = 4 "
                                  "AND n.kind = 'eol-reminder' AND n.budget_month = 0"), [(9,)])

    def test_an_unknown_product_is_told(self):
        self.configure('[product CT-10]\neol_leads = 9\n')
        for words in (['schedule'], ['simulate', '--until', '2027-01-01'], ['deliver', '--once']):
            self.kigen(*words)
            self.assertIn('[product CT-10] changes nothing, the store has no such product: did you mean CT-100?', self.errors)
        self.configure('[product CT-100]\neol_leads = 9\n')
        self.kigen('schedule')
        self.assertEqual(self.errors, '')


class Holidays(Policy):
    def test_the_cabinet_office_s_list_moves_a_reminder(self):
        """2029-03-31 is a Saturday; both days before it are holidays here."""
        self.published('CT-100/1.0')
        self.own('eol_leads = 24', 'eos_leads = 1')
        self.assertEqual(self.due()[0][1], '2029-03-30')
        for encoding in ('cp932', 'utf-8', 'utf-8-sig'):
            self.write('days.csv', CABINET, encoding)
            self.configure('[kigen]\nprofile = own\nholidays = days.csv\n[profile own]\neol_leads = 24\neos_leads = 1\n')
            self.assertEqual(self.due()[0][1], '2029-03-28')

    def test_several_files(self):
        self.published('CT-100/1.0')
        self.write('list', '2029-03-30 架空の日\n2030-01-01\n')
        self.write('own.ics', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20280329\r\nRRULE:FREQ=YEARLY\r\n'
                              'END:VEVENT\r\nEND:VCALENDAR\r\n')
        self.configure('[kigen]\nholidays = list; own.ics\n')
        self.assertEqual(self.due()[0][1], '2029-03-28')

    def test_a_list_that_has_ended_is_told_where_it_matters(self):
        self.write('days.csv', '2026-11-23,勤労感謝の日\n')
        self.configure('[kigen]\nholidays = days.csv\n')
        for words in (['schedule'], ['simulate', '--until', '2027-01-01'], ['deliver', '--once']):
            self.kigen(*words)
            self.assertIn('days.csv ends on 2026-11-23: holidays after it move no notice', self.errors)
        self.kigen('check')
        self.assertEqual(self.errors, '')

    def test_what_cannot_be_read_is_named(self):
        self.configure('[kigen]\nholidays = days.csv\n')
        self.assertIn('days.csv: cannot be read', self.refused('schedule', code=3))
        self.write('days.csv', '2026-11-23\n23/11/2027\n')
        self.assertRegex(self.refused('deliver', '--once', code=3), r'holidays of \./kigen\.conf: \./days\.csv:2: "23/11/2027" is no day')


if __name__ == '__main__':
    finish()
