#!/usr/bin/python3
"""user; who acts (--as, --password-file, [users] of kigen.conf), and in which role."""

import os
import pty
import pwd
import signal
import subprocess
import termios
import time
import unittest

from harness import CLEAN, KIGEN, Case, finish

ME = pwd.getpwuid(os.getuid()).pw_name
WRONG = 'user or password is wrong'

# Every command that writes, and the role that it is for.
WRITES = {
    ('import', 'products', 'products.csv'): 'planner',
    ('import', 'products', 'products.csv', '--dry-run'): 'planner',
    ('maker', 'set', 'name_ja=x'): 'planner',
    ('plan', 'set', 'CT-100/1.0', 'eol=2031-03-31'): 'planner',
    ('plan', 'publish', '--all'): 'planner',
    ('documents', 'set', 'CT-100', '1(1)', 'D-1'): 'planner',
    ('documents', 'remove', 'CT-100', '1(1)'): 'planner',
    ('correction', 'approve', '1'): 'planner, safety_officer, quality, general_manager',
    ('correction', 'reject', '1', '--reason', 'x'): 'planner, safety_officer, quality, general_manager',
    ('feed', 'create', 'H1'): 'planner',
    ('feed', 'rotate', 'H1'): 'planner',
    ('feed', 'revoke', 'H1'): 'planner',
    ('user', 'add', 'abe', '--role', 'viewer'): 'admin',
    ('user', 'roles', 'viewer', 'admin'): 'admin',
    ('user', 'disable', 'hayase', '--reason', 'x'): 'admin',
    ('user', 'enable', 'hayase', '--reason', 'x'): 'admin',
    ('doctor', '--recount'): 'admin',
    ('audit', 'head', '--make-key'): 'admin',
    ('restore', 'kept.db', '--force'): 'admin',
}
READS = [('check',), ('rules',), ('plan', 'show'), ('timeline',), ('schedule',), ('simulate', '--until', '2027-01-31'), ('feed', 'list'),
         ('outbox', 'list'), ('documents', 'list'), ('audit', 'list'), ('audit', 'head'), ('audit', 'verify'), ('audit', 'export'),
         ('doctor',), ('report', 'coverage'), ('user', 'list'), ('maker', 'show'), ('help',)]


class Users(Case):
    """Passwords in files, and ways to act."""

    def secret(self, name, text, mode=0o600):
        path = self.write(name, text)
        path.chmod(mode)
        return path.name

    def add_first(self):
        self.secret('hayase.pw', 'password of hayase\n')
        self.kigen('user', 'add', 'hayase', '--role', 'admin', '--full-name', '早瀬　真理子', '--new-password-file', 'hayase.pw')

    def add(self, name, roles, *words):
        self.secret(f'{name}.pw', f'password of {name}\n')
        self.kigen('user', 'add', name, '--role', roles, '--new-password-file', f'{name}.pw', *words, *self.by('hayase'))

    @staticmethod
    def by(name):
        return ['--as', name, '--password-file', f'{name}.pw']

    def conf(self, text, mode=0o644):
        path = self.folder / 'kigen.conf'
        path.write_text(text, encoding='utf-8')
        path.chmod(mode)
        return path

    def who(self):
        """Who wrote the newest row of the audit trail."""
        return self.json('audit', 'list', '--limit', '1')[0]['actor']

    def users(self):
        return {user['name']: user for user in self.json('user', 'list')['users']}


