#!/usr/bin/python3
"""Customers that are known by an alias behind their distributor: in nothing that anybody else gets or opens (mail, request to a distributor,
webhook, letter, calendar, page) does a word of theirs stand, whatever kind of notice it is."""

import email
import email.policy
import html
import json
import re
import subprocess
import unittest

from serving import Serving
from test_webhook import Hook

PATHS = ('', '/devices.csv', '/receipt', '/acknowledge', '/decide', '/correct', *(f'/correct?kind={kind}' for kind in (
    'removed', 'moved', 'handed-on', 'number', 'contact-new', 'contact-left', 'contact-changed')))

# What is known of each of the two, by a word that stands nowhere else: where who has the unit in custody may read it, as `custody`.
OWN = {'X1': ['X1-KOUDO', '匿名院壱岐', 'Tokumei Iki', 'トクメイイキ', '817-0001', '長崎県壱岐', '0920-11-1111', '0920-11-1112', '壱岐隔離科', '壱岐病棟',
              '壱岐資産', '壱岐の判断', '壱岐確認者'],
       'X2': ['X2-KOUDO', '匿名院五島', 'Tokumei Goto', 'トクメイゴトウ', '853-0002', '長崎県五島', '0959-22-2222', '0959-22-2223', '五島隔離科', '五島病棟',
              '五島資産', '五島の判断', '五島確認者', '五島担当', 'tantou@goto.example']}
CUSTODY = {'X1': ['SN-IKI-1'], 'X2': ['SN-GOTO-1']}
# Whose unit it is to see by its serial number, besides the user's own.
KEEPERS = {'X1': {'D1', 'L1', 'R1'}, 'X2': {'D1'}}


