#!/usr/bin/python3
"""Real calendar programs read what kigen web serves: python3-icalendar, python3-vobject and ical.js agree with libical, which
wrote it, on UIDs, dates and texts of every kind of feed; khal and vdirsyncer see a plan that is revised."""

import datetime
import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from kigen import ROOT
from serving import PLAN, Serving

STRICT = bool(os.environ.get('KIGEN_TEST_STRICT'))
ICAL_JS = ROOT / 'tests/node_modules/ical.js'

READ_ICAL_JS = """
const ICAL = (await import(process.argv[1])).default;
const text = (await import('node:fs')).readFileSync(0, 'utf8');
const calendar = new ICAL.Component(ICAL.parse(text));
const day = (event, name) => event.getFirstPropertyValue(name).toString();
console.log(JSON.stringify(calendar.getAllSubcomponents('vevent').map(event => [
  event.getFirstPropertyValue('uid'), day(event, 'dtstart'), day(event, 'dtend'), event.getFirstPropertyValue('sequence'),
  event.getFirstPropertyValue('status'), event.getFirstPropertyValue('summary'), event.getFirstPropertyValue('description')])));
"""


def read_plainly(data):
    """Unfolds and unescapes by RFC 5545 alone."""
    events, event = [], None
    for line in data.decode().replace('\r\n ', '').split('\r\n'):
        name, _, value = line.partition(':')
        if line == 'BEGIN:VEVENT':
            event = {}
        elif line == 'END:VEVENT':
            events.append(event)
            event = None
        elif event is not None:
            event[name.partition(';')[0]] = value

    def text(value):
        out, escaped = [], False
        for character in value:
            if escaped:
                out.append('\n' if character in 'nN' else character)
            elif character != '\\':
                out.append(character)
            escaped = character == '\\' and not escaped
        return ''.join(out)

    def day(value):
        return datetime.datetime.strptime(value, '%Y%m%d').date().isoformat()

    return sorted([event['UID'], day(event['DTSTART']), day(event['DTEND']), int(event['SEQUENCE']), event['STATUS'],
                   text(event['SUMMARY']), text(event['DESCRIPTION'])] for event in events)


def read_icalendar(data):
    import icalendar
    return sorted([str(event['UID']), event['DTSTART'].dt.isoformat(), event['DTEND'].dt.isoformat(), int(event['SEQUENCE']),
                   str(event['STATUS']), str(event['SUMMARY']), str(event['DESCRIPTION'])]
                  for event in icalendar.Calendar.from_ical(data).walk('VEVENT'))


def read_vobject(data):
    import vobject
    calendar = vobject.readOne(data.decode())
    return sorted([event.uid.value, event.dtstart.value.isoformat(), event.dtend.value.isoformat(), int(event.sequence.value),
                   event.status.value, event.summary.value, event.description.value]
                  for event in calendar.contents.get('vevent', []))


def read_ical_js(data):
    with tempfile.NamedTemporaryFile('w', suffix='.mjs') as script:
        script.write(READ_ICAL_JS.replace('process.argv[1]', 'process.argv[2]'))
        script.flush()
        done = subprocess.run(['node', script.name, str(ICAL_JS / 'dist/ical.js')], input=data, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode())
    return sorted(json.loads(done.stdout))


def module_missing(name):
    return importlib.util.find_spec(name) is None


READERS = (('icalendar', read_icalendar, lambda: module_missing('icalendar')),
           ('vobject', read_vobject, lambda: module_missing('vobject')),
           ('ical.js', read_ical_js, lambda: not ICAL_JS.exists() or shutil.which('node') is None))