class First(Users):
    def test_without_users_all_is_as_before(self):
        self.assertIn('no user yet', self.kigen('user', 'list'))
        self.assertEqual(self.json('user', 'list'), {'users': []})
        self.kigen('maker', 'set', 'name_ja=x', '--by', 'Hayase')
        self.assertEqual(self.who(), 'Hayase')
        self.kigen('maker', 'set', 'name_ja=y', environment={'KIGEN_USER': 'sato', 'KIGEN_PASSWORD_FILE': 'none'})
        self.assertEqual(self.who(), ME)
        self.assertIn('kigen user add', self.refused('maker', 'set', 'name_ja=x', '--as', 'sato', code=2))
        for words in (('roles', 'sato', 'admin'), ('disable', 'sato', '--reason', 'x'), ('password', 'sato')):
            self.assertIn('no user sato: there is none yet', self.refused('user', *words))

    def test_the_first_is_an_admin_with_a_way_in(self):
        self.secret('pw', 'long enough\n')
        self.assertIn('--role', self.refused('user', 'add', 'hayase', code=2))
        self.assertIn('role admin', self.refused('user', 'add', 'hayase', '--role', 'planner', '--new-password-file', 'pw'))
        self.assertIn('way in', self.refused('user', 'add', 'hayase', '--role', 'admin'))
        self.conf(f'[users]\n{ME} = sato\n')
        self.assertIn('maps', self.refused('user', 'add', 'hayase', '--role', 'admin'))
        self.assertEqual(self.users(), {})
        self.conf(f'[users]\n{ME} = ｈａｙａｓｅ\n')
        self.assertIn('--as hayase', self.kigen('user', 'add', 'hayase', '--role', 'admin', '--by', 'root of all'))
        self.assertEqual(self.who(), 'root of all')
        self.assertFalse(self.users()['hayase']['password'])

    def test_what_is_wrong_with_name_role_or_password(self):
        self.secret('pw', 'long enough')
        for words, said in ((('kigen', '--role', 'admin'), 'the program itself'),
                            (('  ', '--role', 'admin'), 'without a letter'),
                            (('a\u200bb', '--role', 'admin'), 'does not show'),
                            (('hayase', '--role', 'amdin'), 'did you mean admin?'),
                            (('hayase', '--role', 'admin,'), '"" is no role: known are: planner, approver'),
                            (('hayase', '--role', 'admin', '--full-name', '\t'), 'without a letter')):
            self.assertIn(said, self.refused('user', 'add', *words, '--new-password-file', 'pw'))
        os.mkfifo(self.folder / 'fifo', 0o600)
        for path, code, said in (('none', 3, 'No such file'), ('fifo', 3, 'regular file'), ('.', 3, 'regular file'),
                                 (self.secret('open', 'long enough\n', 0o644), 3, 'chmod 600 open'),
                                 (self.secret('group', 'long enough\n', 0o640), 3, 'mode 0640'),
                                 (self.secret('empty', ''), 1, 'one line'), (self.secret('blank', '\n'), 1, 'one line'),
                                 (self.secret('lines', 'long enough\nand more\n'), 1, 'more than one line'),
                                 (self.secret('nul', 'long\0enough'), 1, 'one line'), (self.secret('huge', 'x' * 5000), 1, 'one line'),
                                 (self.secret('long', 'x' * 1001), 1, 'longer than 1000 bytes'),
                                 (self.secret('short', 'seven77\n'), 1, 'shorter than 8')):
            self.assertIn(said, self.refused('user', 'add', 'hayase', '--role', 'admin', '--new-password-file', path, code=code), path)
        (self.folder / 'bytes').write_bytes(b'long enough\xff\n')
        (self.folder / 'bytes').chmod(0o600)
        self.assertIn('UTF-8', self.refused('user', 'add', 'hayase', '--role', 'admin', '--new-password-file', 'bytes'))
        self.assertEqual(self.users(), {})
        self.assertEqual([row['action'] for row in self.json('audit', 'list', '--action', 'user')], [])

    def test_json(self):
        self.secret('pw', '合言葉は山と川である\r\n', 0o400)
        made = self.json('user', 'add', ' Ｈａｙａｓｅ ', '--role', 'planner, admin', '--full-name', '早瀬　真理子', '--new-password-file', 'pw')
        self.assertEqual({name: made[name] for name in ('name', 'full_name', 'roles', 'password', 'disabled_at')},
                         {'name': 'Hayase', 'full_name': '早瀬 真理子', 'roles': ['planner', 'admin'], 'password': True, 'disabled_at': None})
        self.assertEqual(self.json('user', 'list'), {'users': [made]})
        row, = self.json('audit', 'list', '--action', 'user.add')
        self.assertEqual(row['payload'], {'what': 'Hayase', 'full_name': '早瀬 真理子', 'roles': ['planner', 'admin'], 'password': True})
        self.kigen('user', 'roles', 'Hayase', 'admin', '--as', 'Hayase', '--password-file', '-', text='合言葉は山と川である')


