#!/usr/bin/python3
"""Reads feeds with python3-icalendar and imports one with khal: check_icalendar.py FEED_DUMP. What comes out is what went in."""

import datetime
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

try:
    import icalendar
except ImportError:
    print('SKIP: python3-icalendar is absent')
    sys.exit(77)

# No backslash before n, and no comma in a category: python3-icalendar 4.0.3 reads both wrong. test_feed.c has them.
ALPHABET = 'abc XYZ012,;:"\'<>&=%-/()サポート終了製品寿命（EOS）、。Ａ𠮷é　'
WORDS = ['サポート終了（EOS）', '製品寿命終了（EOL）: CT装置, X100; Ver.2', 'End of support \\ "EOS"', '𠮷野家病院',
         'a' * 74, '終' * 60, ',,;;', 'trailing blank in the middle ' * 4]


def random_text(rng, longest):
    return ''.join(rng.choice(ALPHABET) for _ in range(rng.randint(1, longest)))


def random_event(rng, number):
    day = datetime.date(2026, 1, 1) + datetime.timedelta(days=rng.randint(0, 5000))
    lines = [rng.choice(WORDS + [random_text(rng, 200), '']) for _ in range(rng.randint(1, 6))]
    return {
        'uid': f'{number:04x}-{rng.choice(["eol", "eos", "parts_until"])}@kigen.example',
        'sequence': rng.randint(1, 1000),
        'last_modified': f'2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}T{rng.randint(0, 23):02d}:00:59Z',
        'day': day.isoformat(),
        'summary': rng.choice(WORDS + [random_text(rng, 200)]).strip(' '),
        'description': '\n'.join(lines).strip(' \n'),
        'categories': [rng.choice(['期限', 'a b', 'c; d', 'CT']) for _ in range(rng.randint(0, 3))],
        'url': rng.choice([None, 'https://maker.example/a?b=c,d;e']),
        'cancelled': rng.random() < 0.2,
    }


def random_calendar(seed):
    rng = random.Random(seed)
    events = [random_event(rng, number) for number in range(rng.choice([0, 1, 20, 60]))]
    for event in events:
        event['summary'] = event['summary'] or 'x'
    return {'language': rng.choice(['ja', 'en']), 'name': '期限, ' + random_text(rng, 60).strip(' '),
            'description': None, 'events': events}


def render(dump, calendar):
    return subprocess.run([dump], input=json.dumps(calendar).encode(), check=True, capture_output=True).stdout


def instant(text):
    return datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%SZ').replace(tzinfo=datetime.timezone.utc)


def shown_summary(calendar, event):
    prefix = {'ja': '【中止】', 'en': '[CANCELLED] '}[calendar['language']]
    return (prefix if event['cancelled'] else '') + event['summary']


def expected(calendar, event):
    day = datetime.date.fromisoformat(event['day'])
    return {
        'UID': event['uid'], 'SEQUENCE': event['sequence'], 'DTSTART': day,
        'DTEND': day + datetime.timedelta(days=1), 'SUMMARY': shown_summary(calendar, event),
        'DESCRIPTION': event['description'] or None, 'URL': event['url'],
        'STATUS': 'CANCELLED' if event['cancelled'] else 'CONFIRMED', 'TRANSP': 'TRANSPARENT',
        'X-MICROSOFT-CDO-BUSYSTATUS': 'FREE', 'DTSTAMP': instant(event['last_modified']),
        'LAST-MODIFIED': instant(event['last_modified']),
        'CATEGORIES': event['categories'] or None,
    }


def plain(value):
    if value is None:
        return None
    if hasattr(value, 'cats'):
        return [str(item) for item in value.cats]
    if hasattr(value, 'dt'):
        return value.dt
    return int(value) if isinstance(value, int) else str(value)


def check_lines(data, seed):
    assert data.endswith(b'\r\n'), seed
    for line in data[:-2].split(b'\r\n'):
        assert len(line) <= 75 and b'\n' not in line and b'\r' not in line and line.strip(), (seed, line)
        line.decode('utf-8')


def check_calendar(dump, seed):
    calendar = random_calendar(seed)
    data = render(dump, calendar)
    check_lines(data, seed)
    read = icalendar.Calendar.from_ical(data)
    assert not read.errors, (seed, read.errors)
    assert str(read['X-WR-CALNAME']) == calendar['name'] == str(read['NAME']), seed
    assert str(read['METHOD']) == 'PUBLISH' and str(read['VERSION']) == '2.0', seed
    assert read['REFRESH-INTERVAL'].params['VALUE'] == 'DURATION', seed
    events = read.walk('VEVENT')
    assert len(events) == len(calendar['events']), seed
    assert len(read.walk('VTIMEZONE')) == (0 if events else 1), seed
    assert not read.walk('VALARM'), seed
    for got, event in zip(events, calendar['events']):
        assert not got.errors, (seed, got.errors)
        for name, value in expected(calendar, event).items():
            assert plain(got.get(name)) == value, (seed, name, plain(got.get(name)), value)


KHAL = """[calendars]
[[k]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Asia/Tokyo
default_timezone = Asia/Tokyo
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = k
"""


def khal(folder, *arguments):
    env = dict(os.environ, LC_ALL='C.UTF-8', HOME=folder, XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder,
               XDG_CACHE_HOME=folder)
    done = subprocess.run(['/usr/bin/khal', '-c', f'{folder}/config', *arguments], env=env, text=True, capture_output=True)
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout


def check_khal(dump):
    if not os.path.exists('/usr/bin/khal'):
        print('SKIP: khal is absent, its part is not run')
        return
    calendar = {'language': 'ja', 'name': '期限', 'description': None, 'events': [
        {'uid': f'k{i}@kigen.example', 'sequence': 1, 'last_modified': '2026-04-01T00:00:00Z',
         'day': f'2031-03-{i:02d}', 'summary': f'サポート終了（EOS）, {i}台', 'description': '一行目\n二行目, ; 終',
         'categories': ['期限'], 'url': None, 'cancelled': False} for i in range(1, 21)]}
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, 'calendar').mkdir()
        pathlib.Path(folder, 'config').write_text(KHAL.format(folder=folder), encoding='utf-8')
        pathlib.Path(folder, 'feed.ics').write_bytes(render(dump, calendar))
        khal(folder, 'import', '--batch', '-a', 'k', f'{folder}/feed.ics')
        out = khal(folder, 'list', '--day-format', '', '--format', '{start-date}|{end-date}|{uid}|{title}',
                   '2031-03-01', '31d')
    got = sorted(line for line in out.splitlines() if line)
    want = sorted(f"{e['day']}|{e['day']}|{e['uid']}|{e['summary']}" for e in calendar['events'])
    assert got == want, (got, want)


def main(dump):
    for seed in range(60):
        check_calendar(dump, seed)
    check_khal(dump)
    print('60 feeds read, one imported')


if __name__ == '__main__':
    main(sys.argv[1])
