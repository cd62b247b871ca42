#!/usr/bin/python3
"""bounce, outbox ack CODE, escalation: what comes back, what is answered, and whom it goes to next."""

import base64
import email
import email.message
import email.policy
import hashlib
import os
import re
import subprocess

from harness import CLEAN, KIGEN, ROOT, finish
from test_publish import GOOD, Installed

FIXTURE = 'bounces+1-aaaaaaaaaaaaaaaa@maker.example'


class Told(Installed):
    """CT-100/1.0 was announced on 2026-12-01: message 1 to 早瀬 of H1 (then 佐藤, then 本部 of its corporation C), a letter to H2."""

    def setUp(self):
        super().setUp()
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (9, 'C', '医療法人中央会', 'hospital')")
        self.sql("UPDATE organization SET parent = 9 WHERE id = 1")
        self.sql("INSERT INTO contact (organization, name, email, escalation_order) VALUES (1, '佐藤', 'sato@h1.example', 2), "
                 "(9, '本部', 'honbu@c.example', 1)")
        with open(self.folder / 'kigen.conf', 'a', encoding='utf-8') as conf:
            conf.write('\n[mail]\nbounces = bounces@maker.example\n')
        text = (self.folder / 'kigen.conf').read_text(encoding='utf-8')
        head, _, tail = text.rpartition('\n[mail]\n')
        (self.folder / 'kigen.conf').write_text(head.replace('\n[mail]\n', '\n[mail]\n' + tail, 1), encoding='utf-8')
        self.plan('CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '初回公表')
        self.kigen('deliver', '--once')

    def on(self, day):
        self.environment['KIGEN_TODAY'] = day
        self.kigen('deliver', '--once')

    def key(self):
        return bytes.fromhex((self.folder / 'kigen.db.key').read_text().strip())

    def code(self, message, detail):
        digest = hashlib.blake2b(b'kigen-link-1\0bounce\0%d\0%s' % (message, detail.encode()), key=self.key(), digest_size=32)
        return base64.b32encode(digest.digest()).decode().lower()[:16]

    def return_path(self, message=1, to=None):
        """That of the mail to `to`; by itself to whom it goes now."""
        message_id, to_now = self.sql("SELECT message_id, context ->> '$.envelope.to' FROM outbox JOIN message_context ON outbox = id "
                                      'WHERE id = ?', message)[0]
        whom = self.code(message, (to or to_now).lower())[:4]
        return f'bounces+{message}-{whom}{self.code(message, f"{message_id} {whom}")}@maker.example'

    def fixture(self, name, message=1, to=None):
        data = (ROOT / 'tests/mail/bounces' / f'{name}.eml').read_bytes()
        return data.replace(FIXTURE.encode(), self.return_path(message, to).encode()) if message else data

    def pipe(self, data, *words, code=0):
        run = subprocess.run([KIGEN, 'bounce', *words], cwd=self.folder, input=data, capture_output=True,
                             env={**CLEAN, 'LANG': 'C.UTF-8', **self.environment}, timeout=110)
        self.assertEqual(run.returncode, code, (run.stdout.decode(), run.stderr.decode()))
        self.errors = run.stderr.decode()
        return run.stdout.decode()

    def states(self):
        return dict(self.sql('SELECT id, state FROM outbox'))

    def text_of(self, message=1):
        raw = subprocess.run([KIGEN, 'outbox', 'show', '--raw', str(message)], cwd=self.folder, capture_output=True, check=True,
                             env={**CLEAN, 'LANG': 'C.UTF-8', **self.environment}).stdout
        return email.message_from_bytes(raw, policy=email.policy.default).get_body(('plain',)).get_content()

    def code_of(self, message=1):
        return re.search(r'^確認番号：(\S+)\s*$', self.text_of(message), re.M).group(1)

    def reply(self, text, sender='早瀬 <hayase@h1.example>', **headers):
        mail = email.message.EmailMessage()
        mail['From'], mail['To'], mail['Subject'] = sender, 'support@maker.example', 'Re: サポート計画のご案内'
        for name, value in headers.items():
            mail[name.replace('_', '-')] = value
        mail.set_content(text)
        return mail.as_bytes()

    def kept(self):
        folder = self.folder / 'unhandled' / 'new'
        return sorted(folder.iterdir()) if folder.exists() else []

    def people(self):
        return self.sql('SELECT x.id, c.name, o.code FROM outbox x LEFT JOIN contact c ON c.id = x.contact '
                        'JOIN organization o ON o.id = x.organization ORDER BY 1')


class Bounces(Told):
    def test_a_report_marks_it_bounced(self):
        self.assertIn('bounced', self.pipe(self.fixture('postfix-failed')))
        self.assertEqual(self.states()[1], 'bounced')
        shown = self.kigen('outbox', 'show', '1')
        self.assertIn('came back: 5.1.1 hayase@h1.example: 550 5.1.1', shown)
        entry = self.json('audit', 'list')[-1]
        self.assertEqual((entry['action'], entry['payload']['message'], entry['payload']['status']), ('outbox.bounce', 1, '5.1.1'))
        self.assertNotIn('hayase', str(entry['payload']))
        row, = [row for row in self.json('report', 'coverage', '--names')['organizations'] if row['organization'] == 'H1']
        self.assertEqual(row['message'], 'bounced')
        events = self.sql('SELECT count(*) FROM outbox_event')
        self.assertIn('known', self.pipe(self.fixture('postfix-failed')))
        self.assertEqual(self.sql('SELECT count(*) FROM outbox_event'), events)

    def test_by_the_transports_recipient(self):
        self.pipe(self.fixture('qmail', None), '--recipient', self.return_path().upper())
        self.assertEqual(self.states()[1], 'bounced')

    def test_delayed_is_not_failed(self):
        self.assertIn('delayed', self.pipe(self.fixture('postfix-delayed')))
        self.pipe(self.fixture('provider-delay-ja'))
        self.assertIn('arrived', self.pipe(self.fixture('postfix-delivered')))
        self.assertEqual(self.states()[1], 'accepted')
        self.assertIn('delayed on its way: 4.4.1', self.kigen('outbox', 'show', '1'))

    def test_every_free_text(self):
        for name in ('qmail', 'docomo', 'au', 'softbank', 'provider-sjis', 'provider-utf8-full', 'mislabelled', 'gmail', 'exchange-365-ja'):
            self.sql("UPDATE outbox SET state = 'accepted', attempt = attempt + 1 WHERE id = 1")
            self.assertIn('bounced', self.pipe(self.fixture(name)), name)

    def test_forged_is_left(self):
        before = self.sql('SELECT count(*) FROM audit')
        for data in (self.fixture('postfix-failed', None),
                     self.fixture('postfix-failed').replace(b'bounces+1-', b'bounces+2-')):
            self.assertIn('left', self.pipe(data))
        self.assertEqual(self.states()[1], 'accepted')
        self.assertEqual(self.sql('SELECT count(*) FROM audit'), before)
        self.assertEqual(len(self.kept()), 2)
        self.pipe(self.fixture('postfix-failed', None))
        self.assertEqual(len(self.kept()), 2)

    def test_neither_bounce_nor_answer(self):
        for name in ('vacation', 'spam'):
            self.assertIn('left', self.pipe(self.fixture(name)))
        self.assertEqual((self.states()[1], self.sql('SELECT count(*) FROM acknowledgement')), ('accepted', [(0,)]))

    def test_the_mail_system_tries_again(self):
        mail = self.fixture('postfix-failed')
        os.rename(self.folder / 'kigen.db', self.folder / 'away.db')
        self.pipe(mail, code=75)
        self.assertTrue(self.errors.startswith('kigen: '))
        os.rename(self.folder / 'away.db', self.folder / 'kigen.db')
        self.sql("UPDATE outbox SET state = 'sending' WHERE id = 1")
        self.pipe(self.fixture('postfix-failed'), code=75)
        self.sql("UPDATE outbox SET state = 'accepted' WHERE id = 1")
        self.pipe(self.fixture('postfix-failed'))
        self.assertEqual(self.states()[1], 'bounced')
        self.pipe(b'From: x@y\n\n' + b'x' * (17 * 1024 * 1024), code=65)
        (self.folder / 'unhandled').write_text('in the way')
        self.pipe(self.fixture('vacation'), code=75)

    def test_a_maildir(self):
        box = self.folder / 'box'
        for folder in ('new', 'cur', 'tmp'):
            (box / folder).mkdir(parents=True)
        (box / 'new' / '1.a').write_bytes(self.fixture('postfix-failed'))
        (box / 'new' / '2.b').write_bytes(self.fixture('vacation'))
        (box / 'new' / '3.c').write_bytes(self.reply(f'受領確認しました {self.code_of()}'))
        mails = self.json('bounce', 'box')['mails']
        self.assertEqual([(mail['file'], mail['outcome'], mail['message']) for mail in mails],
                         [('1.a', 'bounced', 1), ('2.b', 'left', 1), ('3.c', 'acknowledged', 1)])
        self.assertEqual([path.name for path in sorted((box / 'new').iterdir())], ['2.b'])
        self.assertEqual([path.name for path in sorted((box / 'cur').iterdir())], ['1.a:2,S', '3.c:2,S'])
        self.assertIn('1 mail: 1 left', self.kigen('bounce', 'box'))
        self.refused('bounce', 'absent', code=3)


class LateBounces(Told):
    """What comes back when the message has gone on: it is about the address that it came from, whichever try that was."""

    OLD, NEW = 'hayase@h1.example', 'hayase@new.example'

    def mend(self):
        """The contact gets another address, and what bounced is tried again."""
        self.sql('UPDATE contact SET email = ? WHERE email = ?', self.NEW, self.OLD)
        self.kigen('outbox', 'retry', '1')
        self.kigen('deliver', '--once')
        self.assertEqual([('accepted', 2)], self.sql('SELECT state, attempt FROM outbox WHERE id = 1'))

    def test_of_the_address_before_it_was_mended(self):
        self.pipe(self.fixture('postfix-failed'))
        self.mend()
        before = self.sql('SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM outbox_event)')
        for name in ('gmail', 'postfix-failed', 'postfix-delayed', 'postfix-delivered'):
            mail = self.fixture(name, to=self.OLD)
            self.assertIn('of an address to which the message no longer goes', self.pipe(mail), name)
        self.assertEqual((self.states()[1], self.kept()), ('accepted', []))
        self.assertEqual(before, self.sql('SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM outbox_event)'))
        self.pipe(self.fixture('postfix-failed'))
        self.assertEqual(self.states()[1], 'bounced')

    def test_of_the_address_that_a_contact_no_longer_has(self):
        """Mended, and not sent anew yet: what went to the old address has come back all the same."""
        self.sql('UPDATE contact SET email = ? WHERE email = ?', self.NEW, self.OLD)
        self.pipe(self.fixture('postfix-failed', to=self.OLD))
        self.assertEqual(self.states()[1], 'bounced')
        self.mend()

    def test_of_the_same_address(self):
        """An earlier try's bounce comes when a later try was accepted, or is under way."""
        self.pipe(self.fixture('postfix-failed'))
        self.kigen('outbox', 'retry', '1')
        self.assertIn('to be sent anew', self.pipe(self.fixture('gmail')))
        self.sql("UPDATE outbox SET state = 'sending' WHERE id = 1")
        self.pipe(self.fixture('gmail'), code=75)
        self.sql("UPDATE outbox SET state = 'pending' WHERE id = 1")
        self.kigen('deliver', '--once')
        self.pipe(self.fixture('gmail', to=self.OLD.upper()))
        self.assertEqual(self.states()[1], 'bounced')

    def test_of_what_was_put_off(self):
        """It may have arrived, was tried again and put off: a bounce tells that it had. What a person wanted tried anew goes on."""
        self.sql("UPDATE outbox SET state = 'deferred', attempt = 2, unknowns = 0, not_before = '2099-01-01T00:00:00Z' WHERE id = 1")
        self.assertIn('to be sent anew', self.pipe(self.fixture('postfix-failed')))
        self.sql('UPDATE outbox SET unknowns = 1 WHERE id = 1')
        self.pipe(self.fixture('postfix-failed'))
        self.assertEqual(self.states()[1], 'bounced')

    def test_after_the_next_contact_was_asked(self):
        self.on('2026-12-15')
        self.assertEqual(self.states()[3], 'accepted')
        self.pipe(self.fixture('postfix-failed'))
        self.assertEqual({1: 'bounced', 2: 'pending', 3: 'accepted'}, self.states())
        self.on('2026-12-16')
        self.assertEqual(len(self.people()), 3)

    def test_of_somebody_erased_since(self):
        path = self.fixture('postfix-failed')
        self.sql("UPDATE message_context SET context = '', erased_on = '2026-12-01' WHERE outbox = 1")
        self.pipe(path)
        self.assertEqual(self.states()[1], 'bounced')


class Unreachable(Told):
    """REACH-1: whoever has a contact, and mail to them comes back, is no more reached than who has none."""

    def reach(self):
        return [line for line in self.run_kigen('check', 'CT-100/1.0').stdout.splitlines() if line.startswith('CT-100') and 'REACH-1' in line]

    def test_whose_only_contact_bounced(self):
        letter = self.reach()  # H2 has no contact at all
        self.assertRegex(letter[0], '1: 東病院')
        self.pipe(self.fixture('postfix-failed'))
        self.assertEqual(self.reach(), letter)  # there is a next contact
        self.sql("UPDATE contact SET valid_to = '2026-11-30' WHERE name = '佐藤'")
        self.assertEqual(self.reach(), letter)  # there is the corporation's
        self.sql("UPDATE contact SET valid_to = '2026-11-30' WHERE name = '本部'")
        self.assertRegex(self.reach()[0], r'2: 中央病院（メール不達 / bounced）, 東病院(?!（)')
        self.kigen('outbox', 'retry', '1')
        self.assertEqual(self.reach(), letter)
        self.kigen('deliver', '--once')
        self.assertEqual(self.reach(), letter)
        self.pipe(self.fixture('postfix-failed'))
        self.assertRegex(self.reach()[0], '2: 中央病院')
        # what went there afterwards and did not come back
        self.sql("INSERT INTO outbox (organization, contact, channel, due_on, message_id, state, attempt, created_at) "
                 "VALUES (1, 1, 'mail', '2026-12-01', 'later@x', 'accepted', 1, 'x')")
        self.assertEqual(self.reach(), letter)

    def test_whose_distributor_bounced(self):
        """The request goes to the distributor's own contact: what bounces is the address, for all its customers."""
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (4, 'D1', '北販売', 'distributor')")
        self.sql("INSERT INTO contact (organization, name, email, channel) VALUES (2, '取次窓口', 'relay@d.example', 'relay'), "
                 "(4, '藤代', 'relay@d.example', 'mail')")
        self.assertEqual(self.reach(), [])
        self.sql("INSERT INTO outbox (organization, contact, channel, due_on, message_id, state, attempt, created_at) "
                 "SELECT 4, id, 'relay', '2026-12-01', 'request@x', 'bounced', 1, 'x' FROM contact WHERE name = '藤代'")
        self.assertRegex(self.reach()[0], '1: 東病院（メール不達 / bounced）')


class Answers(Told):
    def receipts(self):
        return self.sql('SELECT organization, kind, by, title, how, day, recorded_by FROM acknowledgement ORDER BY id')

    def test_a_reply_acknowledges(self):
        self.assertIn('acknowledged', self.pipe(self.reply(f'受領確認しました\n確認番号：{self.code_of()}\n', 'Hayase <HAYASE@h1.example>')))
        self.assertEqual(self.receipts(), [(1, 'receipt', '早瀬', None, 'mail', '2026-12-01', None)])
        self.assertIn('known', self.pipe(self.reply(f'received {self.code_of()}')))
        self.assertEqual(len(self.receipts()), 1)
        self.assertEqual(self.json('audit', 'list')[-1]['payload']['how'], 'mail')

    def test_somebody_else_there(self):
        self.pipe(self.reply(f'受領しました {self.code_of()}', '受付 花子 <uketsuke@h1.example>'))
        self.assertEqual(self.receipts()[0][2], '受付 花子')

    def test_what_is_quoted_or_automatic_does_not(self):
        quoted = '\n'.join('> ' + line for line in self.text_of().splitlines())
        code = self.code_of()
        for data in (self.reply('確認しました。\n\n' + quoted), self.reply('確認しました。\n\n' + self.text_of()),
                     self.reply(f'受領確認しました {code}', Auto_Submitted='auto-replied'),
                     self.reply(f'受領確認しました {code}', Precedence='bulk'),
                     self.reply(f'当院に該当する機器はありません {code}'),
                     self.reply('受領確認しました 1-AAAA-AAAA')):
            self.assertIn('left', self.pipe(data))
        self.assertEqual(self.receipts(), [])
        self.assertEqual(len(self.kept()), 6)

    def test_a_distributors_report_is_for_a_person(self):
        """Whoever there sends it, and whatever else stands in the mail: nothing of it is lost, and nobody is told for it."""
        mail = email.message_from_bytes(self.reply(f'受領確認しました {self.code_of()}', '別の担当 <betsu@d.example>'), policy=email.policy.default)
        mail.add_attachment('message,customer\n1,H1\n', subtype='csv', filename='Relay-Report (1).csv')
        self.assertIn("a distributor's report, for a person to look at: kigen import relay-reports", self.pipe(mail.as_bytes()))
        self.assertEqual((self.receipts(), len(self.kept())), ([], 1))
        self.assertIn(b'Relay-Report', self.kept()[0].read_bytes())

    def test_a_transfer_names_who_is_responsible(self):
        self.pipe(self.reply(f'責任移転を確認しました {self.code_of()}\n責任者の氏名：佐藤 健'))
        self.assertEqual(self.receipts(), [])  # the announcement does not ask for it
        self.on('2031-03-31')
        message, = self.sql("SELECT max(outbox) FROM outbox_notice x JOIN notice n ON n.id = x.notice WHERE n.kind = 'eos-reminder' "
                            "AND x.organization = 1")[0]
        code = self.code_of(message)
        self.pipe(self.reply(f'責任移転を確認しました\n{code}'))
        self.assertEqual(self.receipts(), [])
        self.pipe(self.reply(f'責任移転を確認しました\n{code}\n責任者の役職：医療機器安全管理責任者\n責任者の氏名：佐藤 健'))
        self.assertEqual(self.receipts(), [(1, 'transfer', '佐藤 健', '医療機器安全管理責任者', 'mail', '2031-03-31', None)])

    def test_by_telephone(self):
        code = self.code_of()
        said = self.kigen('outbox', 'ack', code.lower().replace('-', ' '), '--person', '早瀬')
        self.assertIn('confirmed   receipt of CT-100/1.0\nby          中央病院 (H1)\nperson      早瀬\nhow         phone\n', said)
        self.assertIn('confirmed already', self.refused('outbox', 'ack', code, '--person', '早瀬'))
        self.assertIn('nothing in this letter asks for it', self.refused('outbox', 'ack', code, '--kind', 'transfer', '--person', '早瀬'))
        wrong = code[:-1] + ('3' if code[-1] != '3' else '4')
        self.assertIn('misheard', self.refused('outbox', 'ack', wrong, '--person', '早瀬'))
        self.assertRegex(self.kigen('outbox', 'list'), r'accepted +receipt +mail +中央病院')

    def test_a_digest_one_by_one(self):
        """The corporation's contact gets the notices of two sites in one mail; each can be confirmed alone."""
        self.sql("UPDATE contact SET email = NULL WHERE organization = 1")
        self.sql("UPDATE organization SET parent = 9 WHERE id = 2")
        self.plan('CT-100/2.0', *GOOD)
        self.kigen('plan', 'publish', 'CT-100/2.0', '--reason', '初回公表')
        self.kigen('deliver', '--once')
        message, = self.sql("SELECT id FROM outbox WHERE organization = 9")[0]
        text = self.text_of(message)
        self.assertEqual(sorted(set(re.findall(r'対象施設\S*?：?\s*(\S+病院)', text))), ['中央病院', '東病院'])
        own = re.findall(r'この件のみの確認番号は (\S+) です', text)
        self.assertEqual(len(set(own)), 2)
        self.kigen('outbox', 'ack', own[0], '--person', '本部')
        self.assertEqual([row[0] for row in self.receipts()], [1])
        self.assertIn('東病院', self.kigen('outbox', 'ack', self.code_of(message), '--person', '本部'))
        self.assertEqual([row[0] for row in self.receipts()], [1, 2])


class Escalation(Told):
    def test_silence_goes_to_the_next_contact(self):
        self.on('2026-12-14')
        self.assertEqual(self.people(), [(1, '早瀬', 'H1'), (2, None, 'H2')])
        self.on('2026-12-15')
        self.assertEqual(self.people()[2:], [(3, '佐藤', 'H1')])
        self.assertEqual(self.states()[3], 'accepted')
        self.assertIn('the next contact is asked: message 3', self.kigen('outbox', 'show', '1'))
        self.assertEqual([entry['payload'] for entry in self.json('audit', 'list') if entry['action'] == 'outbox.escalate'][0]['notices'], 1)
        self.on('2026-12-15')
        self.on('2026-12-28')
        self.assertEqual(len(self.people()), 3)
        self.on('2026-12-29')
        self.assertEqual(self.people()[3:], [(4, '本部', 'C')])
        self.on('2027-01-12')  # nobody is left
        self.assertEqual(self.people()[4:], [(5, None, 'H1')])
        self.assertIn('nobody is left to ask: a letter to the organization, message 5', self.kigen('outbox', 'show', '4'))
        self.assertEqual(self.sql('SELECT channel, state FROM outbox WHERE id = 5'), [('letter', 'pending')])
        self.on('2027-03-01')
        self.assertEqual(len(self.people()), 5)
        self.assertIn('確認番号', self.text_of(4))
        self.assertIn('先に別のご連絡先にもお送りいたしました', self.text_of(4))
        self.assertNotIn('別のご連絡先', self.text_of(1))

    def test_who_confirmed_is_left_alone(self):
        self.pipe(self.reply(f'受領確認しました {self.code_of()}'))
        self.on('2027-01-31')
        self.assertEqual(len(self.people()), 2)

    def test_a_bounce_waits_its_time_too(self):
        self.pipe(self.fixture('postfix-failed'))
        self.on('2026-12-14')
        self.assertEqual(len(self.people()), 2)
        self.on('2026-12-15')
        self.assertEqual(self.people()[2:], [(3, '佐藤', 'H1')])
        row, = [row for row in self.json('report', 'coverage', '--names')['organizations'] if row['organization'] == 'H1']
        self.assertEqual(row['message'], 'accepted')

    def test_what_never_left_goes_on_at_once(self):
        self.sql("UPDATE outbox SET state = 'failed' WHERE id = 1")
        self.on('2026-12-02')
        self.assertEqual(self.people()[2:], [(3, '佐藤', 'H1')])

    def test_a_newer_revision_ends_it(self):
        self.plan('CT-100/1.0', 'eos=2035-03-31', 'lines=security-updates:2035-03-31')
        self.environment['KIGEN_TODAY'] = '2026-12-10'
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '延長')
        self.kigen('deliver', '--once')
        count = len(self.people())
        self.on('2026-12-16')
        self.assertEqual(len(self.people()), count)

    def test_simulate(self):
        self.assertNotIn('2026-12-15', self.kigen('simulate', '--until', '2027-01-31'))
        shown = self.kigen('simulate', '--until', '2027-01-31', '--silent')
        self.assertRegex(shown, r'2026-12-15[^\n]*')
        self.assertIn('佐藤', shown)
        self.assertIn('本部', shown)
        self.assertEqual(len(self.people()), 2)


