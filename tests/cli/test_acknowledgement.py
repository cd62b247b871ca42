#!/usr/bin/python3
"""outbox ack, plan assess: what customers confirmed and what was assessed, and what rules, reminders and reports make of it."""

import json

from harness import finish
from test_publish import GOOD, Installed

PERSON = ['--person', '部長 花子', '--how', 'letter']


class Confirmed(Installed):
    """CT-100/1.0 is published with EOL 2031-03-31 and EOS 2034-03-31 and was announced to H1 (mail) and H2 (letter)."""

    def setUp(self):
        super().setUp()
        self.plan('CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '初回公表')
        self.kigen('deliver', '--once')

    def on(self, day):
        self.environment['KIGEN_TODAY'] = day

    def ack(self, organization='H1', *words, kind='transfer', release='CT-100/1.0', code=0):
        return self.kigen('outbox', 'ack', organization, release, '--kind', kind, *PERSON, *words, code=code)

    def arrived(self, state='sent'):
        """The letters that wait were posted."""
        self.sql("UPDATE outbox SET state = ?, attempt = attempt + 1 WHERE channel = 'letter' AND state = 'pending'", state)

    def remind(self):
        """The first reminder of EOS, 36 months before it."""
        self.on('2031-03-31')
        self.kigen('deliver', '--once')

    def finding(self, rule):
        found = json.loads(self.run_kigen('--json', 'check', 'CT-100/1.0', '--unknown').stdout)
        return next((finding for finding in found['releases'][0]['findings'] if finding['rule'] == rule), None)


class Receipt(Confirmed):
    def test_receipt_of_the_announcement(self):
        text = self.ack('H1', '--title', '臨床工学技士長', '--note', '電話で確認', kind='receipt')
        self.assertEqual(text, 'confirmed   receipt of CT-100/1.0\nby          中央病院 (H1)\nperson      部長 花子\n'
                               'title       臨床工学技士長\nhow         letter\non          2026-12-01\n'
                               'notice      plan-announcement of 2026-12-01, revision 1\nnote        電話で確認\n')
        self.assertRegex(self.kigen('outbox', 'list'), r'accepted +receipt +mail +中央病院')
        shown = self.kigen('outbox', 'show', '1')
        self.assertRegex(shown, r'receipt +2026-12-01 +中央病院 +部長 花子 +臨床工学技士長 +letter +plan-announcement +電話で確認')
        acknowledged = self.json('outbox', 'show', '1')['acknowledgements']
        self.assertEqual([(row['kind'], row['organization'], row['day'], row['person']) for row in acknowledged],
                         [('receipt', 'H1', '2026-12-01', '部長 花子')])
        self.assertEqual(self.json('outbox', 'show', '2')['acknowledgements'], [])
        coverage = self.json('report', 'coverage')['revisions'][0]
        self.assertEqual((coverage['affected'], coverage['acknowledged']), (2, 1))

    def test_a_receipt_is_no_transfer(self):
        self.ack(kind='receipt')
        self.remind()
        self.assertEqual(self.sql("SELECT count(*) FROM outbox_notice x JOIN notice n ON n.id = x.notice "
                                  "WHERE n.kind = 'eos-reminder'"), [(2,)])
        self.assertIn('2 / 2', self.finding('ACK-1')['detail'])

    def test_the_trail_tells_it(self):
        self.ack(kind='receipt')
        entry = self.json('audit', 'list')[-1]
        self.assertEqual(entry['action'], 'acknowledgement.add')
        self.assertEqual(entry['payload']['organization'], 'H1')


class Transfer(Confirmed):
    def test_nothing_to_confirm_yet(self):
        self.assertIn('no notice of EOS of CT-100/1.0 was addressed to H1 yet, so there is nothing to confirm: kigen schedule '
                      'CT-100/1.0', self.refused('outbox', 'ack', 'H1', 'CT-100/1.0', '--kind', 'transfer', *PERSON))
        self.assertIn('no plan of CT-100/2.0 that concerns H1 is in force',
                      self.refused('outbox', 'ack', 'H1', 'CT-100/2.0', '--kind', 'receipt', *PERSON))
        self.assertEqual(self.sql('SELECT count(*) FROM acknowledgement'), [(0,)])

    def test_confirmed_is_spared_and_reported(self):
        self.assertIsNone(self.finding('ACK-1'))
        self.remind()
        self.assertIn('未確認 / not confirmed: 2 / 2', self.finding('ACK-1')['detail'])
        self.on('2031-04-10')
        self.ack('H1', '--on', '2031-04-02')
        self.assertIn('1 / 2', self.finding('ACK-1')['detail'])
        readiness = self.json('report', 'readiness', '--all')
        self.assertEqual([(row['organization'], row['transfer'], row['confirmed_on'], row['confirmed_by'])
                          for row in readiness['customers'] if row['release'] == '1.0'],
                         [('H1', 'confirmed', '2031-04-02', '部長 花子'), ('H2', 'not asked', None, None)])
        self.assertEqual([row['organizations'] for row in self.json('schedule', '--to', '2032-04-01')['notices']
                          if row['kind'] == 'eos-reminder'], [1])
        self.on('2032-03-31')
        self.kigen('deliver', '--once')
        self.assertEqual(self.sql("SELECT x.organization FROM outbox_notice x JOIN notice n ON n.id = x.notice "
                                  "WHERE n.kind = 'eos-reminder' AND n.lead_months = 24"), [(2,)])
        self.on('2034-04-03')
        self.kigen('deliver', '--once')
        self.assertEqual(self.sql("SELECT x.organization FROM outbox_notice x JOIN notice n ON n.id = x.notice "
                                  "WHERE n.kind = 'eos-reached' ORDER BY 1"), [(1,), (2,)])
        self.assertIn('1 / 2', self.finding('ACK-1')['detail'])
        self.assertIn('CT-100/1.0: the eos-reached of revision 1 has not come to H2: message 8 is pending (kigen outbox show 8)',
                      self.refused('outbox', 'ack', 'H2', 'CT-100/1.0', '--kind', 'transfer', *PERSON))
        self.assertEqual(self.sql("SELECT count(*) FROM acknowledgement WHERE organization = 2"), [(0,)])
        self.arrived()
        self.ack('H2')
        self.assertIsNone(self.finding('ACK-1'))

    def test_once_is_enough(self):
        self.remind()
        self.ack()
        self.assertIn('the transfer of CT-100/1.0 was confirmed on 2031-03-31 already, by 部長 花子 (letter): nothing is recorded '
                      'twice', self.refused('outbox', 'ack', 'H1', 'CT-100/1.0', '--kind', 'transfer', *PERSON))
        self.on('2032-03-31')
        self.kigen('deliver', '--once')
        self.assertIn('already', self.refused('outbox', 'ack', 'H1', 'CT-100/1.0', '--kind', 'transfer', *PERSON))

    def test_a_day_that_cannot_be(self):
        self.remind()
        self.assertIn('still to come', self.refused('outbox', 'ack', 'H1', 'CT-100/1.0', '--kind', 'transfer', *PERSON, '--on',
                                                    '2031-04-01'))
        self.assertIn('the eos-reminder that it confirms is of 2031-03-31, a later day',
                      self.refused('outbox', 'ack', 'H1', 'CT-100/1.0', '--kind', 'transfer', *PERSON, '--on', '2031-03-30'))

    def test_words(self):
        for words, says in (
                (['--person', 'x', '--how', 'phone'], '--kind: receipt or transfer?'),
                (['--kind', 'both', '--person', 'x', '--how', 'phone'], '--kind both: receipt or transfer?'),
                (['--kind', 'receipt', '--how', 'phone'], '--person is missing'),
                (['--kind', 'receipt', '--person', ' ', '--how', 'phone'], '--person: it is empty'),
                (['--kind', 'receipt', '--person', 'x'], '--how: known are: phone, letter, hand, mail, link'),
                (['--kind', 'receipt', '--person', 'x', '--how', 'phon'], '--how phon: did you mean phone?')):
            self.assertIn(says, self.refused('outbox', 'ack', 'H1', 'CT-100/1.0', *words, code=2))
        self.assertIn('one line', self.refused('outbox', 'ack', 'H1', 'CT-100/1.0', '--kind', 'receipt', '--person', 'x\ny',
                                               '--how', 'phone'))
        self.assertIn('did you mean H1?', self.refused('outbox', 'ack', 'H11', 'CT-100/1.0', '--kind', 'receipt', *PERSON))
        self.assertIn('no product or release', self.refused('outbox', 'ack', 'H1', 'XT/1', '--kind', 'receipt', *PERSON))


class Telephone(Confirmed):
    """What somebody who calls has: the name of the hospital, a number that stands on a letter, a product."""

    def setUp(self):
        super().setUp()
        self.write('body.md', '## 影響\n\nあり。\n')
        self.kigen('advisory', 'draft', 'security-advisory', '--title-ja', '題', '--body-ja', 'body.md', '--release', 'CT-100/1.0')
        self.kigen('advisory', 'publish', 'KG-A0001')

    def call(self, *words, **options):
        return self.json('outbox', 'ack', *words, '--person', '部長 花子', **options)

    def hear(self, *words, code=1):
        return self.refused('outbox', 'ack', *words, '--person', '部長 花子', code=code)

    def given(self):
        return self.sql('SELECT n.kind, a.kind, a.organization, a.how FROM acknowledgement a JOIN notice n ON n.id = a.notice ORDER BY a.id')

    def test_an_advisory(self):
        self.kigen('deliver', '--once')
        self.arrived()
        said = self.call('H1', 'kg-a0001')
        self.assertEqual((said['product'], said['release'], said['kind'], said['organization'], said['how'], said['revision'], said['still_to_come']),
                         ('KG-A0001', None, 'receipt', 'H1', 'phone', 1, None))
        self.call('東病院', 'Ａ０００１', '--how', 'letter')
        self.assertEqual(self.given(), [('security-advisory', 'receipt', 1, 'phone'), ('security-advisory', 'receipt', 2, 'letter')])
        self.assertIn('the receipt of KG-A0001 was confirmed on 2026-12-01 already', self.hear('H1', 'KG-A0001'))
        self.assertIn('KG-A0001 is an advisory: it asks for a receipt, never for a transfer', self.hear('H1', 'KG-A0001', '--kind', 'transfer'))
        self.assertIn('there is no advisory KG-A0002: did you mean KG-A0001?', self.hear('H1', 'KG-A0002'))
        self.assertIn('kigen outbox ack ORGANIZATION NUMBER', self.hear('KG-A0001'))

    def correct(self):
        self.kigen('advisory', 'draft', 'KG-A0001', '--title-ja', '訂正', '--reason', '誤記')
        self.kigen('advisory', 'publish', 'KG-A0001')
        return self.sql('SELECT max(id) FROM outbox WHERE organization = 1')[0][0]

    def confirmed(self):
        return self.sql('SELECT n.advisory, a.organization FROM acknowledgement a JOIN notice n ON n.id = a.notice ORDER BY a.id')

    def test_an_advisory_that_was_corrected(self):
        """The latest that they have in hand; a correction asks anew, once it has gone."""
        self.kigen('deliver', '--once')
        self.arrived()
        self.call('H1', 'KG-A0001')
        correction = self.correct()
        self.assertIn(f'nothing is recorded twice; still to come to them: the security-advisory of revision 2 (message {correction}, pending)',
                      self.hear('H1', 'KG-A0001'))
        self.call('H2', 'KG-A0001')
        self.kigen('deliver', '--once')
        self.call('H1', 'KG-A0001')
        self.assertEqual(self.confirmed(), [(1, 1), (1, 2), (2, 1)])

    def test_a_correction_that_has_not_come(self):
        """A receipt is of the revision in hand, whatever became of the correction's mail, and the rest is said."""
        self.kigen('deliver', '--once')
        correction = self.correct()
        for state in ('pending', 'sending', 'deferred', 'unknown', 'failed', 'bounced'):
            self.sql('UPDATE outbox SET state = ? WHERE id = ?', state, correction)
            said = self.call('H1', 'KG-A0001')
            self.assertEqual((said['revision'], said['still_to_come']),
                             (1, {'message': correction, 'state': state, 'notice': 'security-advisory', 'revision': 2}))
            self.assertEqual(self.confirmed(), [(1, 1)])
            self.sql('DELETE FROM acknowledgement')
        done = self.run_kigen('outbox', 'ack', 'H1', 'KG-A0001', '--person', '部長 花子')
        self.assertIn('security-advisory of 2026-12-01, revision 1', done.stdout)
        self.assertIn('confirmed is revision 1; still to come to them, and not confirmed: the security-advisory of revision 2 '
                      f'(message {correction}, bounced)', done.stderr)

    def test_what_has_not_come_is_not_confirmed(self):
        """Neither by its number nor by the product's."""
        message, = self.sql('SELECT max(id) FROM outbox WHERE organization = 1')[0]
        for state in ('pending', 'deferred', 'failed', 'bounced', 'returned'):
            self.sql('UPDATE outbox SET state = ? WHERE organization = 1', state)
            self.assertIn(f'KG-A0001: the security-advisory of revision 1 has not come to H1: message {message} is {state} (kigen outbox '
                          f'show {message})', self.hear('H1', 'KG-A0001'))
            for words in (['CT-100'], ['CT-100/1.0', '--kind', 'receipt', '--how', 'phone']):
                self.assertIn(f'{words[0]}: the plan-announcement of revision 1 has not come to H1: message 1 is {state}', self.hear('H1', *words))
        self.assertEqual(self.given(), [])
        for state in ('accepted', 'unknown', 'sending', 'sent', 'handed', 'printed'):
            self.sql('UPDATE outbox SET state = ? WHERE organization = 1', state)
            self.call('H1', 'KG-A0001')
            self.sql('DELETE FROM acknowledgement')

    def test_a_revision_that_has_not_come(self):
        self.plan('CT-100/1.0', 'eol=2030-03-31', 'eos=2033-03-31')
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '改定')
        self.assertIn('CT-100/1.0: the plan-change of revision 2 has not come to H1', self.hear('H1', 'CT-100/1.0', '--kind', 'receipt', '--how', 'phone'))
        self.kigen('deliver', '--once')
        self.assertEqual(self.call('H1', 'CT-100/1.0', '--kind', 'receipt', '--how', 'phone')['revision'], 2)

    def test_an_advisory_that_did_not_go_to_them(self):
        self.sql("INSERT INTO organization (code, name_ja, role) VALUES ('H3', '南病院', 'hospital')")
        self.assertIn('KG-A0001 was not addressed to H3: kigen outbox list --organization H3', self.hear('H3', 'KG-A0001'))

    def test_a_letter(self):
        """All that it told them; H2's letter carries the advisory too."""
        letter, = self.sql("SELECT max(id) FROM outbox WHERE channel = 'letter'")[0]
        for state in ('pending', 'deferred', 'failed', 'bounced', 'returned', 'superseded'):
            self.sql('UPDATE outbox SET state = ? WHERE id = ?', state, letter)
            self.assertIn(f'KG-{letter:06}: that letter is {state} (kigen outbox show {letter}), so it is not known to be with 東病院',
                          self.hear('東病院', f'KG-{letter:06}'))
        self.assertEqual(self.given(), [])
        self.sql("UPDATE outbox SET state = 'printed' WHERE id = ?", letter)
        said = self.call('東病院', f'ＫＧ-{letter:06}')
        self.assertEqual([(row['product'], row['release']) for row in said['acknowledgements']], [('CT-100', '1.0'), ('KG-A0001', None)])
        self.assertIn('it was confirmed already', self.hear('H2', f'KG-{letter:06}'))
        self.assertIn(f'KG-{letter:06}: no letter of that number told H1 anything', self.hear('H1', f'KG-{letter:06}'))
        self.assertIn('KG-000999: no letter of that number', self.hear('H1', 'KG-000999'))
        self.assertIn('XX-000001 is no product, no advisory and no letter', self.hear('H1', 'XX-000001'))

    def test_a_product(self):
        self.call('H1', 'CT-100')
        self.assertEqual(self.given(), [('plan-announcement', 'receipt', 1, 'phone')])
        self.plan('CT-100/2.0')
        self.kigen('plan', 'publish', 'CT-100/2.0', '--reason', '初回公表')
        self.kigen('deliver', '--once')
        self.assertIn('CT-100: H1 was told of CT-100/1.0, CT-100/2.0: name one release of them', self.hear('H1', 'CT-100', code=2))
        self.assertIn('no notice of EOS of CT-100 was addressed to H1 yet', self.hear('H1', 'CT-100', '--kind', 'transfer'))
        self.assertIn('--kind: receipt or transfer?', self.hear('H1', 'CT-100/2.0', code=2))

    def test_no_wildcards(self):
        for word in ('CT-*', 'CT-10?', '*', 'CT-100/*'):
            self.assertIn(f'{word}: no wildcards here', self.hear('H1', word, '--kind', 'receipt', '--how', 'phone', code=2))
        self.assertEqual(self.given(), [])

    def test_a_product_named_like_a_letter(self):
        self.add_release('KG-000001', '1')
        self.assertIn('KG-000001 is a product and the document number of a letter: say PRODUCT/RELEASE for the product, the confirmation '
                      'number (確認番号) of their letter, alone, for the letter', self.hear('H1', 'KG-000001', code=2))
        self.add_release('KG-000999', '1')
        self.assertIn('of the plan of KG-000999 in force was addressed to H1', self.hear('H1', 'KG-000999'))
        self.assertEqual(self.given(), [])

    def test_a_name_of_several(self):
        self.sql("INSERT INTO organization (code, name_ja, role) VALUES ('H3', '中央病院', 'hospital')")
        self.assertIn('中央病院 is the name of H1, H3: say which, by its code', self.hear('中央病院', 'KG-A0001'))
        self.assertIn('no organization 中央: ', self.hear('中央', 'KG-A0001'))
        self.assertEqual(self.given(), [])

    def test_a_product_named_like_an_advisory(self):
        self.add_release('KG-A0001', '1')
        self.assertIn('KG-A0001 is a product and an advisory', self.hear('H1', 'KG-A0001', code=2))


