#!/usr/bin/python3
"""The mails as a relay gets them, against what the design asks of them: each point is a check on the bytes, of every kind of letter
that the sample data gives and of the letters of tests/mail/golden, which are made to try them. Two parsers that kigen has no part in
read them: Python's and, from npm, mailparser. tests/mail/test_transport.c has what stands around a mail: envelope, DSN, dots."""

import base64
import csv
import datetime
import email
import email.header
import email.policy
import email.utils
import functools
import hashlib
import io
import json
import re
import shutil
import subprocess
import unittest

from kigen import ROOT, SAMPLE, STRICT, Case
from sink import Sink

GOLDEN = ROOT / 'tests/mail/golden'
READER = ROOT / 'tests/e2e/read_mail.mjs'
MISSING = not (shutil.which('node') and (ROOT / 'tests/node_modules/mailparser').is_dir())
TEXTS = SAMPLE / 'advisory'
FROM, REPLY_TO, BOUNCES = 'notice@suirei-medical.example', 'window@suirei-medical.example', 'bounces@suirei-medical.example'
NAME = '翠嶺メディカル "サポート窓口"'
HEADERS = ['From', 'To', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted', 'X-Auto-Response-Suppress', 'X-Kigen-Head',
           'MIME-Version', 'Content-Type']
OPTIONAL = {'Reply-To', 'X-Kigen-Head'}
WORD = re.compile(rb'=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=')


class Keeper(Sink):
    """Keeps the bytes, and the commands that came before each mail's."""

    def __init__(self):
        self.raw, self.envelopes = [], []
        super().__init__()

    def heard(self, line):
        if line.startswith(b'MAIL '):
            self.envelopes.append([])
        if line[:5] in (b'MAIL ', b'RCPT '):
            self.envelopes[-1].append(line.decode().rstrip('\r\n'))

    def took(self, data, answer):
        self.raw.append((data, self.envelopes[-1]))
        super().took(data, answer)


@functools.lru_cache(maxsize=1024)
def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def head_of(raw):
    return raw.partition(b'\r\n\r\n')[0]


def attachments(mail, suffix):
    return [part for part in mail.walk() if (part.get_filename() or '').endswith(suffix)]


def unfolded(data):
    return data.replace(b'\r\n ', b'').replace(b'\r\n\t', b'')