class Urgent(Told):
    def setUp(self):
        """The messages carry a stop-use recommendation too."""
        super().setUp()
        self.sql("INSERT INTO advisory (id, serial, number, revision, kind, state, title_ja, body_ja, author, created_at) "
                 "VALUES (1, 1, 'SA-1', 1, 'stop-use-recommendation', 'draft', '使用中止', '本文', '早瀬', 'x')")
        self.sql("UPDATE advisory SET state = 'published', published_on = '2026-12-01', published_at = 'x', published_by = '早瀬'")
        self.sql("INSERT INTO notice (id, kind, advisory, due_on, created_at) VALUES (99, 'stop-use-recommendation', 1, '2026-12-01', 'x')")
        self.sql("INSERT INTO outbox_notice SELECT 99, organization, outbox FROM outbox_notice")
        self.sql('UPDATE outbox SET urgent = 1')

    def test_an_urgent_bounce_goes_on_at_once(self):
        said = self.json('bounce', self.write_bytes('b.eml', self.fixture('postfix-failed')))['mails'][0]
        self.assertEqual((said['outcome'], said['escalated']), ('bounced', 1))
        self.assertEqual(self.people()[2:], [(3, '佐藤', 'H1')])
        self.assertEqual(self.sql('SELECT state, due_on, urgent FROM outbox WHERE id = 3'), [('pending', '2026-12-01', 1)])

    def test_urgent_silence_waits_two_days(self):
        self.on('2026-12-02')
        self.assertEqual(len(self.people()), 2)
        self.on('2026-12-03')
        self.assertEqual(len(self.people()), 3)
        self.assertEqual(self.sql('SELECT urgent FROM outbox WHERE id = 3'), [(1,)])

    def write_bytes(self, name, data):
        (self.folder / name).write_bytes(data)
        return name


finish()