class Prove(Users):
    """hayase is an admin, sato a planner, mori a viewer."""

    def setUp(self):
        super().setUp()
        self.add_first()
        self.add('sato', 'planner')
        self.add('mori', 'viewer')

    def test_password(self):
        before = self.kigen('audit', 'list')
        self.assertIn('--as NAME', self.refused('maker', 'set', 'name_ja=x', '--by', 'sato', code=2))
        self.assertIn('who are you?', self.refused('maker', 'set', 'name_ja=x', code=2))
        self.assertIn('--password-file FILE', self.refused('maker', 'set', 'name_ja=x', '--as', 'sato', code=2))
        for name, path in (('sato', 'mori.pw'), ('nobody', 'mori.pw'), ('SATO', 'sato.pw')):
            self.assertEqual(self.refused('maker', 'set', 'name_ja=x', '--as', name, '--password-file', path),
                             f'kigen: --as {name}: {WRONG}\n')
        (self.folder / 'sato.pw').chmod(0o644)
        self.assertIn('chmod 600 sato.pw', self.refused('maker', 'set', 'name_ja=x', *self.by('sato'), code=3))
        (self.folder / 'sato.pw').chmod(0o600)
        self.assertEqual(self.kigen('audit', 'list'), before)
        self.kigen('maker', 'set', 'name_ja=x', *self.by('sato'))
        self.assertEqual(self.who(), 'sato')
        self.kigen('maker', 'set', 'name_ja=y', '--as', ' ｓａｔｏ', environment={'KIGEN_USER': 'mori', 'KIGEN_PASSWORD_FILE': 'sato.pw'})
        self.kigen('maker', 'set', 'name_ja=z', environment={'KIGEN_USER': 'sato', 'KIGEN_PASSWORD_FILE': 'sato.pw'})
        self.kigen('maker', 'set', 'name_ja=z', '--as', 'sato', '--password-file', '-', text='password of sato\nrest\n')
        self.assertEqual(self.who(), 'sato')

    def test_roles(self):
        self.add_release('CT-100', '1.0')
        self.write('products.csv', 'product,name_ja,name_en\nP,ポンプ,pump\n')
        self.sql("INSERT INTO organization (code, name_ja, role) VALUES ('H1', '中央病院', 'hospital')")
        self.kigen('backup', 'kept.db')
        before = self.kigen('audit', 'list')
        for words, role in WRITES.items():
            self.assertRegex(self.refused(*words, *self.by('mori')), rf'^kigen: kigen {words[0]}.* is for {role}; you are mori \(viewer\)\n$')
        for words, role in list(WRITES.items())[::5]:
            other = 'hayase' if 'planner' in role else 'sato'
            self.assertIn(f'is for {role}', self.refused(*words, *self.by(other)))
        self.assertEqual(self.kigen('audit', 'list'), before)
        for words, role in WRITES.items():
            text = self.kigen(*words, '--help')
            self.assertIn(f'To write into a store that has users one needs the role {role}.', text)
        self.kigen('import', 'products', 'products.csv', *self.by('sato'))
        self.kigen('plan', 'set', 'CT-100/1.0', 'eol=2031-03-31', *self.by('sato'))
        self.assertEqual(self.sql('SELECT author FROM support_plan'), [('sato',)])
        self.kigen('doctor', '--recount', *self.by('hayase'))

    def test_reading_asks_for_nothing(self):
        for words in READS:
            run = self.run_kigen(*words, '--as', 'nobody', '--password-file', 'none')
            self.assertIn(run.returncode, (0, 1), (words, run.stderr))
            self.assertEqual(run.stderr, '', words)
        self.kigen('backup', 'kept.db')
        self.kigen('import', 'products', '--help')

    def test_disable_and_enable(self):
        self.assertIn('--reason', self.refused('user', 'disable', 'sato', *self.by('hayase'), code=2))
        self.assertIn('--reason', self.refused('user', 'disable', 'sato', '--reason', ' ', *self.by('hayase'), code=2))
        self.assertIn('did you mean sato?', self.refused('user', 'disable', 'satou', '--reason', '退職', *self.by('hayase')))
        self.assertIn('known are: hayase, mori, sato', self.refused('user', 'disable', 'zzzzzz', '--reason', '退職', *self.by('hayase')))
        self.assertIn('last enabled admin', self.refused('user', 'disable', 'hayase', '--reason', '退職', *self.by('hayase')))
        self.assertIn('last enabled admin', self.refused('user', 'roles', 'hayase', 'planner', *self.by('hayase')))
        self.assertIn('is disabled from now on', self.kigen('user', 'disable', 'sato', '--reason', '退職', *self.by('hayase')))
        self.assertIn('was disabled before', self.kigen('user', 'disable', 'sato', '--reason', '退職', *self.by('hayase')))
        self.assertIn('kigen user enable', self.refused('maker', 'set', 'name_ja=x', *self.by('sato')))
        self.assertIn(WRONG, self.refused('maker', 'set', 'name_ja=x', '--as', 'sato', '--password-file', 'mori.pw'))
        self.assertIn('who is disabled', self.refused('user', 'add', 'Sato', '--role', 'viewer', *self.by('hayase')))
        self.assertIsNotNone(self.users()['sato']['disabled_at'])
        self.assertIsNone(self.json('user', 'enable', 'sato', '--reason', '復職', *self.by('hayase'))['disabled_at'])
        self.kigen('maker', 'set', 'name_ja=x', *self.by('sato'))
        self.assertEqual([(row['action'], row['actor'], row['payload']) for row in self.json('audit', 'list', '--action', 'user')[-2:]],
                         [('user.disable', 'hayase', {'what': 'sato', 'why': '退職'}), ('user.enable', 'hayase', {'what': 'sato', 'why': '復職'})])

    def test_roles_of_a_user(self):
        self.assertIn('did you mean quality?', self.refused('user', 'roles', 'sato', 'planner,qualty', *self.by('hayase')))
        self.assertIn('had these roles', self.kigen('user', 'roles', 'sato', 'planner', *self.by('hayase')))
        self.assertEqual(self.json('user', 'roles', 'sato', 'quality,admin', '--reason', '異動', *self.by('hayase'))['roles'], ['admin', 'quality'])
        self.assertIn('you are sato (admin, quality)', self.refused('maker', 'set', 'name_ja=x', *self.by('sato')))
        self.kigen('user', 'disable', 'hayase', '--reason', '退職', *self.by('sato'))
        row, = self.json('audit', 'list', '--action', 'user.roles')
        self.assertEqual(row['payload'], {'what': 'sato', 'from': ['planner'], 'to': ['admin', 'quality'], 'why': '異動'})

    def test_a_password_is_changed_by_its_owner_or_an_admin(self):
        self.secret('new.pw', 'another password\n')
        self.assertIn('only an admin', self.refused('user', 'password', 'mori', '--new-password-file', 'new.pw', *self.by('sato')))
        self.assertIn('--new-password-file', self.refused('user', 'password', 'mori', *self.by('mori'), code=2))
        self.secret('short.pw', 'short\n')
        self.assertIn('shorter', self.refused('user', 'password', 'mori', '--new-password-file', 'short.pw', *self.by('mori')))
        self.kigen('user', 'password', 'mori', '--new-password-file', 'new.pw', *self.by('mori'))
        self.assertIn(WRONG, self.refused('user', 'password', 'mori', '--new-password-file', 'new.pw', *self.by('mori')))
        self.kigen('user', 'password', 'mori', '--new-password-file', 'mori.pw', *self.by('hayase'))
        self.kigen('user', 'password', 'mori', '--new-password-file', 'mori.pw', *self.by('mori'))
        self.kigen('user', 'password', 'mori', '--as', 'mori', '--password-file', '-', '--new-password-file', '-',
                   text='password of mori\nthe third password\n')
        self.kigen('user', 'password', 'mori', '--as', 'mori', '--password-file', '-', '--new-password-file', 'new.pw', text='the third password\n')
        rows = self.json('audit', 'list', '--action', 'user.password')
        self.assertEqual([row['actor'] for row in rows], ['mori', 'hayase', 'mori', 'mori', 'mori'])
        self.assertEqual({str(row['payload']) for row in rows}, {"{'what': 'mori'}"})
        self.assertNotIn('argon2', self.kigen('audit', 'export'))

    def test_the_delivery_acts_as_kigen_itself(self):
        self.assertIn('leave --by away', self.refused('deliver', '--once', '--by', 'sato', code=2))
        self.assertIn('leave --as away', self.refused('deliver', '--once', *self.by('sato'), code=2))
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '中央病院', 'hospital')")
        self.sql("INSERT INTO outbox (organization, message_id, state, attempt, channel, due_on, created_at) "
                 "VALUES (1, 'm@x', 'sending', 1, 'mail', '2026-12-01', '2026-12-01T00:00:00Z')")
        self.run_kigen('deliver', '--once', environment={'KIGEN_USER': 'sato'})
        row, = self.json('audit', 'list', '--action', 'outbox.recover')
        self.assertEqual(row['actor'], 'kigen')

    def test_restore_is_for_an_admin_of_the_store_that_is_replaced(self):
        self.kigen('backup', 'kept.db')
        self.assertIn('who are you?', self.refused('restore', 'kept.db', '--force', code=2))
        self.assertIn('who are you?', self.refused('restore', 'kept.db', '--store', 'new.db', code=2))
        self.assertIn(WRONG, self.refused('restore', 'kept.db', '--store', 'new.db', '--as', 'hayase', '--password-file', 'sato.pw'))
        self.assertFalse((self.folder / 'new.db').exists())
        self.kigen('restore', 'kept.db', '--store', 'new.db', *self.by('hayase'))
        row = self.json('--store', 'new.db', 'audit', 'list', '--limit', '1')[0]
        self.assertEqual((row['action'], row['actor']), ('restore', 'hayase'))
        self.kigen('user', 'disable', 'sato', '--reason', '退職', *self.by('hayase'))
        self.kigen('restore', 'kept.db', '--force', *self.by('hayase'))
        self.assertIsNone(self.users()['sato']['disabled_at'])


