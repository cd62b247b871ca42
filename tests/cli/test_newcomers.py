#!/usr/bin/python3
"""Units sold second-hand, found late, leased, or in a new branch after the publication: the next delivery announces the plan to
whoever came to hold them (domain.md, Notices)."""

from harness import Case, finish
from test_publish import GOOD


class Newcomers(Case):
    def setUp(self):
        super().setUp()
        self.add_release('CT-100', '1.0')
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '中央病院', 'hospital'), (2, 'H2', '東病院', 'hospital'), "
                 "(3, 'L1', '南リース', 'lessor')")
        self.sql("INSERT INTO contact (organization, name, email) VALUES (1, '早瀬', 'hayase@h1.example'), (2, '佐藤', 'sato@h2.example'), "
                 "(3, '林', 'hayashi@l1.example')")
        self.devices('S1,H1')
        self.kigen('plan', 'set', 'CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '初回公表')
        self.kigen('deliver', '--once')
        self.assertEqual(self.told(), [('H1', '早瀬', '2026-12-01')])

    def devices(self, *rows):
        self.write('devices.csv', 'product,release,serial,organization\n' + ''.join(f'CT-100,1.0,{row}\n' for row in rows))
        self.kigen('import', 'devices', 'devices.csv')

    def told(self):
        """Whom the announcement concerns, through whom, and since when."""
        return self.sql("SELECT g.code, c.name, o.due_on FROM outbox_notice x JOIN notice n ON n.id = x.notice "
                        "JOIN organization g ON g.id = x.organization JOIN outbox o ON o.id = x.outbox LEFT JOIN contact c ON c.id = o.contact "
                        "WHERE n.kind = 'plan-announcement' AND o.state = 'accepted' ORDER BY o.id, g.code")

    def on(self, day):
        self.environment['KIGEN_TODAY'] = day
        self.kigen('deliver', '--once')

    def test_sold_second_hand(self):
        self.environment['KIGEN_TODAY'] = '2026-12-03'
        self.devices('S1,H2')
        self.on('2026-12-03')
        self.assertEqual(self.told()[1:], [('H2', '佐藤', '2026-12-03')])
        self.on('2026-12-04')
        self.assertEqual(len(self.told()), 2)

    def test_sold_on_while_the_first_is_silent(self):
        """Who has it no more is not asked on and on: the next contact of the new user is."""
        self.sql("INSERT INTO contact (organization, name, email, escalation_order) VALUES (1, '受付', 'uketsuke@h1.example', 2), "
                 "(2, '受付', 'uketsuke@h2.example', 2)")
        self.environment['KIGEN_TODAY'] = '2026-12-03'
        self.devices('S1,H2')
        self.on('2026-12-03')
        self.on('2026-12-20')
        self.assertEqual(self.told()[2:], [('H2', '受付', '2026-12-20')])

    def test_found_late(self):
        self.environment['KIGEN_TODAY'] = '2027-03-01'
        self.devices('S2,H2', 'S3,H2')
        self.on('2027-03-02')
        self.assertEqual(self.told()[1:], [('H2', '佐藤', '2027-03-02')])

    def test_a_new_branch(self):
        """Without a contact of its own it is told through the corporation's, and apart from what that has."""
        self.sql("INSERT INTO organization (id, code, name_ja, role, parent) VALUES (4, 'B1', '分院', 'clinic', 1)")
        self.devices('S4,B1')
        self.on('2026-12-02')
        self.assertEqual(self.told()[1:], [('B1', '早瀬', '2026-12-02')])

    def test_a_lessor(self):
        self.write('custody.csv', 'product,serial,role,organization,since\nCT-100,S1,owner,L1,2026-12-02\n')
        self.environment['KIGEN_TODAY'] = '2026-12-02'
        self.kigen('import', 'custody', 'custody.csv')
        self.on('2026-12-02')
        self.assertEqual(self.told()[1:], [('L1', '林', '2026-12-02')])


finish()
