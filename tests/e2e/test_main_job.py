#!/usr/bin/python3
"""The main job on the sample: import, refuse, publish, feed over HTTP, mail into a maildir and over SMTP."""

import collections
import datetime
import email
import email.policy
import http.client
import os
import re
import socket
import subprocess
import time
import unittest
import urllib.parse

import icalendar

from kigen import SAMPLE, TODAY, Case, end, needs

PUBLISH = ['--by', '早瀬', '--reason', '既存計画の取り込み']
ACCEPTED = "state = 'accepted'"
BY_MAIL = "channel IN ('mail', 'relay')"  # a distributor's request is a mail too


def free_port():
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()[1]


def wait_for_port(port, process):
    for _ in range(200):
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                raise AssertionError(process.communicate()) from None
            time.sleep(0.05)
    raise AssertionError(f'nobody listens on port {port}')


class MainJob(Case):
    def setUp(self):
        super().setUp()
        self.today = TODAY
        self.make_store()
        self.import_sample()

    def publish_all(self):
        self.kigen('plan', 'publish', '--all', '--keep-going', *PUBLISH, expect=1)

    # import

    def test_import(self):
        self.assertEqual((6, 20, 40, 48, 1500, 184), tuple(self.count(table) for table in (
            'product', 'release', 'organization', 'contact', 'device', 'custody')))
        self.assert_sound()
        # as a person wrote it, and what equality means
        self.assertEqual([('Ｂ７１００００９８',)], self.query("SELECT serial FROM device WHERE serial_key = 'B71000098'"))
        self.assertEqual([('髙橋 澄江',)], self.query(
            "SELECT c.name FROM contact c JOIN organization o ON o.id = c.organization WHERE o.code = 'H0101' "
            'AND c.escalation_order = 1'))
        self.assertEqual([('0119900112',)], self.query("SELECT facility_code FROM organization WHERE code = 'H0112'"))
        self.assertEqual([('tba',)], self.query(
            "SELECT eos FROM support_plan s JOIN release r ON r.id = s.release WHERE r.name = 'R4.2'"))
        self.assertEqual([('2032-03-31',)], self.query(  # 2031年度末
            "SELECT eos FROM support_plan s JOIN release r ON r.id = s.release WHERE r.name = 'R5.4'"))

    def test_holdings_are_what_devices_say(self):
        """Counted once more from outside: units in use a user of a hardware or software release."""
        held = {(organization, release): count for organization, release, count in self.query(
            "SELECT organization, release, count FROM holding WHERE role = 'user' AND ended_on IS NULL")}
        expected = collections.Counter()
        for organization, release, software, quantity in self.query(
                'SELECT organization, release, software_release, quantity FROM device '
                "WHERE status NOT IN ('disposed', 'transferred')"):
            expected[organization, release] += quantity
            if software is not None and software != release:
                expected[organization, software] += quantity
        self.assertEqual(dict(expected), held)

    # publish

    def test_publish_reaches_who_holds_it(self):
        self.kigen('plan', 'publish', 'SIP-20/SIP-25', *PUBLISH)
        told = {row[0] for row in self.query(
            'SELECT g.code FROM outbox_notice n JOIN organization g ON g.id = n.organization')}
        holders = {row[0] for row in self.query(
            'SELECT g.code FROM holding h JOIN organization g ON g.id = h.organization JOIN release r ON r.id = h.release '
            "WHERE r.name = 'SIP-25' AND h.ended_on IS NULL")}
        self.assertGreater(len(holders), 20)
        self.assertEqual(holders, told)
        # the contact of lowest order, at home or in the corporation
        self.assertEqual([('me-safety@kasumihama-hp.example',)], self.query(
            'SELECT c.email FROM outbox o JOIN contact c ON c.id = o.contact JOIN organization g ON g.id = o.organization '
            "WHERE g.code = 'H0101'"))
        self.assert_sound()

    def test_one_mail_a_contact_and_day(self):
        self.publish_all()
        doubled = self.query('SELECT contact, due_on, count(*) FROM outbox WHERE contact IS NOT NULL AND channel = ? '
                             "AND state = 'pending' GROUP BY 1, 2 HAVING count(*) > 1", 'mail')
        self.assertEqual([], doubled)
        self.assertGreater(self.query('SELECT max(n) FROM (SELECT count(*) n FROM outbox_notice GROUP BY outbox)')[0][0], 3)

    # feed

    def serve(self):
        port = free_port()
        web = self.start_kigen('web', '--listen', f'127.0.0.1:{port}')
        self.addCleanup(end, web)
        wait_for_port(port, web)
        return port, web

    def get(self, port, path, **headers):
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=10)
        connection.request('GET', path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def test_feed(self):
        self.publish_all()
        out = self.kigen('feed', 'create', 'H0101', '--by', '早瀬')
        self.assertRegex(out, r'\Ahttps?://\S+/feeds/[\w-]{22,}\.ics\n\Z')
        path = urllib.parse.urlsplit(out.strip()).path
        port, web = self.serve()
        response, body = self.get(port, path)
        self.assertEqual(200, response.status)
        self.assertEqual('text/calendar; charset=utf-8', response.headers['Content-Type'].lower())
        self.check_calendar(body)
        again, nothing = self.get(port, path, **{'If-None-Match': response.headers['ETag']})
        self.assertEqual((304, b''), (again.status, nothing))
        self.assertEqual(404, self.get(port, '/feeds/' + 'A' * 43 + '.ics')[0].status)
        self.kigen('feed', 'revoke', 'H0101', '--by', '早瀬')
        time.sleep(0.3)
        self.assertEqual(410, self.get(port, path)[0].status)
        web.terminate()
        self.assertEqual(0, web.wait(10))

    def check_calendar(self, body):
        for line in body.split(b'\r\n'):
            self.assertLessEqual(len(line), 75)
            line.decode('utf-8')
        self.assertNotIn(b'\n', body.replace(b'\r\n', b''))
        calendar = icalendar.Calendar.from_ical(body)
        events = calendar.walk('VEVENT')
        self.assertEqual(len(events), len({event['UID'] for event in events}))
        for event in events:
            self.assertEqual(datetime.timedelta(days=1), event['DTEND'].dt - event['DTSTART'].dt)
            self.assertRegex(event['UID'], r'@kigen\.suirei-medical\.example\Z')
            self.assertEqual('TRANSPARENT', event['TRANSP'])
            self.assertNotIn(b'\r', str(event['SUMMARY']).encode())
        days = {event['DTSTART'].dt for event in events}
        held = self.query(
            "SELECT s.eol, s.eos FROM holding h JOIN organization g ON g.id = h.organization AND g.code = 'H0101' "
            "JOIN support_plan s ON s.release = h.release AND s.state = 'published' "
            "WHERE h.ended_on IS NULL AND s.eos > ?", TODAY)
        self.assertGreater(len(held), 3)
        for eol, eos in held:
            self.assertIn(datetime.date.fromisoformat(eos), days)
            if eol > TODAY:
                self.assertIn(datetime.date.fromisoformat(eol), days)

    # mail

    def mails(self, folder):
        files = sorted((folder / 'new').iterdir())
        self.assertEqual([], [*(folder / 'tmp').iterdir()])
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]

    def test_maildir(self):
        self.publish_all()
        waiting = self.count('outbox', BY_MAIL + " AND state = 'pending'")
        self.assertGreater(waiting, 30)
        folder = self.folder / 'mail'
        self.kigen('deliver', '--once', '--transport', f'maildir:{folder}')
        mails = self.mails(folder)
        self.assertEqual(waiting, len(mails))
        self.assertEqual(waiting, self.count('outbox', ACCEPTED))
        self.assertEqual({row[0].strip('<>') for row in self.query(f'SELECT message_id FROM outbox WHERE {ACCEPTED}')},
                         {mail['Message-ID'].strip('<>') for mail in mails})
        self.assertEqual(waiting, self.count('message_context'))
        for mail in mails:
            with self.subTest(mail['To']):
                self.check_mail(mail)
        self.check_own_devices([mail for mail in mails if 'me-safety@kasumihama-hp.example' in mail['To']])
        english = [mail for mail in mails if 'biomed@kasumihama-intl.example' in mail['To']]
        self.assertEqual(1, len(english))
        self.assertIn('31 March 20', english[0].get_body(('plain',)).get_content())
        self.kigen('doctor')
        # once is enough
        self.kigen('deliver', '--once', '--transport', f'maildir:{folder}')
        self.assertEqual(waiting, len(self.mails(folder)))
        self.assert_sound()

    def check_mail(self, mail):
        self.assertEqual([], [part.defects for part in mail.walk() if part.defects])
        self.assertEqual('auto-generated', mail['Auto-Submitted'])
        self.assertEqual(1, len(mail['To'].addresses))
        self.assertTrue(mail['Subject'].strip())
        for name in ('From', 'Date', 'Message-ID', 'MIME-Version'):
            self.assertIsNotNone(mail[name], name)
        text = mail.get_body(('plain',)).get_content()
        html = mail.get_body(('html',)).get_content()
        for body in (text, html):
            self.assertRegex(body, r'翠嶺メディカルシステムズ株式会社|Suirei Medical Systems')
            self.assertIn('psirt@suirei-medical.example', body)
            self.assertNotRegex(body.partition('</style>')[2] or body, r'\{\{|\}\}|\(null\)')
        self.assertRegex(text, r'20\d\d年\d+月\d+日（(令和|平成)|\d+ [A-Z][a-z]+ 20\d\d')
        calendars = [part for part in mail.walk() if part.get_content_type() == 'text/calendar']
        for part in calendars:
            self.assertNotIn('method', part['Content-Type'].params)
            icalendar.Calendar.from_ical(part.get_payload(decode=True))
        raw = mail.as_bytes(policy=email.policy.SMTP)
        self.assertLessEqual(max(map(len, raw.split(b'\r\n'))), 998)

    def check_own_devices(self, mails):
        self.assertEqual(1, len(mails))
        text = mails[0].get_body(('plain',)).get_content()
        told = "'" + "','".join(row[0] for row in self.query(
            "SELECT r.name FROM support_plan s JOIN release r ON r.id = s.release WHERE s.state = 'published'")) + "'"
        own = self.query(
            'SELECT d.serial FROM device d JOIN organization g ON g.id = d.organization JOIN release r ON r.id = d.release '
            f"WHERE g.code = 'H0101' AND r.name IN ({told}) AND d.status = 'in-use' AND d.serial IS NOT NULL")
        others = self.query(
            "SELECT d.serial FROM device d JOIN organization g ON g.id = d.organization WHERE g.code <> 'H0101' "
            'AND d.serial IS NOT NULL')
        self.assertGreater(len(own), 10)
        for serial, in own:
            self.assertIn(serial, text)
        for serial, in others:
            self.assertNotIn(serial, text)

    @needs('smtp-sink', 'postfix')
    def test_smtp(self):
        self.kigen('plan', 'publish', 'SIP-20/SIP-25', *PUBLISH)
        waiting = self.count('outbox', BY_MAIL + " AND state = 'pending'")
        port = free_port()
        inbox = self.folder / 'inbox'
        inbox.mkdir()
        inbox.chmod(0o777)
        self.folder.chmod(0o755)
        as_user = ['-u', 'nobody'] if os.geteuid() == 0 else []
        process = subprocess.Popen(['/usr/sbin/smtp-sink', *as_user, '-c', '-d', f'{inbox}/%M.', f'127.0.0.1:{port}', '64'],
                                   cwd=inbox, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (process.kill(), process.wait()))
        wait_for_port(port, process)
        self.kigen('deliver', '--once', '--transport', f'smtp://127.0.0.1:{port}')
        self.assertEqual(waiting, self.count('outbox', ACCEPTED))
        self.assertEqual(0, self.count('outbox', "channel = 'mail' AND state <> 'accepted'"))
        mails = [email.message_from_bytes(self.without_envelope(path.read_bytes()), policy=email.policy.default)
                 for path in inbox.iterdir()]
        self.assertEqual(waiting, len(mails))
        self.assertEqual(waiting, len({mail['Message-ID'] for mail in mails}))
        for mail in mails:
            with self.subTest(mail['To']):
                self.check_mail(mail)
        self.kigen('deliver', '--once', '--transport', f'smtp://127.0.0.1:{port}')
        self.assertEqual(waiting, len([*inbox.iterdir()]))

    @staticmethod
    def without_envelope(data):
        """smtp-sink writes X-… lines and a Received header of its own before the message; both are headers."""
        return re.sub(rb'\A(X-[^\n]*\n)+', b'', data)

    def test_relay_that_is_not_there(self):
        """Nobody listens: nothing is lost, nothing is called accepted, and the next run sends it all."""
        self.kigen('plan', 'publish', 'SIP-20/SIP-25', *PUBLISH)
        waiting = self.count('outbox', BY_MAIL)
        done = self.run_kigen('deliver', '--once', '--transport', f'smtp://127.0.0.1:{free_port()}')
        self.assertEqual(3, done.returncode, done.stdout + done.stderr)
        self.assertEqual(0, self.count('outbox', ACCEPTED))
        self.assertEqual(waiting, self.count('outbox', BY_MAIL + " AND state IN ('pending', 'deferred')"))

    def test_json(self):
        """--json prints one document, whatever is asked."""
        self.publish_all()
        self.kigen('feed', 'create', 'H0101')
        for arguments in (['maker', 'show'], ['rules'], ['rules', 'LSP-1'], ['plan', 'show'], ['plan', 'show', 'SVW/7.0'],
                          ['timeline'], ['schedule'], ['feed', 'list'], ['outbox', 'list'], ['outbox', 'show', '1'],
                          ['import', 'devices', SAMPLE / 'devices.csv', '--dry-run']):
            with self.subTest(arguments):
                self.assertIsInstance(self.kigen_json(*arguments), dict)
        self.assertIsInstance(self.kigen_json('check', expect=1), dict)

    def test_bad_plan(self):
        self.assert_refused(['import', 'lifecycles', SAMPLE / 'bad-plan.csv'], 1, r'bad-plan\.csv:2', 'LSP-1')


if __name__ == '__main__':
    unittest.main()
