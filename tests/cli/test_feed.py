#!/usr/bin/python3
"""feed, web."""

import signal
import subprocess
import urllib.error
import urllib.request

from harness import CLEAN, KIGEN, Case, finish

GOOD = ['general_availability=2020-04-01', 'eol=2031-03-31', 'eos=2034-03-31', 'doc=LSP-014', 'duties=院内ネットワークから分離する',
        'lines=security-updates:2034-03-31']


class Published(Case):
    """One release, published, held by one of two hospitals."""

    def setUp(self):
        super().setUp()
        self.add_release('CT-100', '1.0')
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '中央病院', 'hospital'), (2, 'H2', '東病院', 'hospital')")
        self.sql("INSERT INTO holding VALUES (1, 1, 'user', 3, 1, 'uid-1', '2020-04-01', NULL, '2026-01-01T00:00:00Z')")
        self.kigen('plan', 'set', 'CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', '--all', '--reason', '初回公表')


class Feed(Published):
    def feeds(self):
        return [(feed['organization'], feed['revoked_at'] is not None) for feed in self.json('feed', 'list')['feeds']]

    def test_create_prints_the_address_alone(self):
        self.assertRegex(self.kigen('feed', 'create', 'H1'), r'\Ahttp://127\.0\.0\.1:8765/feeds/[\w-]{43}\.ics\n\Z')
        self.assertEqual(self.errors, '')
        made = self.json('feed', 'create', 'H2', '--language', 'en')
        self.assertEqual(made['webcal'], made['url'].replace('http:', 'webcal:'))
        self.assertEqual(self.feeds(), [('H1', False), ('H2', False)])
        self.assertIn('H9', self.refused('feed', 'create', 'H9'))
        self.refused('feed', 'create', 'H1', '--language', 'fr')

    def test_rotate_and_revoke(self):
        first = self.kigen('feed', 'create', 'H1')
        self.assertNotEqual(self.kigen('feed', 'rotate', 'H1'), first)
        self.assertEqual(self.feeds(), [('H1', True), ('H1', False)])
        self.kigen('feed', 'create', 'H1')
        self.assertIn('--feed', self.refused('feed', 'revoke', 'H1', code=2))
        self.kigen('feed', 'revoke', 'H1', '--feed', '3')
        self.kigen('feed', 'revoke', 'H1')
        self.assertEqual({revoked for _, revoked in self.feeds()}, {True})
        self.refused('feed', 'revoke', 'H1')

    def test_a_lost_key_is_said(self):
        (self.folder / 'kigen.db.key').unlink()
        self.assertIn('kigen.db.key', self.refused('feed', 'create', 'H1', code=3))

    def test_lead_times_are_events_where_they_are_asked_for(self):
        (self.folder / 'kigen.conf').write_text('[profile own]\nbase = jp\neol_leads = 3\neos_leads = 12, 6\n[kigen]\nprofile = own\n', encoding='utf-8')
        plain, leads = self.kigen('feed', 'export', 'H1'), self.kigen('feed', 'export', 'H1', '--lead-times')
        self.assertEqual(leads.count('BEGIN:VEVENT'), plain.count('BEGIN:VEVENT') + 3)
        for day in ('20301231', '20330331', '20330930'):
            self.assertIn('DTSTART;VALUE=DATE:' + day, leads)
            self.assertNotIn('DTSTART;VALUE=DATE:' + day, plain)
        self.kigen('feed', 'create', 'H1', '--lead-times')
        self.kigen('feed', 'rotate', 'H1')
        self.assertEqual([feed['lead_times'] for feed in self.json('feed', 'list')['feeds']], [True, True])

    def test_export_writes_the_calendar(self):
        text = self.kigen('feed', 'export', 'H1')
        self.assertTrue(text.startswith('BEGIN:VCALENDAR'))
        self.assertIn('DTSTART;VALUE=DATE:20340331', text)
        self.kigen('feed', 'export', 'H1', '--output', 'h1.ics')
        self.assertIn(b'BEGIN:VEVENT\r\n', (self.folder / 'h1.ics').read_bytes())
        self.assertIn('did you mean', self.refused('feed', 'export', 'H11'))


class Web(Published):
    def start(self, *words):
        web = subprocess.Popen([KIGEN, 'web', *words], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8',
                               env={**CLEAN, 'LANG': 'C.UTF-8', **self.environment})
        self.addCleanup(lambda: (web.kill(), web.communicate()) if web.poll() is None else None)
        return web

    def test_serves_until_a_signal(self):
        path = self.kigen('feed', 'create', 'H1').strip().removeprefix('http://127.0.0.1:8765/')
        for number in (signal.SIGTERM, signal.SIGINT):
            web = self.start('--listen', '127.0.0.1:0')
            line = web.stdout.readline()
            self.assertRegex(line, r'^kigen web: http://127\.0\.0\.1:\d+/\n$')
            with urllib.request.urlopen(line.split()[-1] + path, timeout=10) as answer:
                self.assertIn(b'BEGIN:VEVENT', answer.read())
            web.send_signal(number)
            _, errors = web.communicate(timeout=20)
            self.assertEqual((web.returncode, errors), (0, ''))

    def test_a_taken_or_wrong_address_is_said(self):
        web = self.start('--listen', '127.0.0.1:0')
        address = web.stdout.readline().split('//')[1].strip('/\n')
        self.assertIn(address.split(':')[1], self.refused('web', '--listen', address, code=3))
        self.refused('web', '--listen', 'nowhere:http', code=2)
        web.terminate()
        web.communicate(timeout=20)


if __name__ == '__main__':
    finish()
