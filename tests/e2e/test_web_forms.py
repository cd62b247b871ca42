#!/usr/bin/python3
"""Forms that customers send, on the real service: acknowledgements, decisions, corrections; what is refused, doubled, at
once, locked out, killed, or made by somebody else."""

import email
import email.policy
import fcntl
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import unittest
import urllib.parse
from html.parser import HTMLParser
from http.client import HTTPConnection

from kigen import ROOT, end
from serving import ORGANIZATION, Answer, Serving

MODULES = ROOT / 'tests/node_modules'
SCRIPT = ROOT / 'tests/e2e/forms.mjs'
CHROMIUM = shutil.which('chromium') or shutil.which('chromium-browser')
MISSING = CHROMIUM is None or shutil.which('node') is None or not (MODULES / 'axe-core').exists()
FORM = 'application/x-www-form-urlencoded'


class Forms(HTMLParser):
    """The forms of a page: their actions and hidden fields, and the options of selects."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.options = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == 'form':
            self.forms.append({'action': given['action']})
        elif tag == 'input' and given.get('type') == 'hidden':
            self.forms[-1][given['name']] = given['value']
        elif tag == 'option' and given.get('value'):
            self.options.append(given['value'])


class WebForms(Serving):
    def setUp(self):
        super().setUp()
        self.kigen('deliver', '--once')
        self.page = '/' + self.kigen('page', 'create', ORGANIZATION, '--by', '早瀬').strip().split('/', 3)[3]
        self.configure(posts_per_minute=10000)
        self.serve()

    def link(self):
        """The acknowledgement link of a mail to the hospital."""
        message = self.rows('SELECT max(o.id) FROM outbox o JOIN organization g ON g.id = o.organization WHERE g.code = ?'
                            " AND o.channel = 'mail'", ORGANIZATION)[0][0]
        for path in (self.folder / 'maildir/new').iterdir():
            with open(path, 'rb') as file:
                mail = email.message_from_binary_file(file, policy=email.policy.default)
            found = re.search(rf'/a/{message}-[-\w]+', mail.get_body(('plain',)).get_content())
            if found:
                return found.group()
        raise AssertionError('no mail has the link')

    def rows(self, statement, *values):
        with sqlite3.connect(self.folder / 'kigen.db') as store:
            return store.execute(statement, values).fetchall()

    def form(self, path, which=0):
        answer = self.get(path)
        self.assertEqual(200, answer.status)
        page = Forms(answer.body.decode())
        self.options = page.options
        form = page.forms[which]
        self.action = form.pop('action')
        return form

    def post(self, fields, path=None, body=None, source=None, timeout=30, **headers):
        connection = HTTPConnection('127.0.0.1', self.port, timeout=timeout, source_address=(source, 0) if source else None)
        try:
            given = {'Content-Type': FORM, **{name.replace('_', '-'): value for name, value in headers.items()}}
            connection.request('POST', path or self.action, body=urllib.parse.urlencode(fields) if body is None else body, headers=given)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def json(self, *words):
        return json.loads(self.kigen('--json', *words))

    def count(self, table, where='1'):
        return self.rows(f'SELECT count(*) FROM {table} WHERE {where}')[0][0]

    def test_acknowledge_by_link(self):
        link = self.link()
        for _ in range(3):
            self.assertIn('受領を確認する', self.get(link).body.decode())
        self.assertEqual(0, self.count('acknowledgement'), 'who opens a link confirms nothing')
        form = self.form(link)
        wrong = self.post(form)
        self.assertEqual(422, wrong.status)
        self.assertIn('お名前を入力してください', wrong.body.decode())
        self.assertIn(f'href="#receipt{form["organization"]}-person"', wrong.body.decode())
        kept = self.post({**form, 'note': '<b>台帳</b>', 'title': '臨床工学技士'}).body.decode()
        self.assertIn('&lt;b&gt;台帳&lt;/b&gt;', kept)
        self.assertIn('value="臨床工学技士"', kept)
        self.assertEqual(0, self.count('acknowledgement'))
        done = self.post({**form, 'person': '佐藤 健', 'title': '臨床工学技士'})
        self.assertEqual((303, ''), (done.status, done.body.decode()))
        self.assertEqual(link + '?done=1&lang=ja', done['Location'])
        given = self.count('acknowledgement')
        self.assertGreater(given, 0)
        self.assertEqual({('receipt', '佐藤 健', '臨床工学技士', 'link')}, set(self.rows('SELECT kind, by, title, how FROM acknowledgement')))
        self.assertEqual(303, self.post({**form, 'person': '佐藤 健'}).status)  # sent twice
        self.assertEqual(given, self.count('acknowledgement'))
        self.let_it_look()
        after = self.get(done['Location']).body.decode()
        self.assertIn('登録しました', after)
        self.assertIn('佐藤 健', after)
        self.assertNotIn('受領を確認する', after)
        self.assertEqual(given, len(self.rows("SELECT 1 FROM audit WHERE action = 'acknowledgement.add'")))
        self.assertEqual(404, self.get(link[:-1] + ('A' if link[-1] != 'A' else 'B')).status)
        self.assertEqual(404, self.get('/a/999999-' + link.split('-', 1)[1]).status)
        self.kigen('doctor')
        with sqlite3.connect(self.folder / 'kigen.db') as store:  # as a later revision does
            store.execute("UPDATE outbox SET state = 'superseded' WHERE id = ?", (link.split('/')[2].split('-')[0],))
        self.let_it_look()
        gone = self.get(link)
        self.assertEqual(410, gone.status)
        self.assertIn('効力を失いました', gone.body.decode())
        self.assertEqual(410, self.post({**form, 'person': '佐藤 健'}, path=link).status)
        self.assert_quiet()

    def told(self, link):
        """What the page says that the notice said, without its tags."""
        section = re.search(r'<section aria-labelledby="told">.*?</section>', self.get(link).body.decode(), re.DOTALL)
        return ' '.join(re.sub('<[^>]+>', ' ', section.group()).split()) if section else None

    def test_the_page_says_what_the_mail_said(self):
        link = self.link()
        message = link.split('/')[2].split('-')[0]
        rows = self.rows('SELECT n.kind, p.name_ja, r.name, s.eos FROM outbox_notice x JOIN notice n ON n.id = x.notice JOIN support_plan s'
                         ' ON s.id = n.plan JOIN release r ON r.id = s.release JOIN product p ON p.id = r.product WHERE x.outbox = ?', message)
        told = self.told(link)
        self.assertTrue(rows)
        for kind, product, release, eos in rows:
            year, month, day = map(int, eos.split('-'))
            self.assertEqual('plan-announcement', kind)
            self.assertIn(f'{product} {release}', told)
            self.assertIn(f'サポート終了（EOS） {year}年{month}月{day}日', told)
        self.assertIn('サポート計画のご案内', told)
        with sqlite3.connect(self.folder / 'kigen.db') as store:  # no half of it, where a part was changed beside kigen
            store.execute("UPDATE context_part SET json = replace(json, '年', '月') WHERE id IN (SELECT part FROM message_part"
                          ' WHERE outbox = ?)', (message,))
        self.let_it_look()
        self.assertIsNone(self.told(link))
        self.assertIn('受領を確認する', self.get(link).body.decode())

    def test_two_people_acknowledge_at_once(self):
        form = self.form(self.page + '/acknowledge')
        action, answers = self.action, []
        threads = [threading.Thread(target=lambda name=name: answers.append(self.post({**form, 'person': name}, path=action).status))
                   for name in ('佐藤 健', '田中 実') * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([303] * 8, answers)
        self.assertEqual(1, len(set(self.rows('SELECT by FROM acknowledgement'))), 'the first of them counts')
        self.assertEqual([], self.rows('SELECT 1 FROM acknowledgement GROUP BY notice, organization, kind HAVING count(*) > 1'))
        self.kigen('doctor')

    def test_decide_and_correct(self):
        form = self.form(self.page + '/decide')
        every, device = self.options[0], next(value for value in self.options if not value.endswith(':0'))
        for fields, word in (({'decision': 'replace', 'replace_by': ''}, '日付を入力'), ({'decision': 'replace', 'replace_by': '2020-01-01'}, '本日以降'),
                             ({'decision': 'continue'}, '補完的な対策の内容を入力'), ({}, '方針を選択')):
            answer = self.post({**form, 'target': every, 'person': '田中 実', **fields})
            self.assertEqual(422, answer.status)
            self.assertIn(word, answer.body.decode())
        for target in ('1:1:1', '1:99999:0', f'999999:{every.split(":", 1)[1]}'):
            self.assertEqual(409, self.post({**form, 'target': target, 'decision': 'isolate', 'person': '田中 実'}).status)
        self.assertEqual(0, self.count('decision'))
        for target, fields in ((every, {'decision': 'continue', 'controls': '院内網から分離\r\nUSB 禁止'}), (device, {'decision': 'replace', 'replace_by': '2031-03-31'})) * 2:
            self.assertEqual(303, self.post({**form, 'target': target, 'person': '田中 実', **fields}).status)
        self.assertEqual(2, self.count('decision'), 'what says the same again is not stored again')
        self.let_it_look()
        self.assertIn('院内網から分離', self.get(self.page + '/decide').body.decode())
        self.assertEqual([('continue', None), ('replace', '2031-03-31')],
                         [(row['decision'], row['replace_by']) for row in self.json('report', 'decisions')['decisions']])

        before = self.rows('SELECT * FROM device ORDER BY id')
        form = self.form(self.page + '/correct?kind=number')
        target = self.options[0]
        self.assertEqual(422, self.post({**form, 'target': target, 'person': '田中 実'}).status)
        for _ in range(2):
            self.assertEqual(303, self.post({**form, 'target': target, 'person': '田中 実', 'asset_no': 'ME-999'}).status)
        [row] = self.json('correction', 'list')['corrections']
        self.assertEqual(('number', 'ME-999', ORGANIZATION), (row['kind'], row['fields'][0]['said'], row['organization']))
        self.assertEqual(before, self.rows('SELECT * FROM device ORDER BY id'), 'nothing changes by itself')
        other = self.rows("SELECT v.organization, v.release, v.id FROM device v JOIN organization g ON g.id = v.organization WHERE g.code <> ? LIMIT 1", ORGANIZATION)[0]
        answers = [self.post({**form, 'target': value, 'person': 'x', 'asset_no': 'y'}) for value in
                   (':'.join(map(str, other)), f'{target.split(":")[0]}:1:{other[2]}', f'{target.split(":")[0]}:1:99999999')]
        self.assertEqual([409] * 3, [answer.status for answer in answers], 'what is somebody else\'s is not there')
        self.let_it_look()
        self.assertIn('確認待ち', self.get(self.page + '/correct').body.decode())
        self.kigen('correction', 'reject', row['correction'], '--reason', '現品と一致しています', '--by', '早瀬')
        self.let_it_look()
        self.assertIn('現品と一致しています', self.get(self.page + '/correct').body.decode())
        form = self.form(self.page + '/correct?kind=contact-new')
        self.assertIn('メールアドレスの形式', self.post({**form, 'target': self.options[0], 'person': 'x', 'name': '小林', 'email': 'a b'}).body.decode())
        self.assertEqual(303, self.post({**form, 'target': self.options[0], 'person': 'x', 'name': '小林 誠', 'email': 'k@hospital.example'}).status)
        self.kigen('correction', 'approve', '2', '--by', '早瀬')
        self.assertEqual(1, self.count('contact', "name = '小林 誠'"))
        self.kigen('doctor')
        self.assert_quiet()

    def test_english(self):
        answer = self.get(self.page + '/decide?lang=en').body.decode()
        self.assertIn('<html lang="en">', answer)
        form = Forms(answer).forms[0]
        self.assertIn('Enter your name', self.post(form, path=form.pop('action')).body.decode())

    def test_a_locked_store_stops_no_reader(self):
        form = self.form(self.page + '/decide')
        action, target, answers = self.action, self.options[0], []
        with open(self.folder / 'kigen.db.lock', 'r+b') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            begun = time.monotonic()

            def send():
                answer = self.post({**form, 'target': target, 'decision': 'isolate', 'person': '田中 実'}, path=action)
                answers.append((answer, time.monotonic() - begun))

            threads = [threading.Thread(target=send) for _ in range(4)]
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads):
                self.assertEqual(200, self.get().status)
                self.assertEqual(200, self.get(self.page).status)
            for thread in threads:
                thread.join()
        for answer, seconds in answers:
            self.assertEqual((503, '10'), (answer.status, answer['Retry-After']))
            self.assertGreater(seconds, 4)
            self.assertIn('田中 実', answer.body.decode())  # what was typed is not lost
        self.assertEqual(0, self.count('decision'))
        self.assertEqual(4, self.metric('kigen_web_forms_busy_total'))
        self.assertEqual(303, self.post({**form, 'target': target, 'decision': 'isolate', 'person': '田中 実'}, path=action).status)
        self.assertEqual(1, self.metric('kigen_web_forms_total'))

    def test_killed_while_it_writes(self):
        form = self.form(self.page + '/acknowledge')
        action = self.action
        for i in range(5):
            thread = threading.Thread(target=self.post_to_the_dead, args=({**form, 'person': f'人{i}'}, action))
            thread.start()
            time.sleep(0.003 * i)  # wherever it is then: all of it is written, or nothing
            self.web.send_signal(signal.SIGKILL)
            self.web.wait()
            thread.join()
            self.kigen('doctor')
            given = self.count('acknowledgement')
            self.assertEqual(given, self.count('audit', "action = 'acknowledgement.add'"))
            self.assertLessEqual(len(set(self.rows('SELECT by FROM acknowledgement'))), 1)
            self.serve()

    def post_to_the_dead(self, fields, action):
        try:
            self.post(fields, path=action)
        except OSError:
            pass
        except Exception as error:  # http.client has errors of its own for it
            self.assertIn(type(error).__name__, ('RemoteDisconnected', 'BadStatusLine', 'IncompleteRead'))

    def test_stopped_and_reloaded_while_it_writes(self):
        form = self.form(self.page + '/decide')
        action, target, answers = self.action, self.options[0], []
        fields = {**form, 'target': target, 'decision': 'isolate', 'person': '田中 実'}
        with open(self.folder / 'kigen.db.lock', 'r+b') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            thread = threading.Thread(target=lambda: answers.append(self.post(fields, path=action).status))
            thread.start()
            self.until(lambda: self.metric('kigen_web_forms_waiting') == 1)
            self.web.send_signal(signal.SIGHUP)
            thread.join()
            self.assertEqual([503], answers)
            thread = threading.Thread(target=lambda: answers.append(self.post(fields, path=action).status))
            thread.start()
            self.until(lambda: self.metric('kigen_web_forms_waiting') == 1)
            self.stop()
            thread.join()
        self.assertEqual([503, 503], answers)
        self.assertEqual(0, self.count('decision'))

    def test_forged(self):
        form = self.form(self.page + '/decide')
        fields = {**form, 'target': self.options[0], 'decision': 'isolate', 'person': '田中 実'}
        self.assertEqual(403, self.post(fields, Sec_Fetch_Site='cross-site').status)
        self.assertEqual(403, self.post(fields, Origin='https://evil.example').status)
        self.assertEqual(403, self.post({**fields, 'signed': self.form(self.page + '/acknowledge')['signed']}, path=self.page + '/decide').status)
        self.assertEqual(403, self.post({**fields, 'signed': ''}, path=self.page + '/decide').status)
        stale = self.post({**fields, 'signed': 'A' * 43}, path=self.page + '/decide')
        self.assertEqual(403, stale.status)
        self.assertIn('田中 実', stale.body.decode())
        self.assertIn(form['signed'], stale.body.decode(), 'it can be sent again from there')
        for i in range(1000):
            self.assertEqual(403, self.post({**fields, 'signed': ('%043d' % i)}, path=self.page + '/decide').status)
        self.assertEqual(0, self.count('decision'))
        self.assertEqual(303, self.post(fields, path=self.page + '/decide', Sec_Fetch_Site='same-origin', Origin='null').status)
        self.assertEqual(1, self.count('decision'))
        self.assert_quiet()

    def test_malformed(self):
        form = self.form(self.page + '/decide')
        good = urllib.parse.urlencode(form)
        cases = [('%', 400), ('person=%zz', 400), ('person=%00', 400), ('person=%ff', 400), ('person=%1b', 400), (good + '&' + good, 400),
                 (good + '&admin=1', 400), ('', 403), ('&&&', 403), ('person=' + 'a' * 60000, 403), ('a' * 65536, 400), ('a' * 65537, 413)]
        for body, status in cases:
            self.assertEqual(status, self.post({}, body=body).status, body[:40])
        for kind in ('multipart/form-data; boundary=x', 'application/json', 'text/plain', ''):
            self.assertEqual(415, self.post({}, body=good, Content_Type=kind).status, kind)
        for method in ('PUT', 'DELETE', 'PATCH', 'OPTIONS'):
            self.assertEqual(405, self.get(self.page + '/decide', method=method).status)
        self.assertEqual((405, 'GET, HEAD'), (lambda answer: (answer.status, answer['Allow']))(self.post({}, path=self.page)))
        self.assertEqual('GET, HEAD, POST', self.get(self.page + '/decide', method='PUT')['Allow'])
        head = f'POST {self.page}/decide HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n'
        for lines in ('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'Content-Length: 3\r\nContent-Length: 5\r\n\r\na=bcd',
                      'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '\r\n'):
            self.assertTrue(self.raw((head + lines).encode()).startswith(b'HTTP/1.1 400'), lines)
        self.assertEqual(200, self.get(self.page).status)
        self.assertEqual(404, self.post({}, path='/h/' + 'A' * 43 + '/decide', body='signed=x').status)

    def test_too_many(self):
        self.stop()
        self.configure(posts_per_minute=5)
        self.serve()
        form = self.form(self.page + '/decide')
        statuses = [self.post(form, source='127.0.0.7').status for _ in range(7)]
        self.assertEqual([422] * 5 + [429] * 2, statuses)
        self.assertEqual(422, self.post(form, source='127.0.0.8').status)

    @unittest.skipIf(MISSING and not os.environ.get('KIGEN_TEST_STRICT'), 'Chromium, node or the modules of tests/package.json are missing')
    def test_in_a_browser(self):
        """Filled in by a person: wrong at first, then right; on a telephone, without JavaScript, in English, dark."""
        message = self.link()
        organization = self.form(message)['organization']
        with sqlite3.connect(self.folder / 'kigen.db') as store:  # the same message told of EOS, too
            store.execute('INSERT INTO notice (kind, plan, due_on, lead_months, budget_month, extended_eos, created_at)'
                          " SELECT 'eos-reminder', n.plan, n.due_on, 36, 0, '', n.created_at FROM notice n JOIN outbox_notice x ON x.notice = n.id"
                          ' JOIN support_plan s ON s.id = n.plan WHERE x.outbox = ? AND s.eos IS NOT NULL LIMIT 1', (message.split('/')[2].split('-')[0],))
            store.execute('INSERT INTO outbox_notice SELECT last_insert_rowid(), ?, ?', (organization, message.split('/')[2].split('-')[0]))
        self.let_it_look()
        receipt, transfer = f'#receipt{organization}-', f'#transfer{organization}-'
        jobs = [
            {'path': message, 'steps': [{'press': '責任移転を確認する'},
                                        {'fill': {transfer + 'person': '佐藤 健', transfer + 'title': '医療機器安全管理責任者'},
                                         'check': [transfer + 'agreed'], 'press': '責任移転を確認する'},
                                        {'fill': {receipt + 'person': '田中 実'}, 'press': '受領を確認する'}]},
            {'path': self.page + '/decide', 'width': 360, 'steps': [
                {'select': {'#decide-target': 1}, 'check': ['input[value=continue]'], 'press': '方針を登録する'},
                {'fill': {'#decide-controls': '院内網から分離', '#decide-person': '田中 実'}, 'press': '方針を登録する'}]},
            {'path': self.page + '/correct?kind=removed', 'script': False, 'steps': [
                {'select': {'#correct-target': 1}, 'fill': {'#correct-day': '2020-03-31', '#correct-person': '田中 実'}, 'press': '訂正を送信する'}]},
            {'path': self.page + '/correct?kind=contact-new', 'locale': 'en-US', 'scheme': 'dark', 'width': 360, 'steps': [
                {'fill': {'#correct-email': 'no address'}, 'press': 'Send the correction'},
                {'select': {'#correct-target': 1, '#correct-role': 3}, 'press': 'Send the correction',
                 'fill': {'#correct-name': 'Kobayashi', '#correct-email': 'k@hospital.example', '#correct-person': 'Tanaka'}}]},
            {'path': self.page},
        ]
        acknowledged, decided, removed, contact, [page] = self.browse(jobs)
        self.assertIn('お名前を入力してください', acknowledged[1]['text'])
        self.assertIn('確認の文にチェックを入れてください', acknowledged[1]['text'])
        self.assertTrue(acknowledged[1]['title'].startswith('エラー'))
        self.assertIn('医療機器安全管理責任者', acknowledged[2]['text'])
        self.assertNotIn('受領を確認する', acknowledged[3]['text'])
        self.assertEqual({('receipt', '田中 実'), ('transfer', '佐藤 健')}, set(self.rows('SELECT kind, by FROM acknowledgement')))
        self.assertIn('補完的な対策の内容を入力してください', decided[1]['text'])
        self.assertIn('登録しました', decided[2]['text'])
        self.assertIn('登録しました', removed[1]['text'])
        self.assertIn('This is no e-mail address', contact[1]['text'])
        self.assertIn('waiting to be checked', contact[2]['text'])
        self.assertIn('確認待ち 2件', page['text'])
        for seen in [*acknowledged, *decided, *contact, page]:
            self.assertEqual([], seen['violations'], seen['url'])
            self.assertEqual([], seen['broken'], seen['url'])
            self.assertEqual(0, seen['wider'], seen['url'])
        self.assert_quiet()

    def browse(self, jobs):
        shots = os.environ.get('KIGEN_TEST_SHOTS')
        for i, job in enumerate(jobs):
            job['url'] = f'http://127.0.0.1:{self.port}' + job.pop('path')
            if shots:
                job['shot'] = f'{shots}/forms-{i}'
        browser = subprocess.Popen(['node', SCRIPT, MODULES, CHROMIUM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, encoding='utf-8')
        self.addCleanup(end, browser)
        out, error = browser.communicate(json.dumps(jobs), timeout=240)
        self.assertEqual(0, browser.returncode, error)
        return json.loads(out)


if __name__ == '__main__':
    unittest.main()
