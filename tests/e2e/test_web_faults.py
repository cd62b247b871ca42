#!/usr/bin/python3
"""What must not stop kigen web, nor make it say anything wrong: a store that is replaced, locked, deleted or out of space, a
kill, a thousand idle and two hundred dripping clients, wrong tokens, malformed requests, clocks, a plan revised meanwhile."""

import http.client
import os
import random
import resource
import signal
import socket
import sqlite3
import threading
import time
import unittest

from kigen import TODAY, Held
from serving import ORGANIZATION, PLAN, Serving

WRONG_TOKENS = 100_000
PIPELINE = 100
ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'


class Store(Serving):
    """The store fails; who has a calendar keeps it."""

    def setUp(self):
        super().setUp()
        self.serve()
        self.good = self.get()
        self.assertEqual(200, self.good.status)
        self.other = self.kigen('feed', 'create', 'H0102', '--by', '早瀬').strip().split('/', 3)[3]

    def assert_last_good(self):
        answer = self.get()
        self.assertEqual((200, self.good.body, self.good['ETag']), (answer.status, answer.body, answer['ETag']))
        self.assertEqual(304, self.get(If_None_Match=self.good['ETag']).status)

    def move_store(self, store=None):
        away = self.folder / 'away'
        away.mkdir(exist_ok=True)
        for suffix in ('', '-wal', '-shm'):
            path = self.folder / f'kigen.db{suffix}'
            if path.exists():
                path.rename(away / path.name)
        return away

    def test_deleted_and_put_back(self):
        away = self.move_store()
        self.let_it_look()
        self.assertEqual(503, self.get('/healthz').status)
        for _ in range(50):
            self.assert_last_good()
        answer = self.get('/' + self.other)
        self.assertEqual((503, '60'), (answer.status, answer['Retry-After']))
        self.assertIn('kigen.db', self.said())
        self.assertLess(len(self.said().splitlines()), 10, 'not a line a request')
        for path in away.iterdir():
            path.rename(self.folder / path.name)
        self.let_it_look()
        self.assertEqual(200, self.get('/healthz').status)
        self.assertEqual(200, self.get('/' + self.other).status)
        self.assert_last_good()
        self.assert_no_token()

    def test_replaced_by_another_store(self):
        """The other store knows nothing of the old token: what was served from the old one is not served from it."""
        self.move_store()
        for path in self.folder.glob('kigen.db.*'):
            path.rename(self.folder / 'away' / path.name)
        self.kigen('init', '--simulation', '--uid-domain', 'other.example')
        self.let_it_look()
        self.assertEqual(404, self.get().status)
        self.assertEqual(404, self.get(If_None_Match=self.good['ETag']).status)
        self.stop()

    def test_replaced_by_rubbish(self):
        self.move_store()
        (self.folder / 'kigen.db').write_bytes(os.urandom(100_000))
        self.let_it_look()
        self.assertEqual(503, self.get('/healthz').status)
        self.assert_last_good()
        self.assertEqual(503, self.get('/' + self.other).status)

    def test_overwritten_in_place(self):
        with open(self.folder / 'kigen.db', 'r+b') as file:
            size = file.seek(0, 2)
            file.seek(0)
            file.write(os.urandom(size))
        for suffix in ('-wal', '-shm'):
            (self.folder / f'kigen.db{suffix}').unlink(missing_ok=True)
        self.let_it_look()
        self.assert_last_good()
        self.assertIn(self.get('/' + self.other).status, (200, 503))  # SQLite may have had all of it in its cache
        self.stop()

    def test_locked_by_a_writer(self):
        """kigen's own lock keeps writers apart, and no reader away."""
        with Held(self.store):
            self.assertEqual(200, self.get('/' + self.other).status)
            self.assert_last_good()
        self.assert_quiet()

    def test_locked_by_another_program(self):
        """A foreign write transaction keeps no reader away, whatever it is called."""
        other = sqlite3.connect(self.store, isolation_level=None)
        self.addCleanup(other.close)
        other.execute('BEGIN EXCLUSIVE')
        start = time.monotonic()
        for _ in range(50):
            self.assert_last_good()
        self.assertEqual(200, self.get('/' + self.other).status)
        self.assertLess(time.monotonic() - start, 10)
        other.execute('ROLLBACK')
        self.assert_quiet()

    def test_a_store_that_somebody_has_for_himself_is_said(self):
        self.stop()
        other = sqlite3.connect(self.store, isolation_level=None)
        self.addCleanup(other.close)
        other.execute('PRAGMA locking_mode = EXCLUSIVE')
        other.execute('BEGIN IMMEDIATE')
        done = self.run_kigen('web', '--listen', '127.0.0.1:0')
        self.assertEqual(3, done.returncode)
        self.assertIn('another program is using it', done.stderr)

    def test_no_space(self):
        """A reader writes nothing: with the disk full for every write, calendars go on."""
        def no_space():
            resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))  # SQLite's shared memory needs 32 KiB
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.stop()
        self.serve(preexec_fn=no_space)
        self.assert_last_good()
        self.assertEqual(200, self.get('/' + self.other).status)
        self.kigen('plan', 'withdraw', PLAN, '--by', '早瀬', '--reason', '誤り')
        self.until(lambda: b'STATUS:CANCELLED' in self.get('/products/SIP-20.ics').body)
        self.assert_quiet()

    def test_killed_and_started_again(self):
        for _ in range(3):
            self.web.send_signal(signal.SIGKILL)
            self.web.wait()
            self.serve()
            self.assert_last_good()
        self.assert_sound()
        self.stop()
        self.assert_quiet()


