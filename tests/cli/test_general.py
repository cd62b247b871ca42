#!/usr/bin/python3
"""What holds for every command: help, usage, exit codes, where output goes."""

import os
import subprocess

from harness import CLEAN, KIGEN, Case, finish


class General(Case):
    def commands(self):
        text = self.kigen('--help')
        return [line.split()[0] for line in text.split('Commands:\n')[1].split('\n\n')[0].splitlines()]

    def test_every_command_has_help(self):
        self.assertIn('init', self.commands())
        for name in self.commands():
            text = self.kigen(name, '--help')
            self.assertTrue(text.startswith(f'Usage: kigen {name}'), text)
            self.assertEqual(self.kigen('help', name), text)
            self.assertLessEqual(max(map(len, text.splitlines())), 130, name)

    def test_subcommands_have_help(self):
        self.assertIn('Usage: kigen plan set', self.kigen('plan', 'set', '--help'))
        self.assertEqual(self.kigen('help', 'plan', 'set'), self.kigen('plan', '-h', 'set'))

    def test_version(self):
        self.assertRegex(self.kigen('--version'), r'^kigen \d+\.\d+\.\d+\n$')

    def test_without_a_command_help_goes_to_standard_error(self):
        self.assertEqual(self.kigen(code=2), '')
        self.assertIn('Commands:', self.errors)

    def test_wrong_usage_is_2_with_a_suggestion(self):
        for words, message in [
                (['tiemline'], 'unknown command tiemline: did you mean timeline?'),
                (['plan', 'shwo'], 'unknown command plan shwo: did you mean plan show?'),
                (['frobnicate'], 'unknown command frobnicate: kigen help lists them'),
                (['rules', '--profil', 'jp'], 'unknown option --profil: did you mean --profile?'),
                (['plan', 'set', 'A/1'], 'kigen plan set: something is missing: kigen plan set PRODUCT/RELEASE FIELD=VALUE…'),
                (['rules', 'LSP-1', 'LSP-2a'], 'kigen rules: "LSP-2a" is too much: kigen rules [ID]'),
                (['timeline', '--from', '48304'], '--from: '),
                (['--today', 'tomorrow', 'timeline'], '--today: '),
                (['--store', 'mysql://x', 'timeline'], ''),
        ]:
            self.assertIn(message, self.refused(*words, code=2))

    def test_a_missing_store_is_3_and_says_what_to_do(self):
        self.assertIn('kigen init', self.refused('--store', 'sqlite:none.db', 'timeline', code=3))

    def test_options_stand_before_and_after_the_command(self):
        before = self.kigen('--json', '--store', 'kigen.db', 'maker', 'show')
        self.assertEqual(self.kigen('maker', '--json', 'show', '--store=kigen.db'), before)

    def test_a_full_standard_output_is_3(self):
        with open('/dev/full', 'w') as full:
            run = subprocess.run([KIGEN, 'rules'], stdout=full, stderr=subprocess.PIPE, env=CLEAN, cwd=self.folder)
        self.assertEqual(run.returncode, 3)
        self.assertIn(b'standard output', run.stderr)

    def test_a_reader_that_goes_away_is_no_error(self):
        reader, writer = os.pipe()
        os.close(reader)
        run = subprocess.run([KIGEN, 'rules'], stdout=writer, stderr=subprocess.PIPE, env=CLEAN, cwd=self.folder)
        os.close(writer)
        self.assertEqual((run.returncode, run.stderr), (0, b''))

    def test_no_colour_off_terminals(self):
        self.kigen('rules')
        self.assertNotIn('\033', self.kigen('rules', 'LSP-1') + self.errors)

    def test_arguments_must_be_utf8(self):
        run = subprocess.run([KIGEN.encode(), b'rules', b'\xff'], capture_output=True, env=CLEAN, cwd=self.folder)
        self.assertEqual(run.returncode, 2)


if __name__ == '__main__':
    finish()
