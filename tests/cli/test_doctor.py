#!/usr/bin/python3
"""doctor: each finding names the row and the remedy."""

import sqlite3

from harness import Case, finish

TRIGGERS = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"

EXTENSION = """INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at, reason, created_by,
created_on, created_at) VALUES (1, 1, 1, '{0}', '{0}', {1}, 1, '', 'contract', 'x', '2026-12-01', '')"""
ADVISORY = """INSERT INTO advisory (id, serial, number, revision, kind, state, title_ja, body_ja, author, created_at, published_on,
published_at) VALUES (1, 1, 'K', 1, 'security-advisory', 'published', 't', 'b', 'x', 'y', '2026-12-02', '2026-12-02T00:00:00Z')"""
STOP_USE = """INSERT INTO advisory (id, serial, number, revision, kind, state, title_ja, body_ja, author, created_at)
VALUES (1, 1, 'K', 1, 'stop-use-recommendation', 'draft', 't', 'b', 'x', 'y');
INSERT INTO notice (id, kind, advisory, due_on, created_at) VALUES (9, 'stop-use-recommendation', 1, '2026-12-02', 'x');
INSERT INTO outbox_notice VALUES (9, 1, 1)"""
KEPT = """INSERT INTO message_context (outbox, context, date, boundary_seed, template_set, renderer, sha256)
VALUES (1, '{"notices":[{"part":"00"}]}', 'x', 'x', 'x', 'x', 'x')"""
USER = "INSERT INTO user (id, name, full_name, created_at) VALUES (1, 'sato', '佐藤', '2026-12-01T00:00:00Z')"

