"""Drives the real program: a store in a folder of its own, commands run in it, what it holds looked at from outside."""

import fcntl
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(os.environ.get('KIGEN_SOURCE_ROOT', pathlib.Path(__file__).resolve().parents[2]))
BINARY = str(pathlib.Path(os.environ.get('KIGEN', ROOT / 'build/kigen')).resolve())
SHARED = ROOT.parent / 'shared'
SAMPLE = ROOT / 'contrib/sample'
TODAY = '2026-11-24'  # a Tuesday: what the tests in simulation stores call today
# What a message was rendered from, its parts included: c is message_context.
CONTEXT = ("c.context || coalesce((SELECT group_concat(p.json, '') FROM message_part m JOIN context_part p ON p.id = m.part "
           'WHERE m.outbox = c.outbox), \'\')')
NOBODY = 65534
STRICT = bool(os.environ.get('KIGEN_TEST_STRICT'))  # a tool that is not there is a failure then, not a skip

KINDS = ('products', 'lifecycles', 'organizations', 'contacts', 'devices', 'custody')


def needs(tool, package):
    """What a test says that runs a tool of a Debian package: without it the test is skipped, or fails where STRICT."""
    found = shutil.which(tool, path=f'{os.environ["PATH"]}:/usr/sbin')
    return unittest.skipUnless(found or STRICT, f'NOT TESTED: {tool} is not installed (apt-get install {package})')


class Case(unittest.TestCase):
    """A test with a folder and a store in it (made by make_store)."""

    maxDiff = 4000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='kigen-e2e-'))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.store = self.folder / 'kigen.db'
        self.today = None  # what KIGEN_TODAY says, when set

    def environment(self, **more):
        kept = {key: value for key, value in os.environ.items() if not key.startswith('KIGEN_')}
        if self.today:
            kept['KIGEN_TODAY'] = self.today
        return {**kept, 'KIGEN_STORE': f'sqlite:{self.store}', 'LC_ALL': 'C.UTF-8', 'NO_COLOR': '1', **more}

    def run_kigen(self, *arguments, env=None, binary=BINARY, **options):
        """Runs kigen in the folder; no terminal, no input. Returns the CompletedProcess with text."""
        options.setdefault('stdin', subprocess.DEVNULL)
        options.setdefault('timeout', 120)
        return subprocess.run([str(binary), *map(str, arguments)], cwd=self.folder, env=env or self.environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8', errors='replace',
                              **options)

    def kigen(self, *arguments, expect=0, **options):
        """The same, and the exit code is asserted. Returns standard output."""
        done = self.run_kigen(*arguments, **options)
        self.assertEqual(expect, done.returncode,
                         f'kigen {" ".join(map(str, arguments))}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}')
        return done.stdout

    def kigen_json(self, *arguments, **options):
        return json.loads(self.kigen('--json', *arguments, **options))

    def start_kigen(self, *arguments, **options):
        process = subprocess.Popen([BINARY, *map(str, arguments)], cwd=self.folder, env=self.environment(),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   encoding='utf-8', errors='replace', **options)
        self.addCleanup(end, process)
        return process

    def make_store(self, simulation=True):
        self.kigen('init', *(['--simulation'] if simulation else []), '--uid-domain', 'kigen.suirei-medical.example')
        self.kigen('maker', 'set', '--file', SAMPLE / 'maker.conf', '--by', '早瀬')

    def import_sample(self, kinds=KINDS):
        for kind in kinds:
            self.kigen('import', kind, SAMPLE / f'{kind}.csv', '--by', '早瀬')

    def write(self, name, content):
        """A file in the folder; text is UTF-8. Returns its path."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def looked_at(self, store=None):
        """A connection to a copy of the store, so that looking changes nothing."""
        store = store or self.store
        copy = pathlib.Path(tempfile.mkdtemp(prefix='kigen-look-'))
        self.addCleanup(shutil.rmtree, copy, ignore_errors=True)
        for suffix in ('', '-wal'):
            if pathlib.Path(f'{store}{suffix}').exists():
                shutil.copy(f'{store}{suffix}', copy / f'kigen.db{suffix}')
        return sqlite3.connect(copy / 'kigen.db')

    def query(self, sql, *values, store=None):
        db = self.looked_at(store)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def count(self, table, where='true'):
        return self.query(f'SELECT count(*) FROM {table} WHERE {where}')[0][0]

    def state(self, store=None):
        """A digest of everything the store holds."""
        db = self.looked_at(store)
        try:
            digest = hashlib.sha256()
            for statement in db.iterdump():
                digest.update(statement.encode() + b'\n')
            return digest.hexdigest()
        finally:
            db.close()

    def assert_sound(self, store=None):
        self.assertEqual([('ok',)], self.query('PRAGMA integrity_check', store=store))
        self.assertEqual([], self.query('PRAGMA foreign_key_check', store=store))

    def assert_refused(self, arguments, expect, *patterns, **options):
        """The command exits with `expect`, says what each pattern asks for, and leaves the store as it was and sound."""
        before = self.state()
        done = self.run_kigen(*arguments, **options)
        said = done.stdout + done.stderr
        self.assertEqual(expect, done.returncode, said[-3000:])
        for pattern in patterns:
            self.assertRegex(said[-20000:], pattern)
        self.assertNotRegex(said, re.compile(r'CRITICAL|WARNING \*\*|Assertion|Sanitizer'))
        self.assertEqual(before, self.state(), 'the store has changed')
        self.assert_sound()
        return said


def end(process):
    if process.poll() is None:
        process.kill()
    process.communicate()


class Held:
    """Holds the store's write lock, as another kigen that writes would."""

    def __init__(self, store):
        self.file = open(f'{store}.lock', 'a+b')

    def __enter__(self):
        fcntl.flock(self.file, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_):
        self.file.close()


def wait_until_locked(store, process, seconds=60):
    """Returns True once somebody (that is, `process`) holds the store's write lock; False when it ended before."""
    deadline = time.monotonic() + seconds
    with open(f'{store}.lock', 'a+b') as file:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            fcntl.flock(file, fcntl.LOCK_UN)
            time.sleep(0.001)
    return False


def as_nobody():
    """For preexec_fn: root reads and writes everything, so permissions are tried as somebody else."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def many_devices(path, rows, organizations=20):
    """A devices.csv of `rows` units, and beside it the organizations and the release that they need."""
    folder = path.parent
    (folder / 'big-products.csv').write_text('product,name_ja,name_en\nBIG,大量装置,Big\n', encoding='utf-8')
    (folder / 'big-lifecycles.csv').write_text('product,name,release\nBIG,大量装置,B1\n', encoding='utf-8')
    (folder / 'big-organizations.csv').write_text('organization,name_ja,role\n' + ''.join(
        f'B{i},第{i}病院,hospital\n' for i in range(organizations)), encoding='utf-8')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('product,release,serial,organization,department\n')
        for i in range(rows):
            file.write(f'BIG,B1,SN{i:08d},B{i % organizations},ICU\n')


__all__ = ['BINARY', 'Case', 'Held', 'KINDS', 'NOBODY', 'ROOT', 'SAMPLE', 'SHARED', 'TODAY', 'as_nobody', 'end', 'many_devices', 'signal',
           'wait_until_locked']
