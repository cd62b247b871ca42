#!/usr/bin/python3
"""check, plan publish, schedule."""

from harness import Case, finish

DECLARED = ['doc=LSP-014', 'duties=院内ネットワークから分離する', 'lines=security-updates:2034-03-31']
GOOD = ['general_availability=2020-04-01', 'end_of_sale=2028-03-31', 'eol=2031-03-31', 'eos=2034-03-31', *DECLARED]


class Installed(Case):
    """Two releases, two hospitals that hold them, one with a contact."""

    def setUp(self):
        super().setUp()
        for release in ('1.0', '2.0', '2.1'):
            self.add_release('CT-100', release)
        self.sql("INSERT INTO organization (id, code, name_ja, role, budget_month) VALUES (1, 'H1', '中央病院', 'hospital', 9), "
                 "(2, 'H2', '東病院', 'hospital', NULL)")
        self.sql("INSERT INTO contact (organization, name, email) VALUES (1, '早瀬', 'hayase@h1.example')")
        for release in (1, 2, 3):
            for organization in (1, 2):
                self.sql("INSERT INTO holding VALUES (?, ?, 'user', 3, 1, ?, '2020-04-01', NULL, '2026-01-01T00:00:00Z')", release,
                         organization, f'uid-{release}-{organization}')

    def plan(self, name, *fields):
        self.kigen('plan', 'set', name, *(fields or GOOD))


class Check(Installed):
    def test_errors_make_it_end_with_1_and_are_listed(self):
        self.plan('CT-100/1.0')
        self.plan('CT-100/2.0', 'general_availability=2020-04-01', 'eol=2031-03-31', 'eos=2034-03-31')
        text = self.kigen('check', code=1)
        self.assertRegex(text, r'CT-100/2\.0 +LSP-2a +error +publish ')
        self.assertNotRegex(text, r'CT-100/1\.0 +LSP-2a')
        self.assertRegex(text.splitlines()[-1], r'^3 releases on 2026-12-01: \d+ errors?, \d+ warnings?, \d+ unknown, \d+ ok$')

    def test_unknown_is_never_ok(self):
        self.plan('CT-100/1.0')
        found = self.json('check', 'CT-100/1.0', code=1)
        rules = {finding['rule']: finding['outcome'] for finding in found['releases'][0]['findings']}
        self.assertEqual(rules['SBOM-1'], 'unknown')
        self.assertEqual(found['rules']['SBOM-1'], {'errors': 0, 'warnings': 0, 'overridden': 0, 'unknown': 1, 'ok': 0})
        self.assertNotIn('SBOM-1 ', self.kigen('check', 'CT-100/1.0', code=1).split('RULE')[1])
        self.assertRegex(self.kigen('check', 'CT-100/1.0', '--unknown', code=1), r'CT-100/1\.0 +SBOM-1 +unknown')

    def test_counts_agree(self):
        self.plan('CT-100/1.0')
        found = self.json('check', code=1)
        for count in ('errors', 'warnings', 'unknown', 'ok'):
            self.assertEqual(found['total'][count], sum(rule[count] for rule in found['rules'].values()), count)
        self.assertEqual(found['count'], len(found['releases']))
        self.refused('check', 'XX')