# what somebody does to the store with the triggers dropped and CHECKs ignored; the check that finds it; the row named
HARM = (
    ("UPDATE support_plan SET eos = eol, limited_support_doc = '　' WHERE id = 1", 'rows', 'support_plan 1 (PUMP/1.0, revision 1)', 'LSP-1'),
    ("UPDATE support_plan SET eol = '2099-01-01' WHERE id = 1", 'rows', 'support_plan 1 (PUMP/1.0, revision 1)', 'ORD-1'),
    ("UPDATE support_plan SET eol = '2031-02-29' WHERE id = 1", 'rows', 'support_plan 1 (PUMP/1.0, revision 1)', 'a date that is none'),
    ("UPDATE support_plan SET state = 'done' WHERE id = 2", 'rows', 'support_plan 2 (PUMP/2.0, revision 1)', 'a state that is none'),
    ('UPDATE support_plan SET published_by = NULL WHERE id = 1', 'rows', 'support_plan 1 (PUMP/1.0, revision 1)', 'not by whom'),
    ("UPDATE support_plan SET eos = '2037-03-31' WHERE id = 1", 'promises', 'support_plan 1 (PUMP/1.0, revision 1)', 'changed after it was'),
    ("UPDATE support_plan SET successor = 'PUMP-2' WHERE id = 1", 'promises', 'support_plan 1 (PUMP/1.0, revision 1)', 'changed after it was'),
    ("UPDATE support_plan SET limited_support_url = 'https://a' WHERE id = 1", 'promises', 'support_plan 1 (PUMP/1.0, revision 1)',
     'changed after it was'),
    ("UPDATE service_line SET terms_en = 'free'", 'promises', 'support_plan 1 (PUMP/1.0, revision 1)', 'changed after it was'),
    ("UPDATE support_plan SET state = 'published', published_on = '2026-12-01', published_by = 'x', published_at = 'y' WHERE id = 2",
     'promises', 'support_plan 2 (PUMP/2.0, revision 1)', 'says nothing of it'),
    ("UPDATE support_plan SET limited_support_doc = '未定' WHERE id = 1", 'plans', 'support_plan 1 (PUMP/1.0, revision 1)', 'LSP-2a'),
    ("INSERT INTO service_line VALUES (1, 'magic', '2033-03-31', NULL, NULL)", 'rows', 'service_line 1 magic', 'no known kind'),
    ("UPDATE organization SET role = 'shop' WHERE code = 'H1'", 'rows', 'organization 1', 'role, language'),
    ("UPDATE contact SET channel = 'pigeon' WHERE id = 1", 'rows', 'contact 1', 'role, language, channel'),
    ("UPDATE device SET status = 'lost' WHERE id = 1", 'rows', 'device 1', 'quantity or status'),
    ('UPDATE device SET quantity = 7 WHERE id = 1', 'holdings', 'holding of PUMP/1.0 by H1 (user)', 'it says 2, the devices say 8'),
    ("DELETE FROM holding", 'holdings', 'holding of PUMP/1.0 by H1 (user)', 'it is missing'),
    ('UPDATE holding SET count = 0', 'rows', 'holding 1 1 user', 'has ended and still counts'),
    ("INSERT INTO holding_pair VALUES (1, 'user', 1, 2, 3, 1, '')", 'holdings', 'pair of PUMP/1.0 and PUMP/2.0 by H1 (user)',
     'it says 3, the devices say 0'),
    ('UPDATE device SET software_release = 2 WHERE id = 1', 'holdings', 'pair of PUMP/1.0 and PUMP/2.0 by H1 (user)', 'it is missing'),
    ("INSERT INTO holding_pair VALUES (1, 'user', 1, 1, 3, 1, '')", 'rows', 'holding_pair 1 user 1 1', 'software is none'),
    (EXTENSION.format('2037-03-31', 5), 'holdings', 'extension 1', 'it stands for 5, the device for 1'),
    (EXTENSION.format('2037-02-30', 1), 'rows', 'extension 1', 'a day, units'),
    ("UPDATE outbox SET state = 'sending', attempt = 1", 'outbox', 'outbox 1 (sending, due 2026-12-01)', 'stuck in sending since never'),
    ('DELETE FROM outbox_notice', 'outbox', 'outbox 1 (pending, due 2026-12-01)', 'carries no notice'),
    ("UPDATE support_plan SET state = 'superseded' WHERE id = 1", 'outbox', 'outbox 1 (pending, due 2026-12-01)', 'overtaken'),
    ('UPDATE outbox SET urgent = 1', 'outbox', 'outbox 1 (pending, due 2026-12-01)', 'carries no urgent notice'),
    (STOP_USE, 'outbox', 'outbox 1 (pending, due 2026-12-01)', 'is not marked'),
    ("UPDATE outbox SET state = 'accepted'", 'rows', 'outbox 1', 'its last event says another state'),
    ('DELETE FROM organization WHERE id = 1', 'references', 'device 1', 'row of organization'),
    ("UPDATE audit SET day = '2020-01-01' WHERE id = 2", 'audit', 'audit 2', 'edited: row 2 was edited'),
    ('DROP INDEX device_serial', 'schema', 'index device_serial', 'it is missing'),
    ('CREATE TABLE mine (x)', 'schema', 'table mine', 'kigen does not know it'),
    ("CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT 1; END", 'schema', 'trigger audit_delete', 'differs'),
    (USER, 'users', 'user', 'no admin is enabled'),
    (USER, 'users', 'user 1 (sato)', 'without a role'),
    (f"{USER}; INSERT INTO user_role VALUES (1, 'boss')", 'users', 'user_role 1 (sato)', 'a role that is none: boss'),
    (f"{USER}; UPDATE user SET disabled_at = 'x'; INSERT INTO user_role VALUES (1, 'admin')", 'users', 'user', 'no admin is enabled'),
    (f"{USER}; UPDATE user SET password = 'sato'", 'users', 'user 1 (sato)', 'no Argon2id hash'),
    (f"{USER}; UPDATE user SET name = 'ｓａｔｏ'", 'users', 'user 1 (ｓａｔｏ)', '--as cannot name'),
    (ADVISORY, 'advisories', 'advisory 1 (K, revision 1)', 'about no release'),
    (ADVISORY, 'advisories', 'advisory 1 (K, revision 1)', 'never told'),
    (ADVISORY, 'advisories', 'advisory 1 (K, revision 1)', 'no history'),
    (ADVISORY + ';' + USER, 'advisories', 'advisory 1 (K, revision 1)', 'without the approval of a second person'),
    ("INSERT INTO notice (id, kind, due_on, created_at) VALUES (9, 'withdrawal', '2026-12-01', 'x')", 'advisories', 'notice 9', 'of neither'),
    ("INSERT INTO presentation VALUES (1, 2, 1, 'fax', '2026-12-01', 'x', NULL, 'x')", 'rows', 'presentation 1', 'never published'),
    ("INSERT INTO presentation VALUES (1, 1, 1, 'pigeon', '2026-12-01', 'x', NULL, 'x')", 'rows', 'presentation 1', 'how or the day is none'),
    ("INSERT INTO context_part VALUES (1, '00', '{}')", 'parts', 'context_part 1', 'not those of its hash'),
    (KEPT, 'parts', 'message_context 1', 'names parts, but has none'),
    ('INSERT INTO setting (id, created_at, simulation, uid_domain) SELECT 2, created_at, simulation, uid_domain FROM setting', 'rows', 'setting', 'not exactly one row'),
)


