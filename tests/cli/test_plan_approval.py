#!/usr/bin/python3
"""plan submit, approve, reject, discard, publish in a store with users; history, diff."""

import subprocess

from harness import CLEAN, KIGEN, finish
from people import GOOD, SIGNED, People


class Life(People):
    def test_from_draft_to_publication(self):
        self.plan('sato', 'set', 'CT-100/1.0', *GOOD)
        done = self.plan_json('sato', 'submit', 'CT-100/1.0', '--reason', '初回公表')['submitted']
        self.assertEqual([(plan['release'], plan['state'], plan['needs_override']) for plan in done], [('1.0', 'submitted', [])])
        self.assertEqual(done[0]['changes']['eol'], ['', '2031-03-31'])
        approved, = self.plan_json('suzuki', 'approve', 'CT-100/1.0')['approved']
        self.assertEqual((approved['by'], approved['role'], approved['state']), ('鈴木 花子', 'quality', 'approved'))
        self.assertEqual(self.sql('SELECT approved_by, approved_on, reason FROM support_plan'), [('鈴木 花子', '2026-12-01', '初回公表')])
        self.plan('sato', 'publish', 'CT-100/1.0')
        self.assertEqual(self.state(), 'published 1')
        self.assertEqual(self.sql('SELECT event, by, role FROM plan_event ORDER BY id'),
                         [('set', 'sato', None), ('submit', 'sato', None), ('approve', 'suzuki', 'quality'), ('publish', 'sato', None)])
        self.assertEqual(len(set(self.sql('SELECT content FROM plan_event'))), 1)
        actions = [action for action, in self.sql("SELECT action FROM audit WHERE action LIKE 'plan.%' ORDER BY id")]
        self.assertEqual(actions, ['plan.set', 'plan.submit', 'plan.approve', 'plan.publish'])
        self.assertIn('approved 2026-12-01 by 鈴木 花子', self.kigen('plan', 'show', 'CT-100/1.0'))

    def test_who_may_approve(self):
        self.plan('tanaka', 'set', 'CT-100/1.0', *GOOD)
        self.plan('sato', 'submit', 'CT-100/1.0', '--reason', 'x')
        self.assertRegex(self.no('sato', 'approve', 'CT-100/1.0'), r'sato may not approve it.*approver, safety_officer, quality, general_manager')
        self.assertRegex(self.no('admin', 'approve', 'CT-100/1.0'), r'admin may not approve it')
        wrote = self.no('tanaka', 'approve', 'CT-100/1.0')
        for part in ('CT-100/1.0, revision 1, was written by 佐藤 一郎, 田中 次郎', 'ask somebody else', 'kigen user list'):
            self.assertIn(part, wrote)
        self.plan('abe', 'approve', 'CT-100/1.0')
        self.assertRegex(self.no('suzuki', 'approve', 'CT-100/1.0'),
                         r'is approved \(last approved by 阿部 三郎 on 2026-12-01\) and cannot be approved: it is approved already')

    def test_who_wrote_before_there_were_users_does_not_approve_either(self):
        """A draft of --by 鈴木 花子, and of an older kigen that kept no events."""
        self.plan('sato', 'set', 'CT-100/1.0', *GOOD)
        for event in ("INSERT INTO plan_event (plan, event, content, by, day, at) VALUES (1, 'set', zeroblob(32), '鈴木 花子', '2026-01-01', 'x')",
                      "UPDATE support_plan SET author = 'abe'"):
            self.sql(event)
        self.plan('sato', 'submit', 'CT-100/1.0', '--reason', 'x')
        self.assertIn('鈴木 花子', self.no('suzuki', 'approve', 'CT-100/1.0'))
        self.assertIn('阿部 三郎', self.no('abe', 'approve', 'CT-100/1.0'))

    def test_a_change_makes_it_a_draft_again(self):
        self.submitted()
        self.plan('suzuki', 'approve', 'CT-100/1.0')
        self.plan('tanaka', 'set', 'CT-100/1.0', 'eos=2034-03-31')  # nothing new
        self.assertEqual(self.state(), 'approved 1')
        self.plan('tanaka', 'set', 'CT-100/1.0', 'eos=2034-04-30')
        self.assertIn('revision 1 was approved by 鈴木 花子, and is a draft again', self.errors)
        self.assertEqual(self.state(), 'draft 1')
        self.assertEqual(self.sql('SELECT approved_by, approved_on FROM support_plan'), [(None, None)])
        refused = self.plan('sato', 'publish', 'CT-100/1.0', code=1)
        self.assertIn('submit it first: kigen plan submit', refused)

    def test_reject_goes_back_with_a_reason(self):
        self.submitted()
        self.assertIn('--reason', self.no('suzuki', 'reject', 'CT-100/1.0', code=2))
        self.assertIn('may not reject', self.no('sato', 'reject', 'CT-100/1.0', '--reason', 'x'))
        self.plan('suzuki', 'reject', 'CT-100/1.0', '--reason', 'EOSが早すぎる')
        self.assertEqual(self.state(), 'draft 1')
        self.assertIn('EOSが早すぎる', self.kigen('plan', 'history', 'CT-100/1.0'))
        self.assertIn('submit it first', self.no('suzuki', 'approve', 'CT-100/1.0'))

    def test_discard_leaves_the_trail(self):
        self.published()
        self.submitted('1.0', 'eos=2035-03-31')
        self.plan('tanaka', 'discard', 'CT-100/1.0', '--reason', '見送り')
        self.assertEqual(self.state(), 'published 1')
        payload = self.json('audit', 'list', '--action', 'plan.discard')[0]['payload']
        self.assertEqual((payload['revision'], payload['to']['eos'], payload['why']), (2, '2035-03-31', '見送り'))
        self.assertEqual(self.sql('SELECT count(*) FROM plan_event WHERE plan = 2'), [(0,)])
        self.assertIn('no such plan is open', self.no('sato', 'discard', 'CT-100/1.0'))
        self.published('1.0', 'eos=2036-03-31')
        self.assertEqual(self.state(), 'published 2')

    def test_patterns_take_what_is_ready_and_names_must_be(self):
        self.submitted('1.0')
        self.plan('sato', 'set', 'CT-100/2.0', *GOOD)
        self.assertIn('submit it first', self.no('suzuki', 'approve', 'CT-100/1.0', 'CT-100/2.0'))
        self.assertIn('1 left alone', self.plan('suzuki', 'approve', 'CT-100'))
        self.assertEqual((self.state('1.0'), self.state('2.0')), ('approved 1', 'draft 1'))
        self.assertIn('nothing to approve (CT-100/1.0: approved 1, CT-100/2.0: draft 1)', self.no('suzuki', 'approve', '--all'))
        done = self.plan_json('sato', 'publish', '--all')
        self.assertEqual(([plan['release'] for plan in done['published']], done['left_alone']), (['1.0'], 1))
        self.assertIn('not approved', self.no('sato', 'publish', '--all'))
        self.no('suzuki', 'approve', code=2)
        self.no('suzuki', 'approve', 'CT-100', '--all', code=2)
        self.assertIn('did you mean', self.no('suzuki', 'approve', 'CT100/1.0'))

    def test_dry_run_only_shows(self):
        self.submitted()
        before = self.everything()
        self.assertIn('would be approved', self.plan('suzuki', 'approve', 'CT-100/1.0', '--dry-run'))
        self.assertEqual(self.everything(), before)

    def test_market(self):
        for market in ('JP', 'US'):
            self.plan('sato', 'set', 'CT-100/1.0', '--market', market, *GOOD)
        self.plan('sato', 'submit', 'CT-100/1.0', '--reason', 'x', '--market', 'JP')
        self.assertEqual(self.sql('SELECT market, state FROM support_plan ORDER BY 1'), [('JP', 'submitted'), ('US', 'draft')])
        self.assertIn('CT-100/1.0 (JP), revision 1,', self.no('sato', 'submit', 'CT-100/1.0', '--market', 'JP'))


