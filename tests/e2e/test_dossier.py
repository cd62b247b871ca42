#!/usr/bin/python3
"""The dossier of an advisory that went by mail, letter, webhook and through a distributor: what is in it is what happened, it is verified without
the store, and what was changed in it is found."""

import contextlib
import email
import email.policy
import hashlib
import json
import re
import shutil
import sqlite3
import tarfile
import unittest

from kigen import SAMPLE, Case, needs
from sink import Sink
from test_webhook import SECRET, Hook

TEXTS = SAMPLE / 'advisory'
RELEASE = 'SBM-700/SBM-710'
PRINTED, TRACKING = 'C0306', '1234-5678'  # a clinic that gets letters
POSTED = 'H0101'  # whose contact is a program
PASSED_ON, SILENT = 'H0901', 'H0902'  # undisclosed: a distributor is asked to pass it on, and reports back on the first
BOUNCED, CONFIRMED = 'H0102', 'H0103'


@needs('openssl', 'openssl')
class Advisory(Case):
    def setUp(self):
        super().setUp()
        self.today = '2026-11-24'
        self.make_store()
        self.import_sample()
        self.hook = Hook(self.folder)
        self.addCleanup(self.hook.stop)
        self.sink = Sink()
        self.addCleanup(self.sink.stop)
        self.write('secret', SECRET + '\n').chmod(0o600)
        self.write('kigen.conf', '[mail]\nfrom = notice@maker.example\n\n[webhook]\nsecret_file = secret\nprivate_addresses = yes\n'
                   f'ca_file = {self.hook.certificate}\n')
        self.write('hook.csv', f'organization,name,channel,order,webhook\n{POSTED},資産管理システム,webhook,1,{self.hook.url()}\n')
        self.kigen('import', 'contacts', 'hook.csv', '--by', '早瀬')
        self.alter("UPDATE contact SET escalation_order = 2 WHERE channel <> 'webhook' AND organization = "
                   '(SELECT id FROM organization WHERE code = ?)', POSTED)
        self.kigen('advisory', 'draft', 'security-advisory', '--release', RELEASE, '--title-ja', '遠隔保守機能の脆弱性',
                   '--title-en', 'Remote maintenance', '--action-ja', '遠隔保守を無効にしてください。', '--action-en', 'Switch it off.',
                   '--body-ja', TEXTS / 'remote-maintenance.ja.md', '--body-en', TEXTS / 'remote-maintenance.en.md', '--by', '早瀬')
        self.kigen('advisory', 'publish', 'A0001', '--by', '早瀬', '--reason', '脆弱性の公表')
        [(self.number,)] = self.query('SELECT number FROM advisory')
        self.kigen('deliver', '--once', '--transport', self.sink.url())
        self.live_on()

    def alter(self, sql, *values):
        with contextlib.closing(sqlite3.connect(self.store)) as db, db:
            db.execute(sql, values)

    def message(self, organization):
        [(number,)] = self.query('SELECT DISTINCT x.outbox FROM outbox_notice x JOIN organization g ON g.id = x.organization '
                                 'WHERE g.code = ?', organization)
        return number

    def live_on(self):
        """What happens to the messages."""
        by = ['--by', '早瀬']
        self.kigen('outbox', 'print', '--output', 'letters.html', *by)
        self.kigen('outbox', 'sent', self.message(PRINTED), '--tracking', TRACKING, *by)
        self.kigen('outbox', 'relayed', self.message(PASSED_ON), PASSED_ON, '--how', 'hand', '--person', '藤代', *by)
        mail = email.message_from_string(self.kigen('outbox', 'show', self.message(CONFIRMED), '--raw'), policy=email.policy.default)
        code = re.search('確認番号：(.*)', mail.get_body(('plain',)).get_content())[1].strip()
        self.kigen('outbox', 'ack', code, '--person', '部長 花子', *by)
        number = self.message(BOUNCED)
        self.alter("UPDATE outbox SET state = 'bounced' WHERE id = ?", number)
        self.alter('INSERT INTO outbox_event (outbox, at, day, attempt, state, detail) VALUES '
                   "(?, '2026-11-24T09:00:00Z', '2026-11-24', 1, 'bounced', '5.1.1 unknown user')", number)

    def dossier(self, name):
        self.kigen('outbox', 'dossier', self.number, '--output', name)
        return self.folder / name

    def verify(self, name, expect=0):
        done = self.run_kigen('--json', '--store', 'sqlite:absent.db', 'outbox', 'dossier', '--verify', name)
        self.assertEqual(expect, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout)['messages'] if expect == 0 else done.stderr

    def test_what_is_in_it_is_what_happened(self):
        folder = self.dossier('proof')
        index = json.loads((folder / 'index.json').read_text())
        records = {row['id']: row for row in map(json.loads, (folder / 'messages.jsonl').read_text().splitlines())}
        self.assertEqual(set(records), {number for number, in self.query('SELECT id FROM outbox')})
        self.assertEqual([(row['what'], row['name'], row['revision'], row['published_by']) for row in index['revisions']],
                         [('advisory', self.number, 1, '早瀬')])
        self.check_bytes(records)
        self.check_histories(records)
        self.check_coverage(folder, index)
        for language in 'ja', 'en':
            page = (folder / f'index.{language}.html').read_text()
            for words in (self.number, TRACKING, '部長 花子', '5.1.1 unknown user', '250 2.0.0 taken', '200 {&quot;ok&quot;:true}', SILENT):
                self.assertIn(words, page)
        self.assertIn('販売業者へ転送依頼中（報告待ち）', (folder / 'index.ja.html').read_text())

    def check_bytes(self, records):
        """Each digest is that of the bytes that the other side took, or that were printed."""
        [(headers, body)] = self.hook.posts
        posted = records[self.message(POSTED)]
        self.assertEqual(posted['sha256'], hashlib.sha256(body).hexdigest())
        self.check_webhook(json.loads(body))
        mails = [row for row in records.values() if row['channel'] in ('mail', 'relay')]
        self.assertGreater(len(mails), 10)
        for row in mails:
            self.assertEqual([row['sha256']], [digest.hex() for digest in self.sink.mails[row['message_id']]])
        letter = records[self.message(PRINTED)]
        self.assertEqual(letter['sha256'], hashlib.sha256(self.kigen('outbox', 'show', letter['id'], '--raw').encode()).hexdigest())

    def check_webhook(self, document):
        """An advisory's facts for a program: which it is, and each affected release with the devices."""
        [notice] = document['notices']
        self.assertEqual((notice['advisory']['number'], notice['advisory']['revision'], notice['advisory']['title']['en']),
                         (self.number, 1, 'Remote maintenance'))
        [affected] = notice['affected']
        self.assertEqual(f"{affected['product']['code']}/{affected['release']}", RELEASE)
        serials = {serial for serial, in self.query(
            'SELECT d.serial FROM device d JOIN organization g ON g.id = d.organization JOIN release r ON r.id = d.release '
            "WHERE g.code = ? AND r.name = ? AND d.status NOT IN ('disposed', 'transferred')", POSTED, RELEASE.split('/')[1])}
        self.assertEqual({device['serial'] for device in affected['devices']}, serials)
        self.assertEqual(affected['units'], len(serials))
        self.assertTrue(document['urgent'])

    def check_histories(self, records):
        def states(organization):
            return [(event['state'], event['detail']) for event in records[self.message(organization)]['events'] if event['state'] != 'sending']

        self.assertEqual(states(CONFIRMED), [('accepted', '250 2.0.0 taken')])
        self.assertEqual(states(BOUNCED), [('accepted', '250 2.0.0 taken'), ('bounced', '5.1.1 unknown user')])
        self.assertEqual(states(POSTED), [('accepted', '200 {"ok":true}')])
        self.assertEqual(states(PRINTED), [('printed', None), ('sent', f'tracking {TRACKING}')])
        self.assertEqual(states(PASSED_ON), [('accepted', '250 2.0.0 taken')])
        self.assertEqual(self.message(PASSED_ON), self.message(SILENT))
        self.assertEqual([(row['step'], row['organization'], row['by']) for row in records[self.message(PASSED_ON)]['handovers']],
                         [('relayed', PASSED_ON, '藤代')])
        self.assertEqual([(row['kind'], row['about'], row['person']) for row in records[self.message(CONFIRMED)]['acknowledgements']],
                         [('receipt', self.number, '部長 花子')])

    def check_coverage(self, folder, index):
        """The same as the report; a request to a distributor reached nobody, a bounced mail neither."""
        [notice] = json.loads((folder / 'coverage.json').read_text())
        reach = {row['organization']: row['reach'] for row in notice['organizations']}
        expected = {CONFIRMED: 'accepted', BOUNCED: 'bounced', POSTED: 'accepted', PRINTED: 'sent', PASSED_ON: 'relayed', SILENT: 'requested'}
        self.assertEqual({code: reach[code] for code in expected}, expected)
        names = self.kigen_json('report', 'coverage', self.number, '--names')['organizations']
        self.assertEqual(reach, {row['organization']: row['message'] for row in names})
        [report] = self.kigen_json('report', 'coverage', self.number)['advisories']
        [counts] = index['coverage']
        for key in 'affected', 'acknowledged', 'unreached':
            self.assertEqual(counts[key], report[key], key)
        unreached = sum(counts['reach'].get(word, 0) for word in ('none', 'waiting', 'printed', 'bounced', 'requested'))
        self.assertEqual(counts['reached'] + unreached, counts['affected'])
        self.assertEqual(counts['reach']['requested'], 1)

    def test_it_is_verified_without_the_store(self):
        total, rendered = self.count('outbox'), self.count('message_context')
        self.dossier('proof.tar')
        for path in self.folder.glob('kigen*'):
            path.unlink() if path.is_file() else shutil.rmtree(path)
        self.assertEqual(self.verify('proof.tar'),
                         {'same': rendered, 'differs': 0, 'not comparable': 0, 'erased': 0, 'not rendered': total - rendered})
        self.assertGreater(rendered, 10)

    def test_what_was_changed_is_found(self):
        self.dossier('proof.tar')
        with tarfile.open(self.folder / 'proof.tar') as tar:
            tar.extractall(self.folder / 'kept')
        self.verify('kept')
        changes = (('messages.jsonl', '5.1.1 unknown user', '5.1.1 unknown User'), ('messages.jsonl', '"state":"bounced"', '"state":"accepted"'),
                   ('coverage.json', '"requested"', '"relayed"'), ('index.en.html', 'bounced', 'accepted'), ('audit.jsonl', '早瀬', '別人'))
        for name, old, new in changes:
            with self.subTest(f'{name}: {old}'):
                shutil.rmtree(self.folder / 'changed', ignore_errors=True)
                shutil.copytree(self.folder / 'kept', self.folder / 'changed')
                path = self.folder / 'changed' / name
                text = path.read_text()
                self.assertIn(old, text)
                path.write_text(text.replace(old, new))
                self.assertIn(f'{name} was changed', self.verify('changed', expect=1))
                self.mend_index(name)
                self.assertIn('not the signature', self.verify('changed', expect=1))

    def mend_index(self, name):
        """Who changes a file and its digest in the index cannot sign that."""
        path = self.folder / 'changed/index.json'
        index = json.loads(path.read_text())
        data = (self.folder / 'changed' / name).read_bytes()
        index['files'][name] = {'size': len(data), 'sha256': hashlib.sha256(data).hexdigest()}
        path.write_text(json.dumps(index))


if __name__ == '__main__':
    unittest.main()
