#!/usr/bin/python3
"""How long `report coverage` takes over 150,000 deliveries, beside bare SQL: tests/bench/report.py KIGEN [ROUNDS]

50,000 organizations hold three releases; a published plan of each told them all, with every outcome among the messages
and a third acknowledged. The bare statement is the aggregate that a person would write in the sqlite3 shell for the same
figures: each organization of a revision counted once (it is checked to give kigen's figures; it does not even look for
those who hold the release and were sent nothing, which kigen does). Limit 2.0. For comparison: the mere number of messages
in each state. Exit status 1 when the limit is broken."""

import json
import pathlib
import subprocess
import sys
import tempfile

from publish import compare, sql, timed

BARE = """SELECT n.plan, count(DISTINCT x.organization), count(DISTINCT CASE WHEN o.state = 'accepted' THEN x.organization END),
    count(DISTINCT CASE WHEN o.state = 'bounced' THEN x.organization END),
    count(DISTINCT CASE WHEN o.state = 'failed' THEN x.organization END), count(DISTINCT a.organization)
  FROM notice n JOIN outbox_notice x ON x.notice = n.id JOIN outbox o ON o.id = x.outbox
  LEFT JOIN acknowledgement a ON a.notice = n.id AND a.organization = x.organization GROUP BY n.plan;"""
STATES = """SELECT n.plan, o.state, count(*) FROM notice n JOIN outbox_notice x ON x.notice = n.id
  JOIN outbox o ON o.id = x.outbox GROUP BY n.plan, o.state;"""
FIGURES = ('affected', 'accepted', 'bounced', 'failed', 'acknowledged')


def make_store(program, path):
    subprocess.run([program, 'init', '--simulation', '--uid-domain', 'kigen.example', '--store', str(path)], check=True,
                   stdout=subprocess.DEVNULL, cwd=path.parent)
    sql(path, """
      BEGIN;
      INSERT INTO product (id, code, name_ja) VALUES (1, 'BIG', '装置');
      INSERT INTO release (id, product, name) VALUES (1, 1, '1.0'), (2, 1, '2.0'), (3, 1, '3.0');
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
        INSERT INTO organization (id, code, name_ja, role) SELECT i, 'H' || i, '病院' || i, 'hospital' FROM n;
      INSERT INTO contact (id, organization, name, email) SELECT id, id, '担当', 'c' || id || '@h.example' FROM organization;
      INSERT INTO holding SELECT r.id, o.id, 'user', 1, 1, hex(randomblob(16)), '2025-04-01', NULL, '2025-04-01T00:00:00Z'
        FROM release r, organization o;
      INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author, created_at, published_on)
        SELECT id, id, 1, 'published', '2035-03-31', '2038-03-31', 'LSP-1', 'bench', '2031-03-31T00:00:00Z', '2031-03-31' FROM release;
      INSERT INTO notice (id, kind, plan, due_on, created_at)
        SELECT id, 'plan-announcement', id, '2031-03-31', '2031-03-31T00:00:00Z' FROM support_plan;
      INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, state, attempt, created_at)
        SELECT (r.id - 1) * 50000 + o.id, o.id, o.id, 'mail', '2031-03-31', 'n' || r.id || '.c' || o.id || '@kigen.example',
          CASE o.id % 20 WHEN 0 THEN 'bounced' WHEN 1 THEN 'failed' WHEN 2 THEN 'deferred' ELSE 'accepted' END, 1, '2031-03-31T00:00:00Z'
        FROM release r, organization o;
      INSERT INTO outbox_notice SELECT r.id, o.id, (r.id - 1) * 50000 + o.id FROM release r, organization o;
      INSERT INTO acknowledgement (notice, organization, kind, by, how, at)
        SELECT r.id, o.id, 'receipt', '担当', 'link', '2031-04-01T00:00:00Z' FROM release r, organization o WHERE o.id % 3 = 0;
      COMMIT; PRAGMA wal_checkpoint(TRUNCATE);""")


def coverage(program, path):
    return subprocess.run([program, '--json', 'report', 'coverage', '--store', str(path)], check=True, stdout=subprocess.PIPE,
                          cwd=path.parent).stdout


def check_figures(program, path):
    ours = [[str(row[key]) for key in FIGURES] for row in json.loads(coverage(program, path))['revisions']]
    theirs = [line.split('|')[1:] for line in sql(path, BARE).splitlines()]
    if ours != theirs or len(ours) != 3:
        sys.exit(f'the bare statement counts otherwise: {theirs}, kigen {ours}')


def main(program, rounds=15):
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory(prefix='kigen-bench-') as folder:
        path = pathlib.Path(folder) / 'kigen.db'
        make_store(program, path)
        check_figures(program, path)
        ours = lambda: timed(lambda: coverage(program, path))  # noqa: E731
        kept = [compare('report coverage, bare aggregate', 2.0, int(rounds), ours, lambda: timed(lambda: sql(path, BARE))),
                compare('report coverage, messages by state', 0, int(rounds), ours, lambda: timed(lambda: sql(path, STATES)))]
    return 0 if all(kept) else 1


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
