#!/usr/bin/python3
"""How long `plan impact` takes, beside bare SQL that only counts whom the plan concerns: tests/bench/impact.py KIGEN [ROUNDS]

big:    a first plan of 50,000 organizations with 1,000,000 devices, against the sqlite3 shell counting the devices and
        organizations concerned in the same store, from the devices (limit 2.0); and, for comparison, from the holdings,
        which kigen keeps so that nobody has to look at a million devices
change: the same plan published and told to everybody, and one date given on the command line (limit 2.0)
small:  a plan of 100 devices in a store of 1,000,000 devices, against one of 10,000 (limit 1.5)

Whole processes: kigen with its start, configuration and JSON, the shell with its own. Both sides of a ratio run in turn; the
counts are checked to be the same. Exit status 1 when a limit is broken."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from publish import TODAY, compare, fresh_copy, kigen, make_store, sql, timed

DEVICES = """SELECT sum(quantity), count(DISTINCT organization) FROM device
  WHERE (release = 1 OR software_release = 1) AND status NOT IN ('disposed', 'transferred');"""
HOLDINGS = """SELECT sum(CASE role WHEN 'user' THEN count END), count(DISTINCT organization) FROM holding
  WHERE release = 1 AND ended_on IS NULL;"""


def impact(program, store, *words):
    return subprocess.run([program, '--json', 'plan', 'impact', *words, '--store', str(store)], check=True, stdout=subprocess.PIPE,
                          cwd=store.parent, env={**os.environ, 'KIGEN_TODAY': TODAY}).stdout


def check_counts(program, store):
    """All three count the same."""
    ours = json.loads(impact(program, store, 'BIG/1.0'))
    for statement in (DEVICES, HOLDINGS):
        if sql(store, statement).strip() != f"{ours['devices']}|{ours['organizations']}":
            sys.exit(f'the bare statement counts otherwise: {sql(store, statement)}, kigen {ours}')
    if ours['messages']['new'] != ours['organizations'] != 50000:
        sys.exit(f'not everybody would be told: {ours["messages"]}')


def make_told(program, store):
    """A copy in which BIG/1.0 is published and everybody has got the mail."""
    copy = fresh_copy(store, 'told')
    kigen(program, copy, 'plan', 'publish', 'BIG/1.0')
    sql(copy, f"""BEGIN; UPDATE outbox SET state = 'accepted', attempt = 1;
      INSERT INTO outbox_event (outbox, at, day, attempt, state) SELECT id, created_at, '{TODAY}', 1, 'accepted' FROM outbox;
      COMMIT; PRAGMA wal_checkpoint(TRUNCATE);""")
    if json.loads(impact(program, copy, 'BIG/1.0', 'eos=2037-03-31'))['messages']['changed'] != 50000:
        sys.exit('not everybody was told')
    return copy


def main(program, rounds=15):
    program = str(pathlib.Path(program).resolve())
    rounds = int(rounds)
    with tempfile.TemporaryDirectory(prefix='kigen-bench-') as folder:
        big = pathlib.Path(folder) / 'big' / 'kigen.db'
        small = pathlib.Path(folder) / 'small' / 'kigen.db'
        make_store(program, big, 50000, 1000000)
        make_store(program, small, 500, 10000)
        check_counts(program, big)
        told = make_told(program, big)

        def ours(store, *words):
            return lambda: timed(lambda: impact(program, store, *words))

        def theirs(store, statement):
            return lambda: timed(lambda: sql(store, statement))

        kept = [
            compare('big: impact, bare count of devices', 2.0, rounds, ours(big, 'BIG/1.0'), theirs(big, DEVICES)),
            compare('big: impact, bare count of holdings', 0, rounds, ours(big, 'BIG/1.0'), theirs(big, HOLDINGS)),
            compare('change: impact, bare count of devices', 2.0, rounds, ours(told, 'BIG/1.0', 'eos=2037-03-31'),
                    theirs(told, DEVICES)),
            compare('small: in 1,000,000 devices, in 10,000', 1.5, 3 * rounds, ours(big, 'BIG/2.0'), ours(small, 'BIG/2.0')),
            compare('small: beside a shell that only starts', 0, 3 * rounds, ours(small, 'BIG/2.0'), theirs(small, 'SELECT 1;')),
        ]
    return 0 if all(kept) else 1


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
