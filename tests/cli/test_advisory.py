#!/usr/bin/python3
"""kigen advisory: what a person writes, who approves it, whom it goes to, and what is refused."""

import json

from harness import Case, finish
from people import People

BODY = '## 影響\n\n遠隔保守に脆弱性がある。\n\n## 対策\n\n更新する。\n\n## 修正の見通し\n\n2027年1月の予定。\n'
ENGLISH = '## Impact\n\nRemote maintenance is vulnerable.\n\n## Patch\n\nUpdate it.\n\n## Outlook\n\nPlanned for January.\n'


def findings(case):
    """The checks of kigen doctor that find something; holdings are made without devices here."""
    document = json.loads(case.run_kigen('--json', 'doctor').stdout)
    return {finding['check'] for finding in document['findings']} - {'holdings'}


class Alone(Case):
    """One person, before there are users."""

    def setUp(self):
        super().setUp()
        for release in ('1.0', '2.0'):
            self.add_release('CT-100', release)
        self.add_release('MR-9', 'A')
        self.sql("INSERT INTO organization (id, code, name_ja, name_en, role, language) VALUES (1, 'H1', '中央病院', NULL, 'hospital', 'ja'),"
                 " (2, 'H2', '東病院', 'East Hospital', 'hospital', 'en'), (3, 'D1', '販売社', NULL, 'distributor', 'ja'),"
                 " (4, 'H4', '無縁病院', NULL, 'hospital', 'ja')")
        self.sql("INSERT INTO contact (organization, name, email, language) VALUES (1, '早瀬', 'hayase@h1.example', 'ja'),"
                 " (2, 'Smith', 'smith@h2.example', 'en'), (3, '営業', 'eigyo@d1.example', 'ja')")
        self.sql("INSERT INTO holding SELECT r.id, o.id, iif(o.id = 3, 'seller', 'user'), 3, 1, r.id || '-' || o.id, '2020-04-01', NULL,"
                 " '2026-01-01T00:00:00Z' FROM release r, organization o WHERE r.name <> 'A'")
        self.write('ja.md', BODY)
        self.write('en.md', ENGLISH)

    def draft(self, *words, kind='security-advisory', **options):
        return self.kigen('advisory', 'draft', kind, '--title-ja', '遠隔保守の脆弱性', '--body-ja', 'ja.md', '--by', '早瀬', *words, **options)

    def counts(self):
        return [self.sql(f'SELECT count(*) FROM {table}')[0][0] for table in ('advisory', 'advisory_event', 'notice', 'outbox', 'audit')]