class Rules(People):
    def test_submit_asks_the_rules(self):
        self.plan('sato', 'set', 'CT-100/1.0', 'eol=2031-03-31', 'eos=2034-03-31')
        said = self.no('sato', 'submit', 'CT-100/1.0', '--reason', 'x')
        for part in ('LSP-2a error', 'what to do', 'kigen plan set CT-100/1.0 doc='):
            self.assertIn(part, said)

    def test_a_warning_wants_a_reason_that_stays(self):
        self.sql('DELETE FROM contact WHERE organization = 2')
        self.plan('sato', 'set', 'CT-100/1.0', *GOOD)
        self.assertIn('REACH-1 warning', self.no('sato', 'submit', 'CT-100/1.0'))
        self.plan('sato', 'submit', 'CT-100/1.0', '--reason', '東病院へは郵送する')
        self.plan('suzuki', 'approve', 'CT-100/1.0')
        done = self.plan_json('sato', 'publish', 'CT-100/1.0')  # answered when it was submitted
        self.assertEqual([finding['rule'] for finding in done['published'][0]['findings']], ['REACH-1'])
        self.assertEqual(self.sql('SELECT reason FROM support_plan'), [('東病院へは郵送する',)])

    def test_publish_keeps_the_reason_that_was_approved(self):
        self.submitted()
        self.plan('suzuki', 'approve', 'CT-100/1.0')
        self.plan('sato', 'publish', 'CT-100/1.0', '--reason', '別の理由')
        self.assertEqual(self.sql('SELECT reason FROM support_plan'), [('部品供給の終了',)])
        self.assertEqual(self.json('audit', 'list', '--action', 'plan.publish')[0]['payload']['why'], '別の理由')

    def test_what_was_changed_beside_kigen_is_not_published(self):
        self.submitted()
        self.plan('suzuki', 'approve', 'CT-100/1.0')
        with self.assertRaisesRegex(Exception, 'only by being a draft again'):
            self.sql("UPDATE support_plan SET eos = '2040-03-31'")
        self.sql('DROP TRIGGER support_plan_approved_update')
        self.sql("UPDATE support_plan SET eos = '2040-03-31'")
        self.assertIn('is not what 鈴木 花子 approved', self.no('sato', 'publish', 'CT-100/1.0'))

    def test_override(self):
        self.published()
        self.plan('sato', 'set', 'CT-100/1.0', 'eos=2031-03-31', 'line.security-updates=2031-03-31')
        self.assertEqual(self.plan_json('sato', 'submit', 'CT-100/1.0', '--reason', '供給終了')['submitted'][0]['needs_override'], ['LSP-3'])
        refused = self.plan('sato', 'publish', 'CT-100/1.0', code=1)
        self.assertIn('somebody else has to approve it first', refused)
        self.plan('suzuki', 'approve', 'CT-100/1.0')
        refused = self.plan('sato', 'publish', 'CT-100/1.0', code=1)
        self.assertIn('kigen plan override LSP-3 CT-100/1.0', refused)
        for who, words, part in (('sato', ['--reason', SIGNED], 'sato may not sign an override'),
                                 ('tanaka', ['--reason', SIGNED], 'safety_officer, quality, general_manager'),
                                 ('suzuki', ['--reason', '調整中'], 'how every hospital is replaced or updated'),
                                 ('suzuki', ['--reason', 'はい'], 'how every hospital is replaced or updated')):
            self.assertIn(part, self.no(who, 'override', 'LSP-3', 'CT-100/1.0', *words))
        self.assertIn('nothing lifts that rule', self.no('suzuki', 'override', 'LEAD-1', 'CT-100/1.0', '--reason', SIGNED))
        self.assertIn('nothing to override', self.no('suzuki', 'override', 'CHG-2', 'CT-100/1.0', '--reason', SIGNED))
        self.no('suzuki', 'override', 'LSP-3', 'CT-100/1.0', code=2)
        self.no('suzuki', 'override', 'LSP-9', 'CT-100/1.0', '--reason', SIGNED, code=2)
        self.plan('abe', 'override', 'lsp-3', 'CT-100/1.0', '--reason', SIGNED)
        self.assertIn('阿部 三郎', self.no('suzuki', 'override', 'LSP-3', 'CT-100/1.0', '--reason', SIGNED))
        found = self.json('check', 'CT-100/1.0', code=1)
        self.assertEqual(found['rules']['LSP-3'], {'errors': 0, 'warnings': 0, 'overridden': 1, 'unknown': 0, 'ok': 0})
        overridden, = [finding for finding in found['releases'][0]['findings'] if finding['rule'] == 'LSP-3']
        for part in ('EOL = EOS = 2031-03-31', '阿部 三郎', 'safety_officer', SIGNED):
            self.assertIn(part, overridden['detail'])
        done = self.plan_json('sato', 'publish', 'CT-100/1.0')
        self.assertEqual([finding['outcome'] for finding in done['published'][0]['findings']], ['overridden'])
        signed = {'rule': 'LSP-3', 'by': '阿部 三郎', 'role': 'safety_officer', 'why': SIGNED}
        self.assertEqual(self.json('audit', 'list', '--action', 'plan.publish')[1]['payload']['overrides'], [signed])
        self.assertRegex(self.kigen('plan', 'history', 'CT-100/1.0'), rf'override LSP-3 +阿部 三郎 +safety_officer +{SIGNED}')
        self.assertEqual(self.json('plan', 'show', 'CT-100/1.0')['plans'][0]['overrides'][0]['by'], '阿部 三郎')
        message = self.json('outbox', 'list')['messages'][-1]['id']
        self.assertEqual([(row['rule'], row['by']) for row in self.json('outbox', 'show', message)['overrides']], [('LSP-3', '阿部 三郎')])
        self.assertIn('LSP-3, signed by 阿部 三郎', self.kigen('outbox', 'show', message))

    def test_an_override_holds_for_what_was_signed(self):
        same = ['eos=2031-03-31', 'line.security-updates=2031-03-31']
        self.submitted('1.0', *GOOD, *same)
        self.plan('suzuki', 'override', 'LSP-3', 'CT-100/1.0', '--reason', SIGNED)
        self.plan('sato', 'set', 'CT-100/1.0', 'duties=分離しない')
        self.assertEqual(self.json('check', 'CT-100/1.0', code=1)['rules']['LSP-3']['errors'], 1)
        self.plan('sato', 'set', 'CT-100/1.0', 'duties=院内ネットワークから分離する')  # what was signed, again
        self.assertEqual(self.json('check', 'CT-100/1.0', code=1)['rules']['LSP-3']['overridden'], 1)

    def test_without_users_nobody_overrides(self):
        self.environment['KIGEN_STORE'] = 'sqlite:./alone.db'
        self.kigen('init', '--simulation', '--uid-domain', 'kigen.test')
        self.add_release('MR-7', 'A')
        self.kigen('plan', 'set', 'MR-7/A', *GOOD, 'eos=2031-03-31', 'line.security-updates=2031-03-31')
        self.assertIn('kigen user add', self.refused('plan', 'override', 'LSP-3', 'MR-7/A', '--reason', SIGNED))
        self.kigen('plan', 'submit', 'MR-7/A', '--reason', 'x')
        self.assertIn('kigen user add', self.refused('plan', 'approve', 'MR-7/A'))
        self.kigen('plan', 'reject', 'MR-7/A', '--reason', 'x')
        self.kigen('plan', 'set', 'MR-7/A', 'eos=2034-03-31')
        self.kigen('plan', 'submit', 'MR-7/A', '--reason', 'x')
        self.kigen('plan', 'publish', 'MR-7/A', '--reason', 'x')


