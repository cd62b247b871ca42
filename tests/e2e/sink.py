"""A relay that takes every mail and writes down what it took: the tests' judge of what has gone out."""

import asyncio
import collections
import hashlib
import re
import threading

MESSAGE_ID = re.compile(rb'^Message-ID: <([^>]*)>', re.M | re.I)


class Session(asyncio.Protocol):
    """One connection. Commands are answered one after the other; data goes until the lone dot."""

    def __init__(self, sink):
        self.sink = sink
        self.buffer = bytearray()
        self.in_data = False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b'220 sink ESMTP\r\n')

    def data_received(self, data):
        searched = max(len(self.buffer) - 4, 0)
        self.buffer += data
        while self.take(searched):
            searched = 0

    def take(self, searched):
        """One command, or the data; False when it has not come whole yet."""
        end = self.buffer.find(b'\r\n.\r\n' if self.in_data else b'\r\n', searched)
        if end < 0:
            return False
        taken = bytes(self.buffer[:end + 2])
        del self.buffer[:end + (5 if self.in_data else 2)]
        if self.in_data:
            self.in_data = False
            self.sink.took(taken, self.answer)
        else:
            self.sink.heard(taken)
            self.command(taken[:4].upper())
        return True

    def command(self, word):
        if word == b'EHLO':
            self.answer(b'250-sink\r\n250-PIPELINING\r\n250 DSN\r\n')
        elif word == b'DATA':
            self.in_data = True
            self.answer(b'354 go on\r\n')
        elif word == b'QUIT':
            self.answer(b'221 bye\r\n')
            self.transport.close()
        else:
            self.answer(b'250 ok\r\n')

    def answer(self, text):
        self.transport.write(text)


class Sink:
    """Listens on a free port of the loopback from its own thread. `mails`: Message-ID → digests of the bytes taken,
    one a copy. `delay(sink)`: seconds to hold the answer to a mail back; while `is_held()` none is given, and `held`
    of them wait."""

    def __init__(self, delay=None, port=0):
        self.mails = collections.defaultdict(list)
        self.count = 0
        self.delay = delay
        self.is_held = None
        self.held = 0
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, args=[ready, port], daemon=True)
        self.thread.start()
        ready.wait()

    def run(self, ready, port):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(self.loop.create_server(lambda: Session(self), '127.0.0.1', port, backlog=200))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()
        server.close()
        self.loop.close()

    def heard(self, line):
        """A command, as it came."""

    def took(self, data, answer):
        self.mails[MESSAGE_ID.search(data).group(1).decode()].append(hashlib.sha256(data).digest())
        self.count += 1
        self.loop.call_later(self.delay(self) if self.delay else 0, self.settle, answer, False)

    def settle(self, answer, was_held):
        """Answers, or looks again in a moment."""
        is_held = bool(self.is_held and self.is_held())
        self.held += is_held - was_held
        if is_held:
            self.loop.call_later(0.005, self.settle, answer, True)
        else:
            answer(b'250 2.0.0 taken\r\n')

    def url(self):
        return f'smtp://127.0.0.1:{self.port}'

    def stop(self):
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
