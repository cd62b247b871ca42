#!/usr/bin/python3
"""contact list, show, export, erase."""

import json

from harness import Case, finish

GOOD = ['general_availability=2020-04-01', 'eol=2031-03-31', 'eos=2034-03-31', 'doc=LSP-014', 'duties=院内ネットワークから分離する',
        'lines=security-updates:2034-03-31']
CONTACTS = """organization,name,kana,title,email,phone,order,valid_to
H1,早瀬 千景,ハヤセ チカゲ,部長,hayase@h1.example,045-1,1,2026-11-30
H1,小田 亮,,,oda@h1.example,,2,
H2,早瀬 千景,,,Hayase@h1.example,,1,
"""


class Contacts(Case):
    """H1: 早瀬, who has ended and got a mail, and 小田; H2: the same 早瀬, in charge, without a unit."""

    def setUp(self):
        super().setUp()
        self.add_release('CT-100', '1.0')
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '中央病院', 'hospital'), (2, 'H2', '東病院', 'hospital')")
        self.sql("INSERT INTO holding VALUES (1, 1, 'user', 3, 1, 'uid-1', '2020-04-01', NULL, '2026-01-01T00:00:00Z')")
        self.sql("INSERT INTO device (product, release, organization, quantity, lot, lot_key) VALUES (1, 1, 1, 3, 'L1', 'L1')")
        self.kigen('maker', 'set', 'name_ja=例示メディカル株式会社', 'email=support@maker.example')
        self.kigen('import', 'contacts', self.write('contacts.csv', CONTACTS.replace('2026-11-30', '')))
        self.kigen('plan', 'set', 'CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', '--all', '--reason', '初回公表')
        self.kigen('documents', 'set', 'CT-100', '2(1)', 'QMS-1', '--reason', '早瀬千景様のご要望による')
        self.kigen('deliver', '--once')
        self.kigen('import', 'contacts', self.write('contacts.csv', CONTACTS))

    def found(self, *needles):
        """Which of the texts stand in the store's files."""
        data = b''.join(path.read_bytes() for path in self.folder.glob('kigen.db*'))
        return [needle for needle in needles if needle.encode() in data]

    def erase(self, *words, code=0):
        return self.kigen('contact', 'erase', *words, '--reason', '本人の申出', code=code)


class Look(Contacts):
    def test_list(self):
        rows = self.json('contact', 'list')['contacts']
        self.assertEqual([(row['organization'], row['name'], row['state']) for row in rows],
                         [('H1', '早瀬 千景', 'ended'), ('H1', '小田 亮', 'in charge'), ('H2', '早瀬 千景', 'in charge')])
        self.assertEqual(len(self.json('contact', 'list', 'H2')['contacts']), 1)
        self.assertRegex(self.kigen('contact', 'list'), r'H1 +2 +小田 亮 +oda@h1.example +mail +in charge')
        self.assertIn("no organization 'H9'", self.refused('contact', 'list', 'H9'))
        self.refused('contact', 'list', 'H1', '--expired', code=2)

    def test_show(self):
        self.sql("INSERT INTO assessment (release, day, by, note, at) VALUES (1, '2026-12-01', 'x', '早瀬千景様と確認', 'x')")
        text = self.kigen('contact', 'show', 'H1', '早瀬千景')
        for line in (r'^e-mail +hayase@h1.example$', r'^messages +1$', r'^their contents +1$', r'^ +row \d+, 2026-12-01, document.set$',
                     r'^ +assessment 1, note$', r'^also contact of +H2 早瀬 千景$', r'^may be erased +yes$'):
            self.assertRegex(text, '(?m)' + line)
        self.assertIn('no: H1 小田 亮 looks after 3 units in use (CT-100/1.0)', self.kigen('contact', 'show', 'H1', '小田 亮'))
        self.assertIn('kigen contact list H1', self.refused('contact', 'show', 'H1', '早瀬'))
        self.refused('contact', 'show', 'H1', code=2)

    def test_export_is_everything(self):
        kept = json.loads(self.kigen('contact', 'export', 'H1', '早瀬 千景'))
        self.assertEqual((kept['contact']['phone'], kept['contact']['kana']), ('045-1', 'ハヤセ チカゲ'))
        self.assertEqual([row['organization'] for row in kept['elsewhere']], ['H2'])
        self.assertEqual(kept['messages'][0]['context']['envelope']['to'], 'hayase@h1.example')
        self.assertEqual([event['state'] for event in kept['messages'][0]['events']], ['sending', 'accepted'])
        self.assertEqual(kept['messages'][0]['context']['maker']['name'], '例示メディカル株式会社')
        self.assertEqual([(said['product']['name'], said['release'], 'part' in said) for said in kept['messages'][0]['context']['notices']],
                         [('CT-100装置', '1.0', False)])
        self.assertEqual([row['action'] for row in kept['audit']], ['document.set'])
        self.assertEqual(kept, self.json('contact', 'show', 'H1', '早瀬 千景'))


