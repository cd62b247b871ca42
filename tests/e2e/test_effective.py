#!/usr/bin/python3
"""Effective dates, through the program: a contract moves the customer's EOS in its calendar, its letters and its notices,
and nothing else of anybody."""

import csv
import email
import email.policy
import io
import re
import time
import unittest
import urllib.request

from kigen import SAMPLE, Case

PUBLISH = ['--by', '早瀬', '--reason', '既存計画の取り込み']
WHY = ['--reason', '保守契約の延長']
RELEASE = 'SCT-6000/SCT-6064'  # EOL 2024-03-31, EOS 2027-03-31; H0101 has one, with software V4.1 (EOS 2031-03-31)


def events(text):
    """The events of a calendar: UID → {property: value}."""
    found = {}
    for block in text.replace('\r\n ', '').split('BEGIN:VEVENT\r\n')[1:]:
        lines = [line.partition(':') for line in block.split('END:VEVENT')[0].strip().split('\r\n')]
        event = {name.partition(';')[0]: value for name, _, value in lines}
        found[event['UID']] = event
    return found


def without_change(event):
    return {name: value for name, value in event.items() if name not in ('SEQUENCE', 'LAST-MODIFIED', 'DTSTAMP')}


class Effective(Case):
    today = None

    def setUp(self):
        super().setUp()
        self.today = '2026-11-24'
        self.make_store()
        self.import_sample()
        self.kigen('plan', 'publish', 'SCT-6000/*', *PUBLISH)

    def feed(self, organization='H0101', language='ja'):
        self.kigen('feed', 'export', organization, '--language', language, '--output', 'feed.ics')
        return events((self.folder / 'feed.ics').read_bytes().decode())

    def changed(self, before, after):
        """What changed says so: a higher SEQUENCE, a later LAST-MODIFIED; nothing else moved. SUMMARY of what did."""
        self.assertEqual(before.keys(), after.keys())
        moved = []
        for uid, was in before.items():
            now = after[uid]
            if without_change(was) == without_change(now):
                self.assertEqual(was, now)
            else:
                self.assertGreater(int(now['SEQUENCE']), int(was['SEQUENCE']))
                self.assertGreaterEqual(now['LAST-MODIFIED'], was['LAST-MODIFIED'])
                moved.append(uid)
        return moved

    def mails(self, folder, address):
        for path in sorted((self.folder / folder / 'new').iterdir()):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in mail['To']:
                yield {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}

    def deliver(self, day):
        self.today = day
        self.kigen('deliver', '--once', '--transport', f'maildir:{self.folder}/{day}')
        return day

    def test_the_feed(self):
        others = {code: self.feed(code) for code in ('H0102', 'C0301')}
        before = self.feed()
        self.kigen('extension', 'set', RELEASE, 'H0101', '2029-03-31', '--reference', 'M-1', *WHY)
        after = self.feed()
        [uid, other] = sorted(self.changed(before, after), key=lambda uid: 'SCT-6064' not in after[uid]['SUMMARY'])
        self.assertTrue(uid.partition('@')[0].endswith('-eos'))
        self.assertEqual(('20270331', '20290331'), (before[uid]['DTSTART'], after[uid]['DTSTART']))
        self.assertIn('EOS・契約により延長', after[uid]['SUMMARY'])
        self.assertIn('計画のサポート終了日 2027年3月31日', after[uid]['DESCRIPTION'])
        # its software's event says when its units end: by the hardware, as long as the contract goes
        self.assertIn('V4.1', after[other]['SUMMARY'])
        self.assertEqual(before[other]['DTSTART'], after[other]['DTSTART'])
        self.assertIn('2029年3月31日（令和11年3月31日・土）\\n　SCT-6064の期日が先に来ます。', after[other]['DESCRIPTION'])
        for code, feed in others.items():
            self.assertEqual(feed, self.feed(code))
        # back again
        self.kigen('extension', 'end', '1', '--reason', '取消し')
        ended = self.feed()
        self.assertEqual(sorted([uid, other]), sorted(self.changed(after, ended)))
        self.assertEqual(without_change(before[uid]), without_change(ended[uid]))

    def test_the_web_service_notices(self):
        url = self.kigen('feed', 'create', 'H0101').strip()
        web = self.start_kigen('web', '--listen', '127.0.0.1:0')
        address = re.search(r'http://\S+', web.stdout.readline()).group().rstrip('/')
        url = address + '/feeds/' + url.rpartition('/')[2]
        with urllib.request.urlopen(url) as answer:
            tag, before = answer.headers['ETag'], events(answer.read().decode())
        self.kigen('extension', 'set', RELEASE, 'H0101', '2029-03-31', *WHY)
        time.sleep(0.2)  # each thread of the service looks at the store at most every 50 ms
        with urllib.request.urlopen(urllib.request.Request(url, headers={'If-None-Match': tag})) as answer:
            self.assertEqual(200, answer.status)
            self.assertEqual(2, len(self.changed(before, events(answer.read().decode()))))

    def test_notices_go_by_the_extended_day(self):
        self.kigen('extension', 'set', RELEASE, 'H0101', '2029-03-31', *WHY)
        self.deliver('2026-11-24')
        told = {}
        for day in ('2026-12-28', '2027-02-26', '2027-03-31', '2027-04-01', '2028-03-31', '2029-04-02'):
            self.deliver(day)
            told[day] = {kind for kind, in self.query(
                "SELECT n.kind FROM notice n JOIN outbox_notice x ON x.notice = n.id JOIN organization o ON o.id = x.organization"
                " JOIN support_plan s ON s.id = n.plan JOIN release r ON r.id = s.release"
                " WHERE o.code = 'H0101' AND r.name = 'SCT-6064' AND n.due_on = ?", day)}
        self.assertEqual({'2026-12-28': set(), '2027-02-26': set(), '2027-03-31': {'eos-reminder'}, '2027-04-01': set(),
                          '2028-03-31': {'eos-reminder'}, '2029-04-02': {'eos-reached'}}, told)
        # everybody else is told of the plan's day
        self.assertEqual([], self.query(
            "SELECT h.organization FROM holding h JOIN release r ON r.id = h.release AND r.name = 'SCT-6064'"
            " JOIN organization o ON o.id = h.organization WHERE h.ended_on IS NULL AND (o.code = 'H0101') ="
            " EXISTS (SELECT 1 FROM notice n JOIN outbox_notice x ON x.notice = n.id AND x.organization = o.id"
            "  WHERE n.kind = 'eos-reached' AND n.extended_eos = '' AND n.due_on = '2027-04-01')"))
        [mail] = self.mails('2029-04-02', 'me-safety@kasumihama-hp.example')
        self.assertIn('2029年3月31日（令和11年3月31日・土）をもってサポート終了（EOS：End of Support）となりました。契約により、'
                      '計画上の期日 2027年3月31日（令和9年3月31日・水） から延長された期日です。', mail['text/plain'])
        self.assertEqual([], self.kigen_json('doctor')['findings'])

    def test_letters_and_devices(self):
        """A device of its own contract, and software that ends before its hardware or after."""
        self.kigen('extension', 'set', RELEASE, 'H0101', '2030-03-31', '--device', 'CT64-0002', *WHY)
        self.deliver('2026-11-24')
        [mail] = self.mails('2026-11-24', 'me-safety@kasumihama-hp.example')
        self.assertIn('機器ごとの契約によるサポート終了（EOS）の期日：1台 2030年3月31日', mail['text/plain'])
        self.assertRegex(mail['text/plain'], r'製造番号 CT64-0002.*／EOS 2030年3月31日（契約により延長）\s')
        self.assertRegex(mail['text/plain'], r'製造番号 CT64-0002.*／EOL 2024年3月31日（本体が先に終了）／EOS 2030年3月31日（本体が先に終了）（契約により延長）')
        rows = list(csv.DictReader(io.StringIO(mail['text/csv'].lstrip('\ufeff'))))
        self.assertEqual([('SCT-6064', '2027-03-31', '2030-03-31'), ('V4.1', '2031-03-31', '2030-03-31')],
                         [(row['対象の型式・バージョン'], row['サポート終了（EOS）'], row['この機器のEOS（遅くとも）']) for row in rows])
        attached = events(mail['text/calendar'])
        feed = self.feed()
        self.assertTrue(attached)
        for uid, event in attached.items():
            self.assertEqual(feed[uid], event)

    def test_a_device_that_is_sold(self):
        self.kigen('extension', 'set', RELEASE, 'H0101', '2030-03-31', '--device', 'CT64-0002', *WHY)
        before = self.feed()
        self.write('sold.csv', 'product,release,serial,organization\nSCT-6000,SCT-6064,CT64-0002,H0102\n')
        self.kigen('import', 'devices', 'sold.csv')
        after = self.feed()
        for uid, event in after.items():
            self.assertNotIn('機器ごとの契約による期日', event['DESCRIPTION'])
            if 'SCT-6064' in event['SUMMARY']:
                self.assertEqual('CANCELLED', event['STATUS'])
                self.assertGreater(int(event['SEQUENCE']), int(before[uid]['SEQUENCE']))
        self.assertEqual('idle', self.kigen_json('extension', 'list')['extensions'][0]['state'])
        self.assertEqual([], self.kigen_json('doctor')['findings'])


if __name__ == '__main__':
    unittest.main()
