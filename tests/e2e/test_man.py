#!/usr/bin/python3
"""The man pages are in step with the program: every command and option that `kigen help` shows stands in kigen(1), every
key that kigen.conf takes in kigen.conf(5)."""

import re
import unittest

from kigen import ROOT, Case

PAGE = (ROOT / 'contrib/man/kigen.1').read_text(encoding='utf-8')
CONF = (ROOT / 'contrib/man/kigen.conf.5').read_text(encoding='utf-8')


class Man(Case):
    def help(self, *command):
        return self.kigen('help', *command)

    @staticmethod
    def listed(text, heading, pattern):
        """First words of the lines under `heading`."""
        section = re.search(rf'^{heading}:\n((?:  .*\n)*)', text, re.M)
        return re.findall(pattern, section.group(1), re.M) if section else []

    def commands(self, *words):
        """Every command without subcommands, as a tuple of words, with its help."""
        text = self.help(*words)
        names = self.listed(text, 'Commands', r'^  ([a-z]\S*)')
        if not names:
            yield words, text
        for name in names:
            yield from self.commands(*words, name)

    def test_commands_and_options(self):
        seen = 0
        for words, text in self.commands():
            name = ' '.join(words)
            with self.subTest(name):
                self.assertTrue(re.search(rf'^\.It Cm {name}\b', PAGE, re.M), f'add `kigen {name}` to contrib/man/kigen.1')
            for option in self.listed(text, 'Options', r'^  --([a-z-]+)') + self.listed(
                    text, 'Global options', r'^  --([a-z-]+)'):
                with self.subTest(f'{name} --{option}'):
                    self.assertTrue(re.search(rf'\bFl -{option}\b(?!-)', PAGE), f'add --{option} to contrib/man/kigen.1')
            seen += 1
        self.assertGreater(seen, 15)

    def test_keys_of_the_configuration(self):
        """The error about an unknown key lists the known ones."""
        self.make_store()
        for group in ('kigen', 'mail', 'web', 'profile x', 'product x'):
            (self.folder / 'kigen.conf').write_text(f'[{group}]\nqqqqqqqqqqqqqqqq = 1\n', encoding='utf-8')
            said = self.assert_refused(['rules'], 3, 'known are: ')
            for key in said.strip().partition('known are: ')[2].split(', '):
                with self.subTest(f'[{group}] {key}'):
                    self.assertRegex(CONF, rf'(?m)^\.It Cm (?:\w+ , )*{re.escape(key)}(?: |$)')


if __name__ == '__main__':
    unittest.main()
