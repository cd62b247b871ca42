#!/usr/bin/python3
"""How fast feeds are served, beside nginx and Radicale: tests/bench/web.py KIGEN [SECONDS]

one:      200 answers of a feed of 20 events (wrk), beside nginx serving the same bytes as a file with open_file_cache   (0.9)
same:     304 answers of it (h2load --h1), beside nginx                                                                  (0.9)
many:     50,000 different feeds at random once warm, beside the same number of requests for one of them                 (0.7)
cold:     feeds that are not in memory (2,000 of them, with cache_mib = 1), beside Radicale answering a calendar of the
          same events (15)
visible:  from the end of the command that withdraws a plan until a client sees it                                       (100 ms)
delivery: the rate of `one` while kigen deliver hands 20,000 messages to a maildir, beside the rate without               (0.8)

Ratios of one run over the loopback, both sides in turn, medians of 3. The processors are shared with the clients, which
cost both sides alike. Needs nginx, wrk, h2load (nghttp2-client) and radicale. Exit status 1 when a limit is missed."""

import hashlib
import http.client
import os
import pathlib
import random
import re
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

TODAY = '2026-11-24'
FEEDS = 50_000
THREADS, CONNECTIONS = 2, 32


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as listening:
        return listening.getsockname()[1]


def run(*words, cwd=None, **options):
    return subprocess.run([*map(str, words)], cwd=cwd, check=True, capture_output=True, text=True, **options).stdout


