#!/usr/bin/python3
"""plan show, plan set, timeline."""

import xml.etree.ElementTree as ElementTree

from harness import Case, finish

DECLARED = ['doc=LSP-014', 'duties=院内ネットワークから分離する', 'lines=security-updates:2034-03-31;parts:2033-03-31']


class Plan(Case):
    def setUp(self):
        super().setUp()
        for release in ('1.0', '2.0', '2.1'):
            self.add_release('CT-100', release)
        self.add_release('MR-7', 'A/B')

    def test_set_makes_a_draft_and_show_shows_it(self):
        done = self.json('plan', 'set', 'CT-100/2.0', 'eol=2031年3月末', 'eos=令和16年3月31日', *DECLARED, '--by', '佐藤', '--reason',
                         '初版')
        self.assertEqual(done['changes']['eol'], ['', '2031-03-31'])
        shown, = self.json('plan', 'show', 'CT-100/2.0')['plans']
        self.assertEqual((shown['eol'], shown['eos'], shown['state'], shown['revision'], shown['author']),
                         ('2031-03-31', '2034-03-31', 'draft', 1, '佐藤'))
        self.assertEqual(shown['limited_support']['lines'], {'security-updates': '2034-03-31', 'parts': '2033-03-31'})
        self.assertTrue(shown['limited_support']['declared'])
        self.assertRegex(self.kigen('plan', 'show', 'CT-100/2.0'), r'eol +2031-03-31\n')
        self.assertEqual(self.sql("SELECT count(*) FROM audit WHERE action = 'plan.set'"), [(1,)])

    def test_unknown_not_announced_and_known_are_three_things(self):
        self.kigen('plan', 'set', 'CT-100/2.0', 'eol=2031-03-31', 'eos=未定')
        shown, = self.json('plan', 'show', 'CT-100/2.0')['plans']
        self.assertEqual((shown['eol'], shown['eos'], shown['end_of_sale']), ('2031-03-31', 'tba', None))
        text = self.kigen('plan', 'show', 'CT-100/2.0')
        self.assertRegex(text, r'eos +not announced\n')
        self.assertRegex(text, r'end_of_sale +unknown\n')

    def test_setting_the_same_again_changes_nothing(self):
        self.kigen('plan', 'set', 'CT-100/2.0', 'eol=2031-03-31')
        self.assertFalse(self.json('plan', 'set', 'CT-100/2.0', 'eol=2031/3/31')['changed'])
        self.assertEqual(self.sql("SELECT count(*) FROM audit WHERE action = 'plan.set'"), [(1,)])

    def test_the_store_gate_refuses_in_two_languages(self):
        errors = self.refused('plan', 'set', 'CT-100/2.0', 'eol=2031-03-31', 'eos=2031-03-31')
        for part in ('LSP-1', 'EOL and EOS are the same day', 'EOLとEOSが同じ日', 'kigen plan set CT-100/2.0 doc='):
            self.assertIn(part, errors)
        self.assertIn('ORD-1', self.refused('plan', 'set', 'CT-100/2.0', 'eol=2032-03-31', 'eos=2031-03-31'))
        self.assertEqual(self.sql('SELECT count(*) FROM support_plan'), [(0,)])

    def test_a_market_has_a_plan_of_its_own(self):
        self.kigen('plan', 'set', 'CT-100/2.0', 'eol=2031-03-31')
        self.kigen('plan', 'set', 'CT-100/2.0', 'eol=2033-03-31', '--market', 'EU')
        self.kigen('plan', 'set', 'CT-100/1.0', 'eol=2034-03-31', '--market', 'EU')
        shown = {(plan['release'], plan['market']): plan['eol'] for plan in self.json('plan', 'show', 'CT-100')['plans']}
        self.assertEqual((shown['2.0', '*'], shown['2.0', 'EU'], shown['1.0', 'EU']), ('2031-03-31', '2033-03-31', '2034-03-31'))
        self.assertIn('CT-100/2.0 (EU)', self.kigen('plan', 'show', 'CT-100'))
        audits = self.sql("SELECT p.payload FROM audit a JOIN audit_payload p ON p.audit = a.id WHERE a.action = 'plan.set' ORDER BY a.id")
        self.assertEqual(['"market":"EU"' in payload.replace(' ', '') for payload, in audits], [False, True, True])

    def test_bad_words_are_refused_with_what_is_known(self):
        self.assertIn('did you mean', self.refused('plan', 'set', 'CT-100/2.0', 'eoll=2031-03-31', code=2))
        self.assertIn('eol: ', self.refused('plan', 'set', 'CT-100/2.0', 'eol=2031-02-29'))
        self.assertIn('Excel', self.refused('plan', 'set', 'CT-100/2.0', 'eol=48304'))
        self.assertIn('no release CT-100/9', self.refused('plan', 'set', 'CT-100/9', 'eol=2031-03-31'))
        self.assertIn('PRODUCT/RELEASE', self.refused('plan', 'set', 'CT-100', 'eol=2031-03-31', code=2))
        self.assertIn('did you mean CT-100', self.refused('plan', 'show', 'CT100'))
        self.assertIn('no release matches', self.refused('plan', 'show', 'X*'))

    def test_the_limited_support_plan_is_a_record(self):
        self.kigen('plan', 'set', 'CT-100/2.0', 'eol=2031-03-31', 'eos=2034-03-31', *DECLARED, 'url=https://maker.example/ls-14.pdf',
                   'successor=CT-200', 'rationale=部品の供給終了', 'duties_en=Take it off the network', 'terms.parts=有償。\n在庫の限り ',
                   'terms_en.parts=charged', 'terms.telephone=平日9:00～17:00', 'line.telephone=2032年3月末')
        shown = self.json('plan', 'show', 'CT-100/2.0')['plans'][0]['limited_support']
        self.assertEqual(shown, {
            'declared': True, 'doc': 'LSP-014', 'url': 'https://maker.example/ls-14.pdf', 'duties': '院内ネットワークから分離する',
            'duties_en': 'Take it off the network', 'successor': 'CT-200', 'rationale': '部品の供給終了',
            'lines': {'security-updates': '2034-03-31', 'parts': '2033-03-31', 'telephone': '2032-03-31'},
            'terms': {'parts': '有償。\n在庫の限り', 'telephone': '平日9:00～17:00'}, 'terms_en': {'parts': 'charged'}})
        text = self.kigen('plan', 'show', 'CT-100/2.0')
        for field, value in (('line.parts', '2033-03-31'), ('terms_en.parts', 'charged'), ('limited_support_url', 'https://maker'),
                             ('successor', 'CT-200'), ('terms.telephone', '平日9:00～17:00')):
            self.assertRegex(text, rf'(?m)^{field} +{value}')
        for absent in ('line.on-site-repair', 'terms.security-updates', 'terms_en.telephone'):
            self.assertNotIn(absent, text)

    def test_a_line_goes_with_its_terms(self):
        self.kigen('plan', 'set', 'CT-100/2.0', *DECLARED, 'terms.parts=有償', 'terms.security-updates=重大なもののみ')
        done = self.json('plan', 'set', 'CT-100/2.0', 'line.parts=')
        self.assertEqual(done['changes'], {'line.parts': ['2033-03-31', ''], 'terms.parts': ['有償', '']})
        self.assertEqual(self.sql('SELECT kind, until, terms_ja FROM service_line'), [('security-updates', '2034-03-31', '重大なもののみ')])
        done = self.json('plan', 'set', 'CT-100/2.0', 'lines=security-updates:2034-03-31;parts:2032-03-31', 'terms=parts:無償')
        self.assertEqual(done['changes'], {'line.parts': ['', '2032-03-31'], 'terms.parts': ['', '無償'],
                                           'terms.security-updates': ['重大なもののみ', '']})

    def test_texts_are_trimmed_and_a_blank_one_is_unknown(self):
        done = self.json('plan', 'set', 'CT-100/2.0', *DECLARED, 'successor=　CT-200 ', 'rationale= \n', 'duties= 分離する\n 交換する\n',
                         'url= https://maker.example/ls ')
        self.assertEqual(done['changes']['successor'], ['', 'CT-200'])
        self.assertEqual(done['changes']['limited_support_duties'], ['', '分離する\n 交換する'])
        self.assertEqual(done['changes']['limited_support_url'], ['', 'https://maker.example/ls'])
        self.assertNotIn('limited_support_rationale', done['changes'])
        self.kigen('plan', 'set', 'CT-100/2.0', 'successor=　')
        self.assertEqual(self.sql('SELECT successor, limited_support_rationale FROM support_plan'), [(None, None)])

    def test_a_record_that_does_not_hold_is_refused(self):
        self.kigen('plan', 'set', 'CT-100/2.0', *DECLARED)
        for word, says in (('terms.telephone=平日', 'line.telephone=DAY'), ('line.parts=未定', 'last day'), ('line.parts=2033-02-29', '28 days'),
                           ('url=maker.example/plan', 'not a web address'), ('url=javascript:alert(1)', 'https://'),
                           ('successor=A\nB', 'a line break'), ('doc=LSP\a', 'a control character'), ('duties=a\x1bb', 'a control character'),
                           ('terms=spares:有償', 'no such kind'), ('terms_en=charged', 'no colon'), ('terms.parts=' + 'あ' * 1001, '1000')):
            self.assertIn(says, self.refused('plan', 'set', 'CT-100/2.0', word))
        self.assertIn('did you mean line.parts', self.refused('plan', 'set', 'CT-100/2.0', 'line.part=2033-03-31', code=2))
        self.assertEqual(self.sql('SELECT count(*), max(terms_ja) FROM service_line'), [(2, None)])

    def test_show_takes_patterns(self):
        names = [row['release'] for row in self.json('plan', 'show', 'CT-100/2.*')['plans']]
        self.assertEqual(names, ['2.0', '2.1'])
        self.assertEqual(len(self.json('plan', 'show')['plans']), 4)
        self.assertEqual(len(self.json('plan', 'show', 'CT-100', 'CT-100/1.0', 'MR-7/A/B')['plans']), 4)
        lines = self.kigen('plan', 'show').splitlines()
        self.assertEqual(len(lines), 5)
        self.assertEqual([line.split()[0] for line in lines[1:]], ['CT-100/1.0', 'CT-100/2.0', 'CT-100/2.1', 'MR-7/A/B'])


