"""A running `kigen web` over the sample data, and clients for it."""

import http.client
import re
import socket
import subprocess
import time

from kigen import BINARY, TODAY, Case, end

ORGANIZATION = 'H0101'
PLAN = 'SIP-20/SIP-25'


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.body = response.read()
        self.headers = response.headers

    def __getitem__(self, name):
        return self.headers.get(name)


class Serving(Case):
    """A store with the sample's plans published, and the service on it."""

    def setUp(self):
        super().setUp()
        self.today = TODAY
        self.make_store()
        self.import_sample()
        self.run_kigen('plan', 'publish', '--all', '--keep-going', '--by', '早瀬', '--reason', '公表')
        self.path = '/' + self.kigen('feed', 'create', ORGANIZATION, '--by', '早瀬').strip().split('/', 3)[3]
        self.log = open(self.folder / 'web.log', 'w+', encoding='utf-8')
        self.addCleanup(self.log.close)

    def configure(self, **keys):
        (self.folder / 'kigen.conf').write_text(
            '[web]\n' + ''.join(f'{key} = {value}\n' for key, value in keys.items()), encoding='utf-8')

    def serve(self, *words, **options):
        """Starts it; self.port is its port. The process is returned."""
        words = words or ('--listen', '127.0.0.1:0')
        self.web = subprocess.Popen([BINARY, 'web', *words], cwd=self.folder, env=self.environment(),
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log,
                                    encoding='utf-8', **options)
        self.addCleanup(end, self.web)
        line = self.web.stdout.readline()
        self.assertRegex(line, r'^kigen web: https?://', self.said())
        self.port = int(re.search(r':(\d+)/$', line.strip()).group(1))
        return self.web

    def said(self):
        self.log.flush()
        return (self.folder / 'web.log').read_text(encoding='utf-8')

    def get(self, path=None, method='GET', source=None, port=None, timeout=20, **headers):
        connection = http.client.HTTPConnection('127.0.0.1', port or self.port, timeout=timeout,
                                                source_address=(source, 0) if source else None)
        try:
            connection.request(method, path or self.path,
                               headers={name.replace('_', '-'): value for name, value in headers.items()})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def raw(self, data, seconds=10, source=None):
        """Sends bytes as they are; returns what comes back until the other end closes."""
        with self.connect(source) as client:
            client.settimeout(seconds)
            answer = b''
            try:
                client.sendall(data)
                while True:
                    piece = client.recv(65536)
                    if not piece:
                        break
                    answer += piece
            except OSError:
                pass
            return answer

    def connect(self, source=None):
        return socket.create_connection(('127.0.0.1', self.port), timeout=20,
                                        source_address=(source, 0) if source else None)

    def metric(self, name):
        text = self.get('/metrics').body.decode()
        return int(re.search(rf'^{re.escape(name)} (\d+)$', text, re.M).group(1))

    def until(self, what, seconds=10):
        """Waits until `what()` is true."""
        deadline = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), deadline, 'it never came')
            time.sleep(0.02)

    def let_it_look(self):
        """Each thread of the service looks at the store at most every 50 ms, for itself: after this, none answers by an old look."""
        time.sleep(0.2)

    def stop(self):
        self.web.terminate()
        self.assertEqual(0, self.web.wait(20), self.said())

    def assert_quiet(self):
        """Nothing went wrong that is worth a line, and no token stands anywhere."""
        self.assertEqual('', self.said())

    def assert_no_token(self):
        self.assertNotIn(self.path.split('/')[-1].removesuffix('.ics'), self.said())


__all__ = ['ORGANIZATION', 'PLAN', 'Serving']
