#!/usr/bin/python3
"""deliver, outbox."""

import email
import email.policy
import hashlib
import signal
import socket
import subprocess

from harness import CLEAN, KIGEN, Case, finish

GOOD = ['general_availability=2020-04-01', 'eol=2031-03-31', 'eos=2034-03-31', 'doc=LSP-014', 'duties=院内ネットワークから分離する',
        'lines=security-updates:2034-03-31']


class Waiting(Case):
    """Two messages wait: a mail to H1, a letter to H2."""

    def setUp(self):
        super().setUp()
        self.add_release('CT-100', '1.0')
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '中央病院', 'hospital'), (2, 'H2', '東病院', 'hospital')")
        self.sql("INSERT INTO contact (organization, name, email) VALUES (1, '早瀬', 'hayase@h1.example')")
        for organization in (1, 2):
            self.sql("INSERT INTO holding VALUES (1, ?, 'user', 3, 1, ?, '2020-04-01', NULL, '2026-01-01T00:00:00Z')", organization,
                     f'uid-{organization}')
        self.kigen('maker', 'set', 'name_ja=例示メディカル株式会社', 'email=support@maker.example')
        self.kigen('plan', 'set', 'CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', '--all', '--reason', '初回公表')

    def mails(self, folder='maildir'):
        return sorted((self.folder / folder / 'new').iterdir())


class Deliver(Waiting):
    def test_once_delivers_once(self):
        report = self.json('deliver', '--once')
        self.assertEqual((report['accepted'], report['failed'], report['deferred']), (1, 0, 0))
        self.assertEqual(len(self.mails()), 1)
        mail = email.message_from_bytes(self.mails()[0].read_bytes(), policy=email.policy.default)
        self.assertIn('hayase@h1.example', mail['To'])
        self.assertEqual(self.kigen('deliver', '--once'), 'no mail was due\n')
        self.assertEqual(len(self.mails()), 1)

    def test_text_says_where_it_went(self):
        text = self.kigen('deliver', '--once', '--transport', 'maildir:out')
        self.assertEqual(text, '1 accepted\nhanded to maildir:out\n')
        self.assertEqual(len(self.mails('out')), 1)

    def test_what_falls_due_is_made(self):
        self.kigen('deliver', '--once')
        text = self.kigen('--today', '2029-03-30', 'deliver', '--once')
        self.assertIn('1 notice due, 2 messages made\n1 accepted\n', text)

    def test_whose_custody_has_ended_is_told_no_more(self):
        """The seller's custody ends on 2028-12-31; the reminder of 2029-03-30 is not for them, the one a day before would be."""
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (3, 'D3', '販売', 'distributor')")
        self.sql("INSERT INTO device (id, product, release, serial_key, organization, quantity) VALUES (1, 1, 1, 'A', 1, 3)")
        self.sql("INSERT INTO custody (device, role, organization, until) VALUES (1, 'seller', 3, '2028-12-31')")
        self.sql("INSERT INTO holding VALUES (1, 3, 'seller', 3, 1, 'uid-3', '2020-04-01', NULL, '2026-01-01T00:00:00Z')")
        self.assertEqual([day['day'] for day in self.json('simulate', '--until', '2029-04-01')['days'] for message in day['messages']
                          if message['through'] == 'D3'], ['2026-12-01'])
        self.kigen('--today', '2028-12-31', 'deliver', '--once')
        self.assertEqual(self.sql("SELECT count, ended_on FROM holding WHERE organization = 3"), [(3, None)])
        self.kigen('--today', '2029-03-30', 'deliver', '--once')
        self.assertEqual(self.sql("SELECT count, ended_on FROM holding WHERE organization = 3"), [(0, '2029-03-30')])
        self.assertEqual(self.sql("SELECT x.organization FROM outbox_notice x JOIN notice n ON n.id = x.notice "
                                  "WHERE n.kind = 'eol-reminder' ORDER BY 1"), [(1,), (2,)])

    def test_a_relay_that_is_not_there_is_3_and_nothing_is_lost(self):
        with socket.socket() as taken:
            taken.bind(('127.0.0.1', 0))
            text = self.kigen('deliver', '--once', '--transport', f'smtp://127.0.0.1:{taken.getsockname()[1]}', code=3)
        self.assertIn('deferred', text)
        states = {message['organization']: message['state'] for message in self.json('outbox', 'list')['messages']}
        self.assertIn(states['H1'], ('pending', 'deferred'))

    def test_mail_does_not_leave_without_a_sender(self):
        self.assertIn('"from" in [mail]', self.refused('deliver', '--once', '--transport', 'smtp://relay.example:25', code=3))
        self.refused('deliver', '--once', '--transport', 'pigeon:coop', code=2)
        self.refused('deliver', '--json', code=2)

    def test_service_runs_until_a_signal(self):
        service = subprocess.Popen([KIGEN, 'deliver'], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8',
                                   env={**CLEAN, 'LANG': 'C.UTF-8', **self.environment})
        self.addCleanup(lambda: (service.kill(), service.communicate()) if service.poll() is None else None)
        self.assertEqual(service.stdout.readline(), 'kigen deliver: to maildir:./maildir\n')
        lines = [service.stdout.readline() for _ in range(3)]
        self.assertEqual(lines[1], '1 accepted\n')
        service.send_signal(signal.SIGTERM)
        _, errors = service.communicate(timeout=20)
        self.assertEqual((service.returncode, errors), (0, ''))
        self.assertEqual(len(self.mails()), 1)