class Timeline(Case):
    def setUp(self):
        super().setUp()
        self.add_release('CT-100', '1.0 <&"')
        self.add_release('CT-100', '2.0')
        self.kigen('plan', 'set', 'CT-100/1.0 <&"', 'general_availability=2020-04-01', 'eol=2026-03-31', 'eos=2029-03-31')

    def test_text_shows_the_stages_around_today(self):
        lines = self.kigen('timeline', '--today', '2027-07-01').splitlines()
        row = next(line for line in lines if line.startswith('CT-100/1.0'))
        self.assertRegex(row, r'-*=+~+\|~+\.* +2026-03-31  2029-03-31$')
        self.assertRegex(next(line for line in lines if line.startswith('CT-100/2.0')), r'\?+\|\?+ +unknown +unknown$')
        self.assertEqual({len(line.rstrip()) <= 100 for line in lines[:3]}, {True})
        self.assertIn('2027-07-01', lines[-1])

    def test_json_has_the_same_stages(self):
        chart = self.json('timeline', 'CT-100/1.0*')
        self.assertEqual([span['stage'] for span in chart['releases'][0]['stages']],
                         ['development', 'support', 'limited-support', 'end-of-support'])
        self.assertEqual(chart['releases'][0]['stages'][2], {'stage': 'limited-support', 'from': '2026-04-01', 'to': '2029-03-31'})

    def test_window_can_be_set(self):
        chart = self.json('timeline', '--from', '2024-05-01', '--to', '2030-02-01')
        self.assertEqual((chart['from'], chart['to']), ('2024-01-01', '2030-12-31'))
        self.refused('timeline', '--from', '2030-01-01', '--to', '2029-01-01', code=2)

    def test_svg_is_whole_and_readable(self):
        self.kigen('timeline', '--svg', 'chart.svg')
        text = (self.folder / 'chart.svg').read_text(encoding='utf-8')
        tree = ElementTree.fromstring(text)
        name = '{http://www.w3.org/2000/svg}'
        self.assertEqual(tree.find(f'{name}title').text, 'サポート期間一覧')
        self.assertTrue(tree.find(f'{name}desc').text)
        self.assertTrue({'support', 'limited-support', 'end-of-support', 'unknown'}
                        <= {rect.get('class') for rect in tree.iter(f'{name}rect')})
        self.assertTrue(any('1.0 <&"' in (item.text or '') for item in tree.iter(f'{name}text')))
        for outside in ('http://', 'https://', '@import', '<script', 'xlink'):
            self.assertNotIn(outside, text.replace('http://www.w3.org/2000/svg', ''))
        self.assertTrue(self.kigen('timeline', '--svg', '-', '--language', 'en').startswith('<?xml'))
        self.refused('timeline', '--svg', 'none/chart.svg', code=3)


if __name__ == '__main__':
    finish()