class Draft(Alone):
    def test_a_draft(self):
        said = self.draft('--release', 'CT-100/*', '--csaf-reference', 'X-1')
        self.assertIn('KG-A0001, revision 1: drafted, a security-advisory about 2 releases', said)
        self.assertIn('kigen advisory preview KG-A0001', said)
        for want in ('English title', 'English text', '--action-ja'):
            self.assertIn(want, self.errors)
        self.assertNotIn('does not seem', self.errors)
        self.assertEqual(self.sql('SELECT count(*) FROM notice'), [(0,)])
        row = self.json('advisory', 'show', 'a0001')
        self.assertEqual((row['number'], row['state'], row['releases'], row['market']), ('KG-A0001', 'draft', ['CT-100/1.0', 'CT-100/2.0'], '*'))
        self.assertEqual(row['body_ja'], BODY)
        self.assertEqual([event['event'] for event in row['events']], ['set'])

    def test_a_change(self):
        self.draft('--release', 'CT-100/1.0', '--release', 'MR-9')
        self.assertEqual(self.json('advisory', 'show', 'KG-A0001')['releases'], ['CT-100/1.0', 'MR-9/A'])
        self.kigen('advisory', 'draft', 'KG-A0001', '--title-en', 'Remote maintenance', '--release', 'CT-100/2.0')
        row = self.json('advisory', 'show', 'KG-A0001')
        self.assertEqual((row['revision'], row['title_ja'], row['title_en'], row['releases']),
                         (1, '遠隔保守の脆弱性', 'Remote maintenance', ['CT-100/2.0']))
        self.kigen('advisory', 'draft', 'KG-A0001', '--title-en', '')
        self.assertIsNone(self.json('advisory', 'show', 'KG-A0001')['title_en'])
        self.assertFalse(self.json('advisory', 'draft', 'KG-A0001', '--title-en', '')['changed'])
        self.assertEqual(len(self.sql("SELECT 1 FROM audit WHERE action = 'advisory.set'")), 3)

    def test_what_windows_saves(self):
        self.write('ja.md', '\ufeff' + BODY.replace('\n', '\r\n'))
        self.draft('--release', 'CT-100/1.0')
        self.assertEqual(self.json('advisory', 'show', 'KG-A0001')['body_ja'], BODY)

    def test_standard_input(self):
        self.kigen('advisory', 'draft', 'stop-use-recommendation', '--title-ja', '題', '--body-ja', '-', '--release', 'CT-100/1.0', text=BODY)
        self.assertEqual(self.json('advisory', 'show', 'KG-A0001')['body_ja'], BODY)
        self.assertIn('standard input:1:1: ', self.refused_text('<b>x</b>'))

    def refused_text(self, text):
        self.kigen('advisory', 'draft', 'KG-A0001', '--body-ja', '-', text=text, code=1)
        return self.errors

    def test_refused(self):
        self.draft('--release', 'CT-100/1.0')
        before = self.counts()
        for content, said in (
                ('本文\n\n<b>太字</b>\n', 'bad.md:3:1: raw HTML (<b>) would not arrive'),
                ('一\n二 <!-- 社内用 -->\n', 'bad.md:2:3: raw HTML'),
                ('![図](https://x.example/a.png)', 'bad.md:1:1: an image (https://x.example/a.png) would not arrive'),
                ('[x](javascript:alert(1))', 'bad.md:1:1: the link to "javascript:alert(1)" would not arrive'),
                ('一\n二\a', 'bad.md:2:2: a control character (0x07)'),
                ('', 'bad.md:1:1: it says nothing')):
            self.write('bad.md', content)
            self.assertIn(said, self.refused('advisory', 'draft', 'KG-A0001', '--body-ja', 'bad.md'))
        (self.folder / 'bad.md').write_bytes('影響\nテスト'.encode('cp932'))
        self.assertRegex(self.refused('advisory', 'draft', 'KG-A0001', '--body-ja', 'bad.md'), r'bad\.md:1:1: byte 0x89 .*iconv -f CP932')
        for words, code, said in (
                (['KG-A0001', '--body-ja', 'none.md'], 3, 'cannot read none.md: No such file'),
                (['KG-A0001', '--title-ja', '題\n名'], 1, '--title-ja must be on one line'),
                (['KG-A0001', '--title-ja', '題' * 201], 1, 'longer than 200 characters'),
                (['KG-A0001', '--title-ja', ' '], 2, '--title-ja TEXT'),
                (['KG-A0001', '--release', 'CT-100/9'], 1, 'did you mean CT-100?'),
                (['KG-A0001', '--csaf-url', 'x'], 1, '--csaf-url: "x" '),
                (['KG-A0001', '--component-eos', '2031/03'], 2, '--component-eos 2031/03: '),
                (['KG-A0001', '--stage', 'limited'], 2, 'did you mean limited-support?'),
                (['KG-A0001', '--market', 'japan'], 2, "a country's code"),
                (['KG-A0009', '--title-ja', '題'], 1, 'there is no advisory KG-A0009: did you mean KG-A0001?'),
                (['security-advisry'], 2, 'did you mean security-advisory?'),
                (['eol-reminder'], 2, 'neither a kind of advisory nor a number'),
                (['security-advisory', '--body-ja', 'ja.md', '--release', 'CT-100'], 2, '--title-ja TEXT'),
                (['security-advisory', '--title-ja', '題', '--release', 'CT-100'], 2, '--body-ja FILE.md'),
                (['security-advisory', '--title-ja', '題', '--body-ja', 'ja.md'], 2, '--release PRODUCT/RELEASE'),
                (['component-notice', '--title-ja', '題', '--body-ja', 'ja.md', '--release', 'CT-100'], 2, '--component NAME')):
            with self.subTest(words):
                self.assertIn(said, self.refused('advisory', 'draft', *words, code=code))
        self.assertEqual(self.counts(), before)