class Head(Waiting):
    """Every mail carries the signed head of the audit trail."""

    def deliver(self):
        self.kigen('deliver', '--once')
        return self.mails()[0].read_bytes().replace(b'\r\n', b'\n')

    def parts(self, raw):
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        return {part.get_content_type(): part.get_content() for part in mail.walk() if part.get_content_maintype() == 'text'}

    def verdict(self, *words, code=1):
        found = self.json('audit', 'verify', *words, code=code)
        return found['verdict'], found['row']

    def test_in_the_field_and_in_both_bodies(self):
        raw, head = self.deliver(), self.kigen('audit', 'head').split()
        field = email.message_from_bytes(raw, policy=email.policy.default)['X-Kigen-Head'].split()
        self.assertEqual(field[:3] + field[4:6], head[:3] + head[4:6])
        self.assertLessEqual(max(map(len, raw.split(b'\n'))), 78)
        for body in (self.parts(raw)['text/plain'], self.parts(raw)['text/html']):
            self.assertIn('後から書き換えられていない', body)
            self.assertIn('\n'.join([' '.join(field[:4]), field[4], ' '.join(field[5:7]), field[7]]), body.replace('\r\n', '\n'))

    def test_the_mail_as_it_is_shows_a_cut_and_a_rewritten_trail(self):
        raw = self.deliver()
        self.write('text.txt', self.parts(raw)['text/plain'])
        (self.folder / 'mail.eml').write_bytes(raw)
        self.kigen('maker', 'set', 'name_en=Example Medical')
        rows = self.sql('SELECT max(id) FROM audit')[0][0]
        for file in ('mail.eml', 'text.txt'):
            self.assertEqual(self.verdict('--head', file, code=0), ('holds', None))
        for trigger in ('audit_delete', 'audit_update'):
            self.sql(f'DROP TRIGGER {trigger}')
        self.sql('DELETE FROM audit_payload WHERE audit > ?', rows - 2)
        self.sql('DELETE FROM audit WHERE id > ?', rows - 2)
        for file in ('mail.eml', 'text.txt'):
            self.assertEqual(self.verdict('--head', file), ('truncated', rows - 1))
        self.assertEqual(self.verdict(code=0), ('holds', None))
        for _ in range(2):
            self.kigen('maker', 'set', f'name_en={_}')
        self.assertEqual(self.verdict('--head', 'mail.eml'), ('rewritten', rows - 1))

    def test_without_the_key_it_delivers_and_warns_once(self):
        for damage in (lambda key: key.chmod(0o644), lambda key: key.unlink()):
            damage(self.folder / 'kigen.db.sign-key')
            self.sql("UPDATE outbox SET state = 'pending'")
            self.sql('DELETE FROM message_context')
            self.assertNotIn(b'X-Kigen-Head', self.deliver())
            self.assertEqual(self.errors.count('without the signed head'), 1)
            self.assertIn('kigen.db.sign-key', self.errors)


