#!/usr/bin/python3
"""A real Postfix between kigen and the hospitals: it relays to smtp-sink, and what it cannot deliver comes back as it does in life,
through its pipe into `kigen bounce`; the next contact is asked then."""

import os
import re
import socket
import subprocess
import time
import unittest

import postfix
from kigen import BINARY, NOBODY, Case, as_nobody, needs

USER = 'nobody'


@unittest.skipIf(os.geteuid() != 0, 'NOT TESTED, a real relay: Postfix starts as root alone')
@needs('/usr/lib/postfix/sbin/master', 'postfix')
class Relay(Case):
    today = '2031-03-31'

    def setUp(self):
        super().setUp()
        self.today = Relay.today
        self.postfix = None
        self.folder.chmod(0o755)
        self.home = self.folder / 'home'  # of who runs kigen, and of Postfix's pipe
        self.home.mkdir(mode=0o700)
        os.chown(self.home, NOBODY, -1)
        self.store = self.home / 'kigen.db'
        self.sink_port = postfix.free_port()
        self.mails = self.folder / 'mails'
        self.mails.mkdir()
        self.mails.chmod(0o777)
        self.sink = subprocess.Popen(['/usr/sbin/smtp-sink', '-u', USER, '-R', str(self.mails), '-d', 'mail.', f'127.0.0.1:{self.sink_port}', '100'],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop_sink)
        self.until(self.sink_listens)
        self.pipe = self.folder / 'kigen-bounce'
        self.pipe.write_text('#!/bin/sh\n' + f'cd {self.home} && KIGEN_TODAY={self.today} exec {BINARY} --store sqlite:{self.store} bounce "$@"\n')
        self.pipe.chmod(0o755)
        self.postfix = postfix.Postfix(self.folder / 'postfix', self.sink_port, USER, self.pipe)
        self.addCleanup(self.postfix.stop)
        self.make_base()

    def stop_sink(self):
        self.sink.kill()
        self.sink.wait()

    def sink_listens(self):
        try:
            socket.create_connection(('127.0.0.1', self.sink_port)).close()
            return True
        except ConnectionRefusedError:
            return False

    def run_kigen(self, *arguments, **options):
        """As the user of the store."""
        folder, self.folder = self.folder, self.home
        try:
            return super().run_kigen(*arguments, preexec_fn=as_nobody, **options)
        finally:
            self.folder = folder

    def make_base(self):
        """Three hospitals: the first contact of H1 is unknown where its mail goes, and there is a second."""
        self.make_store()
        (self.home / 'kigen.conf').write_text('[mail]\nfrom = notice@maker.example\nbounces = bounces@maker.example\n')
        for kind, text in (('products', 'product,name_ja,name_en,security_contact\nCT-100,CT装置,CT,psirt@maker.example\n'),
                           ('lifecycles', 'product,name,release,general_availability\nCT-100,CT装置,1.0,2021-04-01\n'),
                           ('organizations', 'organization,name_ja,role\n' + ''.join(f'H{i},第{i}病院,hospital\n' for i in (1, 2, 3))),
                           ('contacts', 'organization,name,email,order\nH1,佐藤,sato@local.example,1\nH1,鈴木,suzuki@h1.example,2\n'
                                        'H2,田中,tanaka@h2.example,1\nH3,高橋,takahashi@h3.example,1\n'),
                           ('devices', 'product,release,serial,organization\n' + ''.join(f'CT-100,1.0,SN{i},H{i}\n' for i in (1, 2, 3)))):
            path = self.home / f'{kind}.csv'
            path.write_text(text, encoding='utf-8')
            path.chmod(0o644)
            self.kigen('import', kind, path, '--by', '早瀬')
        self.kigen('plan', 'set', 'CT-100/1.0', 'end_of_sale=2034-03-31', 'eol=2035-03-31', 'eos=2038-03-31', 'doc=LSP-1', 'duties=分離',
                   'lines=parts:2038-03-31', '--by', '早瀬')
        self.kigen('plan', 'publish', 'CT-100/1.0', '--by', '早瀬', '--reason', '初回公表')

    def until(self, what, seconds=90):
        deadline = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), deadline, self.postfix and self.postfix.log())
            time.sleep(0.05)

    def relayed(self):
        """Recipients of what came out of Postfix, to how many mails."""
        found = {}
        for path in self.mails.rglob('*'):
            if path.is_file():
                for address in re.findall(r'^X-Rcpt-Args: .*<([^>]*)>', path.read_text(errors='replace'), re.M):
                    found[address] = found.get(address, 0) + 1
        return found

    def state_of(self, email):
        return self.query('SELECT o.state FROM outbox o JOIN contact c ON c.id = o.contact WHERE c.email = ? ORDER BY o.id', email)

    def test_relayed_and_bounced(self):
        self.kigen('deliver', '--once', '--transport', self.postfix.url())
        self.assertEqual(3, self.count('outbox', "attempt = 1"))
        self.until(lambda: self.state_of('sato@local.example') == [('bounced',)])
        self.until(self.postfix.is_empty)
        self.assertEqual({'tanaka@h2.example': 1, 'takahashi@h3.example': 1}, self.relayed())
        self.assertEqual([('accepted',)], self.state_of('tanaka@h2.example'))
        detail = self.query("SELECT detail FROM outbox_event WHERE state = 'bounced'")[0][0]
        self.assertIn('5.1.1', detail)
        self.assertIn('bounced', self.kigen('outbox', 'list', '--state', 'bounced'))
        self.kigen('audit', 'verify')
        self.today = '2031-05-31'  # beyond every time set for the next contact
        self.kigen('deliver', '--once', '--transport', self.postfix.url())
        self.until(lambda: self.relayed().get('suzuki@h1.example') == 1)
        self.assertEqual([('accepted',)], self.state_of('suzuki@h1.example'))
        self.assertEqual([('bounced',)], self.state_of('sato@local.example'))


if __name__ == '__main__':
    unittest.main()
