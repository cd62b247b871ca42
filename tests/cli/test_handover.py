#!/usr/bin/python3
"""outbox sent, returned, handed, relayed: what people do with messages, and what lists and reports make of it."""

from harness import finish
from test_publish import GOOD, Installed


class Handover(Installed):
    """CT-100/1.0 was announced to H1 (mail, message 1) and H2 (a letter, message 2)."""

    def setUp(self):
        super().setUp()
        self.plan('CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '初回公表')
        self.kigen('deliver', '--once')

    def states(self):
        return [row['state'] for row in self.json('outbox', 'list')['messages']]

    def coverage(self):
        row, = self.json('report', 'coverage')['revisions']
        return {key: row[key] for key in ('accepted', 'sent', 'handed', 'printed', 'waiting', 'returned', 'unreached') if row[key]}

    def test_a_letter_is_printed_before_it_is_sent(self):
        self.assertIn('message 2 goes by letter and is pending: it cannot be sent; print it first: kigen outbox print',
                      self.refused('outbox', 'sent', '2'))
        self.assertEqual(self.states(), ['accepted', 'pending'])

    def test_a_letter_goes_and_comes_back(self):
        self.sql("UPDATE outbox SET state = 'printed', attempt = 1 WHERE id = 2")
        self.assertEqual(self.coverage(), {'accepted': 1, 'printed': 1, 'unreached': 1})
        self.assertEqual(self.kigen('outbox', 'sent', '2', '--tracking', '123-45-67890-1'), '1 message sent on 2026-12-01\n')
        self.assertEqual(self.coverage(), {'accepted': 1, 'sent': 1})
        self.environment['KIGEN_TODAY'] = '2026-12-10'
        self.kigen('outbox', 'returned', '2', '--reason', '宛先不明', '--on', '2026-12-08')
        self.assertEqual(self.coverage(), {'accepted': 1, 'returned': 1, 'unreached': 1})
        self.assertIn('H2', self.kigen('report', 'coverage', '--names'))
        shown = self.kigen('outbox', 'show', '2')
        self.assertRegex(shown, 'sent +2026-12-01 +post +123-45-67890-1')
        self.assertRegex(shown, 'returned +2026-12-08 +post +宛先不明')
        rows = self.json('outbox', 'show', '2')['handovers']
        self.assertEqual([(row['step'], row['day'], row['tracking'], row['note']) for row in rows],
                         [('sent', '2026-12-01', '123-45-67890-1', None), ('returned', '2026-12-08', None, '宛先不明')])
        self.assertEqual(len(self.json('outbox', 'list', '--state', 'returned', '--channel', 'letter')['messages']), 1)
        self.kigen('outbox', 'retry', '--state', 'returned', '--reason', '住所訂正')
        self.assertEqual(self.states(), ['accepted', 'pending'])

    def test_handed_over(self):
        self.kigen('outbox', 'handed', '2', '--to', '佐藤 健', '--how', 'fax', '--on', '2026-12-01', '--note', '受付印あり')
        self.assertEqual(self.coverage(), {'accepted': 1, 'handed': 1})
        self.assertRegex(self.kigen('outbox', 'show', '2'), 'handed +2026-12-01 +fax +佐藤 健 +受付印あり')
        self.assertNotIn('佐藤', str(self.sql('SELECT detail FROM outbox_event')))

    def test_all_or_none(self):
        self.assertIn('message 1 goes by mail', self.refused('outbox', 'handed', '2', '1', '--to', '佐藤', '--how', 'hand'))
        self.assertEqual(self.states(), ['accepted', 'pending'])
        self.assertEqual(self.sql('SELECT count(*) FROM handover'), [(0,)])

    def test_wrong_words(self):
        self.assertIn('--to is missing', self.refused('outbox', 'handed', '2', '--how', 'hand', code=2))
        self.assertIn('--how is missing', self.refused('outbox', 'handed', '2', '--to', '佐藤', code=2))
        self.assertIn('--how faks', self.refused('outbox', 'handed', '2', '--to', '佐藤', '--how', 'faks', code=2))
        self.assertIn('--reason is missing', self.refused('outbox', 'returned', '2', code=2))
        self.assertIn('--tracking: it is empty', self.refused('outbox', 'sent', '2', '--tracking', ' ', code=2))
        self.assertIn('is of one letter', self.refused('outbox', 'sent', '1', '2', '--tracking', '1', code=2))
        self.assertIn('lies after today', self.refused('outbox', 'handed', '2', '--to', 'a', '--how', 'fax', '--on', '2026-12-02'))
        self.assertIn('nobody was asked', self.refused('outbox', 'relayed', '1', 'H1', '--how', 'hand'))


if __name__ == '__main__':
    finish()