class Outbox(Waiting):
    def message(self, organization):
        return self.json('outbox', 'list', '--organization', organization)['messages'][0]

    def test_list(self):
        messages = sorted(self.json('outbox', 'list')['messages'], key=lambda message: message['organization'])
        self.assertEqual([(message['organization'], message['channel'], message['state'], message['releases']) for message in messages],
                         [('H1', 'mail', 'pending', 'CT-100/1.0'), ('H2', 'letter', 'pending', 'CT-100/1.0')])
        text = self.kigen('outbox', 'list')
        self.assertRegex(text, r'\d +2026-12-01 +pending +mail +中央病院 +早瀬 +plan-announcement +CT-100/1\.0')
        self.assertIn('2 messages; in the outbox: 2 pending', text)
        self.assertEqual(self.json('outbox', 'list', '--state', 'failed')['messages'], [])
        self.assertIn('did you mean accepted?', self.refused('outbox', 'list', '--state', 'acepted', code=2))

    def test_filters(self):
        for words, organizations in ((['--channel', 'letter'], ['H2']), (['--kind', 'plan-announcement'], ['H1', 'H2']),
                                     (['--kind', 'eol-reminder'], []), (['--release', 'CT-100/1.0', '--limit', '1'], ['H1']),
                                     (['--release', 'CT-200'], []), (['--due-from', '2026-12-02'], []), (['--due-to', '2026-12-01'], ['H1', 'H2'])):
            with self.subTest(words):
                messages = self.json('outbox', 'list', *words)['messages']
                self.assertEqual(sorted(message['organization'] for message in messages), organizations)
        self.assertIn('did you mean letter?', self.refused('outbox', 'list', '--channel', 'leter', code=2))
        self.assertIn('did you mean eol-reminder?', self.refused('outbox', 'list', '--kind', 'eol-remainder', code=2))
        self.refused('outbox', 'list', '--limit', '0', code=2)

    def test_retry(self):
        number = self.message('H1')['id']
        self.sql("UPDATE contact SET email = 'no address'")
        self.kigen('deliver', '--once', code=1)
        self.assertIn('not delivered for good: kigen outbox list --state failed', self.errors)
        self.assertIn('not sent: ', self.kigen('outbox', 'list', '--state', 'failed'))
        self.assertIn('which messages?', self.refused('outbox', 'retry', code=2))
        self.assertEqual(self.kigen('outbox', 'retry', '--all', '--dry-run'), '1 message would be tried again: 1 failed\n')
        self.sql("UPDATE contact SET email = 'hayase@h1.example'")
        self.assertIn('1 message to be tried again: 1 failed\n', self.kigen('outbox', 'retry', number, '--reason', 'アドレス訂正'))
        self.assertIn('cannot be tried again', self.refused('outbox', 'retry', number))
        self.assertEqual(self.message('H1')['state'], 'pending')
        self.assertEqual(self.json('deliver', '--once')['accepted'], 1)
        self.assertEqual(self.json('outbox', 'retry', '--state', 'failed')['messages'], 0)
        self.refused('outbox', 'retry', 'x', code=2)

    def test_show(self):
        number = self.message('H1')['id']
        shown = self.json('outbox', 'show', number)
        self.assertEqual((shown['organization'], shown['email']), ('H1', 'hayase@h1.example'))
        self.assertIn('早瀬 <hayase@h1.example>', self.kigen('outbox', 'show', number))
        self.assertIn('outbox list', self.refused('outbox', 'show', '99'))
        self.refused('outbox', 'show', 'x', code=2)

    def test_show_raw_is_the_mail_byte_for_byte(self):
        number = self.message('H1')['id']
        self.assertIn('not sent yet', self.refused('outbox', 'show', number, '--raw'))
        self.kigen('deliver', '--once')
        run = subprocess.run([KIGEN, 'outbox', 'show', str(number), '--raw'], cwd=self.folder, capture_output=True, env={**CLEAN, **self.environment})
        self.assertEqual((run.returncode, run.stderr), (0, b''))
        sent = self.mails()[0].read_bytes()
        self.assertEqual(hashlib.sha256(run.stdout.replace(b'\r\n', b'\n')).hexdigest(), hashlib.sha256(sent.replace(b'\r\n', b'\n')).hexdigest())
        events = self.json('outbox', 'show', number)['events']
        self.assertEqual(events[-1]['state'], 'accepted')


if __name__ == '__main__':
    finish()
