#!/usr/bin/python3
"""A store that is none, is newer, read-only, full or busy; signals in the middle of an import."""

import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import unittest

from kigen import BINARY, SAMPLE, Case, Held, as_nobody, many_devices, wait_until_locked

ROWS = 150_000


class BadStore(Case):
    def test_missing(self):
        done = self.run_kigen('check')
        self.assertEqual(3, done.returncode)
        self.assertRegex(done.stderr, r'kigen\.db')
        self.assertRegex(done.stderr, r'kigen init')
        self.assertFalse(self.store.exists())

    def test_not_a_database(self):
        content = b'product,name_ja\nX,not a database at all\n' * 200
        self.store.write_bytes(content)
        for arguments in (['check'], ['import', 'products', SAMPLE / 'products.csv'], ['init']):
            with self.subTest(arguments):
                done = self.run_kigen(*arguments)
                self.assertIn(done.returncode, (1, 3))
                self.assertRegex(done.stderr, r'kigen\.db')
                self.assertEqual(content, self.store.read_bytes())

    def test_somebody_elses_database(self):
        db = sqlite3.connect(self.store)
        db.execute('CREATE TABLE product (id INTEGER)')
        db.commit()
        db.close()
        content = self.store.read_bytes()
        done = self.run_kigen('import', 'products', SAMPLE / 'products.csv')
        self.assertEqual(3, done.returncode)
        self.assertRegex(done.stderr, r'kigen\.db')
        self.assertEqual(content, self.store.read_bytes())

    def test_init_twice(self):
        self.make_store()
        self.assert_refused(['init'], 1, r'kigen\.db', r'already')

    def test_newer_schema(self):
        self.make_store()
        db = sqlite3.connect(self.store)
        db.execute("INSERT INTO migration VALUES (9999, 'future', '2030-01-01T00:00:00Z')")
        db.commit()
        db.close()
        self.assert_refused(['check'], 3, r'kigen\.db', r'newer')
        self.assert_refused(['import', 'products', SAMPLE / 'products.csv'], 3, r'newer', r'9999')

    def test_truncated(self):
        self.make_store()
        self.import_sample()
        self.kigen('check', expect=1)
        with sqlite3.connect(self.store) as db:  # everything into the one file
            db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        db.close()
        size = self.store.stat().st_size
        os.truncate(self.store, size // 2 // 4096 * 4096)
        done = self.run_kigen('import', 'devices', SAMPLE / 'devices.csv')
        self.assertEqual(3, done.returncode)
        self.assertRegex(done.stderr, r'kigen\.db')

    def test_read_only(self):
        self.make_store()
        with sqlite3.connect(self.store) as db:
            db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        db.close()
        before = self.state()
        shutil.copy(BINARY, self.folder / 'kigen')  # nobody may not reach where we were built
        shutil.copy(SAMPLE / 'products.csv', self.folder)
        for path in self.folder.iterdir():
            path.chmod(0o555)
        self.folder.chmod(0o555)
        try:
            done = self.run_kigen('import', 'products', self.folder / 'products.csv', binary=self.folder / 'kigen',
                                  preexec_fn=as_nobody)
        finally:
            self.folder.chmod(0o755)
        self.assertEqual(3, done.returncode, done.stdout + done.stderr)
        self.assertRegex(done.stderr, r'kigen\.db')
        self.assertRegex(done.stderr, r'read-only|permission|Permission|not permitted|writ')
        self.assertEqual(before, self.state())
        self.assert_sound()


class Full(Case):
    def setUp(self):
        super().setUp()
        self.small = self.folder / 'small'
        self.small.mkdir()
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', str(self.small)],
                                 capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f'NOT TESTED, no space left: a tmpfs cannot be mounted here ({mounted.stderr.strip()})')
        self.addCleanup(subprocess.run, ['umount', '-l', str(self.small)])
        self.store = self.small / 'kigen.db'

    def test_no_space_left(self):
        self.make_store()
        self.import_sample(('products', 'lifecycles', 'organizations'))
        devices = self.folder / 'devices.csv'
        many_devices(devices, 60_000)
        for kind in ('products', 'lifecycles', 'organizations'):
            self.kigen('import', kind, self.folder / f'big-{kind}.csv')
        self.assert_refused(['import', 'devices', devices], 3, r'kigen\.db', r'space|full')
        # room made, or a smaller job: the store goes on
        self.kigen('import', 'contacts', SAMPLE / 'contacts.csv')
        self.assertEqual(48, self.count('contact'))


