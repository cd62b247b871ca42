#!/usr/bin/python3
"""How fast mails go out, and what a long queue costs: tests/bench/deliver.py relay|list|queue BUILD [ROUNDS [MESSAGES]]

relay: so many announcements (10,000), one to each hospital, composed from its own devices and with a durable outcome
       each, over 8 connections to smtp-sink, beside what smtp-source sends over 8 connections to the same sink: as many
       messages of the same size, made of nothing and kept nowhere (at least 0.5 of its rate)

list:  the same beside mlmmj, the list manager, delivering one post of that size to as many members through the same sink (at
       least 3 times as fast); it takes minutes a round, one by default
queue: the next 100 of 1,000,000 waiting messages are leased, commit and all, beside the next 100 of 10,000 (at most 1.5 times
       as long); and what a manager has in memory that delivers out of the 1,000,000 (at most 64 MB)

Both sides run in turn; a ratio is the median of the pairs. BUILD is a build folder (meson setup --buildtype=release) in which
kigen and tests/bench/bench_lease are built. Stores lie in TMPDIR, which should be a disk. Exit status 1 when a bound is broken."""

import os
import pathlib
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

CONNECTIONS = 8
MESSAGES = 10000
DELIVERED = 5000  # out of the long queue, before its manager's memory is looked at
TODAY = '2031-03-31'
RELAY_BOUND, LIST_BOUND, LEASE_BOUND, MEMORY_BOUND = 0.5, 3, 1.5, 64


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Sink:
    """postfix's smtp-sink on a free port of the loopback, which takes every mail and forgets it."""

    def __init__(self):
        self.port = free_port()
        user = ['-u', 'nobody'] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(['/usr/sbin/smtp-sink', *user, '-c', f'127.0.0.1:{self.port}', '1000'],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                socket.create_connection(('127.0.0.1', self.port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.01)
        sys.exit('smtp-sink does not start')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def kigen(program, store, *words):
    done = subprocess.run([program, *words, '--store', str(store)], capture_output=True, text=True, cwd=store.parent,
                          env={**os.environ, 'KIGEN_TODAY': TODAY})
    if done.returncode != 0:
        sys.exit(f'kigen {" ".join(words)}: {done.stdout}{done.stderr}')
    return done.stdout


def make_store(program, path, messages):
    """A plan is announced to so many hospitals, each with three devices and one contact."""
    path.parent.mkdir()
    kigen(program, path, 'init', '--simulation', '--uid-domain', 'kigen.example')
    sample = pathlib.Path(__file__).parents[2] / 'contrib/sample/maker.conf'
    kigen(program, path, 'maker', 'set', '--file', str(sample), '--by', 'bench')
    subprocess.run(['sqlite3', '-batch', '-bail', '-init', '/dev/null', str(path)], text=True, check=True, stdout=subprocess.DEVNULL,
                   input=f"""
      BEGIN;
      INSERT INTO product (id, code, name_ja, security_contact) VALUES (1, 'BIG', '据置型CT装置', 'psirt@maker.example');
      INSERT INTO release (id, product, name) VALUES (1, 1, '1.0');
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages})
        INSERT INTO organization (id, code, name_ja, role) SELECT i, 'H' || i, '第' || i || '病院', 'hospital' FROM n;
      INSERT INTO contact (organization, name, email) SELECT id, '担当' || id, 'c' || id || '@h.example' FROM organization;
      INSERT INTO device (product, release, serial, serial_key, organization)
        SELECT 1, 1, 'SN' || id || '-' || k, 'SN' || id || '-' || k, id FROM organization, (SELECT 1 AS k UNION SELECT 2 UNION SELECT 3);
      INSERT INTO holding SELECT release, organization, 'user', count(*), 1, hex(randomblob(16)), '2025-04-01', NULL,
        '2025-04-01T00:00:00Z' FROM device GROUP BY release, organization;
      COMMIT;""")
    kigen(program, path, 'plan', 'set', 'BIG/1.0', 'general_availability=2021-04-01', 'end_of_sale=2034-03-31', 'eol=2035-03-31',
          'eos=2038-03-31', 'doc=LSP-1', 'duties=ネットワークから分離する', 'lines=security-updates:2038-03-31;parts:2037-03-31', '--by', 'bench')
    kigen(program, path, 'plan', 'publish', 'BIG/1.0', '--by', 'bench', '--reason', 'bench')


def fresh_copy(store, name):
    """A copy in a folder of its own, and on the disk before the clock runs."""
    folder = store.parent.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(store.parent, folder)
    os.sync()
    return folder / store.name


def accepted(store):
    with sqlite3.connect(store) as db:
        return db.execute("SELECT count(*) FROM outbox WHERE state = 'accepted'").fetchone()[0]


def mail_size(program, store):
    """Octets of one of these mails."""
    copy = fresh_copy(store, 'size')
    kigen(program, copy, 'deliver', '--once', '--transport', 'maildir:inbox')
    sizes = [entry.stat().st_size for entry in os.scandir(copy.parent / 'inbox/new')]
    shutil.rmtree(copy.parent)
    return int(statistics.median(sizes))


def ours(program, store, messages):
    copy = fresh_copy(store, 'work')
    with Sink() as sink:
        start = time.perf_counter()
        kigen(program, copy, 'deliver', '--once', '--transport', f'smtp://127.0.0.1:{sink.port}', '--connections', str(CONNECTIONS))
        seconds = time.perf_counter() - start
    if accepted(copy) != messages:
        sys.exit(f'{accepted(copy)} of {messages} were accepted')
    return messages / seconds


def theirs(messages, size):
    with Sink() as sink:
        start = time.perf_counter()
        subprocess.run(['/usr/sbin/smtp-source', '-d', '-s', str(CONNECTIONS), '-m', str(messages), '-l', str(size),
                        f'127.0.0.1:{sink.port}'], check=True)
        return messages / (time.perf_counter() - start)


def make_list(folder, members, size, port):
    """A list of mlmmj, and a post of `size` octets in its queue."""
    for name in ('incoming', 'queue/discarded', 'archive', 'text', 'subconf', 'unsubconf', 'bounce', 'control', 'moderation',
                 'subscribers.d', 'digesters.d', 'requeue', 'nomailsubs.d'):
        (folder / name).mkdir(parents=True)
    for name, text in (('listaddress', 'notice@maker.example'), ('owner', 'owner@maker.example'), ('relayhost', '127.0.0.1'),
                       ('smtpport', str(port)), ('delimiter', '+')):
        (folder / 'control' / name).write_text(text + '\n')
    (folder / 'subscribers.d/c').write_text(''.join(f'c{i}@h.example\n' for i in range(members)))
    post = folder / 'queue/post'
    post.write_text('From: notice@maker.example\nTo: notice@maker.example\nSubject: notice\nMessage-ID: <post@maker.example>\n\n' + ('x' * 71 + '\n') * (size // 73))
    return post


def list_manager(messages, size):
    """mlmmj hands one post to as many members, one mail each."""
    with tempfile.TemporaryDirectory(prefix='kigen-bench-') as folder, Sink() as sink:
        post = make_list(pathlib.Path(folder) / 'list', messages, size, sink.port)
        os.sync()
        start = time.perf_counter()
        subprocess.run(['/usr/bin/mlmmj-send', '-L', str(post.parent.parent), '-m', str(post)], check=True)
        return messages / (time.perf_counter() - start)


def bench_relay(build, rounds, messages):
    program = build / 'kigen'
    with tempfile.TemporaryDirectory(prefix='kigen-bench-') as folder:
        store = pathlib.Path(folder) / 'store' / 'kigen.db'
        make_store(program, store, messages)
        size = mail_size(program, store)
        pairs = [(ours(program, store, messages), theirs(messages, size)) for _ in range(rounds)]
    a, b = (statistics.median(side) for side in zip(*pairs))
    ratio = statistics.median(x / y for x, y in pairs)
    print(f'relay: {messages} mails of {size} octets, {a:.0f} a second, smtp-source {b:.0f}: ratio {ratio:.2f} (at least {RELAY_BOUND}); '
          f'pairs {", ".join(f"{x / y:.2f}" for x, y in pairs)}')
    return ratio >= RELAY_BOUND


def peak_memory(program, store):
    """MB that the manager alone had at most, having delivered for a while; its senders have their own."""
    with Sink() as sink:
        service = subprocess.Popen([program, 'deliver', '--store', str(store), '--connections', str(CONNECTIONS), '--transport',
                                    f'smtp://127.0.0.1:{sink.port}'], stdout=subprocess.DEVNULL, cwd=store.parent,
                                   env={**os.environ, 'KIGEN_TODAY': TODAY})
        deadline = time.monotonic() + 600
        while accepted(store) < DELIVERED and service.poll() is None and time.monotonic() < deadline:
            time.sleep(1)
        text = pathlib.Path(f'/proc/{service.pid}/status').read_text()
        service.terminate()
        service.wait()
    if accepted(store) < DELIVERED:
        sys.exit(f'only {accepted(store)} were accepted')
    return int(re.search(r'VmHWM:\s+(\d+) kB', text).group(1)) / 1024


def bench_list(build, rounds, messages):
    program = build / 'kigen'
    with tempfile.TemporaryDirectory(prefix='kigen-bench-') as folder:
        store = pathlib.Path(folder) / 'store' / 'kigen.db'
        make_store(program, store, messages)
        size = mail_size(program, store)
        pairs = [(ours(program, store, messages), list_manager(messages, size)) for _ in range(rounds)]
    a, b = (statistics.median(side) for side in zip(*pairs))
    ratio = statistics.median(x / y for x, y in pairs)
    print(f'list: {messages} mails of {size} octets, {a:.0f} a second, mlmmj {b:.0f}: ratio {ratio:.1f} (at least {LIST_BOUND})')
    return ratio >= LIST_BOUND


def bench_queue(build, rounds, _):
    program = build / 'kigen'
    with tempfile.TemporaryDirectory(prefix='kigen-bench-') as folder:
        small, big = (pathlib.Path(folder) / name / 'kigen.db' for name in ('small', 'big'))
        make_store(program, small, 10000)
        make_store(program, big, 1000000)
        memory = peak_memory(program, fresh_copy(big, 'work'))
        done = subprocess.run([build / 'tests/bench/bench_lease', small, big, str(6 * rounds)], check=True, stdout=subprocess.PIPE, text=True)
        a, b, ratio = map(float, done.stdout.split())
    print(f'queue: the next 100 of 1,000,000 in {b:.0f} µs, of 10,000 in {a:.0f} µs: ratio {ratio:.2f} (at most {LEASE_BOUND}); '
          f'memory of the manager {memory:.1f} MB (at most {MEMORY_BOUND})')
    return ratio <= LEASE_BOUND and memory <= MEMORY_BOUND


BENCHES = {'relay': (bench_relay, 7), 'list': (bench_list, 1), 'queue': (bench_queue, 7)}


if __name__ == '__main__':
    if not 3 <= len(sys.argv) <= 5 or sys.argv[1] not in BENCHES:
        sys.exit(__doc__)
    bench, usual = BENCHES[sys.argv[1]]
    given = [int(word) for word in sys.argv[3:]]
    sys.exit(0 if bench(pathlib.Path(sys.argv[2]).resolve(), *(given + [usual, MESSAGES][len(given):])) else 1)
