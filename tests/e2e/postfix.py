"""A Postfix of our own: configured in a folder, on a free port of the loopback, without touching /etc/postfix."""

import grp
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

DAEMONS = pathlib.Path('/usr/lib/postfix/sbin')

MAIN = """compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.maker.example
mydestination = local.example
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
recipient_delimiter = +
transport_maps = regexp:{folder}/etc/transport
kigen_destination_recipient_limit = 1
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtp_host_lookup = native
maximal_queue_lifetime = 1d
bounce_queue_lifetime = 1d
# a bounce that comes before kigen has written down that its mail is out is tried again
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
notify_classes =
"""

MASTER = """127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
local     unix - n n - - local
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
kigen     unix - n n - 1 pipe
  flags=DX user={user} argv={bounce} --recipient ${{recipient}}
"""

QUEUES = {'active': 0o700, 'bounce': 0o700, 'corrupt': 0o700, 'defer': 0o700, 'deferred': 0o700, 'flush': 0o700, 'hold': 0o700,
          'incoming': 0o700, 'private': 0o700, 'saved': 0o700, 'trace': 0o700, 'maildrop': 0o1730, 'public': 0o2710, 'pid': 0o755}


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Postfix:
    """Relays what it takes to port `sink`; mail to bounces@maker.example goes to the command line `bounce`, run as `user`; there
    is no user at local.example."""

    def __init__(self, folder, sink, user, bounce):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        for name in ('etc', 'log', 'data', 'spool'):
            (self.folder / name).mkdir(parents=True)
        self.folder.chmod(0o755)
        (self.folder / 'etc/main.cf').write_text(MAIN.format(folder=self.folder, sink=sink))
        (self.folder / 'etc/master.cf').write_text(MASTER.format(port=self.port, user=user, bounce=bounce))
        (self.folder / 'etc/transport').write_text('/^bounces(\\+[^@]*)?@maker\\.example$/ kigen:\n')
        self.make_queues()
        self.process = subprocess.Popen([DAEMONS / 'master', '-c', self.folder / 'etc', '-d'], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.wait()

    def make_queues(self):
        owner, drop = pwd.getpwnam('postfix').pw_uid, grp.getgrnam('postdrop').gr_gid
        os.chown(self.folder / 'data', owner, -1)
        for name, mode in QUEUES.items():
            path = self.folder / 'spool' / name
            path.mkdir()
            if name != 'pid':
                os.chown(path, owner, drop if name in ('maildrop', 'public') else -1)
            path.chmod(mode)

    def wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with socket.create_connection(('127.0.0.1', self.port), timeout=20) as client:
                    if client.recv(4) == b'220 ':
                        return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError('Postfix does not start:\n' + self.log())

    def log(self):
        path = self.folder / 'log/mail.log'
        return path.read_text(errors='replace')[-4000:] if path.exists() else 'no log'

    def is_empty(self):
        """Nothing waits in any queue."""
        return not any(path.is_file() for name in ('incoming', 'active', 'deferred', 'maildrop')
                       for path in (self.folder / 'spool' / name).rglob('*'))

    def url(self):
        return f'smtp://127.0.0.1:{self.port}'

    def stop(self):
        """Its master, and with it the processes of its session; nobody else's."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