class Undisclosed(Serving):
    """X1 is reached through its distributor D1 alone, X2 has a contact of its own besides; D2, the hospital H1 (with a program at a
    webhook), its corporation C, the lessor L1 and the repairer R1 (by letter) have to do with the same product."""

    def setUp(self):
        super(Serving, self).setUp()
        self.log = open(self.folder / 'web.log', 'w+', encoding='utf-8')
        self.addCleanup(self.log.close)
        self.today = '2026-12-01'
        self.hook = Hook(self.folder)
        self.addCleanup(self.hook.stop)
        (self.folder / 'secret').write_text('himitsu\n')
        (self.folder / 'secret').chmod(0o600)
        self.write('kigen.conf', '[mail]\nfrom = notice@maker.example\nbounces = bounces@maker.example\n\n[webhook]\nsecret_file = secret\n'
                   f'ca_file = {self.hook.certificate}\nprivate_addresses = yes\n')
        self.make_store()
        self.make_base()

    def load(self, kind, header, *rows):
        self.write(f'{kind}.csv', header + '\n' + ''.join(f'{row}\n' for row in rows))
        self.kigen('import', kind, f'{kind}.csv', '--by', '早瀬')

    def make_base(self):
        self.load('products', 'product,name_ja,name_en,security_contact', 'CT-100,CT装置,CT,psirt@maker.example')
        self.load('lifecycles', 'product,name,release,general_availability', 'CT-100,CT装置,1.0,2021-04-01', 'CT-100,CT装置,2.0,2021-04-01')
        self.load('organizations', 'organization,name_ja,name_en,kana,role,parent,postal_code,address,phone,fax,disclosed',
                  'C,医療法人中央会,,,hospital,,100-0001,東京都港区,,,yes', 'H1,第一病院,,,hospital,C,100-0001,東京都千代田区,,,yes',
                  'X1-KOUDO,匿名院壱岐,Tokumei Iki,トクメイイキ,hospital,,817-0001,長崎県壱岐,0920-11-1111,0920-11-1112,no',
                  'X2-KOUDO,匿名院五島,Tokumei Goto,トクメイゴトウ,hospital,,853-0002,長崎県五島,0959-22-2222,0959-22-2223,no',
                  'D1,北販売,,,distributor,,060-0001,北海道札幌市,,,yes', 'D2,南販売,,,distributor,,900-0001,沖縄県那覇市,,,yes', 'L1,東リース,,,lessor,,100-0002,東京都千代田区,,,yes',
                  'R1,西修理,,,repairer,,550-0001,大阪府大阪市西区,,,yes')
        self.load('contacts', 'organization,name,email,channel,order,webhook,language,department',
                  'C,本部,honbu@c.example,mail,1,,ja,', f'H1,資産管理,,webhook,1,{self.hook.url()},ja,', 'H1,佐藤,sato@h1.example,mail,2,,en,',
                  'X1-KOUDO,取次窓口,relay@d1.example,relay,1,,ja,', 'X2-KOUDO,取次窓口,relay@d1.example,relay,1,,ja,',
                  'X2-KOUDO,五島担当,tantou@goto.example,mail,2,,ja,', 'D1,藤代,relay@d1.example,mail,1,,ja,', 'D2,南,minami@d2.example,mail,1,,en,',
                  'L1,東,higashi@l1.example,mail,1,,ja,', 'R1,西,,letter,1,,ja,')
        self.load('devices', 'product,release,serial,organization,department,location,asset_no',
                  *(f'CT-100,{release},SN-{word}-{i},{code},{own}隔離科,{own}病棟,{own}資産' for i, release in enumerate(('1.0', '2.0'), 1)
                    for word, code, own in (('H1', 'H1', '第一'), ('IKI', 'X1-KOUDO', '壱岐'), ('GOTO', 'X2-KOUDO', '五島'))))
        self.load('custody', 'product,serial,role,organization', *(
            f'CT-100,SN-{word}-{i},{role},{code}' for i in (1, 2) for word, role, code in (
                ('IKI', 'seller', 'D1'), ('IKI', 'owner', 'L1'), ('IKI', 'repairer', 'R1'), ('GOTO', 'seller', 'D1'), ('H1', 'seller', 'D2'),
                ('H1', 'owner', 'L1'), ('H1', 'repairer', 'R1'))))

    def execute(self, script):
        subprocess.run(['sqlite3', '-bail', str(self.store)], input=script, text=True, check=True, stdout=subprocess.DEVNULL)

    def on(self, day):
        """What falls due that day goes, by every way."""
        self.today = day
        self.kigen('deliver', '--once', '--transport', 'maildir:inbox')
        if self.count('outbox', "channel = 'letter' AND state = 'pending'"):
            self.kigen('outbox', 'print', '--output', f'{day}.html', '--by', '早瀬')
            self.kigen('outbox', 'sent', *(number for number, in self.query("SELECT id FROM outbox WHERE state = 'printed'")), '--by', '早瀬')

    def plan(self, release, *fields):
        self.kigen('plan', 'set', f'CT-100/{release}', *fields, '--by', '早瀬')
        self.kigen('plan', 'publish', f'CT-100/{release}', '--by', '早瀬', '--reason', '計画の公表')

    def advisory(self, kind, *options):
        self.write('body.md', '## 影響\n\n影響があります。\n')
        self.kigen('advisory', 'draft', kind, '--title-ja', kind, '--action-ja', '分離してください。', '--body-ja', 'body.md', '--release',
                   'CT-100/*', *options, '--by', '早瀬')
        number, = self.query('SELECT number FROM advisory ORDER BY id DESC LIMIT 1')[0]
        self.kigen('advisory', 'publish', number, '--by', '早瀬')
        return number

    def live(self):
        """The life of two releases, with everything that a customer is told and says meanwhile."""
        dates = ('eol=2029-03-31', 'eos=2031-03-31', 'end_of_sale=2028-03-31', 'doc=LSP-1', 'duties=分離', 'lines=parts:2031-03-31')
        self.plan('1.0', *dates)
        self.plan('2.0', *dates)
        self.on('2026-12-01')
        for number, organization, word in ((1, 'X1', '壱岐'), (2, 'X2', '五島')):
            self.execute(f"""
              INSERT INTO decision (id, organization, release, device, kind, controls, person, day, at) SELECT {number}, d.organization, d.release,
                d.id, 'continue', '{word}の判断', '{word}確認者', '2026-12-01', '2026-12-01T00:00:00Z' FROM device d JOIN organization o
                ON o.id = d.organization WHERE o.code = '{organization}-KOUDO' LIMIT 1;
              INSERT INTO acknowledgement (notice, organization, kind, by, how, day, at) SELECT x.notice, x.organization, 'receipt', '{word}確認者',
                'phone', '2026-12-01', '2026-12-01T00:00:00Z' FROM outbox_notice x JOIN organization o ON o.id = x.organization
                WHERE o.code = '{organization}-KOUDO' LIMIT 1;""")
        self.today = '2026-12-02'
        self.plan('1.0', 'eos=2032-03-31', 'lines=parts:2032-03-31')
        number = self.advisory('security-advisory')
        self.advisory('stop-use-recommendation')
        self.advisory('component-notice', '--component', 'OpenSSL 1.0', '--component-eol', '2027-01-01')
        self.on('2026-12-02')
        self.on('2026-12-05')  # whoever is silent: the next contact, and the next
        self.on('2026-12-20')
        self.kigen('advisory', 'withdraw', number, '--reason', '誤り', '--by', '早瀬')
        self.kigen('plan', 'withdraw', 'CT-100/2.0', '--reason', '誤り', '--by', '早瀬')
        for day in ('2026-12-21', '2028-03-31', '2029-04-02', '2029-04-20', '2031-03-31', '2032-04-01', '2032-04-20'):
            self.on(day)

    @staticmethod
    def read(raw):
        """Every word of a mail, as whoever gets it reads it."""
        mail = email.message_from_string(raw, policy=email.policy.default)
        parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
        return '\n'.join([*(f'{name}: {value}' for name, value in mail.items()), *(part.get_filename() or '' for part in mail.walk()),
                          *(part if isinstance(part, str) else part.decode() for part in parts)])

    @staticmethod
    def plain(text):
        """As a search finds it: lines of calendars unfolded, HTML's and JSON's characters as they are."""
        return html.unescape(re.sub(r'\r?\n ', '', text)).replace(' ', ' ')

    def messages(self):
        """(id, organization's code, channel, text) of all that went."""
        for number, code, channel in self.query('SELECT o.id, g.code, o.channel FROM outbox o JOIN organization g ON g.id = o.organization '
                                                'JOIN message_context c ON c.outbox = o.id ORDER BY o.id'):
            raw = self.kigen('outbox', 'show', '--raw', number)
            yield number, code.partition('-')[0], channel, self.plain(
                json.dumps(json.loads(raw), ensure_ascii=False) if channel == 'webhook' else raw if channel == 'letter' else self.read(raw))

    def asked_through(self, message):
        """Whom request `message` is to be passed on to."""
        return {code.partition('-')[0] for code, in self.query(
            'SELECT DISTINCT g.code FROM outbox_notice x JOIN organization g ON g.id = x.organization WHERE x.outbox = ?', message)}

    def look_at(self, what, text, viewer, asked=()):
        """`text`, which `viewer` reads, says nothing of who is undisclosed; a request names whom it is to be passed on to, no more."""
        for customer, words in OWN.items():
            if viewer == customer:
                continue
            known = words[:2] if customer in asked else []
            told = [word for word in words if word in text and word not in known]
            if viewer not in KEEPERS[customer]:
                told += [word for word in CUSTODY[customer] if word in text]
            if told:
                self.leaks.append(f'{what} to {viewer}: {" ".join(told)}')

    def test_nothing_is_told_to_others(self):
        self.leaks = []
        self.live()
        kinds = set(re.findall(r"'([a-z-]+)'", re.search(r'kind IN \(([^)]*)\)', self.query(
            "SELECT sql FROM sqlite_master WHERE name = 'notice'")[0][0]).group(1)))
        viewers, links = {}, {}
        for number, code, channel, text in self.messages():
            told = {kind for kind, in self.query('SELECT n.kind FROM outbox_notice x JOIN notice n ON n.id = x.notice WHERE x.outbox = ?', number)}
            viewers.setdefault((code, channel), set()).update(told)
            self.look_at(f'message {number} ({channel}, {", ".join(sorted(told))})', text, code,
                         self.asked_through(number) if channel == 'relay' else ())
            links.update((path, code) for path in re.findall(r'/a/[\w-]+', text))
        # who everybody is, and that every kind went every way
        self.assertEqual({('C', 'mail'), ('H1', 'webhook'), ('H1', 'mail'), ('X2', 'mail'), ('D1', 'relay'), ('D1', 'mail'), ('D2', 'mail'),
                          ('L1', 'mail'), ('R1', 'letter')} - set(viewers), set())
        for viewer in (('H1', 'webhook'), ('D1', 'relay'), ('D1', 'mail'), ('D2', 'mail'), ('L1', 'mail'), ('R1', 'letter')):
            self.assertEqual(kinds, viewers[viewer], viewer)
        self.check_feeds()
        self.check_pages(links)
        self.assertEqual([], self.leaks)

    def check_feeds(self):
        for code in ('C', 'H1', 'D1', 'D2', 'L1', 'R1'):
            for language in ('ja', 'en'):
                calendar = self.kigen('feed', 'export', code, '--lead-times', '--language', language)
                self.assertIn('BEGIN:VEVENT', calendar)
                self.look_at('calendar', self.plain(calendar), code)

    def check_pages(self, links):
        """Pages and what hangs on them, and the pages behind the messages' links."""
        pages = {code: '/' + self.kigen('page', 'create', code, '--by', '早瀬').strip().split('/', 3)[3]
                 for code in ('C', 'H1', 'D1', 'D2', 'L1', 'R1')}
        read = [*((page + path, code) for code, page in pages.items() for path in PATHS), *links.items(), ('/p/CT-100', 'anybody')]
        self.assertEqual({'C', 'H1', 'X2', 'D1', 'D2', 'L1'}, set(links.values()))  # a sheet of paper has a picture of it
        self.serve()
        for path, viewer in read:
            for language in ('ja', 'en'):
                answer = self.get(f'{path}{"&" if "?" in path else "?"}lang={language}')
                self.assertEqual(200, answer.status, path)
                self.look_at(path, self.plain(answer.body.decode()), viewer)
        self.assertIn(b'SN-IKI-1', self.get(pages['L1'] + '/devices.csv').body)  # its own unit, by its number
        self.stop()


if __name__ == '__main__':
    unittest.main()
