#!/usr/bin/python3
"""plan present, import presentations, report presentations: who was shown the limited-support plan (LSP-4)."""

import csv
import io
import json

from harness import Case, finish

DECLARED = ['doc=LSP-014', 'duties=院内ネットワークから分離する', 'line.security-updates=2034-03-31']
LATE = '2031-04-10'


class Present(Case):
    def setUp(self):
        super().setUp()
        for release in ('1.0', '2.0'):
            self.add_release('CT-100', release)
        self.sql("INSERT INTO organization (id, code, name_ja, role, country) VALUES (1, 'H1', '霞浜病院', 'hospital', 'JP'),"
                 " (2, 'H2', '雪待診療所', 'clinic', 'JP'), (3, 'U1', 'US病院', 'hospital', 'US'), (4, 'L1', 'リース', 'lessor', 'JP'),"
                 " (5, 'H5', '遠い病院', 'hospital', 'JP')")
        self.sql("INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"
                 " SELECT 1, id, 'user', 3, 1, 'u' || id, '2020-04-01', 'x' FROM organization WHERE id < 4")
        self.publish('CT-100/1.0', 'eol=2031-03-31', 'eos=2034-03-31', *DECLARED)

    def publish(self, plan, *fields, market=None, today=None):
        day = ['--today', today] if today else []
        self.kigen('plan', 'set', plan, *fields, *(['--market', market] if market else []), *day)
        self.kigen('plan', 'publish', plan, '--by', '佐藤', '--reason', '部品', *day)

    def present(self, *words, code=0):
        done = self.json('plan', 'present', 'CT-100/1.0', *words, code=code)
        return done['organizations']

    def lsp4(self, *words):
        """Severity and number of LSP-4 of each plan in force."""
        found = json.loads(self.run_kigen('--json', 'check', 'CT-100/1.0', *words).stdout)['releases']
        return {row['market']: [(item['severity'], item['detail']) for item in row['findings'] if item['rule'] == 'LSP-4']
                for row in found}

    def rows(self):
        return self.sql('SELECT plan, organization, how, day, by, note FROM presentation ORDER BY organization, day, how')

    def test_what_is_recorded_counts(self):
        self.assertIn('not presented to: 3 (霞浜病院, 雪待診療所, US病院)', self.lsp4()['*'][0][1])
        self.assertEqual(self.present('H1', 'H2', '--how', 'hand-over', '--note', '定期点検の際に説明', '--by', '田中'),
                         {'H1': 'recorded', 'H2': 'recorded'})
        self.assertEqual(self.rows(), [(1, 1, 'hand-over', self.today, '田中', '定期点検の際に説明'),
                                       (1, 2, 'hand-over', self.today, '田中', '定期点検の際に説明')])
        severity, detail = self.lsp4()['*'][0]
        self.assertEqual(severity, 'warning')
        self.assertIn('not presented to: 1 (US病院)', detail)
        payload, = self.sql("SELECT p.payload FROM audit a JOIN audit_payload p ON p.audit = a.id WHERE a.action = 'plan.present'")
        for part in ('"what":"CT-100/1.0"', '"how":"hand-over"', f'"on":"{self.today}"', '"H2":"recorded"', '田中'):
            self.assertIn(part, payload[0])
        self.present('U1', '--how', 'fax')
        self.assertEqual(self.lsp4()['*'], [])

    def test_the_same_again_changes_nothing_but_the_note(self):
        self.present('H1', '--how', 'fax', '--on', '2026-12-01')
        self.assertEqual(self.present('H1', '--how', 'fax'), {'H1': 'recorded before'})
        self.assertEqual(self.present('H1', '--how', 'fax', '--note', '再送'), {'H1': 'note changed'})
        self.assertEqual(self.present('H1', '--how', 'fax'), {'H1': 'recorded before'})
        self.assertEqual(self.present('H1', '--how', 'letter'), {'H1': 'recorded'})
        self.assertEqual([(how, note) for _, _, how, _, _, note in self.rows()], [('fax', '再送'), ('letter', None)])

    def test_a_mistake_is_taken_back(self):
        self.present('H1', 'H2', '--how', 'fax')
        self.assertEqual(self.present('H1', 'H5', '--how', 'fax', '--remove'), {'H1': 'taken back', 'H5': 'was not recorded'})
        self.assertEqual([row[1] for row in self.rows()], [2])
        self.assertEqual(self.sql("SELECT count(*) FROM audit WHERE action = 'plan.present.remove'"), [(1,)])

    def test_refused_and_nothing_stored(self):
        self.kigen('plan', 'set', 'CT-100/2.0', 'eol=2031-03-31', 'eos=2034-03-31', *DECLARED)
        for code, words, says in (
                (1, ['CT-100/1.0', 'H1', '--how', 'fax', '--on', '2026-12-02'], 'CT-100/1.0, H1: 2026-12-02 lies after today, 2026-12-01'),
                (1, ['CT-100/1.0', 'H1', '--how', 'fax', '--on', '2026-11-30'], 'known since 2026-12-01'),
                (1, ['CT-100/2.0', 'H1', '--how', 'fax'], 'no plan of it was ever published'),
                (1, ['CT-100/1.0', 'H1', 'H9', '--how', 'fax'], 'no organization H9'),
                (1, ['CT-100/9', 'H1', '--how', 'fax'], 'no release CT-100/9'),
                (1, ['CT-100/1.0', 'H1', '--how', 'fax', '--note', 'a\nb'], '--note'),
                (2, ['CT-100/1.0', 'H1'], 'hand-over, letter or fax'),
                (2, ['CT-100/1.0', 'H1', '--how', 'page'], 'hand-over, letter or fax'),
                (2, ['CT-100/1.0', 'H1', '--how', 'fax', '--on', '2026-02-30'], '--on'),
                (2, ['CT-100', 'H1', '--how', 'fax'], 'PRODUCT/RELEASE'),
                (2, ['CT-100/1.0', '--how', 'fax'], 'ORGANIZATION')):
            self.assertIn(says, self.refused('plan', 'present', *words, code=code))
        self.assertEqual(self.rows(), [])
        self.assertEqual(self.sql("SELECT count(*) FROM audit WHERE action LIKE 'plan.present%'"), [(0,)])

    def test_only_a_declared_plan_can_be_shown(self):
        self.publish('CT-100/2.0', 'general_availability=2024-04-01')
        self.assertIn('declares no limited-support plan (missing: limited_support_doc',
                      self.refused('plan', 'present', 'CT-100/2.0', 'H1', '--how', 'fax'))

    def test_history_from_before_kigen(self):
        self.publish('CT-100/2.0', 'eol=2031-03-31', 'eos=2034-03-31', 'announced_on=2025-04-01', *DECLARED)
        self.kigen('plan', 'present', 'CT-100/2.0', 'H1', '--how', 'letter', '--on', '2025-04-01')
        self.assertIn('known since 2025-04-01', self.refused('plan', 'present', 'CT-100/2.0', 'H1', '--how', 'letter', '--on', '2025-03-31'))
        self.kigen('plan', 'present', 'CT-100/2.0', 'H1', '--how', 'fax')
        self.assertIn('warning: H1 has no unit of CT-100/2.0 in use', self.errors)

    def test_the_revision_of_that_day(self):
        self.publish('CT-100/1.0', 'eol=2032-03-31', today='2027-04-01')
        for day, plan in (('2027-03-31', 1), ('2027-04-01', 2)):
            self.kigen('plan', 'present', 'CT-100/1.0', 'H1', '--how', 'fax', '--on', day, '--today', '2027-05-01')
            self.assertEqual(self.sql('SELECT plan FROM presentation WHERE day = ?', day), [(plan,)])

    def test_each_market_has_its_plan(self):
        self.publish('CT-100/1.0', 'eol=2032-03-31', 'eos=2034-03-31', *DECLARED, market='US')
        self.assertEqual(self.present('H1', 'U1', '--how', 'fax'), {'H1': 'recorded', 'U1': 'recorded'})
        self.assertEqual([row[0:2] for row in self.rows()], [(1, 1), (2, 3)])
        found = self.lsp4()
        self.assertIn('not presented to: 1 (雪待診療所)', found['*'][0][1])
        self.assertEqual(found['US'], [])

    def test_a_late_one_says_why(self):
        self.present('H2', 'U1', '--how', 'fax')
        self.kigen('plan', 'present', 'CT-100/1.0', 'H1', '--how', 'letter', '--today', LATE)
        self.assertIn('H1: it is late, after 2031-03-31, and counts only with the reason: --note', self.errors)
        self.assertEqual(self.lsp4('--today', LATE)['*'][0][0], 'error')
        self.kigen('plan', 'present', 'CT-100/1.0', 'H1', '--how', 'letter', '--note', '宛先不明で返送', '--today', LATE)
        self.assertEqual(self.errors, '')
        self.assertEqual(self.lsp4('--today', LATE)['*'], [])

    def test_who_has_a_unit_lately_has_days(self):
        self.present('H2', 'U1', '--how', 'fax')
        self.sql("UPDATE holding SET since = '2031-04-01' WHERE organization = 1")
        self.assertEqual(self.lsp4('--today', LATE)['*'][0][0], 'warning')
        self.assertEqual(self.lsp4('--today', '2031-05-02')['*'][0][0], 'error')
        self.kigen('plan', 'present', 'CT-100/1.0', 'H1', '--how', 'letter', '--today', LATE)
        self.assertEqual(self.errors, '')
        self.assertEqual(self.lsp4('--today', '2031-05-02')['*'], [])

    def test_report(self):
        self.present('H2', '--how', 'fax', '--note', '=1+1')
        self.sql("INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (1, 3, 'receipt', 'Smith', 'reply', '2031-04-05T00:00:00Z')")
        said = self.json('report', 'presentations', 'CT-100/1.0', '--today', LATE)
        self.assertEqual((said['hospitals'], said['presented'], said['today']), (3, 1, LATE))
        self.assertEqual(said['presentations'], [
            {'product': 'CT-100', 'release': '1.0', 'market': '*', 'organization': 'H1', 'name': '霞浜病院', 'units': 3, 'since': '2020-04-01',
             'due': '2031-03-31', 'state': 'missing', 'on': None, 'how': None, 'by': None, 'note': None},
            {'product': 'CT-100', 'release': '1.0', 'market': '*', 'organization': 'U1', 'name': 'US病院', 'units': 3, 'since': '2020-04-01',
             'due': '2031-03-31', 'state': 'late', 'on': '2031-04-05', 'how': 'acknowledgement', 'by': 'Smith', 'note': None}])
        text = self.kigen('report', 'presentations', '--all', '--format', 'csv')
        rows = list(csv.DictReader(io.StringIO(text[1:], newline='')))
        self.assertEqual([(row['organization'], row['state'], row['note']) for row in rows],
                         [('H1', 'missing', ''), ('H2', 'in-time', "'=1+1"), ('U1', 'late', '')])
        text = self.kigen('report', 'presentations', 'CT-100')
        self.assertRegex(text, r'CT-100/1\.0 +H1 +霞浜病院 +3 +2031-03-31 +missing')
        self.assertIn('1 of 3 were shown the plan', text)
        self.assertIn('no hospital uses', self.kigen('report', 'presentations', 'CT-100/2.0'))
        self.assertIn('no release matches', self.refused('report', 'presentations', 'X'))
        self.present('H1', 'U1', '--how', 'letter')
        self.assertEqual(self.kigen('report', 'presentations'), 'every hospital was shown the plan in time\n')

    def test_import(self):
        path = self.write('shown.csv', 'product,release,organization,how,on,note\n'
                          'CT-100,1.0,H1,手渡し,2026/12/1,定期点検\nCT-100,1.0,H2,郵送,令和8年12月1日,\n', encoding='cp932')
        self.assertIn('2 rows: 2 new, 0 changed, 0 unchanged; stored', self.kigen('import', 'presentations', path))
        self.assertEqual([row[1:4] + row[5:] for row in self.rows()],
                         [(1, 'hand-over', '2026-12-01', '定期点検'), (2, 'letter', '2026-12-01', None)])
        self.assertIn('2 rows: 0 new, 0 changed, 2 unchanged', self.kigen('import', 'presentations', path))
        self.write('shown.csv', 'product,release,organization,how,on,note\nCT-100,1.0,H1,hand-over,2026-12-01,説明済\n')
        self.assertIn('1 row: 0 new, 1 changed, 0 unchanged', self.kigen('import', 'presentations', path))
        self.assertEqual(self.rows()[0][5], '説明済')
        self.assertEqual(self.sql("SELECT count(*) FROM audit WHERE action = 'import.presentations'"), [(3,)])

    def test_import_refuses_row_by_row(self):
        head = 'product,release,organization,how,on\n'
        for row, says in (('CT-100,1.0,H1,fax,2026-12-02', 'shown.csv:2: on "2026-12-02": 2026-12-02 lies after today'),
                          ('CT-100,1.0,H1,fax,2026-11-30', 'known since 2026-12-01'),
                          ('CT-100,2.0,H1,fax,2026-12-01', 'no plan of it was ever published'),
                          ('CT-100,1.0,H1,fax,未定', 'empty; every row needs it'),
                          ('CT-100,1.0,H1,fax,', 'empty; every row needs it'),
                          ('CT-100,1.0,H1,page,2026-12-01', 'use one of: hand-over (手渡し), letter (郵送), fax'),
                          ('CT-100,1.0,H9,fax,2026-12-01', 'unknown organization'),
                          ('CT-100,9,H1,fax,2026-12-01', 'unknown release'),
                          ('CT-9,1.0,H1,fax,2026-12-01', 'unknown product'),
                          ('CT-100,1.0,H1,fax,2026-12-01\nCT-100,1.0,H1,FAX,2026/12/1', 'shown.csv:3: organization "H1": already on line 2')):
            self.write('shown.csv', f'{head}{row}\n')
            self.kigen('import', 'presentations', 'shown.csv', code=1)
            self.assertIn(says, self.errors)
        self.assertEqual(self.rows(), [])

    def test_import_warns(self):
        self.write('shown.csv', 'product,release,organization,how,on\nCT-100,1.0,H5,fax,2026-12-01\n')
        self.kigen('import', 'presentations', 'shown.csv')
        self.assertIn('shown.csv:2: warning: organization "H5": it has no unit of this release in use', self.errors)
        self.write('shown.csv', f'product,release,organization,how,on\nCT-100,1.0,H1,fax,{LATE}\n')
        self.kigen('import', 'presentations', 'shown.csv', '--today', LATE)
        self.assertIn('counts only with the reason: note', self.errors)


if __name__ == '__main__':
    finish()
