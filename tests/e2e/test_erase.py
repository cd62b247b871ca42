#!/usr/bin/python3
"""A person of the sample from the first import to being forgotten, and what is proven of them then."""

import json
import unittest

from kigen import SAMPLE, Case

PERSON, ADDRESS = '髙橋 澄江', 'me-safety@kasumihama-hp.example'
ALL_OF_THEM = (PERSON, 'タカハシ スミエ', ADDRESS, '045-000-0111', '医療安全管理室　医療機器安全管理責任者')
LEFT = f'organization,name,email,valid_from,valid_to\nH0101,{PERSON},{ADDRESS},2021-04-01,2026-12-31\n' \
       'H0101,森 ゆかり,new-safety@kasumihama-hp.example,2027-01-01,\n'


class Erase(Case):
    def setUp(self):
        super().setUp()
        self.today = '2026-11-24'
        self.make_store()
        self.import_sample()
        self.kigen('plan', 'publish', '--all', '--keep-going', '--by', '早瀬', '--reason', '既存計画の取り込み', expect=1)
        self.kigen('deliver', '--once')

    def found(self):
        """What of the person stands in the store's files, byte for byte."""
        data = b''.join(path.read_bytes() for path in self.folder.glob('kigen.db*'))
        return [needle for needle in ALL_OF_THEM if needle.encode() in data]

    def test_a_life(self):
        self.assertEqual(self.found(), list(ALL_OF_THEM))
        before = self.kigen('contact', 'export', 'H0101', PERSON)
        self.assertIn(ADDRESS, before)
        message = json.loads(before)['messages'][0]
        mail = next(path for path in (self.folder / 'maildir/new').iterdir() if ADDRESS.encode() in path.read_bytes())

        # in charge: needed; a successor is recorded, and the person may go
        self.today = '2027-01-15'
        self.assert_refused(['contact', 'erase', 'H0101', PERSON, '--reason', '退職'], 1, r'looks after \d+ units in use', 'valid_to')
        self.kigen('import', 'contacts', self.write('left.csv', LEFT), '--by', '早瀬')
        coverage = self.kigen_json('report', 'coverage')
        readiness = self.kigen_json('report', 'readiness')
        backup = self.kigen('backup', self.folder / 'before.db') and (self.folder / 'before.db').read_bytes()
        said = self.kigen('contact', 'erase', 'H0101', PERSON, '--by', '早瀬', '--reason', '退職')
        self.assertIn('is now erased-', said)
        name = said.split('is now ')[1].split()[0]

        # gone from the store's files, not from a backup or a mail: that is said
        self.assertEqual(self.found(), [])
        self.assertIn(ADDRESS.encode(), backup)
        self.assertIn('Delete or replace yourself: backups made before, exports, and mails', said)
        after = json.loads(self.kigen('contact', 'export', 'H0101', name))
        self.assertEqual([after['contact'][key] for key in ('kana', 'department', 'title', 'email', 'phone', 'role')], 6 * [None])
        self.assertEqual((after['deeds'], after['audit'], after['mentions'], after['messages'][0]['context']), ([], [], [], None))

        # what is proven all the same: that it went, when, and which bytes
        self.assertEqual((after['messages'][0]['sha256'], after['messages'][0]['state']), (message['sha256'], 'accepted'))
        self.assertEqual(self.kigen_json('report', 'coverage'), coverage)
        self.assertEqual(self.kigen_json('report', 'readiness'), readiness)
        self.assertEqual(self.kigen_json('audit', 'verify', '--head', mail)['verdict'], 'holds')
        self.assertEqual(self.kigen_json('doctor')['findings'], [])
        self.assert_sound()

        # the sample as it was does not bring them back, and the successor is told what comes
        self.assert_refused(['import', 'contacts', SAMPLE / 'contacts.csv', '--by', '早瀬'], 1, 'was erased on 2027-01-15')
        self.today = '2028-04-03'
        self.kigen('deliver', '--once')
        self.assertEqual([('new-safety@kasumihama-hp.example',)], self.query(
            "SELECT DISTINCT c.email FROM outbox x JOIN contact c ON c.id = x.contact JOIN organization o ON o.id = c.organization "
            "WHERE o.code = 'H0101' AND x.due_on >= '2027-01-15'"))
        self.assertEqual(self.found(), [])


if __name__ == '__main__':
    unittest.main()