class Erase(Contacts):
    def test_erases_for_good(self):
        self.assertEqual(self.found('早瀬 千景様', 'hayase@h1.example', 'ハヤセ', '045-1'), ['hayase@h1.example', 'ハヤセ', '045-1'])
        coverage = self.json('report', 'coverage')
        text = self.erase('H1', '早瀬 千景', '--all-organizations')
        self.assertIn('H1 早瀬 千景: is now erased-1\nH2 早瀬 千景: is now erased-3\n', text)
        self.assertIn("gone: 1 message's content\n", text)
        self.assertIn('gone: 1 payload of the audit trail\n', text)
        self.assertIn('backups', text)
        self.assertEqual(self.found('早瀬', 'hayase', 'Hayase', 'ハヤセ', '045-1'), [])
        self.assertEqual(self.json('report', 'coverage'), coverage)
        verified = self.json('audit', 'verify')
        self.assertEqual((verified['verdict'], verified['erased']), ('holds', 1))

    def test_doctor_and_the_proof_after_it(self):
        sha256 = self.sql('SELECT sha256 FROM message_context')[0][0]
        self.erase('H1', '早瀬 千景')
        self.assertEqual(self.json('doctor')['findings'], [])
        shown = self.json('outbox', 'show', '1')
        self.assertEqual((shown['contact'], shown['email'], shown['erased_on'], shown['state']), ('erased-1', None, '2026-12-01', 'accepted'))
        self.assertIn('erased      on 2026-12-01', self.kigen('outbox', 'show', '1'))
        refused = self.refused('outbox', 'show', '1', '--raw')
        self.assertIn('erased on 2026-12-01', refused)
        self.assertIn(sha256, refused)
        row = self.json('audit', 'list', '--action', 'contact.erase')[0]
        self.assertEqual(row['payload'], {'contact': 1, 'organization': 'H1', 'messages': 1, 'contexts': 1, 'details': 0, 'deeds': 0,
                                          'payloads': 1, 'readdressed': 0, 'reason': '本人の申出'})

    def test_says_which_texts_stay(self):
        self.sql("INSERT INTO assessment (release, day, by, note, at) VALUES (1, '2026-12-01', 'x', '早瀬千景様と確認', 'x')")
        self.erase('H1', '早瀬 千景')
        self.assertIn('assessment 1, note names them, and stays as it is', self.errors)

    def test_says_where_else_they_are(self):
        self.erase('H1', '早瀬 千景')
        self.assertIn('the same address is a contact of H2 too', self.errors)
        self.assertEqual(self.found('早瀬 千景', 'Hayase@h1.example'), ['早瀬 千景', 'Hayase@h1.example'])

    def test_refused_while_they_are_needed(self):
        before = self.sql('SELECT * FROM contact'), self.sql('SELECT * FROM audit')
        self.assertIn('looks after 3 units in use (CT-100/1.0): record a successor', self.refused('contact', 'erase', 'H1', '小田 亮', '--reason', 'x'))
        self.sql("UPDATE contact SET email = '' WHERE name = '小田 亮'")
        self.assertIn('nobody else can be reached', self.refused('contact', 'erase', 'H1', '早瀬 千景', '--reason', 'x'))
        self.sql("UPDATE contact SET email = 'oda@h1.example' WHERE name = '小田 亮'")
        self.assertIn('the reason names the person', self.refused('contact', 'erase', 'H1', '早瀬 千景', '--reason', '早瀬千景の申出'))
        self.refused('contact', 'erase', 'H1', '早瀬 千景', code=2)
        self.refused('contact', 'erase', 'H1', code=2)
        self.refused('contact', 'erase', 'H1', '早瀬 千景', '--expired', code=2)
        self.assertEqual((self.sql('SELECT * FROM contact'), self.sql('SELECT * FROM audit')), before)

    def test_dry_run_changes_nothing(self):
        before = self.sql('SELECT * FROM contact'), self.sql('SELECT * FROM audit')
        text = self.erase('H1', '早瀬 千景', '--dry-run')
        self.assertIn('would be erased-1', text)
        self.assertIn('would go: 1 payload of the audit trail', text)
        self.assertEqual((self.sql('SELECT * FROM contact'), self.sql('SELECT * FROM audit')), before)
        self.assertTrue(self.json('contact', 'erase', 'H1', '早瀬 千景', '--reason', 'x', '--dry-run')['dry_run'])

    def test_a_file_does_not_bring_them_back(self):
        self.erase('H1', '早瀬 千景')
        self.assertIn('contacts.csv:2: name "早瀬 千景": this person was erased on 2026-12-01',
                      self.kigen('import', 'contacts', 'contacts.csv', code=1) + self.errors)
        self.write('again.csv', 'organization,name,email,valid_from\nH1,早瀬 千景,hayase@h1.example,2026-12-02\n')
        self.kigen('import', 'contacts', 'again.csv')
        self.assertEqual([row['name'] for row in self.json('contact', 'list', 'H1')['contacts']], ['早瀬 千景', '小田 亮', 'erased-1'])

    def test_without_the_key_they_go_and_a_warning_says_what_is_lost(self):
        (self.folder / 'kigen.db.key').rename(self.folder / 'kept.key')
        self.erase('H1', '早瀬 千景')
        self.assertIn('could bring them back', self.errors)
        (self.folder / 'kept.key').rename(self.folder / 'kigen.db.key')
        self.erase('H2', '早瀬 千景')
        (self.folder / 'kigen.db.key').unlink()
        self.kigen('import', 'contacts', 'contacts.csv')
        self.assertIn('whether the file brings back one of 1 erased person was not checked', self.errors)

    def test_a_backup_brings_them_back_and_restore_says_so(self):
        self.kigen('backup', 'before.db')
        self.erase('H1', '早瀬 千景')
        self.kigen('backup', 'after.db')
        self.kigen('restore', 'before.db', '--force')
        self.assertIn('H1 早瀬 千景 was erased since the backup and is there again: kigen contact erase', self.errors)
        self.erase('H1', '早瀬 千景')
        self.assertEqual(self.json('restore', 'after.db', '--force')['returned'], [])

    def test_nobody_is_addressed_again(self):
        self.erase('H1', '早瀬 千景', '--all-organizations')
        self.kigen('--today', '2029-03-30', 'deliver', '--once')
        self.assertEqual(self.sql('SELECT count(*), max(contact) FROM outbox WHERE id > 1'), [(1, 2)])
        self.assertNotIn('erased-', self.kigen('report', 'stale'))


