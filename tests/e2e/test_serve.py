#!/usr/bin/python3
"""kigen serve: web and delivery as two children; one that dies is started again, and both stop in order."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest
import urllib.request

from kigen import BINARY, TODAY, Case, end
from sink import Sink


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def is_alive(pid):
    try:
        return pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0] not in 'ZX'
    except OSError:
        return False


class Serve(Case):
    def setUp(self):
        super().setUp()
        self.today = TODAY
        self.sink = Sink()
        self.addCleanup(self.sink.stop)
        self.make_store()
        self.import_sample()
        self.port = free_port()
        self.log = open(self.folder / 'log', 'w', encoding='utf-8')
        self.addCleanup(self.log.close)

    def start(self, *words):
        self.service = subprocess.Popen([BINARY, 'serve', *words], cwd=self.folder, env=self.environment(),
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.addCleanup(end, self.service) # its children then end by themselves
        return self.service

    def start_both(self):
        service = self.start('--listen', f'127.0.0.1:{self.port}', '--transport', self.sink.url(), '--connections', '2')
        self.until(self.is_served)
        self.until(lambda: 'kigen deliver: to smtp://' in self.said())
        return service

    def said(self):
        return (self.folder / 'log').read_text(encoding='utf-8')

    def until(self, what, seconds=90):
        deadline = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), deadline, self.said())
            time.sleep(0.02)

    def child(self, name):
        """The process id of the child that runs command `name`, or None."""
        text = pathlib.Path(f'/proc/{self.service.pid}/task/{self.service.pid}/children').read_text()
        for pid in map(int, text.split()):
            try:
                if name.encode() in pathlib.Path(f'/proc/{pid}/cmdline').read_bytes().split(b'\0')[1:2] and is_alive(pid):
                    return pid
            except OSError:
                pass
        return None

    def is_served(self):
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{self.port}/robots.txt', timeout=20) as answer:
                return answer.status == 200
        except OSError:
            return False

    def publish(self, release='SIP-20/SIP-25'):
        self.kigen('plan', 'publish', release, '--by', '早瀬', '--reason', '初回公表')

    def waiting(self):
        return self.count('outbox', "channel = 'mail' AND state NOT IN ('accepted', 'superseded')")

    def stop(self, number=signal.SIGTERM):
        pids = [self.child('web'), self.child('deliver')]
        self.service.send_signal(number)
        self.assertEqual(0, self.service.wait(60), self.said())
        self.assertEqual([], [pid for pid in pids if pid and is_alive(pid)])

    def test_serves_delivers_and_stops(self):
        self.start_both()
        self.publish()
        self.until(lambda: self.sink.count > 0)
        self.until(lambda: self.waiting() == 0)
        self.stop()
        self.assertNotIn('warning', self.said())
        self.assertRegex(self.said(), r'\d+ accepted')

    def test_who_dies_is_started_again(self):
        """One, the other, both at once; the supervisor itself goes on."""
        self.start_both()
        for names in (['web'], ['deliver'], ['web', 'deliver']):
            before = {name: self.child(name) for name in names}
            for name in names:
                os.kill(before[name], signal.SIGKILL)
            self.until(lambda: all(self.child(name) not in (None, before[name]) for name in names))
        self.until(self.is_served)
        self.publish()
        self.until(lambda: self.sink.count > 0 and self.waiting() == 0)
        self.assertEqual(4, len(re.findall(r'was killed by signal 9: it is started again', self.said())))
        self.assertRegex(self.said(), 'kigen web was killed by signal 9: it is started again in 1 s')
        self.stop(signal.SIGINT)

    def test_the_supervisor_is_killed(self):
        """Its children end in order by themselves."""
        self.start_both()
        pids = [self.child('web'), self.child('deliver')]
        self.service.kill()
        self.service.wait()
        self.until(lambda: not any(map(is_alive, pids)))

    def test_port_is_taken(self):
        with socket.socket() as other:
            other.bind(('127.0.0.1', self.port))
            other.listen()
            service = self.start('--listen', f'127.0.0.1:{self.port}', '--transport', self.sink.url())
            self.assertEqual(3, service.wait(60), self.said())
        self.assertIn('kigen: ', self.said())
        self.assertIn(str(self.port), self.said())

    def test_wrong_configuration(self):
        (self.folder / 'kigen.conf').write_text('[web]\nthreads = many\n', encoding='utf-8')
        service = self.start('--listen', f'127.0.0.1:{self.port}', '--transport', self.sink.url())
        self.assertEqual(3, service.wait(60), self.said())
        self.assertIn('threads', self.said())

    def test_reload(self):
        """SIGHUP: the web service stays, the delivery is another one, with the new configuration."""
        self.start_both()
        web, deliver = self.child('web'), self.child('deliver')
        (self.folder / 'kigen.conf').write_text('[mail]\nfrom = new-sender@maker.example\n', encoding='utf-8')
        self.service.send_signal(signal.SIGHUP)
        self.until(lambda: self.child('deliver') not in (None, deliver))
        self.assertEqual(web, self.child('web'))
        self.publish()
        self.until(lambda: self.sink.count > 0 and self.waiting() == 0)
        self.assertEqual(0, self.count('message_context', "context NOT LIKE '%new-sender@maker.example%'"))
        self.assertGreater(self.count('message_context'), 0)
        self.stop()

    def test_stop_finishes_what_is_under_way(self):
        self.publish()
        self.sink.delay = lambda sink: 1.0
        self.start_both()
        self.until(lambda: self.sink.count > 0)
        self.stop()
        self.assertEqual(self.sink.count, self.count('outbox', "state = 'accepted'"))
        self.assertEqual(0, self.count('outbox', "state IN ('sending', 'unknown')"))

    def test_usage(self):
        self.assertIn('--json', self.run_kigen('--json', 'serve').stderr)
        self.assertEqual(2, self.run_kigen('serve', '--once').returncode)
        self.assertEqual(2, self.run_kigen('serve', '--listen', 'nowhere').returncode)


if __name__ == '__main__':
    unittest.main()
