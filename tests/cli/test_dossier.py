#!/usr/bin/python3
"""outbox dossier: proof of notice as an archive, made twice the same, verified without the store, and what it says of what was changed."""

import fcntl
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import tarfile

from harness import CLEAN, KIGEN, finish
from test_publish import GOOD, Installed


class Dossier(Installed):
    """CT-100/1.0 was announced to H1 (mail, sent) and H2 (a letter, printed and posted)."""

    def setUp(self):
        super().setUp()
        self.plan('CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '初回公表')
        self.kigen('deliver', '--once')
        self.sql("UPDATE organization SET address = '札幌市' WHERE code = 'H2'")
        self.kigen('outbox', 'print', '--output', 'letters.html')
        self.kigen('outbox', 'sent', '2', '--tracking', '123-45')
        self.kigen('outbox', 'ack', 'H1', 'CT-100/1.0', '--kind', 'receipt', '--person', '部長 花子', '--how', 'phone')

    def make(self, name='proof.tar', *words):
        self.kigen('outbox', 'dossier', 'CT-100/1.0', '--output', name, *words)
        return self.folder / name

    def verify(self, name='proof.tar', code=0):
        return self.json('outbox', 'dossier', '--verify', name, code=code)['messages'] if code == 0 else \
            self.kigen('outbox', 'dossier', '--verify', name, code=code)

    def alone(self):
        """No store, no key: the archive is all there is."""
        for path in self.folder.glob('kigen*'):
            path.unlink() if path.is_file() else shutil.rmtree(path)

    def test_the_same_store_gives_the_same_bytes(self):
        first = self.make('one.tar').read_bytes()
        self.assertEqual(self.make('two.tar').read_bytes(), first)
        self.assertIn('one.tar exists already', self.refused('outbox', 'dossier', 'CT-100/1.0', '--output', 'one.tar'))
        self.assertEqual([path.name for path in self.folder.glob('.kigen*')], [])

    def test_what_is_in_it(self):
        folder = self.make('proof')
        self.assertEqual(sorted(path.name for path in folder.iterdir()),
                         ['audit.jsonl', 'coverage.json', 'index.en.html', 'index.ja.html', 'index.json', 'messages.jsonl', 'signature.txt',
                          'template-sets'])
        mail, letter = map(json.loads, (folder / 'messages.jsonl').read_text().splitlines())
        self.assertEqual((mail['state'], mail['channel'], mail['email']), ('accepted', 'mail', 'hayase@h1.example'))
        self.assertEqual([row['person'] for row in mail['acknowledgements']], ['部長 花子'])
        self.assertEqual([event['state'] for event in letter['events']], ['printed', 'sent'])
        self.assertEqual(letter['handovers'][0]['tracking'], '123-45')
        index = json.loads((folder / 'index.json').read_text())
        self.assertEqual((index['recipients'], index['states']), (2, {'accepted': 1, 'sent': 1}))
        self.assertEqual(index['revisions'][0]['reason'], '初回公表')
        self.assertIn('東病院', (folder / 'index.ja.html').read_text())
        self.assertIn('123-45', (folder / 'index.en.html').read_text())

    def test_others_payloads_are_left_out(self):
        self.kigen('plan', 'set', 'CT-100/2.0', *GOOD, '--reason', '秘密の計画')
        self.assertNotIn('秘密の計画', (self.make('proof') / 'audit.jsonl').read_text())
        self.assertEqual(self.verify('proof')['same'], 2)

    def test_it_is_verified_by_itself(self):
        self.make()
        self.alone()
        self.assertEqual(self.verify(), {'same': 2, 'differs': 0, 'not comparable': 0, 'erased': 0, 'not rendered': 0})
        with tarfile.open(self.folder / 'proof.tar') as tar:
            tar.extractall(self.folder / 'unpacked')
        self.assertEqual(self.verify('unpacked')['same'], 2)

    def test_verify_from_the_store(self):
        self.assertEqual(self.json('outbox', 'dossier', 'CT-100/1.0', '--verify')['messages']['same'], 2)
        self.sql("UPDATE message_context SET renderer = '0.0.9' WHERE outbox = 1")
        self.sql("UPDATE message_context SET context = '', erased_on = '2026-12-01' WHERE outbox = 2")
        text = self.kigen('outbox', 'dossier', 'CT-100/1.0', '--verify')
        self.assertIn('message 1: not comparable: rendered by kigen 0.0.9', text)
        self.assertIn('message 2: erased: erased on 2026-12-01', text)
        self.sql("UPDATE message_context SET renderer = (SELECT renderer FROM message_context WHERE outbox = 2), sha256 = 'ab' WHERE outbox = 1")
        self.assertIn('message 1: differs: made again it has the SHA-256',
                      self.kigen('outbox', 'dossier', 'CT-100/1.0', '--verify', code=1))

    def test_a_message_that_waits(self):
        self.sql("DELETE FROM message_context WHERE outbox = 2")
        self.sql("UPDATE outbox SET state = 'pending' WHERE id = 2")
        self.assertIn('message 2: not rendered\n', self.kigen('outbox', 'dossier', 'CT-100/1.0', '--verify'))

    def test_what_was_changed_is_found(self):
        folder = self.make('proof')
        changes = {
            'messages.jsonl was changed': lambda: (folder / 'messages.jsonl').write_text('{}\n'),
            'audit.jsonl is missing': lambda: (folder / 'audit.jsonl').unlink(),
            'more.txt does not belong to it': lambda: (folder / 'more.txt').write_text('x'),
            'not the signature': lambda: (folder / 'index.json').write_text((folder / 'index.json').read_text() + ' '),
            'a dossier has no such file': lambda: (folder / 'a b').write_text('x'),
        }
        shutil.copytree(folder, self.folder / 'kept')
        for said, change in changes.items():
            with self.subTest(said):
                shutil.rmtree(folder)
                shutil.copytree(self.folder / 'kept', folder)
                change()
                self.assertIn(said, self.refused('outbox', 'dossier', '--verify', 'proof'))

    def test_foreign_archives(self):
        (self.folder / 'noise.tar').write_bytes(os.urandom(4096))
        self.refused('outbox', 'dossier', '--verify', 'noise.tar')
        whole = self.make().read_bytes()
        (self.folder / 'short.tar').write_bytes(whole[:len(whole) // 2])
        self.refused('outbox', 'dossier', '--verify', 'short.tar')
        for name, kind in (('../outside', tarfile.REGTYPE), ('/tmp/outside', tarfile.REGTYPE), ('index.json', tarfile.SYMTYPE),
                           ('template-sets/../../outside', tarfile.REGTYPE), ('.hidden', tarfile.REGTYPE)):
            with self.subTest(name), tarfile.open(self.folder / 'evil.tar', 'w') as tar:
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname, entry.size = kind, '/etc/passwd', 1 if kind == tarfile.REGTYPE else 0
                tar.addfile(entry, io.BytesIO(b'x'))
                tar.close()
                self.assertIn('a dossier has no such file', self.refused('outbox', 'dossier', '--verify', 'evil.tar'))
        self.assertFalse((self.folder.parent / 'outside').exists())

    def test_it_is_dated_by_the_last_that_happened(self):
        """A relay's answer leaves no row in the audit trail; a dossier that tells it is not of before."""
        as_of = self.json('outbox', 'dossier', 'CT-100/1.0', '--output', 'before.tar')['as_of']
        [(last,)] = self.sql('SELECT at FROM audit ORDER BY id DESC LIMIT 1')
        self.assertEqual(as_of, last)
        self.sql("INSERT INTO outbox_event (outbox, at, day, attempt, state) VALUES (1, '2999-01-01T00:00:00Z', '2026-12-01', 1, 'accepted')")
        self.assertEqual(self.json('outbox', 'dossier', 'CT-100/1.0', '--output', 'after.tar')['as_of'], '2999-01-01T00:00:00Z')
        self.assertEqual(self.verify('after.tar')['same'], 2)

    def test_words(self):
        self.assertIn('no published plan or advisory is CT-100/9', self.refused('outbox', 'dossier', 'CT-100/9', '--output', 'x'))
        self.refused('outbox', 'dossier', 'CT-100/1.0', '--revision', '2', '--output', 'x')
        self.assertIn('where does it go?', self.refused('outbox', 'dossier', 'CT-100/1.0', code=2))
        self.refused('outbox', 'dossier', 'CT-100/1.0', '--revision', 'x', '--output', 'x', code=2)
        self.refused('outbox', 'dossier', 'CT-100/1.0', '--output', 'absent/x.tar', code=3)
        self.assertEqual([path.name for path in self.folder.glob('.kigen*')], [])

    def hidden(self):
        return sorted(path.name for path in self.folder.glob('.kigen*'))

    def test_what_a_killed_one_leaves_goes_with_the_next_run(self):
        """A file that grows beyond a limit ends the process at once, in the middle of its folder."""
        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        run = subprocess.run([KIGEN, 'outbox', 'dossier', 'CT-100/1.0', '--output', 'k.tar'], cwd=self.folder, capture_output=True,
                             env={**CLEAN, **self.environment}, preexec_fn=limited)
        self.assertEqual(run.returncode, -signal.SIGXFSZ, run.stderr)
        [left] = self.hidden()
        self.assertFalse((self.folder / 'k.tar').exists())
        under_way = self.folder / '.kigen-dossier-another'  # another process is at it
        under_way.mkdir()
        lock = os.open(under_way, os.O_RDONLY)
        self.addCleanup(os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_EX)
        self.make('k.tar')
        self.assertIn(f'removed what an interrupted run had left: {self.folder / left}', self.errors)
        self.assertEqual(self.hidden(), [under_way.name])
        self.assertEqual(self.verify('k.tar')['same'], 2)
        self.assertEqual((self.folder / 'k.tar').stat().st_mode & 0o777, 0o600)

    def foreign(self, name):
        """A folder called as kigen's own are, whose template sets lie elsewhere, as anybody could make it in /tmp."""
        folder, elsewhere = self.folder / f'.kigen-dossier-{name}', self.folder / f'elsewhere-{name}'
        folder.mkdir()
        elsewhere.mkdir()
        (elsewhere / 'kigen.sign-key').write_text('x')
        (folder / 'index.json').write_text('{}')
        (folder / 'template-sets').symlink_to(elsewhere)
        return folder, elsewhere / 'kigen.sign-key'

    def test_no_link_in_what_was_left_is_followed(self):
        folder, key = self.foreign('own')
        self.make()
        self.assertIn(f'removed what an interrupted run had left: {folder}', self.errors)
        self.assertFalse(folder.exists())
        self.assertEqual(key.read_text(), 'x')

    def test_what_another_user_can_have_made_stays(self):
        changes = {'group': lambda folder: folder.chmod(0o770), 'all': lambda folder: folder.chmod(0o707)}
        if os.geteuid() == 0:
            changes['owner'] = lambda folder: os.chown(folder, 65534, -1)
        for name, change in changes.items():
            with self.subTest(name):
                folder, key = self.foreign(name)
                change(folder)
                self.make(f'{name}.tar')
                self.assertNotIn('removed', self.errors)
                self.assertEqual(sorted(path.name for path in folder.iterdir()), ['index.json', 'template-sets'])
                self.assertEqual(key.read_text(), 'x')

    def test_a_link_instead_of_the_folder_stays(self):
        folder, key = self.foreign('real')
        folder.rename(self.folder / 'real')
        folder.symlink_to(self.folder / 'real')
        self.make()
        self.assertTrue((self.folder / 'real' / 'index.json').exists() and folder.is_symlink() and key.exists())

    def test_killed_at_any_time_it_leaves_nothing_under_its_name(self):
        for milliseconds in (1, 5, 10, 15, 20, 30):
            run = subprocess.Popen([KIGEN, 'outbox', 'dossier', 'CT-100/1.0', '--output', 'k.tar'], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**CLEAN, **self.environment})
            try:
                run.wait(milliseconds / 1000)
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.wait()
            if (self.folder / 'k.tar').exists():  # it was done before
                self.assertEqual(self.verify('k.tar')['same'], 2)
                (self.folder / 'k.tar').unlink()


if __name__ == '__main__':
    finish()