class Parsers(Serving):
    def feeds(self):
        """Every kind: of a hospital, a lessor, a distributor, a clinic, in Japanese and English, empty, of a product."""
        organizations = [row[0] for row in self.query('SELECT code FROM organization WHERE id IN'
                                                      ' (SELECT min(id) FROM organization GROUP BY role) ORDER BY code')]
        self.assertGreater(len(organizations), 3)
        for organization in organizations:
            for language in ('ja', 'en'):
                url = self.kigen('feed', 'create', organization, '--language', language, '--by', '早瀬').strip()
                yield f'{organization} {language}', '/' + url.split('/', 3)[3]
        for product in ('SIP-20', 'SBM-700'):
            for language in ('ja', 'en'):
                yield f'{product} {language}', f'/products/{product}.ics?language={language}'

    def test_all_read_the_same(self):
        self.kigen('plan', 'withdraw', PLAN, '--by', '早瀬', '--reason', '誤り')  # some events are cancelled
        self.serve()
        events, cancelled, read = 0, 0, set()
        for name, path in self.feeds():
            answer = self.get(path)
            self.assertEqual(200, answer.status)
            expected = read_plainly(answer.body)
            events += len(expected)
            cancelled += sum(event[4] == 'CANCELLED' for event in expected)
            for reader, function, missing in READERS:
                if missing():
                    self.assertFalse(STRICT, f'{reader} is not installed: contrib/packages.sh')
                    continue
                with self.subTest(name, reader=reader):
                    self.assertEqual(expected, function(answer.body))
                read.add(reader)
        self.assertGreater(events, 100)
        self.assertGreater(cancelled, 3)
        if not read:
            self.skipTest('no other reader is installed')


class Sync(Serving):
    """khal shows what vdirsyncer fetches from the running service."""

    def setUp(self):
        super().setUp()
        for tool in ('khal', 'vdirsyncer'):
            if shutil.which(tool) is None:
                self.assertFalse(STRICT, f'{tool} is not installed: contrib/packages.sh')
                self.skipTest(f'apt-get install {tool}')
        self.serve()
        self.home = self.folder / 'home'
        (self.home / 'calendar').mkdir(parents=True)
        (self.home / 'vdirsyncer.conf').write_text(f"""
[general]
status_path = "{self.home}/status"
[pair kigen]
a = "here"
b = "there"
collections = null
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{self.home}/calendar"
fileext = ".ics"
[storage there]
type = "http"
url = "http://127.0.0.1:{self.port}{self.path}"
""")
        (self.home / 'khal.conf').write_text(f"""
[calendars]
[[kigen]]
path = {self.home}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {self.home}/khal.db
""")
        self.sync('discover')

    def tool(self, *words):
        environment = {'PATH': os.environ['PATH'], 'HOME': str(self.home), 'LC_ALL': 'C.UTF-8', 'no_proxy': '127.0.0.1'}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def sync(self, what='sync'):
        self.tool('vdirsyncer', '-c', str(self.home / 'vdirsyncer.conf'), what)

    def on(self, day):
        """(title, status) of the events of a day."""
        shown = self.tool('khal', '-c', str(self.home / 'khal.conf'), 'list', '--format', '{title}|{status}', '--day-format', '',
                          day, '1d')
        return [tuple(line.rsplit('|', 1)) for line in shown.splitlines() if '|' in line]

    def test_a_revised_plan_moves_its_event(self):
        (release, product), = self.query("SELECT r.name, p.code FROM release r JOIN product p ON p.id = r.product"
                                         " WHERE p.code || '/' || r.name = ?", PLAN)
        (day,), = self.query("SELECT eos FROM support_plan WHERE state = 'published' AND release ="
                             " (SELECT id FROM release WHERE name = ?)", release)
        later = f'{int(day[:4]) + 1}{day[4:]}'
        mine = lambda events: [title for title, _ in events if 'EOS' in title and release in title]
        self.sync()
        self.assertEqual(1, len(mine(self.on(day))))
        self.assertEqual(0, len(mine(self.on(later))))
        before = len(list((self.home / 'calendar').iterdir()))

        self.kigen('plan', 'set', PLAN, f'eos={later}', '--by', '早瀬')
        self.kigen('plan', 'publish', PLAN, '--by', '早瀬', '--reason', '延長')
        self.sync()
        self.assertEqual(0, len(mine(self.on(day))), 'it is still on the old day')
        self.assertEqual(1, len(mine(self.on(later))))
        self.assertEqual(before, len(list((self.home / 'calendar').iterdir())), 'the same events, one of them moved')

        self.kigen('plan', 'withdraw', PLAN, '--by', '早瀬', '--reason', '誤り')
        self.sync()
        cancelled = [event for event in self.on(later) if release in event[0] and 'EOS' in event[0]]
        self.assertEqual(1, len(cancelled))
        self.assertRegex(cancelled[0][0], '^【中止】')
        self.assertIn('CANCELLED', cancelled[0][1])
        self.assert_quiet()


if __name__ == '__main__':
    unittest.main()
