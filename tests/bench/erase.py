#!/usr/bin/python3
"""How long `contact erase` takes in a store of 150,000 mails, beside writing the file anew: tests/bench/erase.py KIGEN [ROUNDS]

The store of tests/bench/report.py (50,000 organizations, 150,000 messages), every message with a context of 4 KB and a
relay's answer, and 100,000 more audit rows: about 800 MB. One person is erased (and the file written anew), then, by
--expired, 500 at once. Beside both: VACUUM and a checkpoint in the sqlite3 shell, on another copy. Limit 2.0 for one
person. Exit status 1 when the limit is broken."""

import pathlib
import sys
import tempfile

from publish import compare, fresh_copy, kigen, sql, timed
from report import make_store

PEOPLE = """
  BEGIN;
  UPDATE contact SET name = '甲野 太' || id || '郎', valid_to = CASE WHEN id % 100 = 0 THEN '2020-03-31' END;
  UPDATE holding SET ended_on = '2020-03-31', count = 0 WHERE organization % 100 < 2;
  INSERT INTO template_set VALUES ('t', x'00');
  INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)
    SELECT o.id, '2031-03-31T00:00:00Z', '2031-03-31', 1, o.state, '250 <' || c.email || '> queued' FROM outbox o JOIN contact c ON c.id = o.contact;
  INSERT INTO message_context (outbox, context, date, boundary_seed, template_set, renderer, sha256)
    SELECT o.id, json_object('to', c.email, 'name', c.name, 'more', hex(randomblob(2000))), '2031-03-31T00:00:00Z', 's', 't', '0.1.0', 'd'
    FROM outbox o JOIN contact c ON c.id = o.contact;
  CREATE TABLE kept AS SELECT sql FROM sqlite_schema WHERE name IN ('audit_insert', 'audit_payload_insert');
  DROP TRIGGER audit_insert; DROP TRIGGER audit_payload_insert;
  WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 101000)
    INSERT INTO audit SELECT i, 1, '2031-03-31T00:00:00Z', '2031-03-31', 'bench', zeroblob(32), zeroblob(32) FROM n;
  INSERT INTO audit_payload SELECT id, zeroblob(32), json_object('actor', 'bench', 'why', '丙田 次郎様のご要望により、設置場所を変更', 'n', id)
    FROM audit WHERE id >= 1000;
  DROP TABLE kept;
  COMMIT; PRAGMA wal_checkpoint(TRUNCATE);"""


def erase(program, store, *words):
    copy = fresh_copy(store, 'work')
    return timed(lambda: kigen(program, copy, 'contact', 'erase', *words))


def anew(store):
    copy = fresh_copy(store, 'work')
    return timed(lambda: sql(copy, 'VACUUM; PRAGMA wal_checkpoint(TRUNCATE);'))


def main(program, rounds=5):
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory(prefix='kigen-bench-') as folder:
        store = pathlib.Path(folder) / 'store' / 'kigen.db'
        store.parent.mkdir()
        make_store(program, store)
        sql(store, PEOPLE)
        print(f'{store.stat().st_size / 1e6:.0f} MB', flush=True)
        kept = [compare('one person, VACUUM alone', 2.0, int(rounds), lambda: erase(program, store, 'H1', '甲野 太1郎'), lambda: anew(store)),
                compare('500 people, VACUUM alone', 0, int(rounds), lambda: erase(program, store, '--expired'), lambda: anew(store))]
    return 0 if all(kept) else 1


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
