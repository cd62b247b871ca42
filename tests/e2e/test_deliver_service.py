#!/usr/bin/python3
"""kigen deliver as a service: what others write it sends at once, it ends in order, and its unit is sandboxed."""

import fcntl
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

from kigen import ROOT, Case, end, needs
from sink import Sink

UNITS = [ROOT / f'contrib/systemd/{name}.service' for name in ('kigen-deliver', 'kigen')]


class Service(Case):
    def setUp(self):
        super().setUp()
        self.today = '2026-11-24'
        self.sink = Sink()
        self.addCleanup(self.sink.stop)
        self.make_store()
        self.import_sample()

    def start(self, *options):
        process = self.start_kigen('deliver', '--transport', self.sink.url(), *options)
        self.assertIn('kigen deliver: to smtp://', process.stdout.readline())
        return process

    def wait_for(self, what, seconds=60):
        deadline = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    @staticmethod
    def senders(service):
        return [int(word) for word in pathlib.Path(f'/proc/{service.pid}/task/{service.pid}/children').read_text().split()]

    def waiting(self):
        return self.count('outbox', "channel = 'mail' AND state NOT IN ('accepted', 'superseded')")

    def publish(self, release):
        self.kigen('plan', 'publish', release, '--by', '早瀬', '--reason', '初回公表')

    def test_what_is_published_goes_at_once(self):
        service = self.start()
        time.sleep(1) # until it has nothing to do
        self.publish('SIP-20/SIP-25')
        self.wait_for(lambda: self.sink.count > 0)
        self.wait_for(lambda: self.waiting() == 0)
        service.send_signal(signal.SIGTERM)
        output, errors = service.communicate(timeout=30)
        self.assertEqual((0, ''), (service.returncode, errors))
        self.assertRegex(output, r'\d+ accepted')
        self.assertEqual(self.count('outbox', "state = 'accepted'"), self.sink.count)

    def test_stop_finishes_what_is_under_way(self):
        """The relay holds its answers back: mails under way get them, the others wait as before."""
        self.publish('SIP-20/SIP-25')
        self.sink.delay = lambda sink: 1.0
        service = self.start('--connections', '2')
        self.wait_for(lambda: self.sink.count >= 1)
        service.send_signal(signal.SIGINT)
        service.communicate(timeout=30)
        self.assertEqual(0, service.returncode)
        self.assertEqual(self.sink.count, self.count('outbox', "state = 'accepted'"))
        self.assertEqual(0, self.count('outbox', "state IN ('sending', 'unknown')"))
        self.assertGreater(self.waiting(), 0)
        self.sink.delay = None
        self.kigen('deliver', '--once', '--transport', self.sink.url())
        self.assertEqual(0, self.waiting())
        self.assertEqual([1] * len(self.sink.mails), [len(copies) for copies in self.sink.mails.values()])

    def test_the_second_is_refused(self):
        service = self.start()
        self.wait_for(lambda: (self.folder / 'kigen.db.deliver').exists() and (self.folder / 'kigen.db.deliver').stat().st_size > 0)
        done = self.run_kigen('deliver', '--once', '--transport', self.sink.url())
        self.assertEqual(3, done.returncode)
        self.assertIn(f'another kigen deliver (process {service.pid}) is at work on this store', done.stderr)

    def test_a_relay_that_comes_back(self):
        """Stopped for a while: what was tried meanwhile was put off (three messages, and one more for every pause that it
        lasts), the rest goes by itself."""
        self.publish('SIP-20/SIP-25')
        url = self.sink.url()
        self.sink.stop()
        service = self.start_kigen('deliver', '--transport', url)
        service.stdout.readline()
        self.wait_for(lambda: self.query('SELECT failing_since FROM relay WHERE failing_since IS NOT NULL'))
        self.wait_for(lambda: self.count('outbox', "state = 'deferred'") >= 3)
        self.assertGreater(self.count('outbox', "channel = 'mail' AND state = 'pending'"), 0)
        self.sink = Sink(port=int(url.rpartition(':')[2]))
        self.wait_for(lambda: self.count('outbox', "channel = 'mail' AND state = 'pending'") == 0)
        self.wait_for(lambda: self.count('outbox', "state = 'sending'") == 0)
        self.assertGreater(self.count('outbox', "state = 'accepted'"), 0)
        self.assertGreaterEqual(self.count('outbox', "state = 'deferred'"), 3)
        end(service)

    def test_the_store_is_locked_for_a_while(self):
        """Somebody holds the store: the service says so and goes on afterwards."""
        self.publish('SIP-20/SIP-25')
        service = self.start()
        self.wait_for(lambda: self.waiting() == 0)
        self.assertIsNone(service.poll())
        with open(self.folder / 'kigen.db.lock', 'rb') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            time.sleep(1.5)
        self.execute("UPDATE outbox SET state = 'pending' WHERE id = (SELECT min(id) FROM outbox WHERE channel = 'mail')")
        self.wait_for(lambda: self.waiting() == 0)

    def execute(self, statement):
        subprocess.run(['sqlite3', '-bail', '-cmd', '.timeout 5000', str(self.store), statement], check=True)

    def test_secrets_are_not_in_the_arguments(self):
        password = self.write('relay-password', 'himitsu\n')
        os.chmod(password, 0o600)
        (self.folder / 'kigen.conf').write_text('[mail]\nauth_user = kigen\nauth_password_file = relay-password\n', encoding='utf-8')
        self.publish('SIP-20/SIP-25')
        service = self.start()
        self.wait_for(lambda: self.query('SELECT reply FROM relay'))
        self.assertIn('did not let us in as kigen', self.query('SELECT reply FROM relay')[0][0])
        self.assertEqual(0, self.sink.count)
        for pid in [service.pid, *self.senders(service)]:
            for name in ('cmdline', 'environ'):
                try:
                    self.assertNotIn(b'himitsu', pathlib.Path(f'/proc/{pid}/{name}').read_bytes())
                except OSError:
                    pass  # it has ended
        self.assertNotIn(b'himitsu', self.store.read_bytes())
        os.chmod(password, 0o640)
        end(service)
        done = self.run_kigen('deliver', '--once', '--transport', self.sink.url())
        self.assertEqual(3, done.returncode)
        self.assertIn('chmod 600', done.stderr)

    def test_senders_do_not_have_the_store(self):
        self.publish('SIP-20/SIP-25')
        self.sink.delay = lambda sink: 2.0
        service = self.start('--connections', '1')
        self.wait_for(lambda: self.sink.count >= 1)
        senders = self.senders(service)
        self.assertEqual(1, len(senders))
        files = {os.readlink(f'/proc/{senders[0]}/fd/{fd}') for fd in os.listdir(f'/proc/{senders[0]}/fd')}
        self.assertEqual([], [name for name in files if 'kigen.db' in name and not name.endswith('kigen.db.deliver')])


class Unit(unittest.TestCase):
    @needs('systemd-analyze', 'systemd')
    def test_sandboxed(self):
        """systemd's own measure of what a unit may do; 10 is everything."""
        for unit in UNITS:
            done = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--no-pager', str(unit)],
                                  capture_output=True, text=True, timeout=60)
            exposure = re.search(r'Overall exposure level for \S+: ([\d.]+)', done.stdout)
            self.assertIsNotNone(exposure, done.stdout[-2000:] + done.stderr)
            self.assertLessEqual(float(exposure.group(1)), 2.0, unit)


if __name__ == '__main__':
    unittest.main()