class Looking(People):
    def test_history_tells_everything(self):
        self.published()
        self.published('1.0', 'eos=2035-03-31')
        plan, = self.json('plan', 'history', 'CT-100/1.0')['plans']
        self.assertEqual([(row['revision'], row['state'], [event['event'] for event in row['events']]) for row in plan['revisions']],
                         [(1, 'superseded', ['set', 'submit', 'approve', 'publish', 'supersede']),
                          (2, 'published', ['set', 'submit', 'approve', 'publish'])])
        self.assertEqual(plan['revisions'][1]['changes'], {'eos': ['2034-03-31', '2035-03-31']})
        approve = plan['revisions'][1]['events'][2]
        self.assertEqual((approve['by'], approve['person'], approve['role'], approve['day']), ('suzuki', '鈴木 花子', 'quality', '2026-12-01'))

    def test_history_of_what_was_published_without_events(self):
        self.published()
        self.sql('DROP TRIGGER plan_event_delete')
        self.sql('DELETE FROM plan_event')
        plan, = self.json('plan', 'history', 'CT-100/1.0')['plans']
        self.assertEqual([(event['event'], event['by']) for event in plan['revisions'][0]['events']], [('set', 'sato'), ('publish', 'sato')])

    def test_diff(self):
        self.published()
        self.assertIn('no revision is open', self.refused('plan', 'diff', 'CT-100/1.0'))
        self.plan('sato', 'set', 'CT-100/1.0', 'eos=2035-03-31', 'parts_until=未定')
        found = self.json('plan', 'diff', 'CT-100/1.0')
        self.assertEqual((found['from'], found['to'], found['changes']),
                         (1, 2, {'eos': ['2034-03-31', '2035-03-31'], 'parts_until': ['', 'not announced']}))
        self.assertEqual(self.json('plan', 'diff', 'CT-100/1.0', '2', '1')['changes']['eos'], ['2035-03-31', '2034-03-31'])
        self.assertIn('no difference', self.kigen('plan', 'diff', 'CT-100/1.0', '2', '2'))
        self.assertEqual(self.json('plan', 'diff', 'CT-100/1.0', '1')['to'], 2)
        self.assertIn('no revision 3', self.refused('plan', 'diff', 'CT-100/1.0', '3'))
        self.refused('plan', 'diff', 'CT-100/1.0', 'x', code=2)
        self.refused('plan', 'diff', 'CT-100', code=2)
        self.refused('plan', 'diff', 'CT-100/9')


