#!/usr/bin/python3
"""An advisory through the program, from a Markdown file to a mailbox: draft, two people, publication, mails in both languages, who comes later,
correction, coverage, withdrawal."""

import email
import email.policy
import os
import pwd
import re
import unittest

from kigen import ROOT, SAMPLE, TODAY, Case

TEXTS = SAMPLE / 'advisory'
DRAFT = ['advisory', 'draft', 'security-advisory', '--title-ja', 'SCT-6000シリーズ 遠隔保守機能の脆弱性', '--title-en',
         'Vulnerability of remote maintenance, SCT-6000 series', '--action-ja', '操作卓の「保守設定」で、遠隔保守を直ちに無効にしてください。',
         '--action-en', 'Switch remote maintenance off on the console now.', '--body-ja', TEXTS / 'remote-maintenance.ja.md', '--body-en',
         TEXTS / 'remote-maintenance.en.md', '--csaf-url', 'https://www.suirei-medical.example/csaf/2026/smsa-2026-001.json']
ME = pwd.getpwuid(os.getuid()).pw_name


class Advisory(Case):
    def setUp(self):
        super().setUp()
        self.today = TODAY
        self.make_store()
        self.import_sample()

    def by(self, name):
        self.write('kigen.conf', f'[users]\n{ME} = {name}\n')
        return ['--as', name]

    def people(self):
        self.write('pw', 'correct horse battery\n').chmod(0o600)
        for name, roles in (('kanri', 'admin'), ('sato', 'planner'), ('abe', 'safety_officer,approver')):
            by = self.by('kanri') if name != 'kanri' else []
            self.kigen('user', 'add', name, '--role', roles, '--full-name', f'{name} 氏', '--new-password-file', 'pw', *by)

    def deliver(self, folder):
        """The mails of one delivery, by address."""
        self.kigen('deliver', '--once', '--transport', f'maildir:{self.folder}/{folder}')
        mails = {}
        for path in (self.folder / folder).glob('new/*'):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            mail.raw = path.read_bytes()
            mails[mail['To'].addresses[0].addr_spec] = mail
        return mails

    def coverage(self):
        return [{key: row[key] for key in ('revision', 'kind', 'affected', 'accepted', 'acknowledged', 'unreached')}
                for row in self.kigen_json('report', 'coverage', 'A0001')['advisories']]

    @staticmethod
    def text(mail):
        return mail.get_body(('plain',)).get_content().replace('\r\n', '\n')

    def check_bytes(self, mail, language):
        """What interop.md asks of every message."""
        self.assertEqual([part.get_content_type() for part in mail.walk()],
                         ['multipart/mixed', 'multipart/alternative', 'text/plain', 'text/html', 'text/csv'])
        self.assertEqual([part.get_filename() for part in mail.iter_attachments()], ['devices.csv'])
        self.assertEqual(mail['Auto-Submitted'], 'auto-generated')
        devices = next(mail.iter_attachments()).get_payload(decode=True)
        self.assertTrue(devices.startswith(b'\xef\xbb\xbf'))
        self.assertIn('CT', devices.decode())
        head, _, body = mail.raw.partition(b'\r\n\r\n')
        for line in mail.raw.split(b'\r\n'):
            self.assertLessEqual(len(line), 78 if line.startswith(b'Subject') else 998)
        for word in re.findall(rb'=\?[^?]*\?[bBqQ]\?[^?]*\?=', head):
            self.assertLessEqual(len(word), 75)
        self.assertNotIn(b'{{', mail.raw)
        page = mail.get_body(('html',)).get_content()
        self.assertIn(f'<html lang="{language}">', page)
        self.assertIn('<strong>CVE-2026-99001</strong>', page)
        self.assertIn('<h3>影響</h3>' if language == 'ja' else '<h3>Impact</h3>', page)

    def test_two_people_and_back(self):
        self.people()
        self.kigen(*DRAFT, '--release', 'SCT-6000/V*', *self.by('sato'))
        self.assertIn('somebody else has to approve it', self.run_kigen('advisory', 'publish', 'A0001', *self.by('sato')).stderr)
        self.kigen('advisory', 'approve', 'A0001', *self.by('abe'))
        recipients = self.kigen_json('advisory', 'preview', 'A0001')['recipients']
        published = self.kigen_json('advisory', 'publish', 'A0001', *self.by('sato'))
        self.assertEqual(published['organizations'], len(recipients))
        # every route: hospitals, the clinic, distributors, the lessor, the repairer
        self.assertEqual({one['role'] for one in recipients}, {'hospital', 'clinic', 'distributor', 'lessor', 'repairer'})

        mails = self.deliver('first')
        self.assertEqual(set(mails), {one['email'] for one in recipients if one['channel'] == 'mail'})
        japanese, english = mails['me-safety@kasumihama-hp.example'], mails['biomed@kasumihama-intl.example']
        self.check_bytes(japanese, 'ja')
        self.check_bytes(english, 'en')
        self.assertTrue(japanese['Subject'].startswith('【重要】SCT-6000シリーズ 遠隔保守機能の脆弱性'), japanese['Subject'])
        self.assertTrue(english['Subject'].startswith('IMPORTANT: Vulnerability of remote maintenance'), english['Subject'])
        letter = self.text(japanese)
        for words in ('■影響\n', '1. 操作卓の「保守設定」で、遠隔保守を無効にする。', '緊急連絡先（psirt@suirei-medical.example）へご連絡ください。', '製造番号 CT',
                      'smsa-2026-001.json', '翠安-A0001（第1版', '弊社承認者：abe 氏', '受領確認'):
            self.assertIn(words, letter)
        self.assertLess(letter.index('遠隔保守を直ちに無効に'), letter.index('サイバーセキュリティに関する情報'))
        self.assertNotIn('拝啓', letter)
        self.assertIn('Switch remote maintenance off on the console now.', self.text(english))
        distributor = next(mails[one['email']] for one in recipients if one['role'] == 'distributor' and one['email'] in mails)
        self.assertIn('【転送のお願い】', self.text(distributor))
        told = sum(one['channel'] == 'mail' for one in recipients)  # one contact may serve two of them
        self.assertEqual(self.coverage()[0]['accepted'], told)

        self.check_newcomer()
        self.check_correction(told + 1)
        self.check_withdrawal()
        self.kigen('audit', 'verify')
        self.kigen('doctor', *self.by('kanri'))
        self.assert_sound()

    def check_newcomer(self):
        """A unit with that software turns up where nobody had one: its user is told the next day, and nobody else anything."""
        self.today = '2026-11-25'
        [code] = self.query("SELECT o.code FROM organization o JOIN contact c ON c.organization = o.id AND c.channel = 'mail' WHERE o.role = 'hospital' "
                            "AND NOT EXISTS (SELECT 1 FROM holding h JOIN release r ON r.id = h.release WHERE h.organization = o.id AND r.name LIKE 'V%') "
                            'ORDER BY o.code LIMIT 1')[0]
        self.write('late.csv', 'product,release,serial,software_product,software_release,organization\n'
                   f'SCT-6000,SCT-6128,CT128-9999,SCT-6000,V4.1,{code}\n')
        self.kigen('import', 'devices', 'late.csv', *self.by('sato'))
        mails = self.deliver('late')
        self.assertEqual(len(mails), 1)
        self.assertIn('CT128-9999', self.text(next(iter(mails.values()))))
        self.assertEqual(self.deliver('again'), {})

    def check_correction(self, told):
        self.today = '2026-11-26'
        self.kigen('advisory', 'draft', 'A0001', '--csaf-reference', 'SMSA-2026-001', '--reason', 'CSAF文書の番号の追加', *self.by('sato'))
        self.kigen('advisory', 'approve', 'A0001', *self.by('abe'))
        self.assertEqual(self.kigen_json('advisory', 'publish', 'A0001', *self.by('sato'))['told_before'], told)
        letter = self.text(self.deliver('correction')['me-safety@kasumihama-hp.example'])
        for words in ('先にお送りした第1版からの変更点', 'CSAF文書の番号：変更前 なし　→　変更後 SMSA-2026-001', '訂正の理由：CSAF文書の番号の追加'):
            self.assertIn(words, letter)
        self.assertEqual([(row['revision'], row['accepted']) for row in self.coverage()], [(1, told), (2, told)])

    def check_withdrawal(self):
        told = self.coverage()[1]['accepted']
        self.kigen('advisory', 'withdraw', 'A0001', '--reason', '再試験により誤りと判明', *self.by('abe'))
        mails = self.deliver('withdrawal')
        self.assertGreater(len(mails), told // 2)
        mail = mails['me-safety@kasumihama-hp.example']
        self.assertIn('取消しのお知らせとお詫び', mail['Subject'])
        self.assertIn('取消しの理由：再試験により誤りと判明', self.text(mail))
        self.assertIn('no longer holds', self.text(mails['biomed@kasumihama-intl.example']))
        self.assertEqual([(row['kind'], row['accepted']) for row in self.coverage()][2], ('withdrawal', told))

    def test_with_reminders_of_the_day(self):
        """What else goes to a contact that day goes with it, apart; the urgent one stands first."""
        self.kigen('plan', 'publish', 'SCT-6000/SCT-6064', '--by', '早瀬', '--reason', '既存計画の取り込み')
        self.kigen(*DRAFT, '--release', 'SCT-6000/SCT-6064', '--by', '早瀬')
        self.kigen('advisory', 'publish', 'A0001', '--by', '早瀬')
        mail = self.deliver('digest')['me-safety@kasumihama-hp.example']
        text = self.text(mail)
        self.assertTrue(mail['Subject'].startswith('【重要】'), mail['Subject'])
        self.assertEqual([text.count(mark) for mark in ('【1】', '【2】')], [2, 2])
        self.assertLess(text.index('遠隔保守を直ちに無効に'), text.index('記\n'))
        self.assertLess(text.index('【1】【重要】'), text.index('製品寿命終了（EOL）・サポート終了'))
        self.kigen('outbox', 'show', '--raw', self.query('SELECT min(outbox) FROM outbox_notice')[0][0])

    def test_the_sample_is_as_the_readme_says(self):
        self.assertTrue((ROOT / 'contrib/sample/advisory').is_dir())
        self.kigen(*DRAFT, '--release', 'SCT-6000/V*', '--by', '早瀬')
        self.assertEqual(self.kigen_json('advisory', 'show', 'A0001')['wants'], [])


if __name__ == '__main__':
    unittest.main()
