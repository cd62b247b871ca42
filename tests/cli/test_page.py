#!/usr/bin/python3
"""page."""

from harness import finish
from test_feed import Published


class Page(Published):
    def pages(self, *words):
        return [(page['organizations'], page['revoked_at'] is not None) for page in self.json('page', 'list', *words)['pages']]

    def test_create_prints_the_address_alone(self):
        self.assertRegex(self.kigen('page', 'create', 'H1'), r'\Ahttp://127\.0\.0\.1:8765/h/[\w-]{43}\n\Z')
        self.assertEqual(self.errors, '')
        self.kigen('page', 'create', 'H2', 'H1', 'H2')
        self.assertEqual(self.pages(), [(['H1'], False), (['H1', 'H2'], False)])
        self.assertEqual(self.pages('H2'), [(['H1', 'H2'], False)])
        self.assertIn('H9', self.refused('page', 'create', 'H1', 'H9'))
        self.refused('page', 'list', 'H9')
        self.assertEqual(len(self.pages()), 2, 'of what is refused nothing is kept')

    def test_with_the_page_come_its_calendars(self):
        self.kigen('page', 'create', 'H1', 'H2')
        feeds = self.json('feed', 'list')['feeds']
        self.assertEqual(sorted((feed['organization'], feed['language'], feed['page']) for feed in feeds),
                         [('H1', 'en', 1), ('H1', 'ja', 1), ('H2', 'en', 1), ('H2', 'ja', 1)])

    def test_rotate_and_revoke(self):
        first = self.kigen('page', 'create', 'H1')
        self.assertNotEqual(self.kigen('page', 'rotate', 'H1'), first)
        self.assertEqual(self.pages(), [(['H1'], True), (['H1'], False)])
        self.assertEqual({(feed['page'], feed['revoked_at']) for feed in self.json('feed', 'list')['feeds']}, {(2, None)})
        self.kigen('page', 'create', 'H1')
        self.assertIn('--page', self.refused('page', 'revoke', 'H1', code=2))
        self.kigen('page', 'revoke', 'H1', '--page', '3')
        self.kigen('page', 'revoke', 'H1')
        self.assertEqual({revoked for _, revoked in self.pages()}, {True})
        self.refused('page', 'revoke', 'H1')

    def test_a_lost_key_is_said(self):
        (self.folder / 'kigen.db.key').unlink()
        self.assertIn('kigen.db.key', self.refused('page', 'create', 'H1', code=3))
        self.assertEqual(self.pages(), [])

    def test_the_trail_says_for_whom(self):
        self.kigen('page', 'create', 'H1', 'H2')
        text = self.kigen('audit', 'list')
        self.assertIn('page.create', text)
        self.assertNotIn('/h/', text)


if __name__ == '__main__':
    finish()
