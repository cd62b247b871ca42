"""A store with people in it: sato and tanaka write plans, suzuki (approver, quality) and abe (safety officer) approve them.
Who acts is who the operating system's user is by kigen.conf, which by() writes: a password takes long to prove."""

import atexit
import os
import pathlib
import pwd
import shutil
import tempfile

from harness import Case

ME = pwd.getpwuid(os.getuid()).pw_name
DECLARED = ['doc=LSP-014', 'duties=院内ネットワークから分離する', 'line.security-updates=2034-03-31']
GOOD = ['general_availability=2020-04-01', 'end_of_sale=2028-03-31', 'eol=2031-03-31', 'eos=2034-03-31', *DECLARED]
SIGNED = '全施設の更新を2031年2月までに当社の費用で完了する'


class People(Case):
    """Two releases; two hospitals, each with a contact, that hold both."""

    template = None  # made by the first test

    def setUp(self):
        if People.template is None:
            super().setUp()
            self.fill()
            People.template = pathlib.Path(tempfile.mkdtemp(prefix='kigen-people-'))
            atexit.register(shutil.rmtree, People.template)
            shutil.copytree(self.folder, People.template, dirs_exist_ok=True)
            return
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='kigen-cli-'))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {'KIGEN_TODAY': self.today}
        shutil.copytree(People.template, self.folder, dirs_exist_ok=True)

    def fill(self):
        for release in ('1.0', '2.0'):
            self.add_release('CT-100', release)
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '中央病院', 'hospital'), (2, 'H2', '東病院', 'hospital')")
        self.sql("INSERT INTO contact (organization, name, email) VALUES (1, '早瀬', 'hayase@h1.example'), (2, '東', 'higashi@h2.example')")
        self.sql("INSERT INTO holding SELECT r.id, o.id, 'user', 3, 1, r.id || '-' || o.id, '2020-04-01', NULL, '2026-01-01T00:00:00Z' "
                 'FROM release r, organization o')
        self.write('pw', 'correct horse battery\n').chmod(0o600)
        self.add('admin', 'admin', '管理 者')
        for name, roles, person in (('sato', 'planner', '佐藤 一郎'), ('tanaka', 'planner,approver', '田中 次郎'),
                                    ('suzuki', 'approver,quality', '鈴木 花子'), ('abe', 'safety_officer', '阿部 三郎')):
            self.add(name, roles, person, *self.by('admin'))

    def add(self, name, roles, person, *by):
        self.kigen('user', 'add', name, '--role', roles, '--full-name', person, '--new-password-file', 'pw', *by)

    def by(self, name):
        self.write('kigen.conf', f'[users]\n{ME} = {name}\n')
        return ['--as', name]

    def plan(self, who, verb, *words, **options):
        """A step that must be done (or end with `code`)."""
        return self.kigen('plan', verb, *words, *self.by(who), **options)

    def plan_json(self, who, verb, *words, **options):
        return self.json('plan', verb, *words, *self.by(who), **options)

    def no(self, who, verb, *words, code=1):
        """A step that is refused: what it says. Nothing has changed."""
        before = self.everything()
        said = self.refused('plan', verb, *words, *self.by(who), code=code)
        self.assertEqual(self.everything(), before)
        return said

    def everything(self):
        return [self.sql(f'SELECT * FROM {table}') for table in ('support_plan', 'service_line', 'plan_event', 'notice', 'outbox', 'audit')]

    def state(self, release='1.0'):
        """'draft 1' of the latest revision."""
        return self.sql("SELECT s.state || ' ' || s.revision FROM support_plan s JOIN release r ON r.id = s.release WHERE r.name = ? "
                        'ORDER BY s.revision DESC', release)[0][0]

    def submitted(self, release='1.0', *fields):
        self.plan('sato', 'set', f'CT-100/{release}', *(fields or GOOD))
        self.plan('sato', 'submit', f'CT-100/{release}', '--reason', '部品供給の終了')

    def published(self, release='1.0', *fields):
        self.submitted(release, *fields)
        self.plan('suzuki', 'approve', f'CT-100/{release}')
        self.plan('sato', 'publish', f'CT-100/{release}')
