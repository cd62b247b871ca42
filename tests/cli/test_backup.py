#!/usr/bin/python3
"""backup and restore, in use, and killed in the middle."""

import fcntl
import os
import signal
import sqlite3
import stat
import subprocess
import threading
import time

from harness import CLEAN, KIGEN, Case, finish

WRITES = 1000
BLOBS, BLOB_SIZE = 60, 1_000_000  # makes a restore long enough to be killed in the middle


class Base(Case):
    def setUp(self):
        super().setUp()
        self.kigen('maker', 'set', 'name_ja=前')

    def hidden(self):
        """Files that a backup or restore makes on its way."""
        return [path.name for path in self.folder.iterdir() if path.name.startswith('.')]

    def maker(self, store='kigen.db'):
        return self.json('--store', store, 'maker', 'show')['name_ja']

    def fill(self, blobs):
        with sqlite3.connect(self.folder / 'kigen.db') as connection:
            connection.executemany('INSERT INTO template_set VALUES (?, ?)', ((f'{n}', os.urandom(BLOB_SIZE)) for n in range(blobs)))

    def break_trail(self):
        self.sql('DROP TRIGGER audit_update')
        self.sql("UPDATE audit SET day = '2020-01-01' WHERE id = 2")


class Backup(Base):
    def test_is_a_store_of_its_own_without_the_keys(self):
        made = self.json('backup', 'b.db')
        path = self.folder / 'b.db'
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual((made['bytes'], made['audit'], made['audit_rows']), (path.stat().st_size, 'holds', 3))
        self.assertEqual(self.maker('b.db'), '前')
        for ending in ('.key', '.sign-key'):
            self.assertNotIn((self.folder / f'kigen.db{ending}').read_bytes().strip(), path.read_bytes())
            self.assertIn(f'kigen.db{ending}', ' '.join(made['not_in_it']))
        self.assertEqual(self.hidden(), [])
        text = self.kigen('backup', 'c.db')
        self.assertIn('apart from the backups', text)
        self.assertEqual(sorted(path.name for path in self.folder.glob('c.db*')), ['c.db'])

    def test_is_readable_where_nothing_can_be_written(self):
        (self.folder / 'ro').mkdir()
        self.kigen('backup', 'ro/b.db')
        (self.folder / 'ro').chmod(0o500)
        self.addCleanup((self.folder / 'ro').chmod, 0o700)
        with sqlite3.connect(f'file:{self.folder}/ro/b.db?mode=ro', uri=True) as connection:
            self.assertEqual(connection.execute('PRAGMA journal_mode').fetchall(), [('delete',)])
            self.assertEqual(connection.execute('SELECT count(*) FROM audit').fetchall(), [(3,)])

    def test_overwrites_nothing_without_force(self):
        self.write('b.db', 'mine')
        self.assertIn('--force', self.refused('backup', 'b.db'))
        self.assertEqual((self.folder / 'b.db').read_text(), 'mine')
        self.kigen('backup', 'b.db', '--force')
        self.assertEqual(self.maker('b.db'), '前')
        self.assertIn('the store itself', self.refused('backup', 'kigen.db', '--force'))
        (self.folder / 'link.db').symlink_to('kigen.db')
        self.assertIn('the store itself', self.refused('backup', 'link.db', '--force'))
        (self.folder / 'folder').mkdir()
        self.assertIn('a directory', self.refused('backup', 'folder', '--force'))
        self.refused('backup', 'none/b.db', code=3)
        self.refused('backup', code=2)
        self.assertEqual(self.hidden(), [])

    def test_of_a_damaged_store_is_not_kept(self):
        self.kigen('backup', 'kept.db')
        self.sql('PRAGMA wal_checkpoint(TRUNCATE)')
        page, = self.sql("SELECT rootpage FROM sqlite_schema WHERE name = 'device'")[0]
        with open(self.folder / 'kigen.db', 'r+b') as file:
            file.seek((page - 1) * 4096)
            file.write(b'\xff' * 100)
        before = (self.folder / 'kept.db').read_bytes()
        self.assertIn('not kept', self.refused('backup', 'kept.db', '--force', code=3))
        self.assertEqual((self.folder / 'kept.db').read_bytes(), before)
        self.assertEqual(self.hidden(), [])

    def test_of_a_broken_trail_is_kept_and_told(self):
        self.break_trail()
        self.kigen('backup', 'b.db', code=1)
        self.assertIn('row 2 was edited', self.errors)
        self.assertTrue((self.folder / 'b.db').exists())

    def test_while_a_thousand_writes_run(self):
        """Each write moves two counters and commits, under the lock as kigen does; a backup sees both or none."""
        stop, between = threading.Event(), threading.Event()

        def write():
            connection = sqlite3.connect(self.folder / 'kigen.db', isolation_level=None)
            connection.execute('PRAGMA wal_autocheckpoint = 0')
            while self.writes < WRITES or not between.is_set():
                self.writes += 1
                with open(self.folder / 'kigen.db.lock', 'r+b') as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    connection.execute('BEGIN IMMEDIATE')
                    for scope in ('a', 'b'):
                        connection.execute('INSERT INTO change VALUES (?, 1) ON CONFLICT (scope) DO UPDATE SET n = n + 1', (scope,))
                    connection.execute('COMMIT')
            connection.close()
            stop.set()

        self.writes = 0
        writer = threading.Thread(target=write)
        writer.start()
        seen, number = [], 0
        while not stop.is_set() or number == 0:
            self.kigen('backup', f'b{number}.db')
            with sqlite3.connect(self.folder / f'b{number}.db') as connection:
                self.assertEqual(connection.execute('PRAGMA integrity_check').fetchall(), [('ok',)])
                seen.append(connection.execute("SELECT coalesce(max(n), 0), coalesce(min(n), 0) FROM change WHERE scope IN ('a', 'b')").fetchone())
            if seen[-1] > (0, 0):
                between.set()
            number += 1
        writer.join()
        for most, least in seen:
            self.assertEqual(most, least)
        self.assertEqual(sorted(seen), seen)
        self.assertGreaterEqual(self.writes, WRITES)
        self.assertTrue(between.is_set())
        self.assertEqual(self.sql("SELECT n FROM change WHERE scope = 'a'"), [(self.writes,)])