class Preview(Alone):
    def test_whom_and_what(self):
        self.draft('--release', 'CT-100/*', '--body-en', 'en.md', '--title-en', 'Remote maintenance', '--action-ja', '直ちに無効にしてください。')
        before = self.counts()
        text = self.kigen('advisory', 'preview', 'KG-A0001')
        self.assertIn('KG-A0001, revision 1 (security-advisory, draft): to 4 organizations', text)
        self.assertRegex(text, r'hospital +3 +2 +0 +1 +1 +0 +18')
        self.assertRegex(text, r'distributor +1 +1 +0 +0')
        self.assertIn('not reached, a letter waits for each: 無縁病院', text)
        ja, en = text.split('======== en: ')
        for words in ('======== ja: 【重要】遠隔保守の脆弱性', '中央病院', '早瀬　様', '直ちに無効にしてください。', '■影響', '遠隔保守に脆弱性がある。', '受領確認'):
            self.assertIn(words, ja)
        for words in ('IMPORTANT: Remote maintenance', 'East Hospital', 'Dear Smith', 'Impact\n------', 'Update it.'):
            self.assertIn(words, en)
        self.assertLess(ja.index('直ちに無効に'), ja.index('サイバーセキュリティに関する情報'))
        self.assertNotIn('拝啓', ja)
        self.assertEqual(self.counts(), before)

    def test_for_one(self):
        self.draft('--release', 'CT-100/*')
        text = self.kigen('advisory', 'preview', 'KG-A0001', '--for', 'D1', '--language', 'ja')
        self.assertIn('販売社', text)
        self.assertIn('【転送のお願い】', text)
        self.assertNotIn('======== en', text)
        said = self.kigen('advisory', 'preview', 'KG-A0001', '--for', 'H2', '--html', 'page.html')
        self.assertIn('the page is in page.html', said)
        page = (self.folder / 'page.html').read_text(encoding='utf-8')
        self.assertIn('<h3>影響</h3>', page)
        self.assertIn('East Hospital', page)
        self.assertIn('did you mean H', self.refused('advisory', 'preview', 'KG-A0001', '--for', 'H9'))
        self.refused('advisory', 'preview', 'KG-A0001', '--language', 'de', code=2)

    def test_json_names_everybody(self):
        self.draft('--release', 'CT-100/1.0')
        document = self.json('advisory', 'preview', 'KG-A0001')
        self.assertEqual([(one['organization'], one['contact'], one['channel'], one['units']) for one in document['recipients']],
                         [('D1', '営業', 'mail', 3), ('H1', '早瀬', 'mail', 3), ('H2', 'Smith', 'mail', 3), ('H4', None, 'letter', 3)])
        self.assertIn('遠隔保守に脆弱性がある。', document['mails']['ja']['text'])

    def test_nobody(self):
        self.draft('--release', 'MR-9')
        self.assertIn('nobody holds one of its releases', self.kigen('advisory', 'preview', 'KG-A0001'))
        self.refused('advisory', 'preview', 'KG-A0001', '--html', 'page.html')


