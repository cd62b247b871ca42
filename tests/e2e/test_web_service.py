#!/usr/bin/python3
"""kigen web as a service: socket activation, readiness, reload without losing a request, clean stop, TLS, the unit's sandbox."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import unittest

from kigen import BINARY, ROOT
from serving import Serving

UNIT = ROOT / 'contrib/systemd/kigen-web.service'


def missing(tool):
    """A tool that is not there is a skip, except where KIGEN_TEST_STRICT is set."""
    return shutil.which(tool) is None and not os.environ.get('KIGEN_TEST_STRICT')


class Hammer(threading.Thread):
    """A client that asks again and again over a connection it keeps, and notes what it did not get."""

    def __init__(self, test):
        super().__init__()
        self.test, self.wrong, self.asked, self.stopped = test, [], 0, False

    def run(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.test.port, timeout=20)
        while not self.stopped:
            try:
                connection.request('GET', self.test.path)
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200 or not body.endswith(b'END:VCALENDAR\r\n'):
                    self.wrong.append(answer.status)
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(repr(error))
                connection.close()
            self.asked += 1
        connection.close()


class Service(Serving):
    def test_reload_loses_no_request(self):
        self.configure(listen='127.0.0.1:0')
        self.serve('--listen', '127.0.0.1:0')
        clients = [Hammer(self) for _ in range(4)]
        for client in clients:
            client.start()
        for i in range(6):
            time.sleep(0.3)
            self.configure(gzip='no' if i % 2 == 0 else 'yes', threads=1 + i % 3)
            self.web.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        for client in clients:
            client.stopped = True
            client.join()
        self.assertEqual([[], [], [], []], [client.wrong for client in clients])
        self.assertGreater(sum(client.asked for client in clients), 100)
        self.stop()
        self.assert_quiet()

    def test_reload_changes_what_holds(self):
        self.serve()
        self.assertEqual('gzip', self.get(Accept_Encoding='gzip')['Content-Encoding'])
        renders = self.metric('kigen_web_feed_renders_total')
        self.configure(gzip='no')
        self.web.send_signal(signal.SIGHUP)
        self.until(lambda: self.get(Accept_Encoding='gzip')['Content-Encoding'] is None)
        self.assertEqual(renders, self.metric('kigen_web_feed_renders_total'), 'what was in memory stays there')
        self.assert_quiet()

    def test_reload_of_a_broken_configuration_changes_nothing(self):
        self.serve()
        for text, said in (('[web]\nlisten = nowhere\n', 'nowhere'), ('[web]\ncache = 1\n', 'cache_mib'),
                           ('[web]\ntls_certificate = c.pem\ntls_key = none.pem\n', 'c.pem')):
            (self.folder / 'kigen.conf').write_text(text, encoding='utf-8')
            self.web.send_signal(signal.SIGHUP)
            self.until(lambda said=said: said in self.said())
            self.assertEqual(200, self.get().status)
        self.stop()

    def test_reload_with_another_address(self):
        with socket.create_server(('127.0.0.1', 0)) as other:
            first, second = other.getsockname()[1], None
        self.configure(listen=f'127.0.0.1:{first}')
        web = subprocess.Popen([BINARY, 'web'], cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE,
                               stderr=self.log, encoding='utf-8')
        self.web, self.port = web, first
        self.addCleanup(web.kill)
        web.stdout.readline()
        self.assertEqual(200, self.get().status)
        with socket.create_server(('127.0.0.1', 0)) as other:
            second = other.getsockname()[1]
        self.configure(listen=f'127.0.0.1:{second}')
        web.send_signal(signal.SIGHUP)
        self.port = second
        self.until(lambda: self.answers(second))
        self.until(lambda: not self.answers(first))
        self.stop()
        web.stdout.close()
        self.assert_quiet()

    def answers(self, port):
        try:
            return self.get(port=port).status == 200
        except OSError:
            return False

    def test_socket_activation_and_notification(self):
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(ready.close)
        ready.bind(str(self.folder / 'notify'))
        ready.settimeout(20)
        listening = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(listening.close)
        self.port = listening.getsockname()[1]
        early = self.connect()  # before anybody accepts
        self.addCleanup(early.close)

        environment = {**self.environment(), 'LISTEN_FDS': '1', 'NOTIFY_SOCKET': str(self.folder / 'notify')}
        # The process that becomes kigen has to name itself: a shell does, as its id stays.
        self.web = subprocess.Popen(['/bin/sh', '-c', f'LISTEN_PID=$$ exec "{BINARY}" web'], cwd=self.folder,
                                    env=environment, stdout=subprocess.DEVNULL, stderr=self.log, close_fds=False,
                                    preexec_fn=lambda: os.dup2(listening.fileno(), 3))
        self.addCleanup(self.web.kill)
        self.assertEqual(b'READY=1', ready.recv(100))
        early.sendall(f'GET {self.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'.encode())
        self.assertTrue(early.recv(100).startswith(b'HTTP/1.1 200 OK'))
        self.assertEqual(200, self.get().status)
        self.web.send_signal(signal.SIGHUP)
        self.assertRegex(ready.recv(100).decode(), r'^RELOADING=1\nMONOTONIC_USEC=\d+$')
        self.assertEqual(b'READY=1', ready.recv(100))
        self.assertEqual(200, self.get().status)
        self.stop()
        self.assertEqual(b'STOPPING=1', ready.recv(100))
        self.assert_quiet()

    def test_stops_within_three_seconds_with_open_connections(self):
        self.serve()
        idle = [self.connect() for _ in range(20)]
        self.assertEqual(200, self.get().status)
        start = time.monotonic()
        self.stop()
        self.assertLess(time.monotonic() - start, 4)
        for client in idle:
            client.close()

    def test_tls(self):
        if missing('openssl'):
            self.skipTest('apt-get install openssl')
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj',
                        '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', self.folder / 'key.pem',
                        '-out', self.folder / 'cert.pem'], check=True, capture_output=True)
        self.configure(tls_certificate='cert.pem', tls_key='key.pem')
        self.serve()
        context = ssl.create_default_context(cafile=self.folder / 'cert.pem')
        with context.wrap_socket(self.connect(), server_hostname='localhost') as client:
            client.sendall(f'GET {self.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'.encode())
            self.assertTrue(client.recv(100).startswith(b'HTTP/1.1 200 OK'))
        self.assertNotIn(b'200 OK', self.raw(f'GET {self.path} HTTP/1.1\r\nHost: x\r\n\r\n'.encode()))
        self.stop()
        self.configure(tls_certificate='cert.pem', tls_key='cert.pem')
        done = self.run_kigen('web', '--listen', '127.0.0.1:0')
        self.assertEqual(3, done.returncode)
        self.assertIn('certificate', done.stderr)

    def test_the_unit_is_sandboxed(self):
        """systemd's own measure of what the unit may do; 10 is everything."""
        if missing('systemd-analyze'):
            self.skipTest('apt-get install systemd')
        done = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--no-pager', str(UNIT)],
                              capture_output=True, text=True, timeout=60)
        exposure = re.search(r'Overall exposure level for \S+: ([\d.]+)', done.stdout)
        self.assertIsNotNone(exposure, done.stdout[-2000:] + done.stderr)
        self.assertLessEqual(float(exposure.group(1)), 2.0)


if __name__ == '__main__':
    unittest.main()