class Assess(Confirmed):
    def assess(self, *words, **options):
        return self.kigen('plan', 'assess', 'CT-100/1.0', '--reason', '保守会議', *words, **options)

    def test_stale_until_assessed(self):
        self.assertIsNone(self.finding('STALE-1'))
        self.on('2028-12-01')
        self.assertIsNone(self.finding('STALE-1'))
        self.on('2028-12-02')
        self.assertIn('最終評価 / last assessed 2026-12-01', self.finding('STALE-1')['detail'])
        self.assertEqual(self.assess('--on', '2028-11-30'), 'CT-100/1.0: assessed on 2028-11-30; good until 2030-11-30 (profile jp)\n')
        self.assertIsNone(self.finding('STALE-1'))
        self.on('2030-12-01')
        self.assertEqual(self.finding('STALE-1')['severity'], 'warning')
        self.write('kigen.conf', '[kigen]\nprofile = own\n[profile own]\nstale_months = 36\n')
        self.assertIsNone(self.finding('STALE-1'))
        self.assertIn('good until 2033-12-01 (profile own)', self.assess())
        entry = self.json('audit', 'list')[-1]
        self.assertEqual((entry['action'], entry['payload']['day'], entry['payload']['note']), ('plan.assess', '2030-12-01', '保守会議'))

    def test_refused(self):
        self.assess()
        self.assertRegex(self.refused('plan', 'assess', 'CT-100/1.0', '--reason', 'x'),
                         r'CT-100/1\.0: assessed on 2026-12-01 already, by .+: nothing is recorded twice')
        self.assertIn('no plan is in force', self.refused('plan', 'assess', 'CT-100/2.0', '--reason', 'x'))
        self.assertIn('still to come', self.refused('plan', 'assess', 'CT-100/1.0', '--reason', 'x', '--on', '2026-12-02'))
        self.assertIn('--reason', self.refused('plan', 'assess', 'CT-100/1.0', code=2))
        self.assertIn('name one release', self.refused('plan', 'assess', 'CT-100', '--reason', 'x', code=2))


if __name__ == '__main__':
    finish()
