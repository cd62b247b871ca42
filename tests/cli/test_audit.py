#!/usr/bin/python3
"""audit list, verify, head, export."""

import json
import sqlite3

from harness import Case, finish

TRIGGERS = ('audit_insert', 'audit_update', 'audit_delete', 'audit_payload_update')


class Audit(Case):
    def setUp(self):
        super().setUp()
        for day, name in enumerate(('一', '二', '三'), start=1):
            self.kigen('maker', 'set', f'name_ja={name}', '--by', '佐藤', '--today', f'2026-12-0{day}')

    def tamper(self, *statements, store='kigen.db'):
        with sqlite3.connect(self.folder / store) as connection:
            for name in TRIGGERS:
                connection.execute(f'DROP TRIGGER IF EXISTS {name}')
            for statement in statements:
                connection.execute(statement)

    def verdict(self, *words, code=1):
        found = self.json('audit', 'verify', *words, code=code)
        return found['verdict'], found['row']


class List(Audit):
    def test_shows_who_did_what(self):
        rows = self.json('audit', 'list')
        self.assertEqual([row['id'] for row in rows], [1, 2, 3, 4, 5])
        self.assertEqual([row['action'] for row in rows], ['init', 'audit.key'] + 3 * ['maker.set'])
        self.assertEqual((rows[2]['actor'], rows[2]['payload'], rows[2]['day']), ('佐藤', {'name_ja': '一'}, '2026-12-01'))
        self.assertIn('佐藤', self.kigen('audit', 'list'))

    def test_filters(self):
        def ids(*words):
            return [row['id'] for row in self.json('audit', 'list', *words)]
        self.assertEqual(ids('--action', 'maker'), [3, 4, 5])
        self.assertEqual(ids('--action', 'maker.set', '--limit', '2'), [4, 5])
        self.assertEqual(ids('--action', 'make'), [])
        self.assertEqual(ids('--action', 'maker%'), [])
        self.assertEqual(ids('--from', '2026-12-02', '--to', '2026-12-02'), [4])
        self.assertEqual(ids('--from', '令和8年12月3日'), [5])
        self.assertIn('no such row', self.kigen('audit', 'list', '--action', 'x'))
        self.refused('audit', 'list', '--limit', '0', code=2)
        self.refused('audit', 'list', '--from', 'soon', code=2)

    def test_says_what_was_erased(self):
        self.sql('DELETE FROM audit_payload WHERE audit = 3')
        self.assertIsNone(self.json('audit', 'list')[2]['payload'])
        self.assertIn('(erased)', self.kigen('audit', 'list'))
        self.assertEqual(self.verdict(code=0), ('holds', None))


class Verify(Audit):
    def test_names_the_row_and_the_way(self):
        for statements, expected in (
                (["UPDATE audit SET day = '2026-01-01' WHERE id = 3"], ('edited', 3)),
                (["UPDATE audit_payload SET payload = replace(payload, '二', '弐')"], ('edited', 4)),
                (['DELETE FROM audit_payload WHERE audit = 2', 'DELETE FROM audit WHERE id = 2'], ('removed', 2)),
                ([f'UPDATE {table} SET {key} = {new} WHERE {key} = {old}' for table, key in (('audit', 'id'), ('audit_payload', 'audit'))
                  for old, new in ((3, 90), (5, 3), (90, 5))], ('reordered', 3))):
            with self.subTest(expected):
                copy = f'{expected[0]}{expected[1]}.db'
                self.sql(f"VACUUM INTO '{self.folder / copy}'")
                self.tamper(*statements, store=copy)
                self.assertEqual(self.verdict('--store', copy), expected)
                self.assertIn(f'{expected[0]}: ', self.kigen('--store', copy, 'audit', 'verify', code=1))

    def test_a_cut_end_shows_against_a_head(self):
        head = self.kigen('audit', 'head')
        self.write('head.txt', 'Dear customer,\n' + head)
        self.tamper('DELETE FROM audit_payload WHERE audit > 3', 'DELETE FROM audit WHERE id > 3')
        self.assertEqual(self.verdict(code=0), ('holds', None))
        self.assertEqual(self.verdict('--head', 'head.txt'), ('truncated', 4))
        self.assertEqual(self.verdict('--head', head), ('truncated', 4))

    def test_a_rewritten_trail_shows_against_a_head(self):
        head = self.kigen('audit', 'head')
        self.kigen('maker', 'set', 'name_ja=四')
        self.assertEqual(self.verdict('--head', head, code=0), ('holds', None))
        # another trail of the same length, with the same key: what a forger with the file would make
        for name in ('kigen.db', 'kigen.db-wal', 'kigen.db-shm'):
            (self.folder / name).unlink()
        for name in ('kigen.db.key', 'kigen.db.sign-key'):
            (self.folder / name).rename(self.folder / ('kept' + name))
        self.kigen('init', '--simulation')
        (self.folder / 'keptkigen.db.sign-key').rename(self.folder / 'kigen.db.sign-key')
        for _ in range(5):
            self.kigen('maker', 'set', 'name_ja=x')
        self.assertEqual(self.verdict(code=0), ('holds', None))
        self.assertEqual(self.verdict('--head', head), ('rewritten', 5))

    def test_a_forged_head_is_refused(self):
        head = self.kigen('audit', 'head')
        self.assertIn('signature', self.refused('audit', 'verify', '--head', head.replace('kigen-head 1 5', 'kigen-head 1 6')))
        self.assertIn("no line 'kigen-head", self.refused('audit', 'verify', '--head', 'kigen.conf'))
        other = self.kigen('--store', 'sqlite:other.db', 'init') and self.kigen('--store', 'sqlite:other.db', 'audit', 'head', '--public-key')
        self.assertIn('is signed with key', self.refused('audit', 'verify', '--head', head, f'--public-key={other}'))

    def test_a_head_without_the_key_is_checked_with_the_public_one(self):
        head, key = self.kigen('audit', 'head'), self.kigen('audit', 'head', '--public-key')
        (self.folder / 'kigen.db.sign-key').unlink()
        self.assertIn('--public-key', self.refused('audit', 'verify', '--head', head, code=3))
        self.assertEqual(self.verdict('--head', head, f'--public-key={key}', code=0), ('holds', None))


