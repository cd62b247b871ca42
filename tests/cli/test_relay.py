#!/usr/bin/python3
"""Requests to a distributor to pass something on: one mail that names its customers, the file that comes back, and what counts."""

import email
import email.policy

from harness import finish
from test_publish import GOOD, Installed

ADDRESS = 'relay@d.example'


class Relay(Installed):
    """H2 and the undisclosed H3 are reached through the distributor D1 alone, whose own contact has their contacts' address."""

    def setUp(self):
        super().setUp()
        self.sql("INSERT INTO organization (id, code, name_ja, role, disclosed) VALUES (3, 'H3', '匿名施設・甲', 'hospital', 0),"
                 " (4, 'D1', '北販売', 'distributor', 1)")
        self.sql("INSERT INTO holding VALUES (1, 3, 'user', 2, 1, 'uid-1-3', '2020-04-01', NULL, '2026-01-01T00:00:00Z')")
        for organization in (2, 3):
            self.sql("INSERT INTO contact (organization, name, email, channel) VALUES (?, '取次窓口', ?, 'relay')", organization, ADDRESS)
        self.sql("INSERT INTO contact (organization, name, email) VALUES (4, '藤代 理沙', ?)", ADDRESS)
        self.plan('CT-100/1.0', *GOOD)

    def publish(self):
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '初回公表')
        self.kigen('deliver', '--once')
        self.request, = [row for row in self.json('outbox', 'list', '--channel', 'relay')['messages']]
        return email.message_from_string(self.kigen('outbox', 'show', self.request['id'], '--raw'), policy=email.policy.default)

    def part(self, mail, name):
        return next(part for part in mail.walk() if part.get_filename() == name).get_content()

    def report(self, *rows, code=0, words=()):
        self.write('report.csv', 'message,customer,name,told_on,by,how,note\n' + ''.join(f'{row}\n' for row in rows))
        return self.kigen('import', 'relay-reports', 'report.csv', *words, code=code)

    def coverage(self):
        row, = self.json('report', 'coverage')['revisions']
        return {key: row[key] for key in ('affected', 'accepted', 'requested', 'relayed', 'unreached')}

    def test_one_request_for_all_customers(self):
        mail = self.publish()
        self.assertEqual((self.request['organization'], self.request['state']), ('D1', 'accepted'))
        self.assertIn(ADDRESS, mail['To'])
        self.assertTrue(mail['Subject'].startswith('【転送のお願い】'))
        text = mail.get_body(('plain',)).get_content().replace('\r\n', '\n')
        self.assertIn('・H2　東病院\n・H3　匿名施設・甲\n', text)
        self.assertIn('北販売', text)
        self.assertNotIn('ご確認の方法】', text)  # who passes it on confirms nothing in their stead
        self.assertIn('・H3　匿名施設・甲', mail.get_body(('html',)).get_content())
        number = self.request['id']
        self.assertEqual(self.part(mail, 'relay-report.csv').lstrip('\ufeff').splitlines(),
                         ['message,customer,name,told_on,by,how,note', f'{number},H2,東病院,,,,', f'{number},H3,匿名施設・甲,,,,'])

    def test_nobody_else_is_told_of_who_is_undisclosed(self):
        self.publish()
        for row in self.json('outbox', 'list')['messages']:
            if row['channel'] != 'relay':
                self.assertNotIn('匿名施設', self.kigen('outbox', 'show', row['id'], '--raw'))

    def test_where_an_undisclosed_customers_units_stand_is_told_to_nobody_else(self):
        for device, organization in ((1, 2), (2, 3)):
            self.sql("INSERT INTO device (id, product, release, serial, serial_key, organization, department, location, asset_no)"
                     " VALUES (?, 1, 1, ?, ?, ?, ?, ?, ?)", device, f'S-{device}', f'S-{device}', organization, f'部署{device}',
                     f'棟{device}', f'資産{device}')
            self.sql("INSERT INTO custody (device, role, organization) VALUES (?, 'seller', 4)", device)
        self.sql("INSERT INTO holding VALUES (1, 4, 'seller', 2, 1, 'uid-1-4', '2020-04-01', NULL, '2026-01-01T00:00:00Z')")
        self.publish()
        row, = [row for row in self.json('outbox', 'list')['messages'] if (row['organization'], row['channel']) == ('D1', 'mail')]
        mail = email.message_from_string(self.kigen('outbox', 'show', row['id'], '--raw'), policy=email.policy.default)
        told = ''.join(part.get_content() for part in mail.walk() if part.get_content_maintype() == 'text')
        for word in ('S-1', 'S-2', '部署1', '棟1', '資産1'):
            self.assertIn(word, told)
        for word in ('部署2', '棟2', '資産2', '匿名施設'):
            self.assertNotIn(word, told)

    def test_whom_a_request_went_to_is_not_asked_once_more(self):
        """Nobody confirms: the customer's next contact gets it, or a letter goes; and who is asked next through the distributor is asked
        in the one request too."""
        self.sql("INSERT INTO contact (organization, name, email, escalation_order) VALUES (2, '佐藤', 'sato@h2.example', 2)")
        self.sql("INSERT INTO contact (organization, name, email, channel, escalation_order) VALUES (1, '取次窓口', ?, 'relay', 2)", ADDRESS)
        self.publish()
        self.environment['KIGEN_TODAY'] = '2026-12-15'
        self.kigen('deliver', '--once')
        asked = self.sql("SELECT q.code, o.channel, c.email FROM outbox_notice x JOIN outbox o ON o.id = x.outbox AND o.due_on = '2026-12-15'"
                         ' JOIN organization q ON q.id = x.organization LEFT JOIN contact c ON c.id = o.contact ORDER BY 1')
        self.assertEqual(asked, [('H1', 'relay', ADDRESS), ('H2', 'mail', 'sato@h2.example'), ('H3', 'letter', None)])
        self.assertEqual(self.sql("SELECT g.code FROM outbox o JOIN organization g ON g.id = o.organization WHERE o.channel = 'relay'"),
                         [('D1',), ('D1',)])

    def test_a_request_reaches_nobody_a_report_does(self):
        self.publish()
        number = self.request['id']
        self.assertEqual(self.coverage(), {'affected': 3, 'accepted': 1, 'requested': 2, 'relayed': 0, 'unreached': 2})
        self.assertEqual(self.json('outbox', 'show', number)['not_reported'], ['H2', 'H3'])
        said = self.report(f'{number},H2,東病院,2026-12-01,藤代,手渡し,', f'{number},H3,匿名施設・甲,,,,')
        self.assertIn('1 new', said)
        self.assertIn('not passed on yet', said + self.errors)
        self.assertEqual(self.coverage(), {'affected': 3, 'accepted': 1, 'requested': 1, 'relayed': 1, 'unreached': 1})
        self.assertRegex(self.kigen('outbox', 'show', number), r'not reported back, .*\n  H3  匿名施設・甲\n$')
        self.kigen('outbox', 'relayed', number, 'H3', '--how', 'phone', '--person', '藤代')
        self.assertEqual(self.json('outbox', 'show', number)['not_reported'], [])
        self.assertEqual(self.json('outbox', 'show', 1)['not_reported'], [])
        self.assertEqual(self.coverage()['unreached'], 0)
        self.assertIn('2 unchanged', self.report(f'{number},H2,,2026-12-01,藤代,hand,', f'{number},H3,,2026-12-01,藤代,電話,'))
        self.assertIn('1 changed', self.report(f'{number},H2,,2026-12-01,藤代,mail,'))
        shown = self.json('report', 'presentations', 'CT-100/1.0', '--all')
        self.assertIn('relay', str(shown))

    def test_a_request_that_came_back_and_was_handed_to_the_distributor_reaches_nobody(self):
        self.publish()
        number = self.request['id']
        self.sql("UPDATE outbox SET state = 'bounced' WHERE id = ?", number)
        self.kigen('outbox', 'handed', number, '--to', '藤代', '--how', 'fax')
        self.assertEqual(self.coverage(), {'affected': 3, 'accepted': 1, 'requested': 2, 'relayed': 0, 'unreached': 2})
        self.kigen('outbox', 'relayed', number, 'H2', '--how', 'hand')
        self.assertEqual(self.coverage(), {'affected': 3, 'accepted': 1, 'requested': 1, 'relayed': 1, 'unreached': 1})

    def test_bad_reports_store_nothing(self):
        self.publish()
        number = self.request['id']
        good = f'{number},H2,,2026-12-01,藤代,hand,'
        for row, said in ((f'{number},H1,,2026-12-01,x,hand,', 'says nothing about that customer'),
                          (f'{number},H9,,2026-12-01,x,hand,', 'H9'),
                          (f'{number},H3,,2026-12-02,x,hand,', 'lies after today'),
                          (f'{number},H3,,2026-12-01,x,,', 'it is missing: post, hand'),
                          (f'{number},H3,,2026-12-01,x,pigeon,', 'pigeon'),
                          ('1,H1,,2026-12-01,x,hand,', 'nobody was asked to pass it on'),
                          ('999,H3,,2026-12-01,x,hand,', 'no message 999'),
                          (good, 'H2')):
            with self.subTest(row):
                self.report(good, row, code=1)
                self.assertIn(said, self.errors)
                self.assertEqual(self.sql('SELECT count(*) FROM handover'), [(0,)])

    def test_without_an_address_nobody_is_reached(self):
        self.sql("UPDATE contact SET email = NULL WHERE channel = 'relay'")
        text = self.run_kigen('check', 'CT-100/1.0').stdout
        self.assertRegex(text, 'REACH-1.*匿名施設・甲')


if __name__ == '__main__':
    finish()
