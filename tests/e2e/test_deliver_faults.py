#!/usr/bin/python3
"""Whoever is killed and whatever is full: every committed message ends accepted at the sink, or visibly failed; what went
twice went twice because nobody knew, with the same Message-ID and the same bytes.

Beside these: tests/mail/test_deliver.c (crashes step by step, answers, unknowns, lifetime, clocks, no relay for an hour),
test_deliver_crew.c (senders that hang), test_deliver_sheet.c (what survives), test_smtp_session.c, test_transport.c and
test_smtp_sink.c (replies, stalls, TLS), e2e/test_deliver_service.py (stop, relays that come back), e2e/test_postfix.py
(a real relay and its bounce)."""

import collections
import os
import pathlib
import random
import signal
import socket
import subprocess
import time
import unittest

from kigen import BINARY, Case, needs
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
            if self.count('outbox', "channel = 'mail' AND state IN ('pending', 'sending', 'deferred', 'unknown')") == 0:
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

    def test_no_space_in_a_checkpoint(self):
        """What was committed lies in the log, and stays there: nobody is held up."""
        struck, doubled = self.play([f'full:write:.db:{n}:1000000' for n in (1, 5)], 1500)
        self.assertEqual((0, 0), (struck, doubled))

    def test_no_space_for_the_sheet(self):
        """A sender that cannot note down that data begins does not let it begin: its third note is of its second mail."""
        self.make_queue(self.MESSAGES)
        process = self.start('--connections', '1', fault='full:write:.deliver:3:1000000')
        self.assertIn(b'No space left on device', process.communicate(timeout=120)[1])
        self.assertEqual((3, 1), (process.returncode, self.sink.count))
        for n in (1, 2, 6):  # the manager's first, the outcome of the first mail
            self.start('--connections', '2', fault=f'full:write:.deliver:{n}:1000000').communicate(timeout=120)
        self.finish()
        self.assertEqual(0, self.assert_invariant(self.MESSAGES))

    def test_no_space_in_the_maildir(self):
        self.make_queue(self.MESSAGES)
        for fault in ('full:write:.kigen:1', 'full:write:.kigen:2', 'full:sync:.kigen:3', 'full:write:.kigen:5'):
            done = self.run_kigen('deliver', '--once', '--transport', 'maildir:inbox',
                                  env=self.environment(LD_PRELOAD=FAULT, KIGEN_FAULT=f'{fault}:1000000'))
            self.assertEqual(3, done.returncode, done.stderr)
            self.assertIn('No space left on device', done.stderr)
            self.assertEqual([], [*(self.folder / 'inbox/tmp').iterdir()], 'what was not kept is no room lost')
            self.assertEqual(0, self.count('outbox', "state NOT IN ('pending', 'accepted')"))
        self.kigen('deliver', '--once', '--transport', 'maildir:inbox')
        self.assertEqual(self.MESSAGES, self.count('outbox', "state = 'accepted'"))
        self.assertEqual(self.MESSAGES, len([*(self.folder / 'inbox/new').iterdir()]))
        self.assertEqual([], [*(self.folder / 'inbox/tmp').iterdir()])


class InData(Delivery):
    """The relay has the mails, and holds its answers back: who is killed then."""

    def play(self, whom):
        """`whom`: of (manager, senders), the ones to kill. Returns how often nobody knew, and how many mails went twice. (A relay is tried
        with one mail first.)"""
        self.make_queue(60)
        self.sink.is_held = lambda: self.sink.count > 1
        manager = self.start('--connections', '2')
        self.until(lambda: self.sink.held == 2)
        for pid in whom(manager.pid, children(manager.pid)):
            os.kill(pid, signal.SIGKILL)
        self.sink.is_held = None
        manager.communicate(timeout=120)
        self.finish()
        return self.count('outbox_event', "state = 'unknown'"), self.assert_invariant(60)

    def until(self, what):
        deadline = time.monotonic() + 60
        while not what():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)

    def test_the_senders(self):
        """The manager reads on the sheet that they had begun: unknown, and again at once."""
        self.assertEqual((2, 2), self.play(lambda manager, senders: senders))

    def test_the_manager(self):
        """The senders hear the answers and note them down before they end: nothing is unknown."""
        self.assertEqual((0, 0), self.play(lambda manager, senders: [manager]))

    def test_all(self):
        self.assertEqual((2, 2), self.play(lambda manager, senders: [manager, *senders]))

    def test_managers_started_at_once(self):
        """Four on one store: one delivers, the others are refused, and nothing goes twice."""
        self.make_queue(60)
        self.sink.is_held = lambda: True
        managers = [self.start() for _ in range(4)]
        self.until(lambda: sum(manager.poll() is not None for manager in managers) == 3)
        self.sink.is_held = None
        said = [manager.communicate(timeout=120)[1] for manager in managers]
        self.assertEqual([0, 3, 3, 3], sorted(manager.returncode for manager in managers))
        self.assertEqual(3, sum(b'another kigen deliver' in errors for errors in said))
        self.assertEqual(0, self.assert_invariant(60))


