"""What the scripts of this folder share: a store in a folder of its own, and the program run on it.

A script imports Store and finish, makes stores, and calls methods that assert; finish() ends it."""

import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

KIGEN = os.environ['KIGEN_BINARY']
ROOT = pathlib.Path(os.environ['KIGEN_SOURCE_ROOT'])
TODAY = '2026-12-01'
# What a message was rendered from, its parts included: c is message_context.
CONTEXT = ("c.context || coalesce((SELECT group_concat(p.json, '') FROM message_part m JOIN context_part p ON p.id = m.part "
           'WHERE m.outbox = c.outbox), \'\')')

CLEAN = {name: value for name, value in os.environ.items()
         if not name.startswith(('KIGEN_', 'LC_', 'LANG')) or name in ('KIGEN_BINARY', 'KIGEN_SOURCE_ROOT')}


class Case(unittest.TestCase):
    """A test with an own folder and, in it, the store kigen.db of a simulation, on the day TODAY."""

    simulation = True
    today = TODAY
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='kigen-cli-'))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {'KIGEN_TODAY': self.today} if self.simulation else {}
        self.kigen('init', *(['--simulation'] if self.simulation else []), '--uid-domain', 'kigen.test')

    def run_kigen(self, *words, environment=None, text=None):
        """The finished process: returncode, stdout, stderr."""
        return subprocess.run([KIGEN, *map(str, words)], cwd=self.folder, input=text, capture_output=True, encoding='utf-8',
                              env={**CLEAN, 'LANG': 'C.UTF-8', **self.environment, **(environment or {})}, timeout=110)

    def kigen(self, *words, code=0, environment=None, text=None):
        """Standard output of a run that must end with `code`; an error must say so, and only an error."""
        run = self.run_kigen(*words, environment=environment, text=text)
        self.assertEqual(run.returncode, code, f'kigen {" ".join(map(str, words))}\n{run.stdout}\n{run.stderr}')
        self.errors = run.stderr
        return run.stdout

    def json(self, *words, code=0):
        """The one JSON document that `--json` prints."""
        return json.loads(self.kigen('--json', *words, code=code))

    def refused(self, *words, code=1):
        """Standard error of a run that is refused with `code`, and says so in the program's name."""
        self.kigen(*words, code=code)
        self.assertTrue(self.errors.startswith('kigen: '), self.errors)
        return self.errors

    def sql(self, statement, *values):
        """Rows of a statement run beside the program, as any other program would."""
        store = self.environment.get('KIGEN_STORE', 'kigen.db').removeprefix('sqlite:')
        # Closed at once: one that is closed whenever Python tidies up removes files that the test's end removes too.
        with contextlib.closing(sqlite3.connect(self.folder / store)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def write(self, name, text, encoding='utf-8'):
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def add_release(self, product, release, security_contact='psirt@maker.example'):
        self.sql('INSERT OR IGNORE INTO product (code, name_ja, security_contact) VALUES (?, ?, ?)', product,
                 f'{product}装置', security_contact)
        self.sql('INSERT INTO release (product, name) SELECT id, ? FROM product WHERE code = ?', release, product)


def finish():
    unittest.main(argv=[sys.argv[0]], verbosity=2)
