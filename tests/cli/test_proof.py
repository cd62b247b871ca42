#!/usr/bin/python3
"""What counts as told: the reports and the dossier call nobody told of something that no letter said to them, or that came back."""

from harness import finish
from test_publish import GOOD, Installed

LATER = [field.replace('eos=2034-03-31', 'eos=2035-03-31').replace('updates:2034', 'updates:2035') for field in GOOD]


class Overtaken(Installed):
    """CT-100/1.0 and 2.0 were announced to H1 in one mail, which was tried once. Then 1.0 gets another plan."""

    def setUp(self):
        super().setUp()
        for release in ('1.0', '2.0'):
            self.plan(f'CT-100/{release}', *GOOD)
        self.kigen('plan', 'publish', 'CT-100/*', '--reason', '初回公表')
        [(self.digest,)] = self.sql('SELECT id FROM outbox WHERE organization = 1')

    def tried(self, state):
        """The relay did not take it, or (unknown) may have."""
        self.kigen('deliver', '--once')
        self.sql("UPDATE outbox SET state = ?, unknowns = ? WHERE id = ?", state, state == 'unknown', self.digest)
        self.sql("INSERT INTO outbox_event (outbox, at, day, attempt, state) VALUES (?, '2026-12-01T00:00:00Z', '2026-12-01', 1, ?)",
                 self.digest, state)

    def change_the_plan(self):
        self.plan('CT-100/1.0', *LATER)
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '部品を確保できたため')

    def told(self, revision):
        """How far the announcement of that revision of 1.0 came to H1, and whether the mail is in its dossier."""
        reach = {row['organization']: row['message'] for row in self.json('report', 'coverage', 'CT-100/1.0', '--names')['organizations']
                 if row['revision'] == revision}
        self.kigen('outbox', 'dossier', 'CT-100/1.0', '--revision', revision, '--output', f'r{revision}')
        messages = (self.folder / f'r{revision}/messages.jsonl').read_text()
        return reach.get('H1', 'none'), f'"id":{self.digest},' in messages

    def test_what_a_letter_left_out_it_did_not_tell(self):
        self.tried('deferred')
        self.change_the_plan()
        self.kigen('deliver', '--once')
        self.assertEqual(self.sql('SELECT state FROM outbox WHERE id = ?', self.digest), [('accepted',)])
        self.assertEqual(self.told(1), ('none', False))
        self.assertRegex(self.run_kigen('doctor').stdout, r'\nok +outbox')

    def test_what_may_have_arrived_goes_again_as_it_was(self):
        self.tried('unknown')
        self.change_the_plan()
        self.kigen('deliver', '--once')
        self.assertEqual(self.told(1), ('accepted', True))
        self.assertRegex(self.run_kigen('doctor').stdout, r'\nok +outbox')

    def test_an_advisory_that_a_letter_left_out(self):
        self.write('body.md', '## 影響\n\n停止する。\n\n## 対策\n\n更新する。\n')
        self.kigen('advisory', 'draft', 'security-advisory', '--release', 'CT-100/1.0', '--title-ja', '脆弱性', '--body-ja', 'body.md')
        self.kigen('advisory', 'publish', 'A0001', '--reason', '公表')
        [(both,)] = self.sql('SELECT x.outbox FROM outbox_notice x JOIN notice n ON n.id = x.notice WHERE n.advisory = 1 '
                             'AND x.organization = 1')
        self.assertEqual(both, self.digest)
        self.tried('deferred')
        self.kigen('advisory', 'draft', 'A0001', '--title-ja', '脆弱性と対策', '--reason', '対策の追加')
        self.kigen('advisory', 'publish', 'A0001', '--reason', '訂正')
        self.kigen('deliver', '--once')
        reach = {row['revision']: row['message'] for row in self.json('report', 'coverage', 'A0001', '--names')['organizations']
                 if row['organization'] == 'H1'}
        self.assertEqual(self.sql('SELECT state FROM outbox WHERE id = ?', self.digest), [('accepted',)])
        self.assertEqual(reach, {2: 'accepted'})


if __name__ == '__main__':
    finish()
