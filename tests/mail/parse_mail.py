#!/usr/bin/python3
"""Reads one mail with Python's email package and prints what it holds as JSON: parse_mail.py FILE

Also what only the raw bytes show: the longest line, the longest encoded word, whether every line ends by CRLF."""

import email
import email.header
import email.policy
import email.utils
import json
import re
import sys


def part_of(part):
    return {
        'type': part.get_content_type(),
        'charset': part.get_content_charset(),
        'encoding': part['Content-Transfer-Encoding'],
        'disposition': part.get_content_disposition(),
        'filename': part.get_filename(),
        'parameters': [key for key, _ in part.get_params() or []],
        'content': (part.get_payload(decode=True) or b'').decode('utf-8') if not part.is_multipart() else None,
        'defects': [type(defect).__name__ for defect in part.defects],
    }


def mailbox_of(raw, name):
    """[display name, address]; decoded by hand, for Python 3.11 puts a blank between two encoded words of a name."""
    value = email.message_from_bytes(raw, policy=email.policy.compat32)[name]
    display, address = email.utils.parseaddr(value)
    return [str(email.header.make_header(email.header.decode_header(display))), address]


def main(path):
    with open(path, 'rb') as file:
        raw = file.read()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    head, _, _ = raw.partition(b'\r\n\r\n')
    defects = [str(defect) for name in mail.keys() for header in mail.get_all(name) for defect in header.defects]
    document = {
        'headers': [[name, str(value)] for name, value in mail.items()],
        'header_defects': defects,
        'addresses': [address.addr_spec for name in ('From', 'To') for address in mail[name].addresses],
        'from': mailbox_of(raw, 'From'),
        'to': mailbox_of(raw, 'To'),
        'date': mail['Date'].datetime.isoformat(),
        'parts': [part_of(part) for part in mail.walk()],
        'longest_line': max(len(line) for line in raw.split(b'\r\n')),
        'longest_header_line': max(len(line) for line in head.split(b'\r\n')),
        'longest_encoded_word': max([0, *map(len, re.findall(rb'=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=', head))]),
        'bare_newlines': len(re.findall(rb'(?<!\r)\n|\r(?!\n)', raw)),
        'ascii': all(byte < 128 for byte in raw),
    }
    json.dump(document, sys.stdout)


if __name__ == '__main__':
    main(sys.argv[1])