class Bench:
    def __init__(self, program, seconds):
        self.program, self.seconds = program, seconds
        self.temporary = tempfile.TemporaryDirectory(prefix='kigen-bench-web-')
        self.folder = pathlib.Path(self.temporary.name)
        self.store = self.folder / 'kigen.db'
        self.processes, self.missed = [], []

    def kigen(self, *words):
        return run(self.program, *words, cwd=self.folder, env={**os.environ, 'KIGEN_TODAY': TODAY, 'KIGEN_STORE': str(self.store)})

    def sql(self, script):
        db = sqlite3.connect(self.store)
        db.executescript(script)
        db.close()

    def make_store(self):
        """5 releases with 4 dates each at H1: 20 events. 50,000 organizations with one release each: 4 events."""
        self.kigen('init', '--simulation', '--uid-domain', 'kigen.example')
        plan = ("'published', '2022-04-01', '2028-03-31', '2034-03-31', '2037-03-31', 'LS-1', 'b', '2026-04-01T00:00:00Z', "
                "'2026-04-01', '2026-04-01T00:00:00Z'")
        self.sql(f"""
BEGIN;
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < {FEEDS + 1})
INSERT INTO organization (id, code, name_ja, role, language) SELECT i, 'H' || i, '第' || i || '病院', 'hospital', 'ja' FROM n;
INSERT INTO product (id, code, name_ja) VALUES (1, 'CT', 'CT装置');
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 105)
INSERT INTO release (id, product, name) SELECT i, 1, 'X' || i FROM n;
INSERT INTO support_plan (release, revision, state, general_availability, end_of_sale, eol, eos, limited_support_doc, author,
 created_at, published_on, published_at) SELECT id, 1, {plan} FROM release;
INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)
 SELECT id, 1, 'user', 3, 1, 'h1-' || id, '2025-01-01', '2026-01-01T00:00:00Z' FROM release WHERE id <= 5;
INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)
 SELECT 6 + id % 100, id, 'user', 1, 1, 'h' || id, '2025-01-01', '2026-01-01T00:00:00Z' FROM organization WHERE id > 1;
COMMIT;""")
        self.path = '/' + self.kigen('feed', 'create', 'H1', '--by', 'bench').strip().split('/', 3)[3]

    def make_feeds(self):
        """Tokens are hashed as link_key_token_hash does; kigen feed create would take 50,000 processes."""
        rng = random.Random(1)
        alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        tokens = [''.join(rng.choices(alphabet, k=43)) for _ in range(FEEDS)]
        db = sqlite3.connect(self.store)
        db.executemany("INSERT INTO feed (id, organization, language, token_hash, created_at) VALUES (?, ?, 'ja', ?, "
                       "'2026-04-01T00:00:00Z')",
                       [(i + 2, i + 2, hashlib.blake2b(token.encode(), digest_size=32).digest())
                        for i, token in enumerate(tokens)])
        db.commit()
        db.close()
        self.paths = [f'/feeds/{token}.ics' for token in tokens]
        (self.folder / 'paths.txt').write_text('\n'.join(self.paths) + '\n')
        (self.folder / 'random.lua').write_text(f"""
local paths = {{}}
for line in io.lines('{self.folder}/paths.txt') do paths[#paths + 1] = line end
local counter = 0
function setup(thread) thread:set('id', counter); counter = counter + 1 end
function init() math.randomseed(42 + id) end
local last
function request() last = wrk.format('GET', paths[1]); return wrk.format('GET', paths[math.random(#paths)]) end
""")
        (self.folder / 'one.lua').write_text(f"""
local paths = {{}}
for line in io.lines('{self.folder}/paths.txt') do paths[#paths + 1] = line end
local last
function request() last = wrk.format('GET', paths[math.random(#paths)]); return wrk.format('GET', paths[1]) end
""")

    def start(self, *words, **options):
        process = subprocess.Popen([*map(str, words)], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True, env={**os.environ, 'KIGEN_TODAY': TODAY, 'KIGEN_STORE': str(self.store)}, **options)
        self.processes.append(process)
        return process

    def serve(self):
        (self.folder / 'kigen.conf').write_text('[web]\ncache_mib = 512\n')
        self.web = self.start(self.program, 'web', '--listen', '127.0.0.1:0')
        self.port = int(re.search(r':(\d+)/', self.web.stdout.readline()).group(1))

    def get(self, path, port=None):
        connection = http.client.HTTPConnection('127.0.0.1', port or self.port, timeout=60)
        connection.request('GET', path, headers={'Authorization': 'Basic dXNlcjp4'})  # Radicale asks for a name
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def serve_nginx(self, body):
        (self.folder / 'www').mkdir()
        (self.folder / 'www/feed.ics').write_bytes(body)
        os.chmod(self.folder, 0o755)
        self.nginx_port = free_port()
        (self.folder / 'nginx.conf').write_text(f"""
worker_processes 2; daemon off; pid {self.folder}/nginx.pid; error_log /dev/null crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
  open_file_cache max=1000 inactive=60s; open_file_cache_valid 60s;
  types {{ text/calendar ics; }}
  add_header X-Content-Type-Options nosniff; add_header Referrer-Policy no-referrer; add_header X-Robots-Tag noindex;
  add_header Cache-Control "private, no-cache"; add_header Vary Accept-Encoding;
  server {{ listen 127.0.0.1:{self.nginx_port}; root {self.folder}/www; }}
}}""")
        self.start('nginx', '-c', self.folder / 'nginx.conf', '-p', self.folder)
        time.sleep(1)
        assert self.get('/feed.ics', self.nginx_port)[1] == body

    def wrk(self, port, path='/', script=None):
        text = run('wrk', '-t', THREADS, '-c', CONNECTIONS, '-d', f'{self.seconds}s', *(['-s', script] if script else []),
                   f'http://127.0.0.1:{port}{path}')
        assert 'Non-2xx' not in text, text
        return float(re.search(r'Requests/sec:\s+([\d.]+)', text).group(1))

    def h2load(self, port, path, etag):
        text = run('h2load', '--h1', '-t', THREADS, '-c', CONNECTIONS, '-n', 20000 * self.seconds, '-H', f'If-None-Match: {etag}',
                   f'http://127.0.0.1:{port}{path}')
        assert re.search(r'status codes: 0 2xx, [1-9]\d* 3xx, 0 4xx, 0 5xx', text), text
        return float(re.search(r'([\d.]+) req/s', text).group(1))

    def say(self, name, ours, theirs, bound):
        ratio = ours / theirs
        good = ratio >= bound
        print(f'{name:10} {ours:10,.0f} beside {theirs:10,.0f} = {ratio:6.2f}   at least {bound}{"" if good else "   MISSED"}', flush=True)
        if not good:
            self.missed.append(name)

    def turns(self, *sides, rounds=3):
        """Medians of the sides, in turn."""
        results = [[side() for side in sides] for _ in range(rounds)]
        return [statistics.median(column) for column in zip(*results)]

    def one_and_same(self):
        answer, body = self.get(self.path)
        print(f'a feed of {body.count(b"BEGIN:VEVENT")} events, {len(body):,} bytes')
        self.serve_nginx(body)
        theirs = self.get('/feed.ics', self.nginx_port)[0].headers['ETag']
        self.say('one', *self.turns(lambda: self.wrk(self.port, self.path), lambda: self.wrk(self.nginx_port, '/feed.ics')), 0.9)
        self.say('same', *self.turns(lambda: self.h2load(self.port, self.path, answer.headers['ETag']),
                                     lambda: self.h2load(self.nginx_port, '/feed.ics', theirs)), 0.9)

    def resident(self):
        return int(re.search(r'VmRSS:\s+(\d+)', pathlib.Path(f'/proc/{self.web.pid}/status').read_text()).group(1)) / 1024

    def metric(self, name):
        return int(re.search(rf'^{name} (\d+)$', self.get('/metrics')[1].decode(), re.M).group(1))

    def walk(self, paths, port):
        """Asks for each once over one connection; requests a second."""
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=60)
        start = time.perf_counter()
        for path in paths:
            connection.request('GET', path)
            assert connection.getresponse().read().endswith(b'END:VCALENDAR\r\n')
        connection.close()
        return len(paths) / (time.perf_counter() - start)

    def many(self):
        before = self.resident()
        self.walk(self.paths, self.port)
        self.say('many', *self.turns(lambda: self.wrk(self.port, '/', self.folder / 'random.lua'),
                                     lambda: self.wrk(self.port, '/', self.folder / 'one.lua')), 0.7)
        print(f'           {self.metric("kigen_web_cached_feeds"):,} feeds in memory, counted as '
              f'{self.metric("kigen_web_cached_bytes") / 2**20:.0f} MiB; resident {before:.0f} → {self.resident():.0f} MiB')

    def bounded(self):
        """With 32 MiB for what needs much more."""
        self.web.terminate()
        self.web.wait()
        (self.folder / 'kigen.conf').write_text('[web]\ncache_mib = 32\n')
        self.web = self.start(self.program, 'web', '--listen', '127.0.0.1:0')
        self.port = int(re.search(r':(\d+)/', self.web.stdout.readline()).group(1))
        before = self.resident()
        self.walk(self.paths[:20000], self.port)
        print(f'bounded    cache_mib = 32: {self.metric("kigen_web_cached_feeds"):,} feeds, resident {before:.0f} → {self.resident():.0f} MiB')

    def cold(self):
        """A calendar of 20 events, anew each time, beside Radicale's of the same."""
        storage = self.folder / 'radicale'
        port = free_port()
        (self.folder / 'radicale.conf').write_text(
            f'[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = owner_write\n[web]\ntype = none\n'
            f'[storage]\nfilesystem_folder = {storage}\n[logging]\nlevel = error\n')
        self.start('radicale', '--config', self.folder / 'radicale.conf')
        body = self.get(self.path)[1]
        for _ in range(100):
            try:
                connection = http.client.HTTPConnection('127.0.0.1', port, timeout=60)
                connection.request('PUT', '/user/feed/', body.replace(b'METHOD:PUBLISH\r\n', b''), {
                    'Content-Type': 'text/calendar', 'Authorization': 'Basic dXNlcjp4'})
                assert connection.getresponse().status in (201, 204)
                break
            except OSError:
                time.sleep(0.1)

        (self.folder / 'radicale.lua').write_text("wrk.headers['Authorization'] = 'Basic dXNlcjp4'\n")
        assert self.get('/user/feed/', port)[1].count(b'BEGIN:VEVENT') == body.count(b'BEGIN:VEVENT')
        # With 1 MiB nearly every answer finds its feed gone from memory.
        (self.folder / 'small.conf').write_text('[web]\ncache_mib = 1\n')
        process = self.start('/usr/bin/env', f'KIGEN_CONFIG={self.folder}/small.conf', self.program, 'web', '--listen', '127.0.0.1:0')
        small = int(re.search(r':(\d+)/', process.stdout.readline()).group(1))
        (self.folder / 'twins.txt').write_text('\n'.join(self.twins) + '\n')
        (self.folder / 'twins.lua').write_text((self.folder / 'random.lua').read_text().replace('paths.txt', 'twins.txt'))
        self.say('cold', *self.turns(lambda: self.wrk(small, '/', self.folder / 'twins.lua'),
                                     lambda: self.wrk(port, '/user/feed/', self.folder / 'radicale.lua')), 15)
        process.terminate()

    def make_twins(self):
        tokens = [f'{"twin" + str(i):A>43}' for i in range(2000)]
        db = sqlite3.connect(self.store)
        db.executemany("INSERT INTO feed (organization, language, token_hash, created_at) VALUES (1, 'ja', ?, "
                       "'2026-04-01T00:00:00Z')",
                       [(hashlib.blake2b(token.encode(), digest_size=32).digest(),) for token in tokens])
        db.commit()
        db.close()
        self.twins = [f'/feeds/{token}.ics' for token in tokens]

    def visible(self):
        latest = []
        for release in range(1, 6):
            old = self.get(self.path)[0].headers['ETag']
            self.kigen('plan', 'withdraw', f'CT/X{release}', '--by', 'bench', '--reason', 'bench')
            start = time.perf_counter()
            while self.get(self.path)[0].headers['ETag'] == old:
                pass
            latest.append((time.perf_counter() - start) * 1000)
        good = max(latest) <= 100
        print(f'visible    after {", ".join(f"{ms:.0f}" for ms in latest)} ms   at most 100{"" if good else "   MISSED"}')
        if not good:
            self.missed.append('visible')

    def delivery(self):
        """Mails and letters of 41 plans, to 20,500 organizations."""
        self.sql("INSERT INTO contact (organization, name, email) SELECT id, '担当', 'c' || id || '@hospital.example' "
                 "FROM organization WHERE id > 1 AND id <= 20001")
        self.kigen('maker', 'set', 'name_ja=水鈴', 'email=info@maker.example', '--by', 'bench')
        self.sql("""UPDATE product SET security_contact = 'psirt@maker.example';
INSERT INTO support_plan (id, release, revision, state, general_availability, end_of_sale, eol, eos, limited_support_doc,
 limited_support_duties, author, created_at) SELECT 1000 + id, id, 2, 'draft', '2022-04-01', '2028-03-31', '2034-03-31',
 '2038-03-31', 'LS-1', '院内のネットワークから分けてお使いください', 'b', '2026-11-24T00:00:00Z' FROM release WHERE id > 5 AND id <= 46;
INSERT INTO service_line (plan, kind, until) SELECT id, 'security-updates', '2038-03-31' FROM support_plan WHERE id > 1000;""")
        done = subprocess.run([self.program, 'plan', 'publish', '--all', '--keep-going', '--by', 'bench', '--reason', 'bench'],
                              cwd=self.folder, env={**os.environ, 'KIGEN_TODAY': TODAY, 'KIGEN_STORE': str(self.store)},
                              capture_output=True, text=True)
        waiting = self.metric(r'kigen_outbox_messages\{state="pending"\}')
        assert waiting > 10_000, f'only {waiting} messages to deliver:\n{done.stdout[-2000:]}{done.stderr[-2000:]}'
        process = self.start(self.program, 'deliver', '--once', '--transport', f'maildir:{self.folder}/out', start_new_session=True)
        time.sleep(0.5)
        accepted, spent = [], []

        def beside():
            before, start = self.metric(r'kigen_outbox_messages\{state="accepted"\}'), time.perf_counter()
            rate = self.wrk(self.port, self.path)
            accepted.append(self.metric(r'kigen_outbox_messages\{state="accepted"\}') - before)
            spent.append(time.perf_counter() - start)
            return rate

        def alone():
            """The delivery, its senders too, stands still meanwhile."""
            os.killpg(process.pid, signal.SIGSTOP)
            try:
                return self.wrk(self.port, self.path)
            finally:
                os.killpg(process.pid, signal.SIGCONT)

        rates = self.turns(beside, alone)
        print(f'           {waiting:,} messages, {sum(accepted) / sum(spent):,.0f} a second went out meanwhile'
              f'{"" if process.poll() is None else "; the delivery had ended before the last turn"}')
        self.say('delivery', *rates, 0.8)

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
        self.temporary.cleanup()


def main(program, seconds=5):
    bench = Bench(str(pathlib.Path(program).resolve()), int(seconds))
    try:
        bench.make_store()
        bench.make_feeds()
        bench.make_twins()
        bench.serve()
        bench.one_and_same()
        bench.cold()
        bench.visible()
        bench.many()
        bench.delivery()
        bench.bounded()
    finally:
        bench.close()
    return 1 if bench.missed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