class Mapping(Users):
    def setUp(self):
        super().setUp()
        self.add_first()
        self.add('sato', 'planner')

    def set(self, *words, code=0, **more):
        """Who did it; what was said where it was refused."""
        self.kigen('maker', 'set', 'name_ja=x', *words, code=code, **more)
        return self.who() if code == 0 else self.errors

    def test_who_is_logged_in_needs_no_password(self):
        self.conf(f'[users]\n{ME} = sato\n')
        self.assertEqual(self.set(), 'sato')
        self.assertEqual(self.set('--as', 'ｓａｔｏ'), 'sato')
        self.assertEqual(self.set(environment={'USER': 'other', 'LOGNAME': 'other'}), 'sato')
        self.assertIn('--password-file', self.set('--as', 'hayase', code=2))
        self.assertIn(WRONG, self.set('--password-file', 'hayase.pw', code=1))  # what is given is checked
        self.assertEqual(self.set('--password-file', 'sato.pw'), 'sato')
        self.assertIn('is for planner', self.set(*self.by('hayase'), code=1))

    def test_a_name_that_is_none_or_not_mine(self):
        self.conf(f'[users]\n{ME} = satou\n')
        self.assertRegex(self.set(code=1), rf'kigen\.conf says that {ME} is satou, and there is no such user: did you mean sato\?')
        self.conf('[users]\nsomebody-else = sato\n')
        self.assertIn('who are you?', self.set(code=2))
        self.conf(f'[users]\n{ME} =\n')
        self.assertIn('who are you?', self.set(code=2))
        self.conf(f'[users]\n{ME} = kigen\n')
        self.assertIn('kigen.conf:2', self.set(code=3))

    def test_a_disabled_user(self):
        self.kigen('user', 'disable', 'sato', '--reason', '退職', *self.by('hayase'))
        self.conf(f'[users]\n{ME} = sato\n')
        self.assertIn('sato is disabled since', self.set(code=1))

    def test_a_file_that_others_can_write(self):
        for mode in (0o664, 0o646, 0o666):
            self.conf(f'[users]\n{ME} = sato\n', mode)
            self.assertIn('chmod go-w', self.set(code=1))
            self.assertEqual(self.set(*self.by('sato')), 'sato')
        self.conf(f'[users]\n{ME} = sato\n', 0o600)
        self.assertEqual(self.set(), 'sato')

    @unittest.skipUnless(os.getuid() == 0, 'only root can give a file to somebody else')
    def test_a_file_of_somebody_else(self):
        path = self.write('theirs.conf', f'[users]\n{ME} = sato\n')
        path.chmod(0o644)
        os.chown(path, 65534, 65534)
        named = {'KIGEN_CONFIG': str(path)}
        self.assertRegex(self.set(code=1, environment=named), r'theirs\.conf belongs to .* only a file of root or of the store\'s owner')
        self.assertEqual(self.set(*self.by('sato'), environment=named), 'sato')
        os.chown(self.folder / 'kigen.db', 65534, 65534)
        self.assertEqual(self.set(environment=named), 'sato')  # the store's owner says so
        os.chown(path, 65533, 65533)
        self.assertIn('belongs to', self.set(code=1, environment=named))
        os.chown(path, 0, 0)
        self.assertEqual(self.set(environment=named), 'sato')


