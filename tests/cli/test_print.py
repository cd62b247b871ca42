#!/usr/bin/python3
"""outbox print: sheets of paper, what is kept of them, copies; the QR code as a reader of others sees it, the page as a browser prints it."""

import hashlib
import re
import subprocess

from harness import finish
from test_publish import GOOD, Installed


def pages(text):
    return re.findall(r'<section class="sheet">.*?</section>', text, re.S)


class Print(Installed):
    """CT-100/1.0 is announced to H1 (mail, message 1) and H2 (a letter, message 2)."""

    def setUp(self):
        super().setUp()
        self.plan('CT-100/1.0', *GOOD)
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '初回公表')
        self.sql("UPDATE organization SET postal_code = '060-0001', address = '札幌市中央区北一条西一丁目 & 2' WHERE code = 'H2'")
        configuration = self.folder / 'kigen.conf'
        configuration.write_text(re.sub(r'(?m)^#? *base_url *=.*$', 'base_url = https://support.maker.example',
                                        configuration.read_text()))

    def print(self, *words, name='letters.html', code=0):
        text = self.kigen('outbox', 'print', *words, '--output', name, code=code)
        path = self.folder / name
        return text, path.read_text(encoding='utf-8') if path.exists() else None

    def state(self, number=2):
        return self.json('outbox', 'show', str(number))['state']

    def test_a_letter(self):
        said, html = self.print()
        self.assertEqual(said.splitlines()[0], '1 printed, 0 copied, 0 left')
        self.assertEqual(self.state(), 'printed')
        sheet, = pages(html)
        self.assertIn('<p>〒060-0001</p>\n<p>札幌市中央区北一条西一丁目 &amp; 2</p>', sheet)
        self.assertIn('ご担当者様', sheet)
        self.assertNotIn('控え', sheet)
        kept, = self.sql('SELECT sha256, context FROM message_context WHERE outbox = 2')
        self.assertEqual(hashlib.sha256(html.encode()).hexdigest(), kept[0])  # one letter is the whole file
        self.assertEqual(self.kigen('outbox', 'show', '2', '--raw'), html)
        self.assertEqual(self.errors, '')
        code, = re.findall(r'<p class="code">(2-[0-9A-Z]{4}-[0-9A-Z]{4})</p>', sheet)
        self.assertNotIn(code, kept[1])  # the store holds neither link nor code

    def test_the_words_are_those_of_the_mail(self):
        _, html = self.print()
        for line in ('・製品寿命終了（EOL）：2031年3月31日（令和13年3月31日・月）をもって終了', '１．対象製品', '拝啓　時下'):
            self.assertIn(line, html)

    def test_the_code_leads_to_the_acknowledgement(self):
        _, html = self.print()
        size, path = re.search(r'<svg class="qr".*?viewBox="0 0 (\d+) \d+".*?<path d="(.*?)"/></svg>', html, re.S).groups()
        size = int(size)
        dark = [[255] * size for _ in range(size)]
        for x, y, run in re.findall(r'M(\d+) (\d+)h(\d+)v1h-\d+z', path):
            for i in range(int(run)):
                dark[int(y)][int(x) + i] = 0
        scale = 4
        rows = b''.join(bytes(value for value in row for _ in range(scale)) * scale for row in dark)
        picture = self.folder / 'qr.pgm'
        picture.write_bytes(f'P5 {size * scale} {size * scale} 255\n'.encode() + rows)
        read = subprocess.run(['zbarimg', '--quiet', '--raw', picture], capture_output=True, encoding='utf-8', timeout=60)
        self.assertRegex(read.stdout.strip(), r'^https://support\.maker\.example/a/2-[A-Za-z0-9_-]{43}$', read.stderr)

    def test_a_page_of_a4(self):
        _, html = self.print()
        subprocess.run(['chromium', '--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer',
                        f'--user-data-dir={self.folder}/browser', f'--print-to-pdf={self.folder}/letters.pdf',
                        self.folder / 'letters.html'], check=True, capture_output=True, timeout=100)
        info = subprocess.run(['pdfinfo', self.folder / 'letters.pdf'], check=True, capture_output=True, encoding='utf-8').stdout
        self.assertRegex(info, r'Pages: +1\n')
        self.assertRegex(info, r'Page size: +59\d(\.\d+)? x 84\d(\.\d+)? pts \(A4\)')
        # Whichever way the paper slips in the envelope, the window shows the address and nothing else.
        boxes = subprocess.run(['pdftotext', '-bbox', self.folder / 'letters.pdf', '-'], check=True, capture_output=True,
                               encoding='utf-8').stdout
        words = [(*(float(part) / 72 * 25.4 for part in found[:4]), found[4]) for found in re.findall(
            r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', boxes)]
        middle = {word: (word[1] + word[3]) / 2 for word in words}  # a font says that its glyphs are higher than they are
        shown = [word for word in words if word[0] < 112 and middle[word] < 58]
        self.assertIn('〒060-0001', [word[4] for word in shown])
        for word in shown:
            self.assertTrue(word[0] >= 22 and word[2] <= 87.5 and 13 <= middle[word] <= 34.5, word)

    def test_twice_is_a_copy(self):
        _, first = self.print()
        self.environment['KIGEN_TODAY'] = '2026-12-05'
        self.assertIn('letters.html exists already', self.refused('outbox', 'print', '2', '--output', 'letters.html'))
        said, again = self.print('2', name='again.html')
        self.assertEqual(said.splitlines()[0], '0 printed, 1 copied, 0 left')
        self.assertIn('控え（写し）　再印刷 2026-12-05', again)
        self.assertEqual(pages(again), pages(first))
        self.assertEqual(self.state(), 'printed')
        self.kigen('outbox', 'sent', '2')
        self.assertEqual(self.print('--state', 'sent', name='third.html')[0].splitlines()[0], '0 printed, 1 copied, 0 left')
        self.assertEqual(self.state(), 'sent')
        self.assertEqual(self.sql("SELECT count(*) FROM audit WHERE action = 'outbox.print'"), [(3,)])

    def test_a_damaged_one_does_not_hold_up_the_others(self):
        for statement in ("INSERT INTO organization (id, code, name_ja, role, postal_code, address) VALUES (90, 'H90', '西病院', 'hospital', '060-0002', '西')",
                          "INSERT INTO outbox (id, organization, channel, due_on, message_id, created_at) VALUES (90, 90, 'letter', '2026-12-01', 'm90', 'x')",
                          'INSERT INTO outbox_notice (notice, organization, outbox) SELECT notice, 90, 90 FROM outbox_notice WHERE outbox = 2'):
            self.sql(statement)
        self.assertIn('2 printed', self.print()[0])
        self.sql('DELETE FROM message_part WHERE outbox = 2')
        said, again = self.print('2', '90', name='again.html', code=1)
        self.assertEqual(said.splitlines()[0], '0 printed, 1 copied, 1 left')
        self.assertIn('message 2 is not printed: ', self.errors)
        self.assertIn('a part of it is missing', self.errors)
        self.assertEqual(len(pages(again)), 1)

    def test_without_an_address_it_is_left(self):
        self.sql("UPDATE organization SET address = NULL WHERE code = 'H2'")
        said, html = self.print(code=1)
        self.assertEqual((said, html), ('0 printed, 0 copied, 1 left\n', None))
        self.assertRegex(self.errors, 'message 2 is not printed: .* has no postal address')
        self.assertEqual(self.state(), 'pending')

    def test_a_mail_is_not_printed(self):
        said, html = self.print('1', code=1)
        self.assertIn('message 1 is not printed: it goes by mail', self.errors)
        self.assertIsNone(html)

    def test_overtaken_before_it_was_posted(self):
        self.print()
        self.plan('CT-100/1.0', *GOOD, 'eol=2032-03-31')
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '訂正')
        self.assertEqual(self.state(), 'superseded')

    def test_a_folder_has_a_file_for_each(self):
        self.plan('CT-100/2.0', *GOOD)
        self.environment['KIGEN_TODAY'] = '2026-12-02'
        self.kigen('plan', 'publish', 'CT-100/2.0', '--reason', '初回公表')
        letters = [number for number, in self.sql("SELECT id FROM outbox WHERE channel = 'letter' ORDER BY id")]
        self.assertEqual(len(letters), 2)
        said = self.json('outbox', 'print', '--output', 'letters/')
        self.assertEqual((said['file'], said['folder']), (None, 'letters/'))
        self.assertEqual([message['file'] for message in said['messages']], [f'KG-{number:06}.html' for number in letters])
        self.assertEqual(sorted(path.name for path in (self.folder / 'letters').iterdir()), [f'KG-{number:06}.html' for number in letters])
        for number in letters:
            html = (self.folder / 'letters' / f'KG-{number:06}.html').read_text(encoding='utf-8')
            self.assertEqual(self.kigen('outbox', 'show', number, '--raw'), html)  # each is a whole document
            self.assertEqual(self.state(number), 'printed')
        before = (self.folder / 'letters' / 'KG-000002.html').read_bytes()
        said = self.json('outbox', 'print', '2', '--output', 'letters')
        self.assertEqual([(message['outcome'], message['file']) for message in said['messages']], [('copy', 'KG-000002-2.html')])
        self.assertIn('KG-000002.html was there already and stays: message 2 is in KG-000002-2.html', self.errors)
        self.assertEqual((self.folder / 'letters' / 'KG-000002.html').read_bytes(), before)
        self.assertIn('控え', (self.folder / 'letters' / 'KG-000002-2.html').read_text(encoding='utf-8'))
        self.kigen('outbox', 'print', '2', '2', '--output', 'copies/')
        self.assertIn('控え', (self.folder / 'copies' / 'KG-000002.html').read_text(encoding='utf-8'))
        self.kigen('outbox', 'print', '1', '--output', 'nothing/', code=1)
        self.assertFalse((self.folder / 'nothing').exists())

    def test_what_a_run_that_broke_off_has_put_stops_nothing(self):
        (self.folder / 'letters').mkdir()
        (self.folder / 'letters' / 'KG-000002.html').write_text('put, and never recorded')
        said = self.kigen('outbox', 'print', '--output', 'letters')
        self.assertEqual(said.splitlines()[0], '1 printed, 0 copied, 0 left')
        self.assertIn('message 2 is in KG-000002-2.html', self.errors)
        self.assertEqual(self.state(), 'printed')
        self.assertEqual(self.kigen('outbox', 'show', '2', '--raw'), (self.folder / 'letters' / 'KG-000002-2.html').read_text(encoding='utf-8'))
        self.assertEqual((self.folder / 'letters' / 'KG-000002.html').read_text(), 'put, and never recorded')

    def test_nothing_is_left_of_a_file_that_cannot_be_written(self):
        self.refused('outbox', 'print', '--output', 'absent/letters.html', code=3)
        self.assertEqual(self.state(), 'pending')
        self.assertIn('--output FILE (or FOLDER/) is missing', self.refused('outbox', 'print', code=2))


if __name__ == '__main__':
    finish()
