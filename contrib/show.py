#!/usr/bin/python3
"""Shows what kigen made, decoded: show.py calendar < FILE.ics, or show.py mail MAILDIR ADDRESS."""

import datetime
import email
import email.header
import email.policy
import pathlib
import re
import sys

EVENTS = 4
LINES = 60


def unescape(value):
    return re.sub(r'\\(.)', lambda match: '\n' if match.group(1) in 'nN' else match.group(1), value)


def calendar(data):
    """The calendar's name, how many events it has, and the first ones ahead."""
    lines = data.decode('utf-8').replace('\r\n ', '').split('\r\n')
    events = []
    for line in lines:
        name, _, value = line.partition(':')
        name = name.partition(';')[0]
        if line == 'BEGIN:VEVENT':
            events.append({})
        elif events and name in ('DTSTART', 'SUMMARY', 'DESCRIPTION') and name not in events[-1]:
            events[-1][name] = unescape(value)
        elif name == 'X-WR-CALNAME':
            print(f'{unescape(value)}')
    today = datetime.date.today().strftime('%Y%m%d')
    ahead = sorted((event for event in events if event['DTSTART'] >= today), key=lambda event: event['DTSTART'])
    print(f'{len(events)} events, {len(ahead)} of them ahead; the first of these:')
    for event in ahead[:EVENTS]:
        day = event['DTSTART']
        print(f'  {day[:4]}-{day[4:6]}-{day[6:]}  {event["SUMMARY"]}')


def mail(folder, address):
    """The first message to `address` in a maildir: its headers, its text, and what is attached."""
    for path in sorted(pathlib.Path(folder).glob('new/*')):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if address in message['To']:
            break
    else:
        sys.exit(f'no mail to {address} in {folder}')
    print(path)
    raw = email.message_from_bytes(path.read_bytes())
    for header in ('From', 'To', 'Subject', 'Date', 'Message-ID'):
        print(f'{header}: {email.header.make_header(email.header.decode_header(raw[header]))}')
    text = message.get_body(('plain',)).get_content().splitlines()
    print()
    print('\n'.join(text[:LINES]))
    if len(text) > LINES:
        print(f'… {len(text) - LINES} lines more')
    print()
    for part in message.iter_attachments():
        print(f'attached: {part.get_filename()} ({part.get_content_type()}, {len(part.get_payload(decode=True))} bytes)')


if __name__ == '__main__':
    if sys.argv[1] == 'calendar':
        calendar(sys.stdin.buffer.read())
    else:
        mail(*sys.argv[2:4])