class Points(unittest.TestCase):
    """A method a point, called with a mail's bytes. interop.md, Mail, in its order."""

    def utf8_with_base64(self, raw):
        self.assertTrue(raw.isascii())
        for part in parsed(raw).walk():
            self.assertEqual(part.defects, [])
            if not part.is_multipart():
                self.assertEqual((part['Content-Transfer-Encoding'], part.get_content_charset()), ('base64', 'utf-8'))
                part.get_payload(decode=True).decode('utf-8', 'strict')

    def alternative_inside_mixed(self, raw):
        """Text before HTML; files after them, as attachments; alone where there are none."""
        mail = parsed(raw)
        kinds = [part.get_content_type() for part in mail.walk()]
        files = kinds[4:] if kinds[0] == 'multipart/mixed' else []
        self.assertEqual(kinds, ['multipart/mixed'] * bool(files) + ['multipart/alternative', 'text/plain', 'text/html'] + files)
        self.assertLessEqual(set(files), {'text/csv', 'text/calendar'})
        self.assertEqual([part.get_content_disposition() for part in mail.walk()][4:] if files else [], ['attachment'] * len(files))

    def the_calendar_is_a_file(self, raw):
        """No method in the MIME type: Outlook shows raw lines then. A plain name, in both headers, for old readers."""
        for part in parsed(raw).walk():
            if part.get_filename() is not None:
                self.assertRegex(part.get_filename(), r'^[a-z-]+\.(csv|ics)$')
                self.assertEqual([key for key, _ in part.get_params()], [part.get_content_type(), 'charset', 'name'])
                self.assertEqual(part.get_param('name'), part.get_filename())
        self.assertNotIn(b'method', head_of(raw).lower())

    def calendar_lines(self, raw):
        """Calendar feeds: at most 75 octets a line, CRLF, never inside a character, no BOM; one VCALENDAR."""
        for part in attachments(parsed(raw), '.ics'):
            data = part.get_payload(decode=True)
            self.assertTrue(data.startswith(b'BEGIN:VCALENDAR\r\n') and data.endswith(b'END:VCALENDAR\r\n'))
            self.assertEqual(data.count(b'BEGIN:VCALENDAR'), 1)
            for line in data.split(b'\r\n'):
                self.assertLessEqual(len(line), 75)
                self.assertNotRegex(line, rb'[\r\n]')
                line.decode()
            self.assertEqual([line for line in unfolded(data).split(b'\r\n') if line.startswith(b'METHOD')], [b'METHOD:PUBLISH'])

    def calendar_events(self, raw):
        """All day with an exclusive end, that blocks nobody; exactly one UID and DTSTAMP; the same UID in one file once."""
        for part in attachments(parsed(raw), '.ics'):
            events = re.findall(r'BEGIN:VEVENT\r\n(.*?)END:VEVENT', unfolded(part.get_payload(decode=True)).decode(), re.S)
            self.assertGreater(len(events), 0)
            uids = [re.findall(r'^UID:(\S+)\r$', event, re.M) for event in events]
            self.assertEqual({len(found) for found in uids}, {1})
            self.assertEqual(len({uid for uid, in uids}), len(events))
            for event in events:
                [begin], [end] = (re.findall(rf'^{name};VALUE=DATE:(\d{{8}})\r$', event, re.M) for name in ('DTSTART', 'DTEND'))
                day = datetime.datetime.strptime(begin, '%Y%m%d') + datetime.timedelta(days=1)
                self.assertEqual(end, day.strftime('%Y%m%d'))
                for line in ('TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:FREE'):
                    self.assertIn(line, event)
                for name in ('DTSTAMP', 'LAST-MODIFIED', 'SEQUENCE', 'SUMMARY'):
                    self.assertEqual(len(re.findall(rf'^{name}:', event, re.M)), 1, name)
                self.assertNotIn('ATTACH', event)

    def devices_open_in_excel(self, raw):
        """UTF-8 with BOM, CRLF, every row as wide as its head, and no cell that Excel takes for a formula."""
        for part in attachments(parsed(raw), '.csv'):
            data = part.get_payload(decode=True)
            self.assertTrue(data.startswith(b'\xef\xbb\xbf') and data.endswith(b'\r\n'))
            self.assertEqual(data.count(b'\xef\xbb\xbf'), 1)
            rows = list(csv.reader(io.StringIO(data.decode('utf-8-sig'), newline=''), strict=True))
            self.assertGreater(len(rows), 1)
            self.assertEqual({len(row) for row in rows}, {len(rows[0])})
            for cell in (cell for row in rows for cell in row):
                self.assertNotRegex(cell, r'^[=+\-@\t\r]')

    def made_by_a_machine(self, raw):
        """Never All: it would stop bounces too."""
        mail = parsed(raw)
        self.assertEqual((mail['Auto-Submitted'], mail['X-Auto-Response-Suppress']), ('auto-generated', 'OOF, AutoReply'))

    def header_fields(self, raw):
        """Ours, in order, each once: no one-click unsubscription by which a notice would be lost, and nothing that a name or a text
        began."""
        names = [line.split(b':')[0].decode() for line in head_of(raw).split(b'\r\n') if line[:1] not in b' \t']
        self.assertEqual(names, [name for name in HEADERS if name in names or name not in OPTIONAL])

    def date_and_message_id(self, raw):
        """RFC 5322: day, name of the month, zone as a number; an id with a domain that is the store's."""
        mail = parsed(raw)
        self.assertRegex(mail['Date'], r'^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d \+0000$')
        self.assertRegex(mail['Message-ID'], r'^<[a-z0-9.]+@[a-z0-9.-]+>$')

    def encoded_words(self, raw):
        """At most 75 characters a word, 76 a line that has one; each holds whole characters, and needs no neighbour."""
        for line in head_of(raw).split(b'\r\n'):
            words = WORD.findall(line)
            self.assertLessEqual(len(line), 76 if words else 78)
            for charset, encoding, text in words:
                self.assertEqual((charset, encoding), (b'UTF-8', b'B'))
                self.assertLessEqual(len(b'=?UTF-8?B?' + text + b'?='), 75)
                base64.b64decode(text, validate=True).decode('utf-8', 'strict')
        for name in (b'From', b'To', b'Reply-To'):
            for field in re.findall(rb'^' + name + rb':.*(?:\r\n[ \t].*)*', head_of(raw), re.M):
                self.assertNotRegex(field, rb'"[^"]*=\?[^"]*"|<[^>]*=\?')  # a word in quotes or in an address is none

    def names_show_what_they_hold(self, raw):
        """Nothing in a decoded field ends its line, or turns the direction of what follows."""
        for name, value in email.message_from_bytes(raw, policy=email.policy.compat32).items():
            shown = str(email.header.make_header(email.header.decode_header(value.replace('\r\n', ''))))
            self.assertNotRegex(shown, '[\0-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]', name)

    def line_lengths(self, raw):
        """RFC 5322 2.1.1, and RFC 2045 6.8 of base64: whatever the text is; CRLF and nothing else."""
        self.assertTrue(raw.endswith(b'\r\n'))
        self.assertNotRegex(raw, rb'[^\r]\n|\r[^\n]')
        self.assertNotIn(b'\0', raw)
        self.assertLessEqual(max(map(len, raw.split(b'\r\n'))), 78)

    def no_line_begins_with_a_dot(self, raw):
        """What must not be stuffed cannot be stuffed wrongly by a relay in between."""
        self.assertNotIn(b'\r\n.', raw)
        self.assertNotRegex(raw, rb'\r\n>?From ')

    def boundaries(self, raw):
        """RFC 2046 5.1.1: in no part, and of no other multipart."""
        found = [part.get_boundary() for part in parsed(raw).walk() if part.is_multipart()]
        self.assertEqual(len(set(found)), len(found))
        for boundary in found:
            self.assertRegex(boundary, r'^=_[0-9a-f]{32}$')
            self.assertEqual(len(re.findall(rb'\r\n--' + boundary.encode(), raw)), raw.count(boundary.encode()) - 1)  # and the header's

    def one_recipient(self, raw):
        mail = parsed(raw)
        self.assertEqual((len(mail['To'].addresses), len(mail['From'].addresses)), (1, 1))
        self.assertEqual([mail[name].defects for name in mail.keys() if mail[name].defects], [])

    def texts(self, raw):
        """Both parts are there, in one language, finished, and load nothing from anywhere."""
        mail = parsed(raw)
        text, page = (mail.get_body((kind,)).get_content() for kind in ('plain', 'html'))
        self.assertGreater(len(text), 200)
        self.assertRegex(page, r'^<!DOCTYPE html>\r?\n<html lang="(ja|en)">')
        self.assertNotRegex(page, r'(?i)<(script|img|link|iframe|object|form)\b|\bsrc=|url\(')
        self.assertEqual(text.count('\r\n') + text.count('\n'), 2 * text.count('\r\n'))