class Terminal(Users):
    """kigen on a terminal of its own."""

    def start(self, *words):
        self.main, side = pty.openpty()
        self.addCleanup(os.close, self.main)
        process = subprocess.Popen([KIGEN, *words], cwd=self.folder, stdin=side, stdout=subprocess.PIPE, stderr=side, encoding='utf-8',
                                   env={**CLEAN, 'LANG': 'C.UTF-8', 'TERM': 'dumb', **self.environment}, start_new_session=True)
        os.close(side)
        self.addCleanup(lambda: (process.kill(), process.communicate()) if process.poll() is None else None)
        self.seen = ''
        return process

    def wait_for(self, text):
        """Reads the terminal until `text` stands there; what stood there."""
        while text not in self.seen:
            self.seen += os.read(self.main, 1000).decode()
        before, _, self.seen = self.seen.partition(text)
        return before

    def answer(self, question, text):
        self.wait_for(question)
        deadline = time.monotonic() + 60
        while self.echoes():  # it turns the echo off after it asked
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        os.write(self.main, f'{text}\n'.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.main)[3] & termios.ECHO)

    def test_asks_without_echo(self):
        process = self.start('user', 'add', 'hayase', '--role', 'admin,planner')
        self.answer('New password of hayase: ', 'password of hayase')
        self.answer('The same again: ', 'password of hayasE')
        self.wait_for('They differ')
        self.answer('New password of hayase: ', 'password of hayase')
        self.answer('The same again: ', 'password of hayase')
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertIn('hayase (planner, admin): added', output)
        self.assertTrue(self.echoes())

        process = self.start('maker', 'set', 'name_ja=x', '--as', 'hayase')
        self.answer('Password of hayase: ', 'password of hayase')
        process.communicate(timeout=60)
        self.assertEqual((process.returncode, self.who()), (0, 'hayase'))

        process = self.start('maker', 'set', 'name_ja=x', '--as', 'hayase')
        self.answer('Password of hayase: ', 'something else')
        self.wait_for(WRONG)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)

    def test_what_changed_while_it_asked(self):
        process = self.start('user', 'add', 'mori', '--role', 'admin')
        self.wait_for('New password of mori')
        self.add_first()
        self.answer(': ', 'password of mori')
        self.answer('The same again: ', 'password of mori')
        self.wait_for('somebody else added the first user just now')
        process.communicate(timeout=60)
        self.assertEqual((process.returncode, list(self.users())), (1, ['hayase']))

        self.add('sato', 'planner')
        process = self.start('user', 'password', 'sato', *self.by('sato'))
        self.wait_for('New password of sato')
        self.kigen('user', 'disable', 'sato', '--reason', '退職', *self.by('hayase'))
        self.answer(': ', 'another password')
        self.answer('The same again: ', 'another password')
        self.wait_for('sato was disabled or lost a role just now')
        process.communicate(timeout=60)
        self.assertEqual((process.returncode, self.json('audit', 'list', '--limit', '1')[0]['action']), (1, 'user.disable'))

    def test_a_signal_gives_the_echo_back(self):
        self.add_first()
        process = self.start('maker', 'set', 'name_ja=x', '--as', 'hayase')
        self.wait_for('Password of hayase: ')
        while self.echoes():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertTrue(self.echoes())


if __name__ == '__main__':
    finish()