class Retention(Contacts):
    def list(self, today):
        listed = self.json('--today', today, 'contact', 'list', '--expired')
        return [(row['organization'], row['name'], row['kept_until']) for row in listed['contacts']], listed['messages']

    def test_who_is_kept_for_too_long(self):
        self.assertEqual(self.list('2029-11-30'), ([], 0))
        self.assertEqual(self.list('2029-12-01'), ([('H1', '早瀬 千景', '2029-11-30')], 0))
        self.assertIn('nobody is kept for too long', self.kigen('contact', 'list', '--expired'))
        self.assertIn('kigen contact erase --expired', self.kigen('--today', '2029-12-01', 'contact', 'list', '--expired'))

    def test_erases_all_of_them(self):
        self.kigen('--today', '2029-12-01', 'contact', 'erase', '--expired', '--dry-run')
        done = self.json('--today', '2029-12-01', 'contact', 'erase', '--expired')
        self.assertEqual([row['name'] for row in done['erased']], ['erased-1'])
        self.assertEqual(self.json('audit', 'list', '--action', 'contact.erase')[0]['payload']['reason'], 'retention period over')
        self.assertEqual(self.kigen('--today', '2029-12-01', 'contact', 'erase', '--expired'), 'nobody and nothing to erase\n')

    def test_who_is_needed_stays(self):
        self.sql("UPDATE contact SET valid_to = '2026-11-29' WHERE name = '小田 亮'")
        listed = self.json('--today', '2031-12-01', 'contact', 'list', '--expired')['contacts']
        self.assertEqual(len(listed), 2)
        self.assertIn('nobody else can be reached', listed[0]['why_not'])
        self.kigen('--today', '2031-12-01', 'contact', 'erase', '--expired')
        self.assertEqual(self.errors.count('kept: H1 '), 2)
        self.assertEqual(self.sql('SELECT count(*) FROM contact WHERE erased_on IS NOT NULL'), [(0,)])

    def test_proof_ends_too(self):
        self.assertEqual(self.list('2049-03-31')[1], 0)
        self.assertEqual(self.list('2049-04-01')[1], 1)
        self.sql("UPDATE contact SET valid_to = NULL")
        done = self.json('--today', '2049-04-01', 'contact', 'erase', '--expired')
        self.assertEqual((done['erased'], done['expired_contexts']), ([], 1))
        self.assertEqual(self.json('audit', 'list', '--action', 'proof.erase')[0]['payload'],
                         {'messages': 1, 'eos_before': '2034-04-01', 'reason': 'retention period over'})
        self.assertIn('erased on 2049-04-01', self.refused('outbox', 'show', '1', '--raw'))
        self.assertEqual(self.json('doctor')['findings'], [])


if __name__ == '__main__':
    finish()