class Busy(Case):
    def setUp(self):
        super().setUp()
        self.make_store()

    def test_second_writer_stays(self):
        with Held(self.store):
            began = time.monotonic()
            self.assert_refused(['import', 'products', SAMPLE / 'products.csv'], 3, r'kigen\.db', r'writ|lock|busy')
            self.assertLess(time.monotonic() - began, 60)
        self.kigen('import', 'products', SAMPLE / 'products.csv')

    def test_second_writer_ends(self):
        held = Held(self.store)
        held.__enter__()
        timer = threading.Timer(1.5, held.__exit__)
        timer.start()
        try:
            self.kigen('import', 'products', SAMPLE / 'products.csv')
        finally:
            timer.join()
        self.assertEqual(6, self.count('product'))

    def test_foreign_writer(self):
        """The sqlite3 shell in the middle of a transaction does not know our lock."""
        db = sqlite3.connect(self.store, isolation_level=None)
        db.execute('BEGIN IMMEDIATE')
        try:
            self.assert_refused(['import', 'products', SAMPLE / 'products.csv'], 3, r'kigen\.db', r'writ|lock|busy')
        finally:
            db.execute('ROLLBACK')
            db.close()

    def test_readers_go_on(self):
        self.import_sample(('products', 'lifecycles'))
        with Held(self.store):
            self.kigen('plan', 'show', 'SIP-20/SIP-25')


class Interrupted(Case):
    """Signals that arrive in the middle of a large import."""

    def setUp(self):
        super().setUp()
        self.make_store()
        self.devices = self.folder / 'devices.csv'
        many_devices(self.devices, ROWS)
        for kind in ('products', 'lifecycles', 'organizations'):
            self.kigen('import', kind, self.folder / f'big-{kind}.csv')

    def send(self, which, after):
        """Starts the import, sends `which` `after` seconds after it began to write. Returns (exit code, said)."""
        process = self.start_kigen('import', 'devices', self.devices)
        self.assertTrue(wait_until_locked(self.store, process), 'the import never wrote')
        time.sleep(after)
        process.send_signal(which)
        out, err = process.communicate(timeout=60)
        return process.returncode, out + err

    def assert_before_or_after(self, before):
        self.assert_sound()
        count = self.count('device')
        self.assertIn(count, (0, ROWS))
        if count == 0:
            self.assertEqual(before, self.state())
        else:
            self.assertEqual(ROWS, self.query('SELECT sum(count) FROM holding')[0][0])
        return count

    def test_interrupt(self):
        before = self.state()
        code, said = self.send(signal.SIGINT, 0.05)
        self.assertEqual(0, self.assert_before_or_after(before), 'the signal came too late for a file of this size')
        self.assertRegex(said, r'[Ii]nterrupt')
        self.assertRegex(said, r'nothing was stored|as (it was )?before')
        self.assertRegex(said, r'again')
        self.assertIn(code, (1, 3, 130))

    def test_terminate(self):
        before = self.state()
        code, _ = self.send(signal.SIGTERM, 0.1)
        self.assertNotEqual(0, code)
        self.assert_before_or_after(before)

    def test_kill(self):
        before = self.state()
        for after in (0, 0.02, 0.1, 0.3, 0.6, 1.0):
            with self.subTest(after=after):
                self.send(signal.SIGKILL, after)
                if self.assert_before_or_after(before) == ROWS:
                    break
        self.kigen('import', 'devices', self.devices)
        self.assertEqual(ROWS, self.count('device'))
        self.assert_sound()


class PublishKilled(Case):
    """Publishing is one transaction: revision, notice and messages, or nothing."""

    ORGANIZATIONS = 20_000

    def test_kill(self):
        self.make_store()
        devices = self.folder / 'devices.csv'
        many_devices(devices, self.ORGANIZATIONS, organizations=self.ORGANIZATIONS)
        for kind in ('products', 'lifecycles', 'organizations'):
            self.kigen('import', kind, self.folder / f'big-{kind}.csv')
        self.kigen('import', 'devices', devices)
        self.kigen('plan', 'set', 'BIG/B1', 'eol=2034-03-31', 'eos=2037-03-31', 'doc=LS-1', 'duties=点検',
                   'lines=parts:2037-03-31', '--reason', '新規')
        self.write('contact.csv', 'product,name_ja,name_en,security_contact\nBIG,大量装置,Big,psirt@maker.example\n')
        self.kigen('import', 'products', self.folder / 'contact.csv')
        before = self.state()
        publish = ['plan', 'publish', 'BIG/B1', '--by', '早瀬', '--reason', '初回公表']
        for after in (0, 0.01, 0.05, 0.1, 0.2, 0.4):
            process = self.start_kigen(*publish)
            if wait_until_locked(self.store, process):
                time.sleep(after)
            process.kill()
            process.communicate()
            self.assert_sound()
            published = self.count('support_plan', "state = 'published'")
            self.assertEqual((published * self.ORGANIZATIONS, published),
                             (self.count('outbox'), self.count('notice')))
            if published:
                break
            self.assertEqual(before, self.state())
        else:
            self.kigen(*publish)
            self.assertEqual(self.ORGANIZATIONS, self.count('outbox'))


if __name__ == '__main__':
    unittest.main()
