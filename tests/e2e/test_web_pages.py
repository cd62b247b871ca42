#!/usr/bin/python3
"""The pages in a browser (Chromium): devices shown, language switch, phone width, dark, print, without JavaScript, axe-core.

KIGEN_TEST_SHOTS=FOLDER keeps a picture of each page there, to be looked at."""

import json
import os
import shutil
import subprocess
import unittest

from kigen import ROOT, end
from serving import ORGANIZATION, Serving

MODULES = ROOT / 'tests/node_modules'
SCRIPT = ROOT / 'tests/e2e/pages.mjs'
CHROMIUM = shutil.which('chromium') or shutil.which('chromium-browser')
MISSING = CHROMIUM is None or shutil.which('node') is None or not (MODULES / 'axe-core').exists()


@unittest.skipIf(MISSING and not os.environ.get('KIGEN_TEST_STRICT'), 'Chromium, node or the modules of tests/package.json are missing')
class Pages(Serving):
    def setUp(self):
        super().setUp()
        self.page = '/' + self.kigen('page', 'create', ORGANIZATION, 'H0102', '--by', '早瀬').strip().split('/', 3)[3]
        self.kigen('deliver', '--once')
        self.serve()

    def open(self, *jobs):
        """Opens each and returns what the browser saw, in order."""
        shots = os.environ.get('KIGEN_TEST_SHOTS')
        for i, job in enumerate(jobs):
            job['url'] = f'http://127.0.0.1:{self.port}' + job.pop('path', self.page)
            if shots:
                job['shot'] = f'{shots}/{self._testMethodName}-{i}.png'
        browser = subprocess.Popen(['node', SCRIPT, MODULES, CHROMIUM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, encoding='utf-8')
        self.addCleanup(end, browser)
        out, error = browser.communicate(json.dumps(jobs), timeout=240)
        self.assertEqual(0, browser.returncode, error)
        return json.loads(out)

    def paths(self):
        return [self.page, self.page + '/receipt', '/p/SIP-20']

    def test_every_page_is_accessible_in_both_languages_light_and_dark(self):
        jobs = [{'path': f'{path}?lang={language}', 'scheme': scheme, 'axe': True}
                for path in self.paths() for language in ('ja', 'en') for scheme in ('light', 'dark')]
        wanted = [(job['path'][-2:], job['scheme']) for job in jobs]
        for (language, scheme), seen in zip(wanted, self.open(*jobs)):
            with self.subTest(url=seen['url'], scheme=scheme):
                self.assertEqual((200, language), (seen['status'], seen['lang']))
                self.assertEqual([], seen['violations'])
                self.assertEqual([], seen['foreign'], 'nothing comes from elsewhere')
                self.assertEqual([], [line for line in seen['complaints'] if 'favicon' not in line and '404' not in line])
                self.assertEqual('skip', seen['first'], 'the first stop of the keyboard')
                self.assertTrue(seen['scrollers'], 'what scrolls can be reached and has a name')
                self.assertEqual(scheme == 'dark', seen['background'] != 'rgb(255, 255, 255)')
        self.assert_quiet()

    def test_devices_are_shown_each_hospital_apart(self):
        text = self.open({})[0]['text']
        first, second = text.index('霞浜市立総合病院', text.index('現在')), text.rindex('白樺野中央病院\n')
        self.assertLess(first, text.index('B71000044'))
        self.assertLess(text.index('B71000044'), second, 'a device stands below its own hospital')
        for word in ('製造番号', '資産番号', 'ME-2020-0044', '限定的サポート', '2037年3月31日', '次の期限', 'カレンダーに登録'):
            self.assertIn(word, text)

    def test_the_record_says_what_was_told_and_that_the_page_was_opened(self):
        self.open({'agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'})
        self.until(lambda: 'このページの閲覧' in self.get(self.page + '/receipt', Accept_Language='ja').body.decode(), seconds=60)
        text = self.open({'path': self.page + '/receipt'})[0]['text']
        for word in ('サポート計画のご案内', '電子メール・送信済み', 'EOS：2037年3月31日', '未確認', '限定的サポート計画の提示'):
            self.assertIn(word, text)

    def test_the_language_follows_the_browser_and_the_switch(self):
        japanese, english, switched, back = self.open({'locale': 'ja-JP'}, {'locale': 'en-GB'}, {'locale': 'ja-JP', 'click': 'English'},
                                                      {'locale': 'en-GB', 'click': '日本語'})
        self.assertEqual(['ja', 'en', 'en', 'ja'], [seen['lang'] for seen in (japanese, english, switched, back)])
        self.assertIn('Kasumihama City General Hospital', switched['text'])
        self.assertIn('31 March 2037', switched['text'])

    def test_a_phone_scrolls_down_only(self):
        for seen in self.open(*[{'path': f'{path}?lang={language}', 'width': 320, 'axe': True} for path in self.paths() for language in ('ja', 'en')]):
            with self.subTest(url=seen['url']):
                self.assertLessEqual(seen['wider'], 0)
                self.assertEqual([], seen['violations'])

    def test_on_paper_there_is_nothing_to_press(self):
        for seen in self.open(*[{'path': path, 'media': 'print', 'scheme': 'dark'} for path in self.paths()]):
            with self.subTest(url=seen['url']):
                self.assertTrue(seen['hidden'])
                self.assertEqual('rgb(255, 255, 255)', seen['background'], 'dark pages are printed on white')

    def test_without_javascript_nothing_is_missing(self):
        with_it, without = self.open({}, {'script': False})
        self.assertEqual(with_it['text'], without['text'])


if __name__ == '__main__':
    unittest.main(verbosity=2)