class Restore(Base):
    def setUp(self):
        super().setUp()
        self.kigen('backup', 'b.db')
        self.kigen('maker', 'set', 'name_ja=後')
        self.kigen('maker', 'set', 'phone=03')

    def test_brings_the_old_state_back_and_tells(self):
        reader = sqlite3.connect(self.folder / 'kigen.db')
        self.addCleanup(reader.close)
        self.assertEqual(reader.execute("SELECT value FROM maker WHERE field = 'name_ja'").fetchall(), [('後',)])
        changes = self.sql('SELECT sum(n) FROM change')[0][0] or 0
        head = self.kigen('audit', 'head')
        self.assertIn('--force', self.refused('restore', 'b.db'))
        self.assertEqual(self.maker(), '後')
        text = self.kigen('restore', 'b.db', '--force', '--by', '佐藤', '--reason', '誤操作')
        self.assertIn('reached row 5', text)
        self.assertEqual(self.maker(), '前')
        self.assertEqual(reader.execute("SELECT value FROM maker WHERE field = 'name_ja'").fetchall(), [('前',)])
        row = self.json('audit', 'list')[-1]
        self.assertEqual((row['id'], row['action'], row['actor'], row['payload']['why']), (4, 'restore', '佐藤', '誤操作'))
        self.assertEqual((row['payload']['file'], row['payload']['from']['row'], row['payload']['to']['row']), ('b.db', 5, 3))
        digest = subprocess.run(['sha256sum', 'b.db'], cwd=self.folder, capture_output=True, text=True, check=True).stdout.split()[0]
        self.assertEqual(row['payload']['sha256'], digest)
        self.kigen('audit', 'verify')
        self.assertIn('truncated', self.kigen('audit', 'verify', '--head', head, code=1))
        self.assertGreater(self.sql('SELECT sum(n) FROM change')[0][0], changes)
        self.assertEqual(self.json('doctor')['findings'], [])
        self.assertEqual(self.hidden(), [])

    def test_into_no_store_makes_one(self):
        made = self.json('--store', 'new.db', 'restore', 'b.db')
        self.assertEqual((made['made'], made['replaced_row']), (True, 0))
        self.assertIn('new.db.sign-key is missing', self.errors)
        self.assertEqual(self.maker('new.db'), '前')
        self.assertEqual(stat.S_IMODE((self.folder / 'new.db').stat().st_mode), 0o600)
        self.kigen('--store', 'new.db', 'maker', 'set', 'name_ja=新')

    def test_refuses_what_is_no_good_backup(self):
        def bad(name, *statements):
            (self.folder / name).write_bytes((self.folder / 'b.db').read_bytes())
            with sqlite3.connect(self.folder / name) as connection:
                for statement in statements:
                    connection.execute(statement)
            return name

        self.write('text.db', 'no database')
        page, = sqlite3.connect(self.folder / 'b.db').execute("SELECT rootpage FROM sqlite_schema WHERE name = 'device'").fetchone()
        damaged = bytearray((self.folder / 'b.db').read_bytes())
        damaged[(page - 1) * 4096:(page - 1) * 4096 + 100] = b'\xff' * 100
        (self.folder / 'damaged.db').write_bytes(damaged)
        (self.folder / 'short.db').write_bytes(damaged[:len(damaged) // 2])
        pages = self.folder / 'pages.db'
        with sqlite3.connect(self.folder / 'b.db') as connection:
            connection.execute('PRAGMA page_size = 8192')
            connection.execute(f"VACUUM INTO '{pages}'")
        for words, code, message in (
                (['text.db'], 3, 'not a kigen store'),
                (['absent.db'], 3, 'there is no store at'),
                (['kigen.db'], 1, 'the store itself'),
                (['damaged.db'], 3, 'damaged'),
                (['short.db'], 3, 'damaged'),
                (['pages.db'], 1, 'pages of 8192 bytes'),
                ([bad('foreign.db', 'PRAGMA application_id = 1')], 3, 'not a kigen store'),
                ([bad('newer.db', "INSERT INTO migration VALUES (999, 'x', 'y')")], 3, 'newer kigen'),
                ([bad('dangling.db', 'PRAGMA foreign_keys = OFF', "INSERT INTO release (product, name) VALUES (77, 'x')")], 3, 'refers to a row'),
                ([bad('edited.db', 'DROP TRIGGER audit_update', "UPDATE audit SET day = '2020-01-01' WHERE id = 2")], 1, 'row 2 was edited')):
            with self.subTest(words):
                self.assertIn(message, self.refused('restore', *words, '--force', code=code))
                self.assertEqual((self.maker(), self.hidden()), ('後', []))
                self.refused('--store', 'other.db', 'restore', *words, code=code) if words != ['kigen.db'] else None
                self.assertFalse((self.folder / 'other.db').exists())
        self.kigen('restore', 'edited.db', '--force', '--broken-trail')
        self.assertEqual(self.json('audit', 'list')[-1]['payload']['trail'], 'edited')

    def test_waits_for_a_writer_and_gives_up_in_time(self):
        with open(self.folder / 'kigen.db.lock', 'r+b') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn('another program is writing', self.refused('restore', 'b.db', '--force', code=3))
        self.assertEqual((self.maker(), self.hidden()), ('後', []))

    def test_says_what_waits_to_be_sent(self):
        self.sql("INSERT INTO organization (code, name_ja, role) VALUES ('H1', 'A病院', 'hospital')")
        self.sql("INSERT INTO outbox (organization, channel, due_on, message_id, created_at) VALUES (1, 'letter', '2026-12-01', 'x', 'y')")
        self.kigen('backup', 'waiting.db')
        self.assertIn('1 messages wait to be sent', self.kigen('restore', 'waiting.db', '--force'))


class RealStore(Base):
    simulation = False

    def test_no_other_day_than_the_real_one(self):
        self.kigen('backup', 'b.db')
        self.assertIn('KIGEN_TODAY', self.refused('restore', 'b.db', '--force', '--today', '2030-01-01'))
        self.kigen('restore', 'b.db', '--force')


class NoSpace(Base):
    """A backup of 10 MB, and disks of several sizes: too small for it, for the copy, for the transaction; large enough."""

    def setUp(self):
        super().setUp()
        self.fill(10)
        self.kigen('backup', 'b.db')

    def mount(self, size):
        small = self.folder / size
        small.mkdir()
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', str(small)], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f'NOT TESTED, no space left: a tmpfs cannot be mounted here ({mounted.stderr.strip()})')
        self.addCleanup(subprocess.run, ['umount', '-l', str(small)])
        return small

    def test_a_backup_that_does_not_fit_leaves_nothing(self):
        small = self.mount('4m')
        self.assertIn('no space left', self.refused('backup', small / 'b.db', code=3))
        self.assertEqual(list(small.iterdir()), [])

    def test_a_restore_that_does_not_fit_leaves_the_old_store(self):
        for size in ('4m', '14m', '40m'):
            with self.subTest(size):
                store = self.mount(size) / 'kigen.db'
                self.kigen('--store', store, 'init', '--simulation')
                self.kigen('--store', store, 'maker', 'set', 'name_ja=後')
                words = '--store', store, 'restore', 'b.db', '--force'
                if size == '40m':
                    self.kigen(*words)
                else:
                    self.assertIn('no space left', self.refused(*words, code=3))
                self.assertEqual(self.maker(store), '前' if size == '40m' else '後')
                self.kigen('--store', store, 'audit', 'verify')
                self.assertEqual([path.name for path in store.parent.iterdir() if path.name.startswith('.')], [])
                self.kigen('--store', store, 'maker', 'set', 'name_ja=続')


class Killed(Base):
    def setUp(self):
        super().setUp()
        self.fill(BLOBS)
        self.kigen('backup', 'b.db')
        self.kigen('maker', 'set', 'name_ja=後')
        self.sql('DELETE FROM template_set')

    def start(self):
        return subprocess.Popen([KIGEN, 'restore', 'b.db', '--force'], cwd=self.folder, env={**CLEAN, **self.environment},
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def state(self):
        """What is in the store, which must be whole."""
        self.assertEqual(self.sql('PRAGMA integrity_check'), [('ok',)])
        self.kigen('audit', 'verify')
        return self.maker(), self.sql('SELECT count(*) FROM template_set')[0][0]

    def log_size(self):
        path = self.folder / 'kigen.db-wal'
        return path.stat().st_size if path.exists() else 0

    def test_kill_in_the_middle_leaves_the_old_store_or_the_new_one(self):
        killed, states = 0, []
        self.sql('PRAGMA wal_checkpoint(TRUNCATE)')
        for share in (0.0, 0.2, 0.5, 0.8, 0.95):
            run = self.start()
            while run.poll() is None and self.log_size() <= share * BLOBS * BLOB_SIZE:
                time.sleep(0.001)
            run.kill()
            run.wait()
            run.stderr.close()
            killed += run.returncode == -signal.SIGKILL
            states.append(self.state())
        self.assertGreaterEqual(killed, 3, states)
        self.assertLessEqual(set(states), {('後', 0), ('前', BLOBS)})
        self.assertIn(('後', 0), states)
        left = [finding['row'].rpartition('/')[2] for finding in self.json('doctor', code=1)['findings']]
        self.assertEqual(sorted(left), sorted(name for name in self.hidden() if name.count('.') == 3))
        self.kigen('restore', 'b.db', '--force')
        self.assertEqual(self.state(), ('前', BLOBS))

    def test_interrupt_leaves_the_old_store_and_nothing_else(self):
        run = self.start()
        while run.poll() is None and not self.hidden():
            time.sleep(0.001)
        run.send_signal(signal.SIGINT)
        said = run.communicate()[1].decode()
        if run.returncode == 0:
            self.skipTest('it was done before the signal came')
        self.assertEqual(run.returncode, 3, said)
        self.assertIn('interrupted', said)
        self.assertEqual((self.state(), self.hidden()), (('後', 0), []))


if __name__ == '__main__':
    finish()