class Publish(Installed):
    def states(self):
        return self.sql('SELECT r.name, p.revision, p.state FROM support_plan p JOIN release r ON r.id = p.release ORDER BY 1, 2')

    def test_publishes_and_queues(self):
        self.plan('CT-100/1.0')
        done = self.json('plan', 'publish', 'CT-100/1.0', '--by', '佐藤', '--reason', '初回公表')
        self.assertEqual([(item['release'], item['revision'], item['organizations']) for item in done['published']], [('1.0', 1, 2)])
        self.assertEqual(done['messages'], 2)
        self.assertEqual(self.sql('SELECT count(*) FROM outbox'), [(2,)])
        self.assertEqual(self.sql('SELECT kind FROM notice'), [('plan-announcement',)])
        self.assertEqual(self.sql('SELECT published_by, published_on FROM support_plan'), [('佐藤', '2026-12-01')])
        shown, = self.json('plan', 'show', 'CT-100/1.0')['plans']
        self.assertEqual(shown['state'], 'published')

    def test_text_says_what_was_queued(self):
        self.plan('CT-100/1.0')
        text = self.kigen('plan', 'publish', 'CT-100/*', '--reason', '初回公表')
        self.assertRegex(text, r'CT-100/1\.0 +1 +2 +2 ')
        self.assertIn('1 plan published, 2 messages queued\n', text)
        self.assertIn('published already', self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', 'x'))

    def test_one_refused_stops_all(self):
        self.plan('CT-100/1.0')
        self.plan('CT-100/2.0', 'eol=2031-03-31', 'eos=2034-03-31')
        text = self.kigen('plan', 'publish', '--all', '--reason', '初回公表', code=1)
        for part in ('refused CT-100/2.0', 'LSP-2a error', 'nothing was published, 1 refused', 'kigen plan set CT-100/2.0'):
            self.assertIn(part, text)
        self.assertNotIn('refused CT-100/1.0', text)
        self.assertEqual({state for _, _, state in self.states()}, {'draft'})
        self.assertEqual(self.sql('SELECT count(*) FROM notice'), [(0,)])

    def test_keep_going_publishes_the_good_ones(self):
        self.plan('CT-100/1.0')
        self.plan('CT-100/2.0', 'eol=2031-03-31', 'eos=2034-03-31')
        done = self.json('plan', 'publish', '--all', '--keep-going', '--reason', '初回公表', code=1)
        self.assertEqual(([item['release'] for item in done['published']], [item['release'] for item in done['refused']]), (['1.0'], ['2.0']))
        self.assertIn('LSP-2a', [finding['rule'] for finding in done['refused'][0]['findings']])
        self.assertEqual(self.states(), [('1.0', 1, 'published'), ('2.0', 1, 'draft')])

    def test_a_warning_wants_a_reason(self):
        self.plan('CT-100/1.0')  # the second hospital has no contact: REACH-1
        text = self.kigen('plan', 'publish', 'CT-100/1.0', code=1)
        self.assertIn('REACH-1 warning', text)
        self.assertIn('--reason', text)
        self.refused('plan', 'publish', 'CT-100/1.0', '--reason', ' ', code=2)
        self.assertRegex(self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', '手紙で知らせる'), r'CT-100/1\.0 .*REACH-1')

    def test_dry_run_changes_nothing(self):
        self.plan('CT-100/1.0')
        self.assertIn('1 plan would be published, 2 messages would be queued', self.kigen('plan', 'publish', '--all', '--dry-run', '--reason', 'x'))
        self.assertEqual(self.states(), [('1.0', 1, 'draft')])
        self.assertEqual(self.sql('SELECT count(*) FROM outbox'), [(0,)])

    def test_a_change_is_told_to_who_knew_the_old_dates(self):
        self.plan('CT-100/1.0')
        self.kigen('plan', 'publish', '--all', '--reason', '初回公表')
        self.sql("UPDATE outbox SET state = 'accepted' WHERE organization = 1")
        self.plan('CT-100/1.0', 'eos=2035-03-31')
        text = self.kigen('plan', 'show', 'CT-100/1.0')
        self.assertRegex(text, r'FIELD +published 1 +draft 2')
        self.assertRegex(text, r'eos +2034-03-31 +2035-03-31')
        self.kigen('plan', 'publish', 'CT-100/1.0', '--reason', 'サポート延長')
        self.assertEqual(self.states(), [('1.0', 1, 'superseded'), ('1.0', 2, 'published')])
        self.assertEqual(self.sql('SELECT n.kind, n.plan, x.organization FROM notice n JOIN outbox_notice x ON x.notice = n.id ORDER BY n.id, 3'),
                         [('plan-announcement', 1, 1), ('plan-announcement', 1, 2), ('plan-change', 2, 1), ('plan-announcement', 2, 2)])

    def test_a_past_is_taken_over(self):
        for release in ('1.0', '2.0'):
            self.plan(f'CT-100/{release}', 'general_availability=2010-04-01', 'eol=2020-03-31', 'eos=2024-03-31', 'announced_on=2015-04-01',
                      'presented_on=2016-04-01', *DECLARED[:2], 'lines=parts:2024-03-31')
        done = self.json('plan', 'publish', '--all', '--reason', '旧台帳からの引き継ぎ')
        self.assertEqual(len(done['published']), 2)
        self.assertEqual({notice['kind'] for notice in self.json('schedule', '--to', '2099-12-31')['notices']}, set())

    def test_what_to_publish_must_be_said(self):
        self.refused('plan', 'publish', code=2)
        self.refused('plan', 'publish', 'CT-100', '--all', code=2)
        self.refused('plan', 'publish', 'NONE')


class Schedule(Installed):
    def setUp(self):
        super().setUp()
        self.plan('CT-100/1.0')
        self.kigen('plan', 'publish', '--all', '--reason', '初回公表')

    def test_lists_what_goes_out_when_to_how_many(self):
        rows = self.json('schedule', '--to', '2040-01-01')['notices']
        first = rows[0]
        self.assertEqual((first['due'], first['kind'], first['lead_months'], first['organizations'], first['overdue']),
                         ('2029-03-30', 'eol-reminder', 24, 2, False))
        self.assertEqual(first['nominal'], '2029-03-31')
        budget = [row for row in rows if row['budget_month']]
        self.assertEqual([(row['kind'], row['organizations']) for row in budget], [('eol-reminder', 1), ('eos-reminder', 1)])
        self.assertEqual([row['due'] for row in rows], sorted(row['due'] for row in rows))
        self.assertEqual(rows[-1]['kind'], 'eos-reached')

    def test_window(self):
        self.assertEqual(self.json('schedule')['notices'], [])
        self.assertIn('0 notices of 1 published plan, 2026-12-01 to 2027-12-01', self.kigen('schedule'))
        self.assertEqual(len(self.json('schedule', '--from', '2029-03-01', '--to', '2029-03-31')['notices']), 1)
        self.assertRegex(self.kigen('schedule', '--from', '2029-03-01'), r'2029-03-30 +eol-reminder +24 months before +CT-100/1\.0 +2\n')
        self.refused('schedule', '--from', '2030-01-01', '--to', '2029-01-01', code=2)

    def test_an_older_reminder_never_follows_a_newer_one(self):
        self.kigen('--today', '2030-07-01', 'deliver', '--once')
        rows = self.json('--today', '2030-07-02', 'schedule')['notices']
        self.assertEqual([row for row in rows if row['overdue']], [])

    def test_overdue_is_said(self):
        rows = self.json('--today', '2029-06-01', 'schedule')['notices']
        self.assertEqual((rows[0]['due'], rows[0]['overdue']), ('2029-03-30', True))
        self.assertIn('2029-03-30 overdue', self.kigen('schedule', '--today', '2029-06-01'))


class Simulate(Installed):
    def setUp(self):
        super().setUp()
        self.plan('CT-100/1.0')
        self.kigen('plan', 'publish', '--all', '--reason', '初回公表')

    def everything(self):
        tables = [name for name, in self.sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {table: self.sql(f'SELECT * FROM {table}') for table in tables}

    def test_plays_the_days_and_leaves_the_store_alone(self):
        before = self.everything()
        played = self.json('simulate', '--until', '2035-01-01')
        self.assertEqual(self.everything(), before)
        self.assertEqual([path.name for path in self.folder.iterdir() if 'simul' in path.name], [])
        days = {day['day']: day['messages'] for day in played['days']}
        self.assertEqual(min(days), '2026-12-01')
        self.assertEqual([notice['kind'] for message in days['2026-12-01'] for notice in message['notices']], ['plan-announcement'] * 2)
        self.assertEqual(max(days), '2034-04-03')  # the day after EOS is a Saturday
        self.assertEqual({(message['channel'], message['notices'][0]['organization']) for message in days['2034-04-03']},
                         {('mail', 'H1'), ('letter', 'H2')})
        self.assertEqual(played['messages'], sum(map(len, days.values())))

    def test_days_are_those_of_the_schedule(self):
        due = {row['due'] for row in self.json('schedule', '--to', '2040-01-01')['notices']}
        played = {day['day'] for day in self.json('simulate', '--until', '2040-01-01')['days']}
        self.assertEqual(played - {'2026-12-01'}, due)

    def test_text(self):
        text = self.kigen('simulate', '--until', '2029-03-30')
        self.assertRegex(text, r'(?m)^2026-12-01 Tue  2 messages$')
        self.assertRegex(text, r'(?m)^  mail +早瀬 <hayase@h1\.example> +eol-reminder +CT-100/1\.0 +中央病院$')
        self.assertRegex(text, r'(?m)^  letter +nobody in particular +eol-reminder +CT-100/1\.0 +東病院$')
        self.assertIn('2026-12-01 to 2029-03-30: 4 messages on 2 days. Nothing was sent', text)

    def test_overdue_reminders_do_not_pile_up(self):
        played = self.json('simulate', '--from', '2030-12-02', '--until', '2030-12-03')
        kinds = [notice['kind'] for message in played['days'][0]['messages'] for notice in message['notices']
                 if notice['organization'] == 'H2']
        self.assertEqual(kinds.count('eol-reminder'), 1)

    def test_usage(self):
        self.refused('simulate', code=2)
        self.refused('simulate', '--until', '2020-01-01', code=2)


if __name__ == '__main__':
    finish()