class Publish(Alone):
    def test_straight_from_a_draft(self):
        self.draft('--release', 'CT-100/*')
        self.assertIn('needs to approve it: kigen advisory publish', self.refused('advisory', 'approve', 'KG-A0001'))
        self.assertIn('published, 4 organizations to tell, 4 new messages', self.kigen('advisory', 'publish', 'KG-A0001', '--by', '早瀬', '--reason', '至急'))
        self.assertEqual(self.sql('SELECT due_on FROM outbox GROUP BY 1'), [(self.today,)])
        self.assertIn('is published and cannot be published', self.refused('advisory', 'publish', 'KG-A0001'))
        coverage, = self.json('report', 'coverage', 'KG-A0001')['advisories']
        self.assertEqual((coverage['affected'], coverage['waiting'], coverage['unreached']), (4, 4, 4))
        self.assertEqual(len(self.json('outbox', 'list', '--release', 'KG-A0001')['messages']), 4)
        self.assertEqual(len(self.json('outbox', 'list', '--release', 'CT-100/2.0')['messages']), 4)
        self.assertEqual(self.json('outbox', 'list', '--kind', 'security-advisory')['messages'][0]['releases'], 'KG-A0001')

    def test_on_a_holiday(self):
        """1 January is closed, and a Friday; a security advisory goes all the same."""
        self.environment['KIGEN_TODAY'] = '2027-01-01'
        self.draft('--release', 'CT-100/1.0')
        self.kigen('advisory', 'publish', 'KG-A0001')
        self.assertEqual(self.sql('SELECT DISTINCT due_on FROM outbox'), [('2027-01-01',)])

    def test_a_correction(self):
        self.draft('--release', 'CT-100/*')
        self.kigen('advisory', 'publish', 'KG-A0001')
        self.kigen('deliver', '--once', '--transport', 'maildir:box', '--today', self.today)
        self.assertIn('everyone why', self.refused('advisory', 'draft', 'KG-A0001', '--release', 'CT-100/1.0', code=2))
        self.kigen('advisory', 'draft', 'KG-A0001', '--release', 'CT-100/1.0', '--title-ja', '訂正した題', '--reason', '範囲の訂正')
        text = self.kigen('advisory', 'preview', 'KG-A0001', '--language', 'ja')
        for words in ('【訂正】先にお送りした第1版からの変更点', '変更前 遠隔保守の脆弱性　→　変更後 訂正した題', '訂正の理由：範囲の訂正',
                      '変更前 CT-100/1.0、CT-100/2.0　→　変更後 CT-100/1.0'):
            self.assertIn(words, text)
        said = self.kigen('advisory', 'publish', 'KG-A0001')
        self.assertIn('3 of them were told before', said)
        self.assertEqual([(row['revision'], row['state']) for row in self.json('advisory', 'list', '--all')['advisories']],
                         [(1, 'superseded'), (2, 'published')])

    def test_withdrawn(self):
        self.draft('--release', 'CT-100/*')
        self.kigen('advisory', 'publish', 'KG-A0001')
        self.kigen('deliver', '--once', '--transport', 'maildir:box', '--today', self.today)
        self.assertIn('reads why', self.refused('advisory', 'withdraw', 'KG-A0001', code=2))
        self.assertIn('withdrawn, 3 organizations to tell', self.kigen('advisory', 'withdraw', 'KG-A0001', '--reason', '誤報'))
        self.assertIn('never comes back', self.refused('advisory', 'draft', 'KG-A0001', '--title-ja', 'x', '--reason', 'x'))
        rows = self.json('report', 'coverage', 'KG-A0001')['advisories']
        self.assertEqual([(row['kind'], row['affected']) for row in rows], [('security-advisory', 4), ('withdrawal', 3)])
        self.assertEqual(findings(self), set())

    def test_newcomers(self):
        """Who came to hold it later stands in the schedule, and is told by the next delivery."""
        self.draft('--release', 'CT-100/1.0')
        self.sql('UPDATE holding SET ended_on = ? WHERE organization = 2', '2026-01-01')
        self.kigen('advisory', 'publish', 'KG-A0001')
        self.assertEqual(self.json('schedule')['notices'], [])
        self.sql('UPDATE holding SET ended_on = NULL WHERE organization = 2')
        [notice] = self.json('schedule')['notices']
        self.assertEqual((notice['advisory'], notice['kind'], notice['due'], notice['organizations'], notice['product']),
                         ('KG-A0001', 'security-advisory', self.today, 1, None))
        self.assertRegex(self.kigen('schedule'), r'2026-12-01 +security-advisory +KG-A0001 +1\n')
        self.assertEqual(self.json('schedule', '--from', '2026-12-02')['notices'], [])
        self.kigen('deliver', '--once', '--transport', 'maildir:box')
        self.assertEqual(self.json('schedule')['notices'], [])
        self.assertEqual(len(self.json('outbox', 'list', '--organization', 'H2')['messages']), 1)

    def test_a_component_notice(self):
        self.draft('--release', 'CT-100/1.0', '--component', 'OpenSSL 1.1.1', '--supplier', 'OpenSSL', '--component-eos', '2023年9月11日',
                   '--component-eol', '未定', '--stage', 'limited-support', kind='component-notice')
        row = self.json('advisory', 'show', 'KG-A0001')
        self.assertEqual((row['component_eos'], row['component_eol']), ('2023-09-11', 'tba'))
        text = self.kigen('advisory', 'preview', 'KG-A0001', '--language', 'ja')
        for words in ('拝啓', '構成部品：OpenSSL 1.1.1', '2023年9月11日（令和5年9月11日・月）', 'EOL：End of Life）：未定', '「限定的サポート」となります'):
            self.assertIn(words, text)