class Clients(Serving):
    def drip(self, clients, stop):
        """A byte to each now and then, for ever."""
        while not stop.wait(0.5):
            for client in clients:
                try:
                    client.send(b'a')
                except OSError:
                    pass

    def test_idle_and_dripping_clients(self):
        """1,000 idle and 200 dripping connections, while good clients go on, and the drippers are cut off in the end."""
        self.configure(deadline_seconds=4, idle_seconds=60)
        self.serve()
        idle = [self.connect() for _ in range(1000)]
        dripping = [self.connect() for _ in range(200)]
        for client in dripping:
            client.sendall(f'GET {self.path} HTTP/1.1\r\nHost: x\r\nX-Slow: '.encode())
        stop = threading.Event()
        dripper = threading.Thread(target=self.drip, args=(dripping, stop))
        dripper.start()
        try:
            slowest = 0
            for _ in range(200):
                start = time.monotonic()
                self.assertEqual(200, self.get().status)
                slowest = max(slowest, time.monotonic() - start)
            self.assertLess(slowest, 3)
            self.until(lambda: self.metric('kigen_web_connections') < 10, 20)
        finally:
            stop.set()
            dripper.join()
            for client in idle + dripping:
                client.close()
        self.assertEqual(200, self.get().status)
        self.assert_quiet()

    def test_a_client_has_only_so_many_connections(self):
        self.configure(trusted_proxies='none', connections_per_client=20)
        self.serve()
        mine = [self.connect(source='127.0.0.2') for _ in range(20)]
        time.sleep(0.3)
        self.assertEqual(b'', self.raw(b'GET /robots.txt HTTP/1.0\r\n\r\n', source='127.0.0.2'))
        self.assertEqual(200, self.get(source='127.0.0.3').status)
        mine.pop().close()
        self.until(lambda: self.raw(b'GET /robots.txt HTTP/1.0\r\n\r\n', source='127.0.0.2') != b'')
        for client in mine:
            client.close()

    def test_all_connections_are_taken(self):
        """The ones that wait longest make room: a good client is never kept out for long."""
        self.configure(connections=64, threads=1, idle_seconds=600, deadline_seconds=600)
        self.serve()
        idle = [self.connect() for _ in range(60)]
        for _ in range(20):
            self.assertEqual(200, self.get(timeout=5).status)
        more = [self.connect() for _ in range(60)]
        self.assertEqual(200, self.get(timeout=5).status)
        for client in idle + more:
            client.close()

    def test_wrong_tokens(self):
        """100,000 guesses: each is 404, none fills the memory, a right one is answered in between."""
        self.serve()
        self.get()
        rng = random.Random(1)
        codes = {}
        with self.connect() as client:
            client.settimeout(30)
            start = time.monotonic()
            for _ in range(WRONG_TOKENS // PIPELINE):
                client.sendall(b''.join(
                    b'GET /feeds/%s.ics HTTP/1.1\r\nHost: x\r\n\r\n' % ''.join(rng.choices(ALPHABET, k=43)).encode()
                    for _ in range(PIPELINE)))
                self.take(client, PIPELINE, codes)
            spent = time.monotonic() - start
        self.assertEqual({b'404': WRONG_TOKENS}, codes)
        self.assertLess(spent, 150)
        self.assertEqual(200, self.get().status)
        self.assertEqual(1, self.metric('kigen_web_cached_feeds'))
        self.assert_quiet()

    def test_wrong_tokens_of_pages(self):
        """The same of pages: none finds its way to the renderer; one that was revoked says so."""
        page = self.kigen('page', 'create', ORGANIZATION, '--by', '早瀬').strip().split('/', 3)[3]
        self.serve()
        rng = random.Random(2)
        codes = {}
        with self.connect() as client:
            client.settimeout(30)
            for _ in range(WRONG_TOKENS // PIPELINE):
                client.sendall(b''.join(
                    b'GET /h/%s HTTP/1.1\r\nHost: x\r\n\r\n' % ''.join(rng.choices(ALPHABET, k=43)).encode()
                    for _ in range(PIPELINE)))
                self.take(client, PIPELINE, codes)
        self.assertEqual({b'404': WRONG_TOKENS}, codes)
        self.assertEqual(200, self.get('/' + page).status)
        self.assertEqual(0, self.metric('kigen_web_cached_feeds'), 'a page is kept nowhere')
        self.kigen('page', 'revoke', ORGANIZATION, '--by', '早瀬')
        self.let_it_look()
        gone = self.get('/' + page)
        self.assertEqual((410, 'no-store'), (gone.status, gone['Cache-Control']))
        self.assertIn('このページの URL は無効', gone.body.decode())
        self.assert_quiet()
        self.assertNotIn(page.split('/')[-1], self.said())

    def take(self, client, answers, codes):
        """Reads so many answers of the same short text, and counts their statuses."""
        data = b''
        while data.count(b'There is nothing here.\n') < answers:
            piece = client.recv(1 << 20)
            self.assertTrue(piece)
            data += piece
        for line in data.split(b'HTTP/1.1 ')[1:]:
            codes[line[:3]] = codes.get(line[:3], 0) + 1


class Malformed(Serving):
    GOOD = b'GET /robots.txt HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nIf-None-Match: "a"\r\n\r\n'

    def corpus(self):
        """300 requests: a good one with bytes lost, doubled, changed, moved, cut off, or with a piece put in."""
        rng = random.Random(20261124)
        pieces = [b'\r\n', b'\n', b'\r', b'\0', b' ', b'\t', b':', b'Content-Length: 5\r\n', b'Content-Length: -1\r\n',
                  b'Transfer-Encoding: chunked\r\n', b'Host: y\r\n', b'\xff\xfe', b'%00', b'../', b'HTTP/1.1', b'A' * 20000,
                  b'Expect: 100-continue\r\n', b'Upgrade: h2c\r\nConnection: Upgrade\r\n', b'Range: bytes=0-1\r\n', b'"', b'W/']
        for number in range(300):
            data = bytearray(self.GOOD)
            for _ in range(rng.randint(1, 4)):
                at = rng.randrange(len(data)) if data else 0
                kind = rng.randrange(5)
                if kind == 0:
                    del data[at:at + rng.randint(1, 8)]
                elif kind == 1:
                    data[at:at] = data[at:at + rng.randint(1, 20)]
                elif kind == 2 and data:
                    data[at] = rng.randrange(256)
                elif kind == 3:
                    data[at:at] = rng.choice(pieces)
                else:
                    del data[at:]
            yield number, bytes(data) + (b'\r\n\r\n' if number % 2 else b'')

    def test_corpus(self):
        self.configure(deadline_seconds=2, idle_seconds=2)
        self.serve()
        for number, data in self.corpus():
            with self.connect() as client, self.subTest(number, data=data):
                client.settimeout(0.05)
                try:
                    client.sendall(data)
                    client.shutdown(socket.SHUT_WR)
                    answer = client.recv(65536)
                except OSError:
                    answer = b''
                self.assertRegex(answer, rb'^(HTTP/1\.[01] (100|200|304|400|404|405|411|413|414|431|500|501|505) |$)')
        self.assertEqual(200, self.get().status)
        self.stop()
        self.assert_quiet()


class Time(Serving):
    def test_clock_back_and_forth(self):
        """Another day may show another calendar; never a broken one, and never 304 for what a client does not have."""
        self.serve()
        seen = {}
        for day in (TODAY, '2026-11-25', '2026-11-23', TODAY, '2026-11-23', '2026-11-25'):
            self.stop()
            self.today = day
            self.serve()
            answer = self.get()
            self.assertEqual(200, answer.status)
            seen.setdefault(day, set()).add(answer['ETag'])
            for etag in {etag for etags in seen.values() for etag in etags}:
                self.assertEqual(304 if etag == answer['ETag'] else 200, self.get(If_None_Match=etag).status)
        self.assertEqual([1, 1, 1], [len(etags) for etags in seen.values()])
        self.assert_quiet()


class Revision(Serving):
    REQUESTS = 10_000

    def test_a_plan_revised_during_ten_thousand_requests(self):
        """Each answer is wholly the old calendar or wholly the new one, and once the new one is out no old one follows late."""
        self.serve()
        old = self.get('/products/SIP-20.ics').body
        bodies, counts, lock = {}, [0], threading.Lock()
        revised = threading.Event()

        def ask():
            connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
            while True:
                with lock:
                    counts[0] += 1
                    number = counts[0]
                if number > self.REQUESTS:
                    break
                if number > self.REQUESTS * 9 // 10:  # however long the revision takes: some ask when it has been made
                    revised.wait(60)
                    time.sleep(max(0, self.visible - time.monotonic()))
                after = revised.is_set() and time.monotonic() > self.visible
                connection.request('GET', '/products/SIP-20.ics')
                answer = connection.getresponse()
                body = answer.read()
                with lock:
                    bodies.setdefault((answer.status, body), set()).add(after)
            connection.close()

        clients = [threading.Thread(target=ask) for _ in range(4)]
        for client in clients:
            client.start()
        self.until(lambda: counts[0] > self.REQUESTS // 10, 60)
        self.kigen('plan', 'withdraw', PLAN, '--by', '早瀬', '--reason', '誤り')
        self.visible = time.monotonic() + 0.1
        revised.set()
        for client in clients:
            client.join()
        new = self.get('/products/SIP-20.ics').body
        self.assertNotEqual(old, new)
        self.assertEqual({(200, old), (200, new)}, set(bodies))
        self.assertEqual({False}, bodies[200, old], 'the old one more than 100 ms later')
        self.assertIn(True, bodies[200, new])
        self.assert_quiet()


if __name__ == '__main__':
    unittest.main()
