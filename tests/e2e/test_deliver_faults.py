#!/usr/bin/python3
"""Whoever is killed and whatever is full: every committed message ends accepted at the sink, or visibly failed; what went
twice went twice because nobody knew, with the same Message-ID and the same bytes."""

import collections
import os
import pathlib
import random
import signal
import subprocess
import time
import unittest

from kigen import BINARY, Case
from sink import Sink

FAULT = os.environ['KIGEN_FAULT_LIBRARY']
MESSAGES = int(os.environ.get('KIGEN_TEST_MESSAGES', '20000'))
KILLS = int(os.environ.get('KIGEN_TEST_KILLS', '200'))


def children(pid):
    try:
        return [int(word) for word in pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split()]
    except OSError:
        return []


class Delivery(Case):
    today = '2031-03-31'

    def setUp(self):
        super().setUp()
        self.today = Delivery.today
        self.sink = Sink()
        self.addCleanup(self.sink.stop)

    def make_queue(self, messages):
        """A store in which so many messages wait."""
        self.make_store()
        self.execute(f"""
          INSERT INTO product (id, code, name_ja, security_contact) VALUES (1, 'CT-100', 'CT装置', 'psirt@maker.example');
          INSERT INTO release (id, product, name) VALUES (1, 1, '1.0');
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages})
            INSERT INTO organization (id, code, name_ja, role) SELECT i, 'H' || i, '病院' || i, 'hospital' FROM n;
          INSERT INTO contact (organization, name, email) SELECT id, '担当', 'c' || id || '@h.example' FROM organization;
          INSERT INTO holding SELECT 1, id, 'user', 1, 1, 'uid-' || id, '2025-04-01', NULL, '2025-04-01T00:00:00Z' FROM organization;""")
        self.kigen('plan', 'set', 'CT-100/1.0', 'general_availability=2021-04-01', 'end_of_sale=2034-03-31', 'eol=2035-03-31',
                   'eos=2038-03-31', 'doc=LSP-1', 'duties=分離', 'lines=parts:2038-03-31', '--by', '早瀬')
        self.kigen('plan', 'publish', 'CT-100/1.0', '--by', '早瀬', '--reason', '初回公表')
        self.assertEqual(messages, self.count('outbox', "state = 'pending'"))

    def execute(self, script):
        subprocess.run(['sqlite3', '-bail', str(self.store)], input=script, text=True, check=True, stdout=subprocess.DEVNULL)

    def start(self, *options, fault=None):
        more = {'LD_PRELOAD': FAULT, 'KIGEN_FAULT': fault} if fault else {}
        process = subprocess.Popen([BINARY, 'deliver', '--once', '--transport', self.sink.url(), *options], cwd=self.folder,
                                   env=self.environment(**more), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def finish(self):
        """Delivers until nothing waits any more; what waits for its instant is wanted now."""
        for _ in range(20):
            self.run_kigen('deliver', '--once', '--transport', self.sink.url(), timeout=250)
            if self.count('outbox', "state IN ('pending', 'sending', 'deferred', 'unknown')") == 0:
                return
            for state in ('unknown', 'deferred'):
                self.kigen('outbox', 'retry', '--state', state, '--by', '早瀬')
        self.fail('messages are left waiting')

    def assert_invariant(self, messages):
        """Nothing lost, nothing doubled without reason, and the store as sound as ever."""
        rows = self.query('SELECT o.message_id, o.state, (SELECT count(*) FROM outbox_event e WHERE e.outbox = o.id'
                          " AND e.state = 'unknown' AND e.detail NOT LIKE 'to be tried again%') FROM outbox o")
        self.assertEqual(messages, len(rows))
        self.assertEqual({'accepted': messages}, dict(collections.Counter(state for _, state, _ in rows)))
        self.assertEqual({row[0] for row in rows}, set(self.sink.mails))
        for message_id, _, unknowns in rows:
            copies = self.sink.mails[message_id]
            if len(copies) > 1 + unknowns or len(set(copies)) > 1:
                self.fail(f'{message_id}: {len(copies)} copies, {len(set(copies))} different, {unknowns} times unknown')
        self.assertEqual([('ok',)], self.query('PRAGMA integrity_check'))
        self.kigen('audit', 'verify')
        return sum(len(copies) - 1 for copies in self.sink.mails.values())


class Points(Delivery):
    """One fault at one point, at each of its occurrences in turn, and then a run without."""

    MESSAGES = 60

    def play(self, points, messages=MESSAGES):
        """Each of `points` strikes a run that is then killed, fails or ends; the next one goes on from there."""
        self.make_queue(messages)
        struck = 0
        for fault in points:
            process = self.start('--connections', '2', fault=fault)
            process.communicate(timeout=120)
            struck += process.returncode != 0
        self.finish()
        doubled = self.assert_invariant(messages)
        return struck, doubled

    def test_manager_killed_before_and_after_every_commit(self):
        """Before a lease, after it, before outcomes are committed, after: wherever the log is synced."""
        points = [f'{when}:sync:.db-wal:{n}' for n in range(1, 13) for when in ('before', 'after')]
        struck, doubled = self.play(points, 1200)
        self.assertGreater(struck, 20)
        print(f'killed {struck} times, {doubled} doubled')

    def test_manager_killed_in_a_checkpoint(self):
        """While pages are copied from the log into the store."""
        struck, _ = self.play([f'before:write:.db:{n}' for n in (1, 2, 7, 30)] + ['after:write:.db:3', 'before:sync:.db:1'], 1500)
        self.assertGreaterEqual(struck, 3)

    def test_sender_killed_at_every_note(self):
        """Before and after it notes that data begins, and what became of it: all senders of a run, at their n-th note."""
        points = [f'{when}:write:.deliver:{n}' for n in range(1, 8) for when in ('before', 'after')]
        self.play(points)

    def test_no_space_for_the_log(self):
        struck, doubled = self.play([f'full:write:.db-wal:{n}:1000000' for n in (1, 2, 5, 9, 20, 40)])
        self.assertGreaterEqual(struck, 4)
        self.assertEqual(0, doubled)

    def test_no_space_for_the_sheet(self):
        """A sender that cannot note down that data begins does not let it begin."""
        _, doubled = self.play([f'full:write:.deliver:{n}:1000000' for n in (1, 2, 3, 6)])
        self.assertEqual(0, doubled)

    def test_no_space_in_the_maildir(self):
        self.make_queue(self.MESSAGES)
        for n in (1, 2, 5):
            done = self.run_kigen('deliver', '--once', '--transport', 'maildir:inbox',
                                  env=self.environment(LD_PRELOAD=FAULT, KIGEN_FAULT=f'full:write:.kigen:{n}:1000000'))
            self.assertEqual(3, done.returncode, done.stderr)
            self.assertIn('No space left on device', done.stderr)
            self.assertEqual(0, self.count('outbox', "state NOT IN ('pending', 'accepted')"))
        self.kigen('deliver', '--once', '--transport', 'maildir:inbox')
        self.assertEqual(self.MESSAGES, self.count('outbox', "state = 'accepted'"))
        self.assertEqual(self.MESSAGES, len([*(self.folder / 'inbox/new').iterdir()]))
        self.assertEqual([], [*(self.folder / 'inbox/tmp').iterdir()])


class RandomKills(Delivery):
    def pace(self, sink):
        """The relay takes a moment, so that kills find mails under way, and as long as it takes for the kills to be
        spread over all the mails."""
        return 0.03 if sink.count * KILLS > (self.kills + 2) * MESSAGES else self.random.uniform(0, 0.006)

    def victims(self, manager):
        """The manager, one sender, or all of them."""
        senders = children(manager)
        if self.random.random() < 0.4 or not senders:
            return [manager]
        return [self.random.choice(senders)] if self.random.random() < 0.8 else [*senders, manager]

    def strike(self, process):
        """Kills somebody; a new manager where there is none any more."""
        for pid in self.victims(process.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.kills += 1
        time.sleep(0.01)
        if process.poll() is None:
            return process
        process.communicate()
        return self.start('--connections', '4')

    def test_random_kills(self):
        self.kills = 0
        seed = int(os.environ.get('KIGEN_TEST_SEED', '0')) or random.randrange(1, 1 << 30)
        self.random = random.Random(seed)
        print(f'KIGEN_TEST_SEED={seed}')
        self.make_queue(MESSAGES)
        self.sink.delay = self.pace
        process = self.start('--connections', '4')
        while self.kills < KILLS:
            time.sleep(self.random.uniform(0.02, 0.25))
            if process.poll() is not None:
                process.communicate()
                process = self.start('--connections', '4')
                continue
            process = self.strike(process)
        self.sink.delay = None
        process.communicate(timeout=600)
        self.finish()
        doubled = self.assert_invariant(MESSAGES)
        unknown = self.count('outbox_event', "state = 'unknown' AND detail NOT LIKE 'to be tried again%'")
        back = self.count('outbox_event', "state = 'pending'")
        self.assertGreater(unknown, KILLS / 20)
        self.assertGreater(back, KILLS / 20)
        print(f'{KILLS} kills, {MESSAGES} messages: {unknown} times unknown, {back} given back, {doubled} doubled')


if __name__ == '__main__':
    unittest.main()