class Head(Audit):
    def test_is_one_line_and_json(self):
        line = self.kigen('audit', 'head')
        self.assertRegex(line, r'\Akigen-head 1 5 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [0-9a-f]{64} [\w-]{8} [\w-]{86}\n\Z')
        self.assertEqual(self.sql('SELECT lower(hex(hash)) FROM audit WHERE id = 5')[0][0], line.split()[4])
        found = self.json('audit', 'head')
        self.assertEqual((found['id'], found['hash']), (5, line.split()[4]))
        self.assertRegex(self.kigen('audit', 'head', '--public-key'), r'\A[\w-]{43}\n\Z')

    def test_a_store_without_a_key_gets_one_and_tells(self):
        (self.folder / 'kigen.db.sign-key').unlink()
        self.assertIn('--make-key', self.refused('audit', 'head', code=3))
        self.assertIn('--make-key', self.refused('audit', 'export', code=3))
        self.assertIn('kigen-head 1 6 ', self.kigen('audit', 'head', '--make-key'))
        key = self.kigen('audit', 'head', '--public-key').strip()
        self.assertEqual(self.json('audit', 'list', '--action', 'audit.key')[-1]['payload'], {'public_key': key})
        self.assertIn('exists already', self.refused('audit', 'head', '--make-key'))

    def test_a_key_that_others_can_read_is_refused(self):
        (self.folder / 'kigen.db.sign-key').chmod(0o644)
        self.assertIn('chmod 600', self.refused('audit', 'head', code=3))


class Export(Audit):
    def setUp(self):
        super().setUp()
        self.text = self.kigen('audit', 'export')
        self.key = self.kigen('audit', 'head', '--public-key')
        self.write('trail.jsonl', self.text)

    def verify(self, lines, *words, code=1):
        self.write('changed.jsonl', ''.join(f'{line}\n' for line in lines))
        (self.folder / 'elsewhere').mkdir(exist_ok=True)
        return self.verdict('--store', 'sqlite:elsewhere/none.db', '--export', 'changed.jsonl', *words, code=code)

    def test_verifies_without_the_store(self):
        lines = self.text.splitlines()
        self.assertEqual(len(lines), 6)
        self.assertEqual(self.verify(lines, f'--public-key={self.key}', code=0), ('holds', None))
        self.assertEqual(self.errors, '')
        self.assertEqual(self.verify(lines, code=0), ('holds', None))
        self.assertIn('public key in the export itself', self.errors)

    def test_names_what_was_done_to_it(self):
        lines = self.text.splitlines()
        edited = lines[2].replace('一', '壱')
        later = self.kigen('maker', 'set', 'name_ja=四') and self.kigen('audit', 'head')
        for changed, words, expected in (
                (lines[:2] + [edited] + lines[3:], (), ('edited', 3)),
                (lines[:2] + lines[3:], (), ('removed', 3)),
                ([lines[i] for i in (0, 2, 1, 3, 4, 5)], (), ('reordered', 2)),
                (lines[:3], (), ('truncated', 4)),
                (lines[:4] + lines[5:], (), ('truncated', 5)),
                (lines[5:], (), ('truncated', 1)),
                (lines, ('--head', later), ('truncated', 6))):
            self.assertEqual(self.verify(changed, *words), expected)

    def test_refuses_what_is_no_export(self):
        self.write('bad.jsonl', self.text.splitlines()[0] + '\nnot json\n')
        self.assertIn('bad.jsonl:2: this line is no JSON object', self.refused('audit', 'verify', '--export', 'bad.jsonl'))
        self.write('twice.jsonl', 2 * self.text)
        self.assertIn('twice.jsonl:7: a line behind the head', self.refused('audit', 'verify', '--export', 'twice.jsonl'))
        self.refused('audit', 'verify', '--export', 'absent.jsonl', code=3)
        changed = json.loads(self.text.splitlines()[5])
        changed['head'] = changed['head'].replace('kigen-head 1 5', 'kigen-head 1 4')
        self.write('forged.jsonl', '\n'.join(self.text.splitlines()[:5] + [json.dumps(changed)]))
        self.assertIn('signature', self.refused('audit', 'verify', '--export', 'forged.jsonl'))

    def test_keeps_what_was_erased_out(self):
        self.sql('DELETE FROM audit_payload WHERE audit = 3')
        text = self.kigen('audit', 'export')
        self.assertIn('"salt":null,"payload":null', text.splitlines()[2])
        self.assertEqual(self.verify(text.splitlines(), code=0), ('holds', None))


if __name__ == '__main__':
    finish()
