#!/usr/bin/python3
"""How long publishing takes, beside what SQLite itself needs for the same outbox rows: tests/bench/publish.py KIGEN [ROUNDS]

big:   a plan that touches 50,000 organizations with 1,000,000 devices, against the sqlite3 shell's bare
       INSERT … SELECT over holding and contact that makes the same outbox rows in the same store (limit 2.0);
       and, for comparison, against a mere copy of the finished rows out of another table
small: a plan of 100 devices in a store of 1,000,000 devices, against one of 10,000 (limit 1.5)

Both sides of a ratio run in turn, each on a fresh copy of its store. Exit status 1 when a limit is broken."""

import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COLUMNS = 'organization, contact, channel, due_on, message_id, created_at'
TODAY = '2031-03-31'


def sql(store, script):
    return subprocess.run(['sqlite3', '-batch', '-init', '/dev/null', str(store)], input=script, text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def kigen(program, store, *words):
    subprocess.run([program, *words, '--store', str(store), '--by', 'bench', '--reason', 'bench'], check=True,
                   stdout=subprocess.DEVNULL, cwd=store.parent, env={**os.environ, 'KIGEN_TODAY': TODAY})


def make_store(program, path, organizations, devices):
    """Release BIG/1.0 with all devices, spread over the organizations; BIG/2.0 with 100, in 100 of them."""
    path.parent.mkdir()
    subprocess.run([program, 'init', '--simulation', '--uid-domain', 'kigen.example', '--store', str(path)], check=True,
                   stdout=subprocess.DEVNULL, cwd=path.parent)
    sql(path, f"""
      BEGIN;
      INSERT INTO product (id, code, name_ja, security_contact) VALUES (1, 'BIG', '装置', 'psirt@maker.example');
      INSERT INTO release (id, product, name) VALUES (1, 1, '1.0'), (2, 1, '2.0');
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {organizations})
        INSERT INTO organization (id, code, name_ja, role) SELECT i, 'H' || i, '病院' || i, 'hospital' FROM n;
      INSERT INTO contact (organization, name, email, escalation_order)
        SELECT id, '担当' || o.k, 'c' || id || '-' || o.k || '@h.example', o.k FROM organization, (SELECT 1 AS k UNION SELECT 2) o
        ORDER BY id;
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {devices})
        INSERT INTO device (product, release, serial, serial_key, organization)
        SELECT 1, 1 + (i <= 100), 'SN' || i, 'SN' || i, 1 + i % {organizations} FROM n;
      INSERT INTO holding SELECT release, organization, 'user', count(*), 1, hex(randomblob(16)), '2025-04-01', NULL,
        '2025-04-01T00:00:00Z' FROM device GROUP BY release, organization;
      COMMIT;""")
    for release in ('1.0', '2.0'):
        kigen(program, path, 'plan', 'set', f'BIG/{release}', 'general_availability=2021-04-01',
              'end_of_sale=2034-03-31', 'eol=2035-03-31', 'eos=2038-03-31', 'doc=LSP-1', 'duties=分離', 'lines=parts:2038-03-31')
    sql(path, 'PRAGMA wal_checkpoint(TRUNCATE); VACUUM; ANALYZE; DROP TABLE sqlite_stat1; PRAGMA wal_checkpoint(TRUNCATE);')


def fresh_copy(store, name):
    """A copy in a folder of its own, key and configuration included, and on the disk before the clock runs."""
    folder = store.parent.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(store.parent, folder)
    os.sync()
    return folder / store.name


def timed(run):
    """Seconds on the wall, and of processor time in the program that ran."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run()
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def publish(program, store, release):
    copy = fresh_copy(store, 'work')
    return timed(lambda: kigen(program, copy, 'plan', 'publish', f'BIG/{release}'))


def run_sql(store, script):
    copy = fresh_copy(store, 'work')
    return timed(lambda: sql(copy, script))


BARE = f"""INSERT INTO outbox ({COLUMNS})
  SELECT h.organization, c.id, c.channel, '{TODAY}', 'n1.r1.c' || c.id || '.o' || h.organization || '@kigen.example', '%s'
  FROM holding h JOIN contact c ON c.organization = h.organization AND c.escalation_order = 1
  WHERE h.release = 1 AND h.ended_on IS NULL;"""
COPY = f'INSERT INTO outbox ({COLUMNS}) SELECT {COLUMNS} FROM saved ORDER BY rowid;'


def save_rows(program, store):
    """A copy of the store that holds the rows that publishing BIG/1.0 makes, beside an empty outbox; and BARE made ready:
    it is checked to make exactly these rows."""
    copy = fresh_copy(store, 'saved')
    published = fresh_copy(store, 'published')
    kigen(program, published, 'plan', 'publish', 'BIG/1.0')
    sql(copy, f"ATTACH '{published}' AS p; CREATE TABLE saved AS SELECT {COLUMNS} FROM p.outbox; DETACH p;"
              'PRAGMA wal_checkpoint(TRUNCATE);')
    created = sql(copy, 'SELECT min(created_at) FROM saved;').strip()
    differing = sql(copy, f"""BEGIN; {BARE % created} SELECT count(*) FROM (SELECT {COLUMNS} FROM saved
        EXCEPT SELECT {COLUMNS} FROM outbox) UNION ALL SELECT count(*) - 50000 FROM outbox; ROLLBACK;""")
    if differing.split() != ['0', '0']:
        sys.exit(f'the bare statement makes other rows: {differing}')
    return copy, BARE % created


def compare(title, limit, rounds, ours, theirs):
    """Prints the medians of both, measured in turn, and their ratio; returns whether it keeps the limit (0: none)."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    a, b = ([statistics.median(values) * 1000 for values in zip(*side)] for side in zip(*pairs))
    print(f'{title}: {a[0]:.0f} ms against {b[0]:.0f} ms, ratio {a[0] / b[0]:.2f}' + (f' (limit {limit})' if limit else '')
          + f'; processor {a[1]:.0f} ms against {b[1]:.0f} ms, ratio {a[1] / b[1]:.2f}', flush=True)
    return not limit or a[0] / b[0] <= limit


def main(program, rounds=7):
    program = str(pathlib.Path(program).resolve())
    rounds = int(rounds)
    with tempfile.TemporaryDirectory(prefix='kigen-bench-') as folder:
        big = pathlib.Path(folder) / 'big' / 'kigen.db'
        small = pathlib.Path(folder) / 'small' / 'kigen.db'
        make_store(program, big, 50000, 1000000)
        make_store(program, small, 500, 10000)
        saved, statement = save_rows(program, big)
        kept = [
            compare('big: publish, bare INSERT … SELECT', 2.0, rounds,
                    lambda: publish(program, big, '1.0'), lambda: run_sql(big, statement)),
            compare('big: publish, copy of finished rows', 0, rounds,
                    lambda: publish(program, big, '1.0'), lambda: run_sql(saved, COPY)),
            compare('small: in 1,000,000 devices, in 10,000', 1.5, 3 * rounds,
                    lambda: publish(program, big, '2.0'), lambda: publish(program, small, '2.0')),
        ]
    return 0 if all(kept) else 1


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
