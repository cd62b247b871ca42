#!/usr/bin/python3
"""Notices posted to contacts that are programs: signed, over TLS that is verified, and never lost whatever comes back."""

import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import ssl
import subprocess
import threading
import time
import unittest

from kigen import TODAY, Case, end, needs

SECRET = 'kagi-no-himitsu-2026'
HOOK = 'https://localhost:%d/hook'


class Hook(http.server.ThreadingHTTPServer):
    """A customer's program: keeps what it gets, and answers as `answers` says, the last one again and again."""

    daemon_threads = True

    def __init__(self, folder, name='localhost'):
        super().__init__(('127.0.0.1', 0), Handler)
        self.posts = []
        self.answers = [(200, {}, b'{"ok":true}')]
        self.lock = threading.Lock()
        key, self.certificate = folder / f'{name}.key', folder / f'{name}.pem'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                        '-subj', f'/CN={name}', '-addext', f'subjectAltName=DNS:{name}', '-keyout', key, '-out', self.certificate],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self):
        return HOOK % self.server_address[1]

    def handle_error(self, request, client_address):
        pass  # a client that does not like our certificate

    def stop(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    timeout = 60

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        with self.server.lock:
            self.server.posts.append((dict(self.headers.items()), body))
            answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        if answer is None:  # takes it and hangs up
            self.connection.close()
            return
        status, headers, text = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@needs('openssl', 'openssl')
class Webhooks(Case):
    def setUp(self):
        super().setUp()
        self.today = TODAY
        self.make_store()
        self.import_sample()
        self.hook = Hook(self.folder)
        self.addCleanup(self.hook.stop)
        (self.folder / 'secret').write_text(SECRET + '\n')
        (self.folder / 'secret').chmod(0o600)
        self.configure()
        self.execute('UPDATE contact SET escalation_order = escalation_order + 1')
        self.add_contact(self.hook.url())

    def configure(self, private='yes', **more):
        keys = {'secret_file': 'secret', 'ca_file': str(self.hook.certificate), 'private_addresses': private, 'deadline': 30, **more}
        (self.folder / 'kigen.conf').write_text(
            '[mail]\nfrom = notice@maker.example\n\n[webhook]\n' + ''.join(f'{key} = {value}\n' for key, value in keys.items() if value),
            encoding='utf-8')

    def add_contact(self, url, organization='H0101', expect=0):
        self.write('hook.csv', f'organization,name,channel,order,webhook\n{organization},資産管理システム,webhook,1,{url}\n')
        return self.kigen('import', 'contacts', 'hook.csv', '--by', '早瀬', expect=expect)

    def publish(self):
        self.kigen('plan', 'publish', 'SIP-20/SIP-25', '--by', '早瀬', '--reason', '初回公表')
        self.assertEqual(1, self.count('outbox', "channel = 'webhook'"))

    def deliver(self, expect=None):
        done = self.run_kigen('deliver', '--once', '--transport', 'maildir:inbox')
        if expect is not None:
            self.assertEqual(expect, done.returncode, done.stdout + done.stderr)
        return done

    def outcome(self):
        return self.query("SELECT state, attempt FROM outbox WHERE channel = 'webhook'")[0]

    def said(self):
        return self.query("SELECT e.detail FROM outbox_event e JOIN outbox o ON o.id = e.outbox WHERE o.channel = 'webhook'"
                          ' ORDER BY e.id DESC LIMIT 1')[0][0]

    def test_posted(self):
        """What is posted: signed, the facts as data, the letter as text; the outbox shows the very bytes."""
        self.publish()
        self.deliver(expect=0)
        self.assertEqual(('accepted', 1), self.outcome())
        self.assertEqual('200 {"ok":true}', self.said())
        [(headers, body)] = self.hook.posts
        expected = hmac.new(SECRET.encode(), headers['X-Kigen-Timestamp'].encode() + b'.' + body, hashlib.sha256).hexdigest()
        self.assertEqual(f'sha256={expected}', headers['X-Kigen-Signature'])
        self.assertLess(abs(int(headers['X-Kigen-Timestamp']) - time.time()), 3600)
        self.assertEqual('application/json', headers['Content-Type'])
        message_id, identity = self.query("SELECT message_id, id FROM outbox WHERE channel = 'webhook'")[0]
        document = json.loads(body)
        self.assertEqual(message_id, document['message_id'])
        self.assertEqual(message_id, headers['Idempotency-Key'])
        self.assertEqual(1, document['version'])
        [notice] = document['notices']
        self.assertEqual(('plan-announcement', 'SIP-20', 'SIP-25'),
                         (notice['kind'], notice['product']['code'], notice['release']))
        eol, eos = self.query("SELECT eol, eos FROM support_plan WHERE state = 'published'")[0]
        self.assertEqual((eol, eos), (notice['dates']['eol'], notice['dates']['eos']))
        self.assertGreater(len(notice['devices']), 0)
        self.assertIn('製品寿命終了', document['letter']['text'])
        raw = self.run_kigen('outbox', 'show', '--raw', identity)
        self.assertEqual((0, body.decode()), (raw.returncode, raw.stdout))
        self.assertEqual(hashlib.sha256(body).hexdigest(),
                         self.query('SELECT sha256 FROM message_context WHERE outbox = ?', identity)[0][0])

    def test_answers(self):
        """(answer, state, what the outbox says)"""
        rows = [((204, {}, b''), 'accepted', '204'), ((503, {}, b'later'), 'deferred', '503 later'),
                ((429, {}, b''), 'deferred', '429'), ((408, {}, b''), 'deferred', '408'),
                ((404, {}, b'no such hook'), 'failed', '404 no such hook'), ((410, {}, b''), 'failed', '410'),
                ((302, {'Location': self.hook.url()}, b''), 'failed', '302: redirects are not followed'),
                ((500, {}, b'x' * 300000), 'deferred', '500 xxx'), (None, 'unknown', 'no answer after the message began')]
        self.publish()
        self.deliver()  # the mails
        for answer, state, said in rows:
            with self.subTest(answer=answer and answer[0]):
                self.hook.posts.clear()
                self.hook.answers = [answer]
                self.execute("UPDATE outbox SET state = 'pending', attempt = 0, deferrals = 0, unknowns = 0, not_before = NULL,"
                             " tried_since = NULL WHERE channel = 'webhook'")
                self.deliver()
                self.assertEqual(state, self.outcome()[0])
                self.assertTrue(self.said().startswith(said), self.said())
                self.assertEqual(1, len(self.hook.posts))

    def execute(self, script):
        subprocess.run(['sqlite3', '-bail', str(self.store)], input=script, text=True, check=True, stdout=subprocess.DEVNULL)

    def wait_of(self):
        return self.query("SELECT strftime('%s', o.not_before) - strftime('%s', e.at) FROM outbox o JOIN outbox_event e ON e.outbox = o.id"
                          " AND e.state = 'deferred' WHERE o.channel = 'webhook'")[0][0]

    def test_retry_after(self):
        """It waits as long as it was asked to, but not for ever; then the same bytes go again."""
        self.publish()
        self.hook.answers = [(503, {'Retry-After': '1800'}, b''), (200, {}, b'')]
        self.deliver()
        self.assertEqual('deferred', self.outcome()[0])
        self.assertEqual(1800, self.wait_of())
        self.kigen('outbox', 'retry', '--state', 'deferred', '--by', '早瀬')
        self.deliver(expect=0)
        self.assertEqual('accepted', self.outcome()[0])
        self.assertEqual(self.hook.posts[0][1], self.hook.posts[1][1])
        self.assertEqual(self.hook.posts[0][0]['Idempotency-Key'], self.hook.posts[1][0]['Idempotency-Key'])

    def test_retry_after_for_years(self):
        self.publish()
        self.hook.answers = [(429, {'Retry-After': '99999999'}, b'')]
        self.deliver()
        self.assertEqual(72 * 60, self.wait_of())

    def test_private_addresses_are_refused(self):
        self.configure(private='no')
        self.publish()
        self.deliver(expect=1)
        self.assertEqual(('failed', 1), self.outcome())
        self.assertIn('private_addresses', self.said())
        self.assertEqual([], self.hook.posts)

    def test_certificates_are_verified(self):
        """One that nobody vouches for, and one for another host: nothing is posted, and it is tried again."""
        other = Hook(self.folder, 'other.example')
        self.addCleanup(other.stop)
        self.configure(ca_file=str(other.certificate))
        self.publish()
        self.deliver()
        self.assertEqual('deferred', self.outcome()[0])
        self.assertIn('certificate', self.said())
        self.add_contact(other.url())
        self.kigen('outbox', 'retry', '--state', 'deferred', '--by', '早瀬')
        self.deliver()
        self.assertEqual('deferred', self.outcome()[0])
        self.assertRegex(self.said(), 'certificate|subject name|other.example')
        self.assertEqual([], self.hook.posts + other.posts)

    def test_nobody_there(self):
        self.hook.stop()
        self.publish()
        self.deliver(expect=3)
        self.assertEqual(('deferred', 1), self.outcome())
        self.assertGreater(self.count('outbox', "channel = 'mail' AND state = 'accepted'"), 0)

    def test_without_a_secret(self):
        self.configure(secret_file=None)
        self.publish()
        done = self.deliver()
        self.assertIn('secret_file in [webhook]', done.stderr)
        self.assertEqual(('pending', 0), self.outcome())
        self.configure()
        (self.folder / 'secret').chmod(0o640)
        self.assertIn('chmod 600', self.deliver(expect=3).stderr)

    def test_the_service(self):
        """It goes on beside the mails, and ends with them."""
        service = self.start_kigen('deliver', '--transport', 'maildir:inbox')
        service.stdout.readline()
        self.publish()
        deadline = time.monotonic() + 90
        while self.outcome()[0] != 'accepted':
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        service.send_signal(signal.SIGTERM)
        _, errors = service.communicate(timeout=60)
        self.assertEqual((0, ''), (service.returncode, errors))
        for path in (self.store, self.folder / 'kigen.db.deliver'):
            self.assertNotIn(SECRET.encode(), path.read_bytes())

    def test_killed_while_it_waits_for_the_answer(self):
        """Nobody knows whether it arrived: unknown, and then again with the same key."""
        held = threading.Event()
        self.addCleanup(held.set)
        begin = Handler.do_POST

        def slow(handler):
            body = handler.rfile.read(int(handler.headers['Content-Length']))
            handler.server.posts.append((dict(handler.headers.items()), body))
            held.wait(60)

        Handler.do_POST = slow
        self.addCleanup(setattr, Handler, 'do_POST', begin)
        self.publish()
        service = self.start_kigen('deliver', '--transport', 'maildir:inbox')
        deadline = time.monotonic() + 90
        while not self.hook.posts:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        children = [int(word) for task in pathlib.Path(f'/proc/{service.pid}/task').iterdir()
                    for word in (task / 'children').read_text().split()]
        for pid in {service.pid, *children}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        end(service)
        Handler.do_POST = begin
        self.deliver()
        states = self.query("SELECT e.state FROM outbox_event e JOIN outbox o ON o.id = e.outbox WHERE o.channel = 'webhook' ORDER BY e.id")
        self.assertEqual(['sending', 'unknown', 'sending', 'accepted'], [state for state, in states])
        self.assertEqual(1, len({headers['Idempotency-Key'] for headers, _ in self.hook.posts}))

    def test_import(self):
        for url, said in (('http://hook.example/', 'https://'), ('https://', 'web address'), ('ftp://hook.example/', 'http')):
            self.write('bad.csv', f'organization,name,channel,webhook\nH0101,系,webhook,{url}\n')
            self.assert_refused(['import', 'contacts', 'bad.csv', '--by', '早瀬'], 1, said)
        self.write('none.csv', 'organization,name,channel,webhook\nH0101,系,webhook,\n')
        self.assertIn('https:// address', self.run_kigen('import', 'contacts', 'none.csv', '--by', '早瀬', '--dry-run').stderr)

    def test_the_record_of_it(self):
        self.assertIn(self.hook.url(), self.kigen('contact', 'show', 'H0101', '資産管理システム'))


if __name__ == '__main__':
    unittest.main()