class Relays(Delivery):
    """What Postfix's smtp-sink can do to a sender, each kind of relay once: what becomes of the messages, and then a good relay."""

    # options → the states that they are in afterwards; 'failed' stays, everything else arrives in the end
    ROWS = [(['-r', 'CONNECT'], 'deferred pending'), (['-r', 'EHLO,HELO'], 'deferred pending'), (['-r', 'MAIL'], 'deferred'),
            (['-r', 'RCPT'], 'deferred'), (['-r', 'DATA'], 'deferred'), (['-r', '.'], 'deferred'), (['-f', 'MAIL'], 'failed'),
            (['-f', 'RCPT'], 'failed'), (['-f', 'DATA'], 'failed'), (['-f', '.'], 'failed'), (['-q', 'CONNECT'], 'deferred pending'),
            (['-q', 'EHLO'], 'deferred pending'), (['-q', 'MAIL'], 'deferred pending'), (['-q', 'RCPT'], 'deferred'), (['-q', 'DATA'], 'deferred'),
            (['-q', '.'], 'pending unknown'), (['-Q', 'MAIL'], 'deferred pending'), (['-Q', 'RCPT'], 'deferred pending'),
            (['-Q', '.'], 'deferred'), (['-W', '.:1'], 'accepted'), (['-A', '1'], 'failed'), (['-H', '1', '-T', '4096'], 'accepted'),
            (['-e'], 'accepted'), (['-p'], 'accepted')]
    MESSAGES = 5

    @needs('smtp-sink', 'postfix')
    def test_every_kind(self):
        for options, states in self.ROWS:
            with self.subTest(' '.join(options)):
                self.setUp()
                self.make_queue(self.MESSAGES)
                self.deliver_to(options)
                found = self.query('SELECT state, count(*) FROM outbox GROUP BY 1 ORDER BY 1')
                self.assertEqual(states.split(), [state for state, _ in found], found)
                self.finish()
                ended = self.query("SELECT message_id, state FROM outbox WHERE channel = 'mail'")
                self.assertEqual({'failed' if states == 'failed' else 'accepted'}, {state for _, state in ended})
                arrives = states not in ('accepted', 'failed')
                self.assertEqual({message_id for message_id, _ in ended if arrives}, set(self.sink.mails))
                letters = self.count('outbox', "channel = 'letter'")  # to whom a mail could not go, nobody else being there
                self.assertEqual(self.MESSAGES if states == 'failed' else 0, letters)
                for state in states.split():
                    words = self.query("SELECT detail FROM outbox_event WHERE state = ? AND detail <> ''", state)
                    self.assertTrue(words or state == 'pending', 'nobody can see why')
                self.assertEqual([('ok',)], self.query('PRAGMA integrity_check'))

    def deliver_to(self, options):
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            port = probe.getsockname()[1]
        user = ['-u', 'nobody'] if os.geteuid() == 0 else []
        relay = subprocess.Popen(['/usr/sbin/smtp-sink', *user, *options, f'127.0.0.1:{port}', '20'], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.wait_for_port(port)
            self.run_kigen('deliver', '--once', '--connections', '1', '--transport', f'smtp://127.0.0.1:{port}')
        finally:
            relay.kill()
            relay.wait()

    def wait_for_port(self, port):
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(('127.0.0.1', port)).close()
                return
            except ConnectionRefusedError:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)


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
