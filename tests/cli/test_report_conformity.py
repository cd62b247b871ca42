#!/usr/bin/python3
"""report conformity: the requirements, the documents, what kigen proves, in four formats and two languages."""

import csv
import html.parser
import io

from harness import Case, finish

DECLARED = ['doc=LSP-014', 'duties=院内ネットワークから分離する', 'lines=security-updates:2034-03-31']
EXEMPT = ['1(2)a', '1(2)c', '1(2)d']


class Page(html.parser.HTMLParser):
    """Text of a page, and whether its elements close in order."""

    VOID = ('meta', 'br')

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.tags, self.outside = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.outside += [value for name, value in attributes if name in ('src', 'href')]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text.append(data)


class Conformity(Case):
    def setUp(self):
        super().setUp()
        for release in ('1.0', '2.0'):
            self.add_release('CT-100', release)
        self.sql("UPDATE product SET art12_3 = 'yes', update_policy_doc = 'UP-1', name_en = 'CT <100> & more',"
                 " approval_no = '226ZZ' WHERE code = 'CT-100'")
        self.kigen('maker', 'set', 'name_ja=翠嶺メディカル', 'name_en=Suirei Medical')

    def report(self, *words):
        return self.json('report', 'conformity', 'CT-100', *words)

    def item(self, name, *words):
        return next(item for item in self.report(*words)['items'] if item['item'] == name)

    def publish(self, release):
        self.kigen('plan', 'set', f'CT-100/{release}', 'eol=2031-03-31', 'eos=2034-03-31', *DECLARED)
        self.kigen('plan', 'publish', f'CT-100/{release}', '--by', '佐藤', '--reason', '初版')

    def test_states_of_an_item(self):
        self.kigen('documents', 'set', 'CT-100', '1(3)', 'SWM-1', '--title', '保守計画書')
        self.kigen('documents', 'set', 'CT-100/2.0', '1(4)', 'RM-2')
        self.kigen('documents', 'set', 'CT-100/2.0', '1(3)', 'SWM-2')
        report = self.report('--language', 'ja')
        self.assertEqual((report['asked'], report['open'], report['complete'], len(report['items'])), (16, 15, False, 16))
        named, partly, missing = (self.item(name) for name in ('1(3)', '1(4)', '1(5)'))
        self.assertEqual((named['state'], named['missing_for']), ('named', ''))
        self.assertEqual(named['documents'], [{'document': 'SWM-1', 'title': '保守計画書', 'release': None},
                                              {'document': 'SWM-2', 'title': None, 'release': '2.0'}])
        self.assertEqual((partly['state'], partly['missing_for']), ('partly', '1.0'))
        self.assertEqual((missing['state'], missing['missing_for'], missing['documents']), ('missing', '1.0, 2.0', []))
        self.kigen('documents', 'set', 'CT-100/1.0', '1(4)', 'RM-1')
        self.assertEqual(self.item('1(4)')['state'], 'named')

    def test_what_declares_nothing_is_missing(self):
        self.sql("INSERT INTO document (product, item, document, changed_by, changed_on)"
                 " SELECT id, '1(4)', '未定', 'x', '2026-12-01' FROM product WHERE code = 'CT-100'")
        self.assertEqual(self.item('1(4)')['state'], 'missing')

    def test_what_kigen_proves(self):
        plan, policy, told = self.item('1(3)', '--language', 'en')['proofs']
        self.assertEqual(plan, {'text': 'published plans that set the end of support: 0 of 2 releases; none for 1.0, 2.0',
                                'ok': False})
        self.assertEqual(policy, {'text': 'update notification policy: UP-1', 'ok': True})
        self.assertFalse(told['ok'])
        self.publish('1.0')
        self.assertIn('1／2リリース。なし: 2.0', self.item('1(3)', '--language', 'ja')['proofs'][0]['text'])
        self.publish('2.0')
        self.assertTrue(self.item('1(3)')['proofs'][0]['ok'])
        self.assertEqual(self.item('2(1)')['proofs'], [{'text': 'security contact: psirt@maker.example', 'ok': True}])
        self.sql("UPDATE product SET security_contact = '未定', update_policy_doc = NULL")
        self.assertEqual(self.item('2(1)')['proofs'], [{'text': 'security contact: not recorded', 'ok': False}])
        self.assertEqual(self.item('1(5)')['proofs'], [])
        releases = self.report('--language', 'ja')['releases']
        self.assertEqual([(row['release'], row['eos'], row['limited_support_doc'], row['revision']) for row in releases],
                         [('1.0', '2034年3月31日', 'LSP-014', 1), ('2.0', '2034年3月31日', 'LSP-014', 1)])

    def test_the_scope_and_its_reason(self):
        def scope(language):
            return self.report('--language', language)['product']['scope']

        self.assertEqual((scope('ja'), scope('en')), ('対象', 'in scope'))
        self.sql("UPDATE product SET art12_3 = 'no'")
        self.assertEqual((scope('ja'), scope('en')), ('対象外（理由未記入）', 'out of scope (no reason given)'))
        self.assertIn('基本要件基準第12条第3項: 対象外（理由未記入）\n',
                      self.kigen('report', 'conformity', 'CT-100', '--language', 'ja'))
        self.sql("UPDATE product SET art12_3_reason = '単体で使う <装置>'")
        self.assertEqual(scope('ja'), '対象外（単体で使う <装置>）')
        self.assertIn('対象外（単体で使う &lt;装置&gt;）',
                      self.kigen('report', 'conformity', 'CT-100', '--language', 'ja', '--format', 'html'))

    def test_a_scope_without_a_reason_is_told_with_unknown(self):
        self.sql("UPDATE product SET art12_3 = 'no'")
        self.kigen('plan', 'set', 'CT-100/1.0', 'eol=2031-03-31')
        self.assertNotIn('art12_3_reason', self.kigen('check', 'CT-100/1.0', code=1))
        said = self.kigen('check', 'CT-100/1.0', '--unknown', code=1)
        for rule in ('PLAN-1', 'DOC-1', 'DOC-2', 'SBOM-1'):
            self.assertRegex(said, rf'{rule} +not-applicable +\w+ +art12_3: no; 理由未記入 / no reason given: art12_3_reason')
        self.sql("UPDATE product SET art12_3_reason = '単体で使う装置'")
        self.assertNotIn('art12_3_reason', self.kigen('check', 'CT-100/1.0', '--unknown', code=1))

    def test_a_transition_product(self):
        self.sql("UPDATE product SET transition = 1 WHERE code = 'CT-100'")
        report = self.report()
        self.assertEqual([item['item'] for item in report['items'] if item['state'] == 'exempt'], EXEMPT)
        self.assertEqual([item['item'] for item in report['items'][-4:]], ['F.2', 'F.3a', 'F.3b', 'F.4'])
        self.assertEqual(report['asked'], 17)
        self.kigen('documents', 'set', 'CT-100/1.0', 'F.3', 'TR-1')
        self.assertEqual((self.item('F.3a')['state'], self.item('F.3a')['missing_for']), ('partly', '2.0'))
        page = self.kigen('report', 'conformity', 'CT-100', '--format', 'html', '--language', 'ja')
        self.assertIn('附属書F（トランジションヘルスソフトウェア）を適用する', page)
        self.assertEqual(page.count('記載不要'), 3)

    def test_page_is_whole_and_to_be_printed(self):
        self.publish('1.0')
        self.kigen('documents', 'set', 'CT-100', '1(3)', 'A<b>&1')
        for language, words in (('ja', ['社内文書', '未特定', 'CT-100装置', '翠嶺メディカル', '公開済みのサポート計画なし']),
                                ('en', ['Internal document', 'none named', 'CT <100> & more', 'Suirei Medical',
                                        'no support plan is published'])):
            text = self.kigen('report', 'conformity', 'CT-100', '--format', 'html', '--language', language)
            self.assertTrue(text.startswith(f'<!DOCTYPE html>\n<html lang="{language}">'))
            page = Page(text)
            said = ''.join(page.text)
            for word in [*words, 'A<b>&1', '226ZZ', '1(2)e', 'UP-1']:
                self.assertIn(word, said)
            self.assertIn('@page{size:A4', text)
            self.assertEqual(page.outside, [])
            self.assertNotIn('script', page.tags)
            self.assertEqual(page.tags.count('tr'), 3 + 17 + 3)
            self.assertNotIn('{{', text)

    def test_text_and_csv(self):
        self.kigen('documents', 'set', 'CT-100/1.0', '1(4)', 'RM-1', '--title', 'リスク, "管理"')
        text = self.kigen('report', 'conformity', 'CT-100', '--language', 'ja')
        self.assertRegex(text, r'1\(4\) +RM-1「リスク, "管理"」 \(1\.0\); 未特定: 2\.0')
        self.assertIn('16項目のうち、社内文書を特定していないもの: 16項目', text)
        said = self.kigen('report', 'conformity', 'CT-100', '--format', 'csv', '--language', 'ja')
        rows = list(csv.DictReader(io.StringIO(said[1:], newline='')))
        self.assertEqual(len(rows), 16)
        row = next(row for row in rows if row['item'] == '1(4)')
        self.assertEqual((row['state'], row['documents'], row['missing_for']), ('partly', 'RM-1「リスク, "管理"」 (1.0)', '2.0'))
        self.assertIn('脆弱性', row['requirement'])

    def test_bad_words(self):
        self.assertIn('did you mean CT-100', self.refused('report', 'conformity', 'CT-10'))
        self.assertIn('name one product, such as CT-100', self.refused('report', 'conformity', 'CT-100/1.0', code=2))
        self.refused('report', 'conformity', 'CT-100', '--language', 'fr', code=2)
        self.refused('report', 'conformity', code=2)


if __name__ == '__main__':
    finish()
