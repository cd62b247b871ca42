#!/usr/bin/python3
"""documents set, remove, list, items; and what check says of them."""

from harness import Case, finish


class Documents(Case):
    def setUp(self):
        super().setUp()
        for product, release in (('CT-100', '1.0'), ('CT-100', '2.0'), ('CT-200', 'A'), ('MR-7', '1')):
            self.add_release(product, release)
        self.sql("UPDATE product SET art12_3 = 'yes' WHERE code = 'CT-100'")

    def missing(self, release, rule='DOC-2'):
        """The items that check says are missing, or the one outcome."""
        plan, = self.json('check', release, code=1)['releases']
        found = [finding for finding in plan['findings'] if finding['rule'] == rule]
        return [finding['detail'].split(' → ')[0].rpartition(': ')[2] if finding['outcome'] == 'broken' else finding['outcome']
                for finding in found]

    def test_set_list_and_remove(self):
        done = self.json('documents', 'set', 'CT-100', '1の（３）', 'SWM-001 第2版', '--title', '保守計画書', '--by', '佐藤',
                         '--reason', '初版')
        self.assertEqual(done, {'targets': 1, 'items': '1(3)', 'document': 'SWM-001 第2版', 'changed': 1})
        self.kigen('documents', 'set', 'CT-100/2.0', '1(3)', ' SWM-002 ')
        first, second = self.json('documents', 'list', 'CT-100')['documents']
        self.assertEqual(first, {'product': 'CT-100', 'release': None, 'item': '1(3)', 'document': 'SWM-001 第2版',
                                 'title': '保守計画書', 'changed_by': '佐藤', 'changed_on': '2026-12-01'})
        self.assertEqual((second['release'], second['document']), ('2.0', 'SWM-002'))
        self.assertIn('nothing changed', self.kigen('documents', 'set', 'CT-100', '1(3)', 'SWM-001 第2版'))
        self.assertRegex(self.kigen('documents', 'list'), r'CT-100/2\.0 +1\(3\) +SWM-002')
        self.assertIn('no document any more', self.kigen('documents', 'remove', 'CT-100/2.0', '1(3)'))
        self.assertEqual(len(self.json('documents', 'list')['documents']), 1)
        self.assertEqual(self.sql("SELECT action, count(*) FROM audit WHERE action LIKE 'document%' GROUP BY action"),
                         [('document.remove', 1), ('document.set', 2)])
        self.assertIn('no document yet', self.kigen('documents', 'list', 'MR-7'))

    def test_a_number_and_a_pattern_mean_several(self):
        self.assertEqual(self.json('documents', 'set', 'CT-*', '1(1)', 'QMS-1')['changed'], 6)
        self.assertEqual({row['product'] for row in self.json('documents', 'list')['documents']}, {'CT-100', 'CT-200'})
        self.assertEqual(self.json('documents', 'set', 'CT-100/*', 'F.3', 'TR-1')['changed'], 4)

    def test_words_that_declare_nothing_are_refused(self):
        for word in ('-', '－', 'なし', '未定', '調整中', ' ', 'N/A', 'TBD'):
            self.assertIn('names no document', self.refused('documents', 'set', 'CT-100', '1(3)', word))
        self.refused('documents', 'set', 'CT-100', '1(3)', 'a\nb')
        self.assertIn('did you mean CT-100', self.refused('documents', 'set', 'CT100', '1(3)', 'D'))
        self.assertIn('no item 3(1)', self.refused('documents', 'set', 'CT-100', '3(1)', 'D', code=2))
        self.assertIn('each version', self.refused('documents', 'set', 'CT-100', 'F.3a', 'D'))
        self.assertEqual(self.sql('SELECT count(*) FROM document'), [(0,)])

    def test_items_are_listed_in_two_languages(self):
        items = self.json('documents', 'items')['items']
        self.assertEqual(len(items), 20)
        self.assertEqual([item['item'] for item in items if item['transition_exempt']], ['1(2)a', '1(2)c', '1(2)d'])
        self.assertTrue(all(item['text_ja'] and item['text_en'] and item['source'] for item in items))
        self.assertIn('ソフトウェア部品表（SBOM）', self.kigen('documents', 'items', '--language', 'ja'))
        self.assertIn('software bill of materials', self.kigen('documents', 'items'))
        self.refused('documents', 'items', '--language', 'fr', code=2)

    def test_check_has_an_error_for_each_missing_item(self):
        self.assertEqual(len(self.missing('CT-100/1.0')), 16)
        self.kigen('documents', 'set', 'CT-100', '1(2)', 'D-1')
        self.kigen('documents', 'set', 'CT-100/1.0', '2(4)', 'D-2')
        self.assertEqual(self.missing('CT-100/1.0'),
                         ['1(1)a', '1(1)b', '1(1)c', '1(3)', '1(4)', '1(5)', '1(6)', '2(1)', '2(2)', '2(3)'])
        self.assertIn('2(4)', self.missing('CT-100/2.0'))
        self.sql("INSERT INTO document (product, item, document, changed_by, changed_on)"
                 " SELECT id, '1(4)', 'なし', 'x', '2026-12-01' FROM product WHERE code = 'CT-100'")
        self.assertIn('1(4)', self.missing('CT-100/1.0'))

    def test_scope_unknown_and_nothing_named_is_unknown(self):
        self.sql("UPDATE product SET security_contact = NULL")
        self.assertEqual(self.missing('MR-7/1'), ['unknown'])
        self.kigen('documents', 'set', 'MR-7', '1(3)', 'D')
        self.assertEqual(len(self.missing('MR-7/1')), 15)

    def test_a_transition_release_is_asked_less_and_more(self):
        self.sql("UPDATE product SET transition = 1 WHERE code = 'CT-100'")
        self.assertEqual(len(self.missing('CT-100/1.0')), 13)
        self.assertEqual(self.missing('CT-100/1.0', 'TRN-1'), ['F.3a', 'F.3b'])
        self.kigen('documents', 'set', 'CT-100/1.0', 'F.3', 'TR-1')
        self.assertEqual(self.missing('CT-100/1.0', 'TRN-1'), [])
        self.assertEqual(self.missing('CT-100/2.0', 'TRN-1'), ['F.3a', 'F.3b'])


if __name__ == '__main__':
    finish()
