#!/usr/bin/python3
"""plan withdraw; a clock that was set back; change and announcement side by side."""

from harness import CONTEXT, finish
from people import GOOD, People


class Withdraw(People):
    def messages(self, kind):
        return self.sql('SELECT x.organization, o.state FROM notice n JOIN outbox_notice x ON x.notice = n.id JOIN outbox o ON o.id = x.outbox '
                        'WHERE n.kind = ? ORDER BY 1', kind)

    def test_everyone_is_told(self):
        self.published()
        self.kigen('deliver', '--once')
        done, = self.plan_json('suzuki', 'withdraw', 'CT-100/1.0', '--reason', 'EOSの誤記')['withdrawn']
        self.assertEqual((done['organizations'], done['messages'], done['state']), (2, 2, 'withdrawn'))
        self.assertEqual(self.messages('withdrawal'), [(1, 'pending'), (2, 'pending')])
        self.assertEqual(self.sql('SELECT withdrawn_by, withdrawn_on, withdrawn_reason FROM support_plan'), [('suzuki', '2026-12-01', 'EOSの誤記')])
        self.kigen('deliver', '--once')
        letters = [path.read_bytes() for path in (self.folder / 'maildir').rglob('*') if path.is_file()]
        self.assertEqual(len(letters), 4)
        raw = self.kigen('outbox', 'show', '3', '--raw')
        self.assertIn('multipart', raw)
        context, = self.sql(f'SELECT {CONTEXT} FROM message_context c WHERE c.outbox = 3')[0]
        self.assertIn('EOSの誤記', context)
        self.assertNotIn('部品供給の終了', context)
        shown, = self.json('plan', 'show', 'CT-100/1.0')['plans']
        self.assertEqual((shown['state'], shown['stage'], shown['withdrawn_reason']), ('withdrawn', 'unknown', 'EOSの誤記'))

    def test_what_waits_is_overtaken(self):
        self.published()
        self.plan('suzuki', 'withdraw', 'CT-100/1.0', '--reason', 'EOSの誤記')
        self.assertEqual(self.messages('plan-announcement'), [(1, 'superseded'), (2, 'superseded')])
        self.assertIn('the withdrawal of revision 1', self.kigen('outbox', 'show', '1'))
        self.assertEqual(self.json('schedule', '--to', '2040-01-01')['notices'], [])

    def test_who_may(self):
        self.published()
        self.no('suzuki', 'withdraw', 'CT-100/1.0', code=2)
        self.assertIn('sato may not withdraw it', self.no('sato', 'withdraw', 'CT-100/1.0', '--reason', 'x'))
        self.plan('tanaka', 'set', 'CT-100/2.0', *GOOD)
        self.plan('tanaka', 'submit', 'CT-100/2.0', '--reason', 'x')
        self.plan('suzuki', 'approve', 'CT-100/2.0')
        self.plan('tanaka', 'publish', 'CT-100/2.0')
        self.assertIn('was written by 田中 次郎', self.no('tanaka', 'withdraw', 'CT-100/2.0', '--reason', 'x'))
        self.assertIn('would be withdrawn, 2 organizations to tell', self.plan('suzuki', 'withdraw', 'CT-100/2.0', '--reason', 'x', '--dry-run'))
        self.assertEqual(self.state('2.0'), 'published 1')
        self.plan('suzuki', 'withdraw', '--all', '--reason', 'x')
        self.assertEqual((self.state('1.0'), self.state('2.0')), ('withdrawn 1', 'withdrawn 1'))
        self.assertIn('no such plan is in force', self.no('suzuki', 'withdraw', 'CT-100/1.0', '--reason', 'x'))

    def test_no_rule_stops_it_and_nothing_brings_it_back(self):
        self.published()
        self.sql("UPDATE product SET security_contact = NULL")  # DOC-1 would stop a publication
        self.plan('suzuki', 'withdraw', 'CT-100/1.0', '--reason', 'EOSの誤記')
        said = self.no('sato', 'publish', 'CT-100/1.0')
        self.assertIn('revision 1, is withdrawn and never comes back: begin the next revision with kigen plan set', said)

    def test_without_users(self):
        self.environment['KIGEN_STORE'] = 'sqlite:./alone.db'
        self.kigen('init', '--simulation', '--uid-domain', 'kigen.test')
        self.add_release('MR-7', 'A')
        self.kigen('plan', 'set', 'MR-7/A', *GOOD)
        self.kigen('plan', 'publish', 'MR-7/A', '--reason', 'x', '--by', '佐藤')
        self.kigen('plan', 'withdraw', 'MR-7/A', '--reason', '誤記', '--by', '佐藤')
        self.assertEqual(self.json('plan', 'show', 'MR-7/A')['plans'][0]['withdrawn_by'], '佐藤')


class Clock(People):
    def test_set_back(self):
        self.published()
        self.submitted('1.0', 'eos=2035-03-31')
        self.plan('suzuki', 'approve', 'CT-100/1.0')
        for who, verb, words in (('sato', 'publish', []), ('suzuki', 'withdraw', ['--reason', 'x'])):
            said = self.no(who, verb, 'CT-100/1.0', '--today', '2026-11-30', *words, code=3)
            for part in ('today is 2026-11-30', 'CT-100/1.0', 'on 2026-12-01', 'Set it right'):
                self.assertIn(part, said)
        self.plan('sato', 'publish', 'CT-100/1.0')  # the same day will do
        self.submitted('2.0')
        self.plan('suzuki', 'approve', 'CT-100/2.0')
        self.plan('sato', 'publish', 'CT-100/2.0', '--today', '2026-11-30')  # of a release that was never published


class Telling(People):
    def test_change_and_announcement(self):
        """Who was told gets the change, with was and now; who bought since, or whose mail never went out, the announcement."""
        self.published()
        self.sql("UPDATE outbox SET state = 'failed' WHERE organization = 2")
        self.kigen('deliver', '--once')
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (3, 'H3', '西病院', 'hospital')")
        self.sql("INSERT INTO contact (organization, name, email) VALUES (3, '西', 'nishi@h3.example')")
        self.sql("INSERT INTO holding VALUES (1, 3, 'user', 1, 1, 'x', '2026-12-01', NULL, '2026-12-01T00:00:00Z')")
        self.submitted('1.0', 'eos=2035-03-31')
        self.plan('suzuki', 'approve', 'CT-100/1.0')
        done, = self.plan_json('sato', 'publish', 'CT-100/1.0')['published']
        self.assertEqual((done['organizations'], done['changed'], done['announced'], done['messages']), (3, 1, 2, 3))
        told = self.sql('SELECT n.kind, x.organization FROM notice n JOIN outbox_notice x ON x.notice = n.id WHERE n.plan = 2 ORDER BY 2')
        self.assertEqual(told, [('plan-change', 1), ('plan-announcement', 2), ('plan-announcement', 3)])
        self.kigen('deliver', '--once')
        for organization, there, absent in ((1, ('2034年3月31日', '2035年3月31日', '鈴木 花子', '部品供給の終了'), ()),
                                            (3, ('2035年3月31日',), ('2034年3月31日', '鈴木 花子'))):
            context, = self.sql(f'SELECT {CONTEXT} FROM message_context c JOIN outbox_notice x ON x.outbox = c.outbox JOIN notice n ON n.id = x.notice '
                                'WHERE n.plan = 2 AND x.organization = ?', organization)[0]
            for part in there:
                self.assertIn(part, context)
            for part in absent:
                self.assertNotIn(part, context.partition('"changes"')[2])


if __name__ == '__main__':
    finish()