class Doctor(People):
    def found(self):
        findings = self.json('doctor', code=1)['findings']
        return [finding['message'] for finding in findings if finding['check'] == 'approvals']

    def test_two_people_who_are_two(self):
        self.published()
        self.submitted('2.0', *GOOD, 'eos=2031-03-31', 'line.security-updates=2031-03-31')
        self.plan('suzuki', 'override', 'LSP-3', 'CT-100/2.0', '--reason', SIGNED)
        self.plan('abe', 'approve', 'CT-100/2.0')
        self.assertEqual(self.found(), [])
        self.sql('DROP TRIGGER support_plan_update')
        self.sql('DROP TRIGGER support_plan_approved_update')
        self.sql('DROP TRIGGER plan_event_update')
        self.sql("UPDATE support_plan SET eos = '2040-03-31'")
        self.assertEqual(self.found(), ['changed beside kigen since the event publish by 佐藤 一郎', 'not what 鈴木 花子 approved',
                                        'changed beside kigen since the event approve by 阿部 三郎', 'not what 阿部 三郎 approved'])
        self.sql("UPDATE support_plan SET eos = CASE id WHEN 1 THEN '2034-03-31' ELSE '2031-03-31' END")
        self.assertEqual(self.found(), [])
        self.sql("""UPDATE plan_event SET "user" = (SELECT id FROM "user" WHERE name = 'sato') WHERE event IN ('approve', 'override')""")
        self.assertEqual(self.found(), ['approved or signed for by its own author: approve by suzuki', 'approved or signed for by its own author: '
                                        'override by suzuki', 'approved or signed for by its own author: approve by abe',
                                        'it says that it is approved, but nobody who did not write it approved it',
                                        'published without the approval of a second person: sato'])


class AtOnce(People):
    def test_of_two_approvals_one_wins(self):
        """Both find the revision submitted; the other is told who was first."""
        for _ in range(5):
            self.submitted()
            runs = [(name, subprocess.Popen([KIGEN, 'plan', 'approve', 'CT-100/1.0', '--as', name, '--password-file', 'pw'], cwd=self.folder, encoding='utf-8',
                                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                            env={**CLEAN, 'LANG': 'C.UTF-8', **self.environment})) for name in ('suzuki', 'abe')]
            ended = [(name, *run.communicate(timeout=60), run.returncode) for name, run in runs]
            self.assertEqual(sorted(code for *_, code in ended), [0, 1], ended)
            winner, = [name for name, _, _, code in ended if code == 0]
            person = {'suzuki': '鈴木 花子', 'abe': '阿部 三郎'}[winner]
            said, = [errors for _, _, errors, code in ended if code == 1]
            self.assertIn(f'last approved by {person}', said)
            self.assertEqual(self.sql("SELECT by FROM plan_event WHERE event = 'approve'"), [(winner,)])
            self.plan('sato', 'discard', 'CT-100/1.0')


if __name__ == '__main__':
    finish()
