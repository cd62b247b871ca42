#!/usr/bin/python3
"""A plan's revisions as customers see them: in the feed, and in the mail, through the real program, with two people."""

import os
import pwd
import re
import unittest

from kigen import CONTEXT, TODAY, Case

ME = pwd.getpwuid(os.getuid()).pw_name
PLAN = 'SIP-20/SIP-25'


class Revisions(Case):
    def setUp(self):
        super().setUp()
        self.today = TODAY
        self.make_store()
        self.import_sample()
        self.write('pw', 'correct horse battery\n').chmod(0o600)
        self.kigen('user', 'add', 'admin', '--role', 'admin', '--new-password-file', 'pw')
        for name, roles, person in (('sato', 'planner', '佐藤 一郎'), ('suzuki', 'approver', '鈴木 花子')):
            self.act('admin', 'user', 'add', name, '--role', roles, '--full-name', person, '--new-password-file', 'pw')

    def act(self, who, *words, **options):
        """Runs it as the user `who`, whom kigen.conf then says we are."""
        self.write('kigen.conf', f'[users]\n{ME} = {who}\n')
        return self.kigen(*words, **options)

    def through(self, *fields, reason='見直し'):
        """From draft to approval; the feed stays as it is all the while."""
        feed = self.feed()
        if fields:
            self.act('sato', 'plan', 'set', PLAN, *fields)
        self.act('sato', 'plan', 'submit', PLAN, '--reason', reason)
        self.act('suzuki', 'plan', 'approve', PLAN)
        self.assertEqual(feed, self.feed())

    def organization(self):
        """One that holds the release by itself, with a contact."""
        return self.query("SELECT o.code FROM organization o JOIN holding h ON h.organization = o.id JOIN release r ON r.id = h.release "
                          "JOIN contact c ON c.organization = o.id WHERE r.name = 'SIP-25' AND h.ended_on IS NULL AND o.role = 'hospital' "
                          "AND c.email <> '' ORDER BY o.code LIMIT 1")[0][0]

    def feed(self):
        return self.kigen('feed', 'export', self.organization())

    def events(self):
        """{UID: (SEQUENCE, STATUS, DTSTART)} of the release's events."""
        found = {}
        for event in re.findall(r'BEGIN:VEVENT\r?\n(.*?)END:VEVENT', re.sub(r'\r?\n[ \t]', '', self.feed()), re.S):
            if 'SIP-25' not in event:
                continue
            value = {name: re.search(rf'^{name}[^:\r\n]*:(.*?)\r?$', event, re.M) for name in ('UID', 'SEQUENCE', 'STATUS', 'DTSTART')}
            found[value['UID'].group(1)] = (int(value['SEQUENCE'].group(1)), value['STATUS'].group(1) if value['STATUS'] else None,
                                            value['DTSTART'].group(1))
        return found

    def test_feed_moves_at_publication_alone(self):
        self.through()
        self.act('sato', 'plan', 'publish', PLAN)
        first = self.events()
        self.assertGreaterEqual(len(first), 3)
        self.through('repair_until=2040-03-31')
        self.assertEqual(first, self.events())
        self.act('sato', 'plan', 'publish', PLAN)
        second = self.events()
        moved = [uid for uid in first if second[uid] != first[uid]]
        self.assertEqual([second[uid][2] for uid in moved], ['20400331'])
        self.assertGreater(second[moved[0]][0], first[moved[0]][0])
        self.through('security_support_end=2036-03-31')
        self.act('sato', 'plan', 'publish', PLAN)
        third = self.events()
        self.assertEqual({uid: third[uid] for uid in second}, second)
        self.assertEqual([third[uid][2] for uid in third if uid not in second], ['20360331'])
        self.act('suzuki', 'plan', 'withdraw', PLAN, '--reason', '誤記のため')
        gone = self.events()
        self.assertEqual(set(gone), set(third))
        for uid, (sequence, status, _) in gone.items():
            self.assertEqual(status, 'CANCELLED')
            self.assertGreater(sequence, third[uid][0])

    def test_letters(self):
        self.through()
        self.act('sato', 'plan', 'publish', PLAN)
        self.kigen('deliver', '--once')
        self.through('eos=2038-03-31', reason='部品供給の延長')
        self.act('sato', 'plan', 'publish', PLAN)
        self.kigen('deliver', '--once')
        self.act('suzuki', 'plan', 'withdraw', PLAN, '--reason', '誤記のため')
        self.kigen('deliver', '--once')
        code = self.organization()
        texts = {}
        for kind, context in self.query(f'SELECT n.kind, {CONTEXT} FROM message_context c JOIN outbox_notice x ON x.outbox = c.outbox '
                                        'JOIN notice n ON n.id = x.notice JOIN organization o ON o.id = x.organization WHERE o.code = ?', code):
            texts[kind] = context
        self.assertEqual({'plan-announcement', 'plan-change', 'withdrawal'}, set(texts))
        for part in ('2037年3月31日', '2038年3月31日', '部品供給の延長', '鈴木 花子'):
            self.assertIn(part, texts['plan-change'])
        self.assertIn('誤記のため', texts['withdrawal'])
        self.assertNotIn('部品供給の延長', texts['withdrawal'])
        message, = self.query("SELECT x.outbox FROM outbox_notice x JOIN notice n ON n.id = x.notice JOIN organization o ON o.id = x.organization "
                              "WHERE n.kind = 'plan-change' AND o.code = ?", code)[0]
        self.assertIn('Subject:', self.kigen('outbox', 'show', message, '--raw'))
        self.assertEqual([('ok',)], self.query('PRAGMA integrity_check'))


if __name__ == '__main__':
    unittest.main()