class TwoPeople(People):
    def setUp(self):
        super().setUp()
        self.write('ja.md', BODY)

    def step(self, who, verb, *words, **options):
        return self.kigen('advisory', verb, *words, *self.by(who), **options)

    def test_from_draft_to_withdrawal(self):
        self.step('sato', 'draft', 'security-advisory', '--title-ja', '題', '--body-ja', 'ja.md', '--release', 'CT-100/*')
        self.step('sato', 'publish', 'A0001', code=1)
        self.assertIn('somebody else has to approve it first', self.errors)
        self.step('suzuki', 'approve', 'A0001', code=1)  # quality is not enough for a security advisory
        self.assertIn('one of the roles safety_officer, general_manager', self.errors)
        self.step('abe', 'approve', 'A0001')
        self.step('tanaka', 'draft', 'A0001', '--title-ja', '別の題')
        self.step('sato', 'publish', 'A0001', code=1)
        self.step('abe', 'approve', 'A0001')
        self.step('sato', 'publish', 'A0001')
        self.assertEqual(self.json('advisory', 'show', 'A0001')['approved_by'], '阿部 三郎')
        self.step('tanaka', 'withdraw', 'A0001', '--reason', '誤り', code=1)
        self.assertIn('was written by 佐藤 一郎, 田中 次郎', self.errors)
        self.step('suzuki', 'withdraw', 'A0001', '--reason', '誤り')
        self.assertEqual([action for action, in self.sql("SELECT action FROM audit WHERE action LIKE 'advisory.%' ORDER BY id")],
                         ['advisory.set', 'advisory.approve', 'advisory.set', 'advisory.approve', 'advisory.publish', 'advisory.withdraw'])
        self.kigen('audit', 'verify')
        self.assertEqual(findings(self), set())

    def test_who_may_write(self):
        self.step('suzuki', 'draft', 'security-advisory', '--title-ja', '題', '--body-ja', 'ja.md', '--release', 'CT-100/1.0')
        self.step('admin', 'draft', 'security-advisory', '--title-ja', '題', '--body-ja', 'ja.md', '--release', 'CT-100/1.0', code=1)

    def test_changed_beside_kigen(self):
        self.step('sato', 'draft', 'security-advisory', '--title-ja', '題', '--body-ja', 'ja.md', '--release', 'CT-100/1.0')
        self.sql("UPDATE advisory SET title_ja = '別'")
        self.assertIn('changed beside kigen since the event set by 佐藤 一郎', self.kigen('doctor', code=1))
        self.assertEqual(findings(self), {'advisories'})


if __name__ == '__main__':
    finish()
