#!/usr/bin/python3
"""An SMTP relay that behaves as told: scripted_relay.py MODE FOLDER [CERTIFICATE KEY]

Prints the port it listens on (127.0.0.1), then serves until it is killed, each connection on its own. FOLDER gets
`commands` (every command line) and `data` (the last mail as it came over the line, dots and all). MODE is one of MODES;
one that begins with smtps speaks TLS from the first byte."""

import socket
import ssl
import struct
import sys
import threading
import time

LONG = b'x' * 1100

# What differs from a relay that takes everything: {command: reply}; None closes, 'stall' never answers, a list holds
# the answers one after the other on each connection, the last one again and again.
MODES = {
    'accept': {},
    'greeting-421': {'greeting': b'421 4.3.2 too busy\r\n'},
    'greeting-554': {'greeting': b'554 no service here\r\n'},
    'greeting-close': {'greeting': None},
    'greeting-stall': {'greeting': 'stall'},
    'ehlo-550': {'EHLO': b'550 go away\r\n'},
    'mail-451': {'MAIL': b'451 4.3.0 later\r\n'},
    'mail-553': {'MAIL': b'553 5.1.8 who are you\r\n'},
    'rcpt-452': {'RCPT': b'452 4.2.2 mailbox full\r\n'},
    'rcpt-550': {'RCPT': b'550-5.1.1 no such\x01 user\r\n550 5.1.1 \x1b[31m\xe4\xbd\x90\xff' + b'x' * 900 + b'\r\n'},
    'rcpt-close': {'RCPT': None},
    'rcpt-stall': {'RCPT': 'stall'},
    'end-slow': {'.': 'slow'},
    'data-451': {'DATA': b'451 4.3.0 no room\r\n'},
    'data-close': {'DATA': None},
    'data-stall': {'DATA': 'stall-in-data'},
    'end-452': {'.': b'452 4.3.1 disk full\r\n'},
    'end-554': {'.': b'554 5.7.1 refused by content\r\n'},
    'end-close': {'.': None},
    'end-stall': {'.': 'stall'},
    'chunking': {'EHLO': b'250-relay\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 DSN\r\n'},
    'chunking-452': {'EHLO': b'250-relay\r\n250-PIPELINING\r\n250 CHUNKING\r\n', 'BDAT': b'452 4.3.1 disk full\r\n'},
    'chunking-554': {'EHLO': b'250-relay\r\n250 CHUNKING\r\n', 'BDAT': b'554 5.7.1 refused by content\r\n'},
    'chunking-close': {'EHLO': b'250-relay\r\n250 CHUNKING\r\n', 'BDAT': None},
    'mail-421-second': {'MAIL': [b'250 ok\r\n', b'421 4.7.0 enough for one session\r\n']},
    'mail-421': {'MAIL': b'421 4.7.0 not today\r\n'},
    'mail-530': {'MAIL': b'530 5.7.0 authentication required\r\n'},
    'rcpt-421': {'RCPT': b'421 4.7.0 go away\r\n'},
    'rcpt-550-first': {'RCPT': [b'550 5.1.1 no such user\r\n', b'250 ok\r\n'], 'DATA': [b'554 no recipients\r\n', b'354 go on\r\n']},
    'rcpt-550-354': {'RCPT': [b'550 5.1.1 no such user\r\n', b'250 ok\r\n'], '.': [b'554 no recipients\r\n', b'250 2.0.0 queued as 4712\r\n']},
    'rcpt-close-second': {'RCPT': [b'250 ok\r\n', None]},
    'mail-553-first': {'MAIL': [b'553 5.1.8 who are you\r\n', b'250 ok\r\n']},
    'data-451-first': {'DATA': [b'451 4.3.0 no room\r\n', b'354 go on\r\n']},
    'data-354-close': {'DATA': 'answer-and-close'},
    'end-554-first': {'.': [b'554 5.7.1 refused by content\r\n', b'250 2.0.0 queued as 4712\r\n']},
    'end-and-close': {'.': 'answer-and-close'},
    'end-and-reset': {'.': 'answer-and-reset'},
    'end-long': {'.': b'250 2.0.0 ' + LONG + b'\r\n'},
    'end-long-550': {'.': b'550 5.7.1 ' + LONG + b'\r\n'},
    'end-long-lines': {'.': b'250-2.0.0 ' + LONG + b'\r\n250 2.0.0 ok\r\n'},
    'end-mixed': {'.': b'250-2.0.0 taken\r\n550 5.0.0 or not\r\n'},
    'end-half': {'.': 'half-a-reply'},
    'end-garbage': {'.': b'hello\r\n'},
    'rcpt-mixed': {'RCPT': b'250-2.1.5 taken\r\n550 5.1.1 or not\r\n'},
    'rcpt-garbage': {'RCPT': b'hello\r\n'},
    'greeting-long': {'greeting': b'220 ' + LONG + b'\r\n'},
    'ehlo-long': {'EHLO': b'250-relay\r\n250-' + LONG + b'\r\n250 DSN\r\n'},
    'ehlo-half': {'EHLO': 'half-a-reply'},
    'mail-long': {'MAIL': b'250 2.1.0 ' + LONG + b'\r\n'},
    'rcpt-long': {'RCPT': b'250 2.1.5 ' + LONG + b'\r\n'},
    'rcpt-long-550': {'RCPT': b'550 5.1.1 ' + LONG + b'\r\n'},
    'data-long': {'DATA': b'354 ' + LONG + b'\r\n'},
    'data-mixed': {'DATA': b'250-2.0.0 go\r\n354 on\r\n'},
    'auth': {'EHLO': b'250-relay\r\n250-AUTH PLAIN LOGIN\r\n250 DSN\r\n'},
    'auth-login': {'EHLO': b'250-relay\r\n250-AUTH LOGIN\r\n250 DSN\r\n', 'AUTH': b'334 UGFzc3dvcmQ6\r\n'},
    'auth-535': {'EHLO': b'250-relay\r\n250-AUTH PLAIN\r\n250 DSN\r\n', 'AUTH': b'535 5.7.8 wrong password\r\n'},
    'auth-none': {},
    'smtps': {},
    'smtps-auth': {'EHLO': b'250-relay\r\n250-AUTH PLAIN LOGIN\r\n250 DSN\r\n'},
    'smtps-auth-535': {'EHLO': b'250-relay\r\n250-AUTH PLAIN\r\n250 DSN\r\n', 'AUTH': b'535 5.7.8 wrong password\r\n'},
    'smtps-greeting-421': {'greeting': b'421 4.3.2 too busy\r\n'},
    'smtps-mail-451': {'MAIL': b'451 4.3.0 later\r\n'},
    'smtps-mail-421-second': {'MAIL': [b'250 ok\r\n', b'421 4.7.0 enough for one session\r\n']},
    'smtps-rcpt-550-first': {'RCPT': [b'550 5.1.1 no such user\r\n', b'250 ok\r\n']},
    'smtps-rcpt-452': {'RCPT': b'452 4.2.2 mailbox full\r\n'},
    'smtps-data-451': {'DATA': b'451 4.3.0 no room\r\n'},
    'smtps-data-close': {'DATA': None},
    'smtps-end-452': {'.': b'452 4.3.1 disk full\r\n'},
    'smtps-end-554': {'.': b'554 5.7.1 refused by content\r\n'},
    'smtps-end-close': {'.': None},
    'smtps-end-stall': {'.': 'stall'},
    'smtps-end-long': {'.': b'250 2.0.0 ' + LONG + b'\r\n'},
    'smtps-rcpt-long': {'RCPT': b'250 2.1.5 ' + LONG + b'\r\n'},
    'smtps-data-354-close': {'DATA': 'answer-and-close'},
    'smtps-data-stall': {'DATA': 'stall-in-data'},
    'smtps-end-and-close': {'.': 'answer-and-close'},
    'smtps-end-and-reset': {'.': 'answer-and-reset'},
    'smtps-end-half': {'.': 'half-a-reply'},
    'smtps-end-garbage': {'.': b'hello\r\n'},
    'smtps-end-long-550': {'.': b'550 5.7.1 ' + LONG + b'\r\n'},
    'smtps-end-mixed': {'.': b'250-2.0.0 taken\r\n550 5.0.0 or not\r\n'},
    'starttls': {},
    'starttls-454': {'STARTTLS': b'454 4.7.0 TLS not now\r\n'},
    'starttls-inject': {'STARTTLS': b'220 go on\r\n250 injected\r\n250 injected\r\n250 injected\r\n'},
}
REPLIES = {
    'greeting': b'220 relay ESMTP\r\n',
    'EHLO': b'250-relay\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 DSN\r\n',
    'STARTTLS': b'220 2.0.0 go on\r\n',
    'MAIL': b'250 2.1.0 ok\r\n',
    'RCPT': b'250 2.1.5 ok\r\n',
    'DATA': b'354 go on\r\n',
    'BDAT': b'250 2.0.0 chunk taken\r\n',
    'AUTH': b'235 2.7.0 come in\r\n',
    '.': b'250 2.0.0 queued as 4711\r\n',
    'RSET': b'250 2.0.0 ok\r\n',
    'QUIT': b'221 2.0.0 bye\r\n',
}


