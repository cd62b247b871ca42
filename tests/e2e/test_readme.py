#!/usr/bin/python3
"""What README.md shows is what the program prints: its kigen commands are run on the sample, in order."""

import pathlib
import re
import shlex
import subprocess
import sys
import unittest

from kigen import KINDS, ROOT, Case

PUBLISH_ALL = ['plan', 'publish', '--all', '--keep-going', '--by', '早瀬千景', '--reason', '既存計画の取り込み']


def shown():
    """(command, what README shows for it) of each line that begins with "$ ", comments and other programs left in."""
    text = (ROOT / 'README.md').read_text(encoding='utf-8')
    for block in re.findall(r'^```\n(\$ .*?)^```$', text, re.S | re.M):
        for part in re.split(r'^\$ ', block, flags=re.M)[1:]:
            command, _, output = part.partition('\n')
            yield command, output


def plain(text):
    """Without what differs from run to run: white space, the address of a feed or page."""
    return re.sub(r'\s+', ' ', re.sub(r'http://127\.0\.0\.1:\d+/(feeds/[\w-]+\.ics|h/[\w-]+)', 'URL', text)).strip()


class Readme(Case):
    def setUp(self):
        super().setUp()
        (self.folder / 'kigen-demo').mkdir()
        (self.folder / 'contrib').symlink_to(ROOT / 'contrib')
        self.store = pathlib.Path('kigen-demo/kigen.db')  # as README names it
        self.today = '2026-11-23'
        self.make_store()

    def run_shown(self, command):
        words = shlex.split(command)
        if words[:2] == ['python3', 'contrib/show.py']:
            done = subprocess.run([sys.executable, *words[1:]], cwd=self.folder, stdout=subprocess.PIPE, check=True)
            return done.stdout.decode()
        if words[:2] == ['kigen', 'timeline']:  # after the takeover
            self.kigen(*PUBLISH_ALL, expect=1)
        done = self.run_kigen(*words[1:])
        return done.stderr + done.stdout

    def test_commands(self):
        commands = 0
        self.import_sample(KINDS[:4])
        for command, expected in shown():
            if '&' in command or '|' in command:
                continue
            commands += 1
            with self.subTest(command):
                actual = plain(self.run_shown(command))
                for chunk in re.split(r'^…$', expected, flags=re.M):
                    self.assertIn(plain(chunk), actual)
            if 'import devices' in command:
                self.import_sample(['custody'])
        self.assertGreater(commands, 6)


if __name__ == '__main__':
    unittest.main()