POINTS = [name for name, function in vars(Points).items() if not name.startswith('_') and callable(function)]


class Bytes(Case):
    """The mails of both kinds: what a relay took of the sample data's letters, and the constructed ones."""

    def setUp(self):
        super().setUp()
        self.today = '2026-11-24'

    def sample_mails(self):
        """Announcements and an advisory in both languages, a request to a distributor, then digests of reminders."""
        self.make_store()
        self.import_sample()
        self.write('kigen.conf', f'[mail]\nfrom = {NAME} <{FROM}>\nreply_to = {REPLY_TO}\nbounces = {BOUNCES}\nconnections = 1\n')
        self.sink = Keeper()
        self.addCleanup(self.sink.stop)
        self.run_kigen('plan', 'publish', '--all', '--keep-going', '--by', '早瀬', '--reason', '既存計画の取り込み')
        self.deliver('2026-11-24')
        self.kigen('advisory', 'draft', 'stop-use-recommendation', '--release', 'SCT-6000/*', '--title-ja', '遠隔保守機能の脆弱性',
                   '--title-en', 'Remote maintenance', '--action-ja', '遠隔保守を無効にしてください。', '--action-en', 'Switch it off.',
                   '--body-ja', TEXTS / 'remote-maintenance.ja.md', '--body-en', TEXTS / 'remote-maintenance.en.md', '--by', '早瀬')
        self.kigen('advisory', 'publish', 'A0001', '--by', '早瀬', '--reason', '公表')
        self.deliver('2026-11-25')
        self.deliver('2027-03-31')
        self.assertGreater(len(self.sink.raw), 80)
        return {f'mail {number}': raw for number, (raw, _) in enumerate(self.sink.raw)}

    def deliver(self, today):
        self.today = today
        self.kigen('deliver', '--once', '--transport', self.sink.url())

    @staticmethod
    def golden_mails():
        return {path.name: path.read_bytes() for path in sorted(GOLDEN.glob('*.eml'))}

    def check(self, mails):
        points = Points()
        for name, raw in mails.items():
            for point in POINTS:
                with self.subTest(f'{name}: {point}'):
                    getattr(points, point)(raw)

    def test_constructed(self):
        mails = self.golden_mails()
        self.assertGreaterEqual(len(mails), 7)
        self.check(mails)
        self.check_parsers(mails)

    def test_lines_of_a_body(self):
        """Dots, long lines, what looks like a separator or a header: a body comes out as it was written."""
        context = json.loads((GOLDEN / 'lines-en.context.json').read_text())['context']
        text = parsed((GOLDEN / 'lines-en.eml').read_bytes()).get_body(('plain',)).get_payload(decode=True).decode()
        written = context['notices'][0]['advisory']['text']
        self.assertGreater(max(len(line.encode()) for line in written.split('\n')), 998)
        self.assertTrue({'.', '..', 'From the maker', '--'} <= set(written.split('\n')))
        self.assertIn(written.replace('\n', '\r\n'), text)

    def test_sample(self):
        mails = self.sample_mails()
        self.check(mails)
        for raw in mails.values():
            mail = parsed(raw)
            self.assertEqual(mail['From'].addresses[0].addr_spec, FROM)
            self.assertEqual(mail['Reply-To'].addresses[0].addr_spec, REPLY_TO)
            self.assertEqual(mail['From'].addresses[0].display_name, NAME)
            self.assertTrue(mail['X-Kigen-Head'].startswith('kigen-head 1 '))  # the trail's head leaves the house
        self.check_outbox(mails)
        self.check_envelopes()
        self.check_kinds(mails)
        self.check_parsers(mails)

    def check_outbox(self, mails):
        """Message-ID and recipient are those of the queue, fixed since then: of notice, revision, contact and organization."""
        rows = dict(self.query('SELECT o.message_id, m.context FROM outbox o JOIN message_context m ON m.outbox = o.id '
                               "WHERE o.channel IN ('mail', 'relay')"))
        sent = {parsed(raw)['Message-ID'].strip('<>'): parsed(raw) for raw in mails.values()}
        self.assertEqual(set(rows), set(sent))
        self.assertEqual(len(sent), len(mails))
        for message_id, context in rows.items():
            self.assertRegex(message_id, r'^n\d+\.[ra]\d+\.c\d+\.o\d+@kigen\.suirei-medical\.example$')
            self.assertEqual(sent[message_id]['To'].addresses[0].addr_spec, json.loads(context)['envelope']['to'])

    def check_envelopes(self):
        """One recipient a transaction, and DSN asked for. The return path names the message, with a code, at the sender's own domain."""
        numbers = dict(self.query('SELECT message_id, id FROM outbox'))
        for raw, envelope in self.sink.raw:
            message_id, to = parsed(raw)['Message-ID'].strip('<>'), parsed(raw)['To'].addresses[0].addr_spec
            mailbox, domain = BOUNCES.split('@')
            self.assertEqual(len(envelope), 2)
            sender = rf'{mailbox}\+{numbers[message_id]}-[a-z2-7]{{20,40}}@{domain}'
            self.assertRegex(envelope[0], rf'^MAIL FROM:<{sender}> RET=HDRS ENVID={message_id}$')
            self.assertEqual(envelope[1], f'RCPT TO:<{to}> NOTIFY=FAILURE,DELAY ORCPT=rfc822;{to}')
        self.assertEqual(len({envelope[0].split('>')[0] for _, envelope in self.sink.raw}), len(self.sink.raw))

    def check_kinds(self, mails):
        """None of the checks above is about nothing."""
        subjects = '\n'.join(str(parsed(raw)['Subject']) for raw in mails.values())
        for words in ('STOP USE', '至急', '転送のお願い', 'notices on device support'):
            self.assertIn(words, subjects)
        for name in ('devices.csv', 'milestones.ics', 'relay-report.csv'):
            self.assertTrue(any(attachments(parsed(raw), name) for raw in mails.values()), name)
        self.assertTrue(any(len(raw) > 100000 for raw in mails.values()))

    @staticmethod
    def python_view(raw):
        mail = parsed(raw)
        plain = email.message_from_bytes(raw, policy=email.policy.compat32)

        def mailboxes(name):
            # Python 3.11's new policy puts a blank between two encoded words of a name
            if plain[name] is None:
                return None
            display, address = email.utils.parseaddr(plain[name])
            return [[str(email.header.make_header(email.header.decode_header(display))), address]]

        def body(kind):
            return mail.get_body((kind,)).get_payload(decode=True).decode().replace('\r\n', '\n').strip()

        return {'from': mailboxes('From'), 'to': mailboxes('To'), 'reply_to': mailboxes('Reply-To'), 'subject': str(mail['Subject']),
                'date': mail['Date'].datetime.strftime('%Y-%m-%dT%H:%M:%S.000Z'), 'message_id': mail['Message-ID'],
                'text': body('plain'), 'html': body('html'),
                'attachments': [[part.get_filename(), part.get_content_type(), 'attachment',
                                 hashlib.sha256(part.get_payload(decode=True)).hexdigest()] for part in mail.iter_attachments()]}

    def check_parsers(self, mails):
        """Two parsers read the same out of it."""
        if MISSING:
            self.assertFalse(STRICT, 'node or mailparser is not installed: npm --prefix tests ci')
            return
        folder = self.folder / 'read'
        folder.mkdir()
        paths = []
        for number, raw in enumerate(mails.values()):
            paths.append(folder / f'{number}.eml')
            paths[-1].write_bytes(raw)
        done = subprocess.run(['node', READER, *paths], capture_output=True, encoding='utf-8', check=False, timeout=240)
        self.assertEqual(done.returncode, 0, done.stderr)
        for (name, raw), other in zip(mails.items(), json.loads(done.stdout), strict=True):
            self.assertLessEqual(set(other.pop('headers')), {header.lower() for header in HEADERS})
            for kind in ('text', 'html'):
                other[kind] = other[kind].replace('\r\n', '\n').strip()
            with self.subTest(name):
                self.assertEqual(self.python_view(raw), other)


if __name__ == '__main__':
    unittest.main()
