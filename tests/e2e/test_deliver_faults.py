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
        """Before a lease, after it, before outcomes are committed, after: wherever the log is synced. A commit leases 64
        messages at most: there are enough for every point to be reached."""
        points = [f'{when}:sync:.db-wal:{n}' for n in range(1, 10) for when in ('before', 'after')]
        struck, doubled = self.play(points, 64 * 2 * sum(range(1, 10)))
        self.assertEqual(len(points), struck)
        print(f'killed {struck} times, {doubled} doubled')

    def test_manager_killed_in_a_checkpoint(self):
        """While pages are copied from the log into the store."""
        struck, _ = self.play([f'before:write:.db:{n}' for n in (1, 2, 7, 30)] + ['after:write:.db:3', 'before:sync:.db:1'], 1500)
        self.assertEqual(6, struck)

    def test_sender_killed_at_every_note(self):
        """Before and after it notes that data begins, and what became of it: all senders of a run, at their n-th note."""
        points = [f'{when}:write:.deliver:{n}' for n in range(1, 8) for when in ('before', 'after')]
        self.play(points)

    def test_no_space_for_the_log(self):
        struck, doubled = self.play([f'full:write:.db-wal:{n}:1000000' for n in (1, 2, 5, 9, 20, 40)])
        self.assertEqual(6, struck)
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
    """Each kill has a window of messages: the relay lets no more through until it has struck, so that however fast or slow
    the machine is, all of them land while there is something to deliver."""

    SEED = 20310331
    CONNECTIONS = 4
    # A kill can cost each sender a mail that never comes to the relay: some messages stay for the end.
    WINDOW = MESSAGES // KILLS - 2 * CONNECTIONS

    def is_held(self):
        return self.sink.count >= (self.kills + 1) * self.WINDOW

    def start_anew(self):
        return self.start('--connections', str(self.CONNECTIONS))

    def wait_for(self, process, what):
        """Waits until `what()`, with a manager at work; returns that manager."""
        deadline = time.monotonic() + 300
        while (ended := process.poll() is not None) or not what():
            self.assertLess(time.monotonic(), deadline, f'no progress after {self.kills} kills')
            if ended:
                process.communicate()
                process = self.start_anew()
            time.sleep(0.002)
        return process

    @staticmethod
    def kill(pid):
        """Kills it; False when it was dead already. Who is seen to be stopped was alive, and stays so until the kill."""
        deadline = time.monotonic() + 60
        try:
            os.kill(pid, signal.SIGSTOP)
            while (state := pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]) != 'T':
                if state in 'ZX' or time.monotonic() > deadline:
                    return False
            os.kill(pid, signal.SIGKILL)
            return True
        except (ProcessLookupError, FileNotFoundError):
            return False

    def strike(self, manager):
        """Kills the manager, a sender, or all of them. True when the kill struck."""
        chance = self.random.random()
        senders = children(manager)
        victims = [manager] if chance < 0.4 else [self.random.choice(senders or [manager])] if chance < 0.8 else [*senders, manager]
        return any([self.kill(pid) for pid in victims])

    def strike_in_data(self, manager):
        """All of them, while the relay holds its answers back: nobody can know what became of these mails."""
        return all([self.kill(pid) for pid in [manager, *children(manager)]])

    def play(self):
        """The kills. Returns the last manager, and how many kills met mails for sure."""
        process = self.start_anew()
        met = 0
        while self.kills < KILLS:
            in_data = self.random.random() < 0.2
            point = self.kills * self.WINDOW + self.random.randrange(self.WINDOW)
            moment = self.random.uniform(0, 0.01)
            process = self.wait_for(process, lambda: self.sink.held > 0 if in_data else self.sink.count >= point)
            time.sleep(moment)
            struck = self.strike_in_data(process.pid) if in_data else self.strike(process.pid)
            met += struck and in_data
            self.kills += struck
        return process, met

    def test_random_kills(self):
        self.kills = 0
        seed = int(os.environ.get('KIGEN_TEST_SEED', self.SEED))
        self.random = random.Random(seed)
        pace = random.Random(seed)
        print(f'KIGEN_TEST_SEED={seed}')
        self.assertGreater(self.WINDOW, 2 * self.CONNECTIONS, 'too few messages for so many kills')
        self.make_queue(MESSAGES)
        self.sink.delay = lambda sink: pace.uniform(0, 0.006)
        self.sink.is_held = self.is_held
        process, met = self.play()
        self.sink.delay = self.sink.is_held = None
        process.communicate(timeout=600)
        self.finish()
        doubled = self.assert_invariant(MESSAGES)
        unknown = self.count('outbox_event', "state = 'unknown' AND detail NOT LIKE 'to be tried again%'")
        back = self.count('outbox_event', "state = 'pending'")
        self.assertGreaterEqual(unknown, met)
        print(f'{KILLS} kills, {MESSAGES} messages: {unknown} times unknown, {back} given back, {doubled} doubled')


if __name__ == '__main__':
    unittest.main()
