#!/usr/bin/python3
"""correction, report decisions: what customers enter on their pages, seen and decided here. The rows are what the
web service writes (tests/e2e/test_web_forms.py sends them as forms)."""

import csv
import io

from harness import Case, finish


class Corrections(Case):
    def setUp(self):
        super().setUp()
        for release in ('1.0', '2.0'):
            self.add_release('PUMP', release)
        self.write('organizations.csv', 'organization,name_ja,role\nH1,A病院,hospital\nH2,B病院,hospital\n')
        self.write('contacts.csv', 'organization,name,email\nH1,佐藤 健,sato@a.example\n')
        self.write('devices.csv', 'product,release,serial,organization,asset_no\nPUMP,1.0,S1,H1,ME-1\nPUMP,1.0,S2,H1,\n')
        for kind in ('organizations', 'contacts', 'devices'):
            self.kigen('import', kind, f'{kind}.csv')

    def send(self, kind, device=None, contact=None, note=None, **fields):
        self.sql('INSERT INTO correction (organization, kind, device, contact, person, note, day, at) VALUES'
                 " (1, ?, ?, ?, '田中 実', ?, '2026-12-01', '2026-12-01T00:00:00Z')", kind, device, contact, note)
        [[number]] = self.sql('SELECT max(id) FROM correction')
        for field, (was, said) in fields.items():
            self.sql('INSERT INTO correction_field VALUES (?, ?, ?, ?)', number, field, was, said)
        return str(number)

    def decide(self, kind, device=None, replace_by=None, controls=None, day='2026-12-01'):
        self.sql('INSERT INTO decision (organization, release, device, kind, replace_by, controls, person, title, day, at) VALUES'
                 " (1, 1, ?, ?, ?, ?, '田中 実', '技士長', ?, ?)", device, kind, replace_by, controls, day, day + 'T00:00:00Z')

    def devices(self):
        return self.sql('SELECT serial, organization, asset_no, status FROM device ORDER BY id')

    def test_list_show(self):
        self.assertIn('no correction waits', self.kigen('correction', 'list'))
        number = self.send('number', device=1, note='台帳を整理', asset_no=('ME-1', 'ME-100'))
        said = self.kigen('correction', 'list')
        for word in ('H1', 'A病院', 'PUMP/1.0 S1', 'asset_no: ME-1 → ME-100', '田中 実', 'waiting'):
            self.assertIn(word, said)
        self.assertIn('台帳を整理', self.kigen('correction', 'show', number))
        [row] = self.json('correction', 'list', 'H1')['corrections']
        expected = {'correction': 1, 'organization': 'H1', 'kind': 'number', 'state': 'waiting', 'product': 'PUMP', 'serial': 'S1',
                    'contact': None, 'fields': [{'field': 'asset_no', 'was': 'ME-1', 'said': 'ME-100'}], 'person': '田中 実',
                    'note': '台帳を整理', 'day': '2026-12-01', 'decided_by': None, 'decided_on': None, 'reason': None}
        self.assertEqual({key: row[key] for key in expected}, expected)
        self.assertEqual(self.json('correction', 'show', number), row)
        self.assertEqual(self.json('correction', 'list', 'H2')['corrections'], [])

    def test_approve(self):
        self.kigen('correction', 'approve', self.send('number', device=1, serial=('S1', 'ｓ１００'), asset_no=('ME-1', None)))
        self.kigen('correction', 'approve', self.send('removed', device=2, status=('in-use', 'disposed'),
                                                      disposed_on=(None, '2026-11-30')))
        self.assertEqual(self.devices(), [('ｓ１００', 1, None, 'in-use'), ('S2', 1, None, 'disposed')])
        self.assertEqual(self.sql('SELECT serial_key FROM device WHERE id = 1'), [('S100',)])
        done = self.json('correction', 'approve', self.send('contact-new', name=(None, '小林 誠'), email=(None, 'k@a.example')))
        self.assertEqual((done['state'], done['decided_on']), ('approved', '2026-12-01'))
        self.kigen('correction', 'approve', self.send('contact-left', contact=1, valid_to=(None, '2026-11-30')))
        self.assertEqual(self.json('correction', 'list')['corrections'], [])
        self.assertEqual([row['state'] for row in self.json('correction', 'list', '--all')['corrections']], ['approved'] * 4)
        self.assertEqual(self.sql('SELECT name, email, valid_to, escalation_order FROM contact ORDER BY id'),
                         [('佐藤 健', 'sato@a.example', '2026-11-30', 1), ('小林 誠', 'k@a.example', None, 2)])
        self.assertEqual([row['action'] for row in self.json('audit', 'list', '--action', 'correction')], ['correction.approve'] * 4)
        self.kigen('doctor')

    def test_handed_on(self):
        number = self.send('handed-on', device=1, organization=('H1', 'B病院(移転先)'))
        self.assertIn('--organization CODE', self.refused('correction', 'approve', number))
        self.assertIn('H2', self.refused('correction', 'approve', number, '--organization', 'H22'))  # the nearest code
        self.kigen('correction', 'approve', number, '--organization', 'H2')
        self.assertEqual(self.devices()[0][1], 2)
        self.assertEqual(self.sql("SELECT organization, until FROM custody WHERE device = 1 AND role = 'user'"), [(1, '2026-11-30')])
        self.kigen('doctor')

    def test_refused(self):
        number = self.send('number', device=1, asset_no=('ME-1', 'ME-2'))
        before = self.devices()
        self.write('again.csv', 'product,release,serial,organization,asset_no\nPUMP,1.0,S1,H1,ME-77\n')
        self.kigen('import', 'devices', 'again.csv')
        self.assertIn("asset_no was 'ME-1' when the correction was sent and is 'ME-77' now", self.refused('correction', 'approve', number))
        self.assertEqual(self.devices()[1:], before[1:])
        self.assertEqual(self.devices()[0][2], 'ME-77')
        self.refused('correction', 'reject', number, code=2)
        self.refused('correction', 'approve', number, '--organization', 'H2', code=2)
        self.refused('correction', 'approve', 'x', code=2)
        self.assertIn('no correction 99', self.refused('correction', 'show', '99'))
        self.kigen('correction', 'reject', number, '--reason', '現品を確認しました')
        self.assertIn('現品を確認しました', self.kigen('correction', 'show', number))
        self.assertIn('was rejected by', self.refused('correction', 'approve', number))
        self.assertIn('another device', self.refused('correction', 'approve', self.send('number', device=1, serial=('S1', 's2'))))
        self.kigen('doctor')

    def test_decisions(self):
        self.assertIn('no customer has decided', self.kigen('report', 'decisions'))
        self.decide('isolate')
        self.decide('continue', controls='院内網から分離')
        self.decide('replace', device=1, replace_by='2027-03-31')
        said = self.kigen('report', 'decisions')
        for word in ('院内網から分離', '2027-03-31', 'S1', '1 replace, 0 isolate, 1 continue'):
            self.assertIn(word, said)
        self.assertNotIn('0 replace', said)
        document = self.json('report', 'decisions', 'PUMP')
        self.assertEqual((document['replace'], document['isolate'], document['continue']), (1, 0, 1))
        self.assertEqual([(row['device'], row['units'], row['decision']) for row in document['decisions']],
                         [('all', 2, 'continue'), ('S1', 1, 'replace')])
        self.assertEqual(len(self.json('report', 'decisions', '--history')['decisions']), 3)
        self.assertEqual(self.json('report', 'decisions', '--organization', 'H2')['decisions'], [])
        self.assertEqual(self.json('report', 'decisions', 'PUMP/2.0')['decisions'], [])
        rows = list(csv.DictReader(io.StringIO(self.kigen('report', 'decisions', '--format', 'csv').lstrip('\ufeff'))))
        self.assertEqual([row['person'] for row in rows], ['田中 実'] * 2)
        self.kigen('doctor')

    def test_readiness(self):
        self.kigen('plan', 'set', 'PUMP/1.0', 'general_availability=2020-04-01', 'end_of_sale=2027-03-31', 'eol=2031-03-31',
                   'eos=2036-03-31', 'limited_support_doc=LSP-1', 'limited_support_duties=分離すること',
                   'limited_support_lines=parts:2033-03-31')
        self.kigen('plan', 'publish', 'PUMP/1.0', '--by', '佐藤', '--reason', '初版')
        self.assertIn('0 have decided', self.kigen('report', 'readiness'))
        self.decide('isolate')
        self.decide('replace', device=1, replace_by='2027-03-31')
        document = self.json('report', 'readiness')
        self.assertEqual((document['decided'], document['customers'][0]['decided']), (1, 'isolate all, replace 1'))


if __name__ == '__main__':
    finish()