class Doctor(Case):
    def setUp(self):
        super().setUp()
        self.add_release('PUMP', '1.0')
        self.add_release('PUMP', '2.0')
        self.write('organizations.csv', 'organization,name_ja,role\nH1,A病院,hospital\n')
        self.write('contacts.csv', 'organization,name,email\nH1,技士,a@h1.example\n')
        self.write('devices.csv', 'product,release,serial,organization\nPUMP,1.0,S1,H1\nPUMP,1.0,S2,H1\n')
        for kind in ('organizations', 'contacts', 'devices'):
            self.kigen('import', kind, f'{kind}.csv')
        for release in ('1.0', '2.0'):
            self.kigen('plan', 'set', f'PUMP/{release}', 'general_availability=2020-04-01', 'end_of_sale=2027-03-31', 'eol=2031-03-31',
                       'eos=2036-03-31', 'limited_support_doc=LSP-1', 'limited_support_duties=分離すること',
                       'limited_support_lines=parts:2033-03-31')
        self.kigen('plan', 'publish', 'PUMP/1.0', '--by', '佐藤', '--reason', '初版')

    def found(self, store, code=1):
        return self.json('--store', store, 'doctor', code=code)['findings']

    def copy(self, name):
        self.sql(f"VACUUM INTO '{self.folder / name}'")
        for ending in ('.key', '.sign-key'):
            path = self.folder / (name + ending)
            path.write_bytes((self.folder / f'kigen.db{ending}').read_bytes())
            path.chmod(0o600)
        (self.folder / name).chmod(0o600)

    def test_finds_nothing_in_a_good_store(self):
        self.assertEqual(self.found('kigen.db', code=0), [])
        text = self.kigen('doctor')
        self.assertIn('0 findings', text)
        self.assertEqual(text.count('ok '), 15)
        self.assertEqual(self.errors, '')

    def test_names_what_was_harmed(self):
        for number, (statement, check, row, message) in enumerate(HARM):
            with self.subTest(statement):
                name = f'harm{number}.db'
                self.copy(name)
                with sqlite3.connect(self.folder / name) as connection:
                    connection.execute('PRAGMA ignore_check_constraints = ON')
                    for (trigger,) in connection.execute(TRIGGERS).fetchall():
                        connection.execute(f'DROP TRIGGER {trigger}')
                    connection.executescript(statement)
                found = self.found(name)
                fits = [finding for finding in found if finding['check'] == check and finding['row'] == row and message in finding['message']]
                self.assertTrue(fits, f'{statement}: {check}, {row}, {message} is not among\n' + '\n'.join(map(str, found)))
                self.assertTrue(all(finding['remedy'] for finding in found))
                self.assertIn('trigger audit_update', [finding['row'] for finding in found])

    def test_counts_what_is_too_much_to_name(self):
        self.copy('many.db')
        with sqlite3.connect(self.folder / 'many.db') as connection:
            connection.execute('PRAGMA ignore_check_constraints = ON')
            for number in range(30):
                connection.execute("INSERT INTO organization (code, name_ja, role) VALUES (?, 'x', 'shop')", (f'X{number}',))
        found = self.found('many.db')
        self.assertEqual(len(found), 21)
        self.assertEqual(found[-1]['row'], '10 rows more')

    def test_looks_at_the_files_beside_it(self):
        (self.folder / 'kigen.db.key').chmod(0o640)
        (self.folder / 'kigen.db.sign-key').unlink()
        (self.folder / 'kigen.db').chmod(0o604)
        found = {finding['row'].rpartition('/')[2]: finding['message'] for finding in self.found('kigen.db')}
        self.assertEqual(set(found), {'kigen.db', 'kigen.db.key', 'kigen.db.sign-key'})
        self.assertIn('chmod 600', found['kigen.db.key'])
        self.assertIn('no such file', found['kigen.db.sign-key'])

    def test_a_key_that_the_trail_does_not_tell(self):
        self.kigen('--store', 'other.db', 'init', '--simulation')
        (self.folder / 'other.db.sign-key').replace(self.folder / 'kigen.db.sign-key')
        self.assertIn('tells another key', self.found('kigen.db')[0]['message'])

    def test_recount_brings_holdings_back(self):
        self.sql('UPDATE device SET quantity = 5 WHERE id = 1')
        self.assertEqual([finding['check'] for finding in self.found('kigen.db')], ['holdings'])
        self.kigen('doctor', '--recount')
        self.assertEqual(self.sql('SELECT count FROM holding'), [(6,)])
        self.assertEqual(self.json('audit', 'list', '--action', 'holding')[-1]['payload'], {'changed': 1})

    def test_recount_brings_pairs_back(self):
        """Two units that changed their software with each other: every holding is as it was."""
        self.add_release('SW', 'A')
        self.add_release('SW', 'B')
        self.write('more.csv', 'product,release,serial,software_product,software_release,organization\n'
                   'PUMP,1.0,S1,SW,A,H1\nPUMP,2.0,S9,SW,B,H1\n')
        self.kigen('import', 'devices', 'more.csv')
        self.sql('UPDATE device SET software_release = 7 - software_release WHERE software_release IS NOT NULL')
        self.assertEqual([finding['message'].partition(':')[0] for finding in self.found('kigen.db')],
                         ['the count differs'] * 2 + ['it is missing'] * 2)
        self.kigen('doctor', '--recount')
        self.assertEqual(self.found('kigen.db', code=0), [])
        self.assertEqual(self.json('audit', 'list', '--action', 'holding')[-1]['payload'], {'changed': 4})
        self.kigen('doctor', '--recount')
        self.assertEqual(len(self.json('audit', 'list', '--action', 'holding')), 1)

    def test_recount_brings_urgent_marks_back(self):
        """A mark that is too much, and one that lacks."""
        for harm, right in (('UPDATE outbox SET urgent = 1', 0), (STOP_USE, 1)):
            with sqlite3.connect(self.folder / 'kigen.db') as connection:
                connection.executescript(harm)
            self.assertEqual([finding['check'] for finding in self.found('kigen.db') if 'urgent' in finding['message']], ['outbox'])
            self.kigen('doctor', '--recount', code=right)
            self.assertEqual(self.sql('SELECT urgent FROM outbox'), [(right,)])
            self.assertEqual(self.json('audit', 'list', '--action', 'outbox')[-1]['payload'], {'changed': 1})

    def test_delivery_that_stands_still_is_a_finding(self):
        """What was due yesterday and was not sent, and a relay that takes nothing, until one takes something."""
        def said():
            return [(finding['row'], finding['message']) for finding in self.found('kigen.db') if finding['check'] == 'delivery']
        due, = self.sql('SELECT due_on FROM outbox')[0]
        self.sql("UPDATE outbox SET due_on = date(due_on, '-1 days')")
        waits = ('mail messages: 1', f"they wait, and nobody sends them: due since {self.sql('SELECT due_on FROM outbox')[0][0]}")
        self.assertEqual(said(), [waits])
        self.sql("INSERT INTO relay (url, failing_since, reply) VALUES ('smtp://a', '2031-01-02T00:00:00Z', 'no connection')")
        self.assertEqual(said(), [waits, ('relay smtp://a', 'it takes no messages: since 2031-01-02T00:00:00Z: no connection')])
        self.sql("INSERT INTO relay (url, accepted_at) VALUES ('smtp://b', '2031-01-02T00:00:01Z')")
        self.sql('UPDATE outbox SET due_on = ?', due)
        self.assertEqual(self.found('kigen.db', code=0), [])

    def test_what_is_tried_again_today_does_not_stand_still(self):
        """A message that was due long ago waits since the retry, and stands still from the day after."""
        def said(code):
            return [(finding['check'], finding['row']) for finding in self.found('kigen.db', code=code)]
        self.sql("UPDATE outbox SET due_on = date(due_on, '-9 days'), state = 'failed', attempt = 1")
        self.kigen('outbox', 'retry', '1')
        self.assertEqual(said(code=0), [])
        self.environment['KIGEN_TODAY'] = self.sql("SELECT date(max(day), '+1 days') FROM outbox_event")[0][0]
        self.assertEqual(said(code=1), [('delivery', 'mail messages: 1')])

    def test_a_damaged_page_is_a_finding(self):
        self.copy('damaged.db')
        with sqlite3.connect(self.folder / 'damaged.db') as connection:
            page, = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'device'").fetchone()
        with open(self.folder / 'damaged.db', 'r+b') as file:
            file.seek((page - 1) * 4096)
            file.write(b'\xff' * 200)
        found = self.found('damaged.db')
        self.assertIn('integrity', {finding['check'] for finding in found})
        self.assertTrue(any('kigen restore' in finding['remedy'] for finding in found))


if __name__ == '__main__':
    finish()
