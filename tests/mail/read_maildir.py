#!/usr/bin/python3
"""Lists a maildir as Python's mailbox module reads it: Message-ID, number of parts, sub-folder."""

import mailbox
import sys


def main(path):
    folder = mailbox.Maildir(path, create=False)
    lines = [f'{mail["Message-ID"]} {len(list(mail.walk()))} parts, {mail.get_subdir()}' for mail in folder]
    print('\n'.join(sorted(lines)))


if __name__ == '__main__':
    main(sys.argv[1])