class Hangup(Exception):
    pass


class Relay:
    def __init__(self, mode, folder, pair):
        self.replies = {**REPLIES, **{key: list(reply) if isinstance(reply, list) else reply for key, reply in MODES[mode].items()}}
        self.ehlo = self.replies['EHLO']
        self.implicit = mode.startswith('smtps')
        if pair:
            if not self.implicit:
                self.replies['EHLO'] = b'250-relay\r\n250-ENHANCEDSTATUSCODES\r\n250 STARTTLS\r\n'
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*pair)
            self.context.sni_callback = lambda _, name, __: self.note(f'(server name {name})')
        self.folder = folder
        self.broken = False  # a BDAT was refused: the next ones are out of sequence

    def note(self, line):
        with open(f'{self.folder}/commands', 'a', encoding='latin-1') as file:
            file.write(line + '\n')

    def answer(self, key):
        reply = self.replies[key]
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if reply is None:
            raise Hangup
        if reply == 'slow':
            time.sleep(0.5)
            reply = REPLIES[key]
        if reply == 'half-a-reply':
            self.connection.sendall(b'25')
            raise Hangup
        if reply == 'answer-and-reset':
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        if reply in ('answer-and-close', 'answer-and-reset'):
            self.connection.sendall(REPLIES[key])
            time.sleep(0.1)  # a reset would overtake what was not read yet
            raise Hangup
        if reply in ('stall', 'stall-in-data'):
            if reply == 'stall-in-data':
                self.connection.sendall(REPLIES[key])
                if self.file.peek(1):
                    self.note('(in data)')
            time.sleep(3600)
        self.connection.sendall(reply)
        if key == '.':
            self.note('(answered)')
        return reply

    def read_data(self):
        data = b''
        while True:
            line = self.file.readline()
            if line in (b'', b'.\r\n'):
                self.note('(whole mail)' if line else '(cut off)')
                break
            data += line
        self.save(data, 'wb')

    def save(self, data, how):
        with open(f'{self.folder}/data', how) as file:
            file.write(data)

    def read_chunk(self, line):
        self.save(self.file.read(int(line.split()[1])), 'ab')
        if line.endswith(' LAST'):
            self.note('(whole mail)')
        if self.broken:
            self.connection.sendall(b'503 5.5.1 bad sequence of commands\r\n')
        else:
            self.broken = not self.answer('BDAT').startswith(b'2')

    def start_tls(self):
        if self.answer('STARTTLS').startswith(b'220'):
            self.connection = self.context.wrap_socket(self.connection, server_side=True)
            self.file = self.connection.makefile('rb')
            self.replies['EHLO'] = self.ehlo

    def authenticate(self, line):
        if len(line.split()) < 3:  # without an initial response
            self.connection.sendall(b'334 \r\n')
            self.note(self.file.readline().decode('latin-1').rstrip('\r\n'))
        if self.answer('AUTH').startswith(b'334'):
            self.note(self.file.readline().decode('latin-1').rstrip('\r\n'))
            self.connection.sendall(REPLIES['AUTH'])

    def command(self, line):
        word = line.split()[0].upper()
        if word == 'BDAT':
            self.read_chunk(line)
        elif word == 'STARTTLS':
            self.start_tls()
        elif word == 'AUTH':
            self.authenticate(line)
        elif self.answer(word).startswith(b'354'):
            self.read_data()
            self.answer('.')
        return word != 'QUIT'

    def serve(self, connection):
        self.connection = connection
        try:
            if self.implicit:
                self.connection = self.context.wrap_socket(connection, server_side=True)
        except OSError as error:
            self.note(f'(closed: {error})')
            return
        self.file = self.connection.makefile('rb')
        try:
            self.answer('greeting')
            for raw in iter(lambda: self.file.readline(), b''):
                line = raw.decode('latin-1').rstrip('\r\n')
                self.note(line)
                if not self.command(line):
                    break
        except (Hangup, OSError) as error:
            self.note(f'(closed: {error})')
        finally:
            self.file.close()
            self.connection.close()


def main(mode, folder, *pair):
    with socket.create_server(('127.0.0.1', 0)) as server:
        sys.stdout.write(f'{server.getsockname()[1]}\n')
        sys.stdout.flush()
        while True:
            connection, _ = server.accept()
            with open(f'{folder}/connected', 'a', encoding='ascii') as file:
                file.write('1\n')
            if mode == 'data-stall':  # a small window, so that the sender has to wait
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            threading.Thread(target=Relay(mode, folder, pair).serve, args=[connection], daemon=True).start()


if __name__ == '__main__':
    main(*sys.argv[1:])
