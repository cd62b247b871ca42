#!/usr/bin/python3
"""plan impact: what publishing would do, and that publishing then does it."""

import fcntl
import hashlib
import re

from harness import Case, finish
from people import SIGNED, People

DECLARED = ['doc=LSP-014', 'duties=院内ネットワークから分離する', 'lines=security-updates:2034-03-31']
GOOD = ['general_availability=2020-04-01', 'end_of_sale=2028-03-31', 'eol=2031-03-31', 'eos=2034-03-31', *DECLARED]
CHANNELS = ('mail', 'webhook', 'fax', 'letter', 'hand', 'relay')


class Installed(Case):
    """CT-100/1.0 at hospitals H1 to H3 (one contact each but H3), a lessor of H1's units, and a distributor."""

    def setUp(self):
        super().setUp()
        for release in ('1.0', '2.0'):
            self.add_release('CT-100', release)
        self.sql("INSERT INTO organization (id, code, name_ja, role, country, budget_month) VALUES (1, 'H1', '中央病院', 'hospital', 'JP', 9),"
                 " (2, 'H2', '東病院', 'hospital', 'US', NULL), (3, 'H3', '西病院', 'hospital', 'JP', NULL),"
                 " (4, 'L4', '南リース', 'lessor', 'JP', NULL), (5, 'D5', '北販売', 'distributor', 'JP', NULL)")
        self.sql("INSERT INTO contact (organization, name, email, channel) VALUES (1, '早瀬', 'a@h1.example', 'mail'),"
                 " (2, 'Head', 'a@h2.example', 'mail'), (4, '係', 'a@l4.example', 'mail'), (5, '係', NULL, 'fax')")
        for release in (1, 2):
            for organization, role, count in ((1, 'user', 3), (2, 'user', 2), (3, 'user', 1), (4, 'owner', 3), (5, 'seller', 6)):
                self.hold(release, organization, role, count)

    def hold(self, release, organization, role, count):
        self.sql("INSERT INTO holding VALUES (?, ?, ?, ?, 1, ?, '2020-04-01', NULL, '2026-01-01T00:00:00Z')", release, organization,
                 role, count, f'uid-{release}-{organization}-{role}')

    def draft(self, *fields, name='CT-100/1.0'):
        self.kigen('plan', 'set', name, *fields)

    def publish(self, name='CT-100/1.0', *words):
        return self.json('plan', 'publish', name, '--reason', '理由', *words)

    def impact(self, *words, name='CT-100/1.0', code=0):
        return self.json('plan', 'impact', name, *words, code=code)

    def next_day(self, day):
        self.today = day
        self.environment['KIGEN_TODAY'] = day

    def rules(self, found):
        return {finding['rule']: finding['outcome'] for finding in found['findings']}


class Says(Installed):
    def test_a_first_plan(self):
        self.draft(*GOOD)
        text = self.kigen('plan', 'impact', 'CT-100/1.0')
        self.assertTrue(text.startswith('CT-100/1.0  CT-100装置\ndraft 1 would be revision 1, the first plan in force\n'), text)
        self.assertRegex(text, r'\neol +unknown +2031-03-31 +5 appear\n')
        self.assertRegex(text, r'\nhospital +3 +6\ndistributor +1 +6\nlessor +1 +3\nall, each once +5 +6\n')
        self.assertRegex(text, r'\nmail +3 +0\nfax +1 +0\nletter +1 +0\n')
        self.assertIn('\nto 4 contacts: the announcement to 5 organizations, the change notice to 0\n', text)
        self.assertRegex(text, r'1 organization has no contact that can be reached, and would get a letter:\n +H3 +西病院\n')
        self.assertRegex(text, r'\neos-reminder +for budget month 9 +- +2032-09-01 +comes +1\n')
        self.assertRegex(text, r'\nREACH-1 +warning +publish +')
        self.assertRegex(text, r'\nunknown for want of data: .*LEASE-1')
        self.assertIn('\nplan publish would ask for a reason: REACH-1\nNext: kigen plan publish CT-100/1.0 --reason TEXT\n', text)

    def test_a_change_and_what_is_given(self):
        self.draft(*GOOD)
        self.publish()
        text = self.kigen('plan', 'impact', 'CT-100/1.0', 'eos=2033-03-31', 'duties=撤去する')
        self.assertIn('\npublished 1, changed as given, would be revision 2, in place of revision 1 (published 2026-12-01)\n', text)
        self.assertRegex(text, r'\neos +2034-03-31 +2033-03-31 +365 days earlier +5 move\n')
        self.assertRegex(text, r'\nend_of_sale +2028-03-31 +2028-03-31 +5 change their words\n')
        self.assertIn('\nchanged besides: limited_support_duties\n', text)
        self.assertIn('\n5 messages wait and would not go any more: overtaken\n', text)
        self.assertRegex(text, r'\neos-reminder +36 months before +2031-03-31 +2030-03-29 +moves +5\n')
        self.assertTrue(text.endswith('\nplan publish would ask for a reason: CHG-1, REACH-1\n'
                                      'Next: kigen plan set CT-100/1.0 FIELD=VALUE…\n'), text)
        self.assertNotIn('less than', text)

    def test_nothing_to_publish(self):
        self.draft(*GOOD)
        self.publish()
        text = self.kigen('plan', 'impact', 'CT-100/1.0')
        self.assertIn('\npublished 1 is in force and no draft is open: nothing would change\n', text)
        self.assertNotIn('GOES OUT', text)
        for words in ([], ['eol=2031-03-31']):
            found = self.impact(*words)
            self.assertEqual((found['idle'], found['nothing'], found['edited']), (True, True, False))
            self.assertEqual((found['messages']['new'], found['messages']['superseded'], found['devices']), (0, 0, 6))
            self.assertEqual(found['events'], {'stays': 20, 'appears': 0, 'moves': 0, 'changes': 0, 'cancelled': 0})
            self.assertEqual({reminder['change'] for reminder in found['reminders']}, {'stays'})

    def test_a_draft_that_says_what_is_in_force(self):
        self.draft(*GOOD)
        self.publish()
        self.draft('eol=2030-03-31')
        self.draft('eol=2031-03-31')
        found = self.impact()
        self.assertEqual((found['idle'], found['nothing'], found['base'], found['revision']), (False, True, 'draft 2', 2))
        self.assertEqual(found['messages']['new'], 5)  # publishing it would tell everybody all the same
        self.assertIn('\nnothing would change: it says what is in force\n', self.kigen('plan', 'impact', 'CT-100/1.0'))

    def test_an_open_draft_is_what_is_changed(self):
        self.draft(*GOOD)
        self.publish()
        self.draft('eol=2030-03-31')
        found = self.impact('eos=2033-03-31')
        self.assertEqual(found['changes'], {'eol': ['2031-03-31', '2030-03-31'], 'eos': ['2034-03-31', '2033-03-31']})
        self.assertEqual((found['base'], found['edited'], found['revision']), ('draft 2', True, 2))
        self.assertEqual(found['replaces'], {'market': '*', 'revision': 1, 'published_on': '2026-12-01'})

    def test_customers_left_with_less_than_the_lead_time(self):
        self.draft(*GOOD)
        self.publish()
        found = self.impact('eos=2028-06-30', 'eol=2028-03-31', code=1)
        self.assertEqual(self.rules(found)['CHG-2'], 'broken')
        self.assertTrue(found['refused'])
        self.assertEqual(found['short'], {'count': 3, 'organizations': [
            {'organization': 'H1', 'name': '中央病院'}, {'organization': 'H2', 'name': '東病院'},
            {'organization': 'H3', 'name': '西病院'}]})
        self.assertEqual({date['date']: date['days_left'] for date in found['dates'] if date['short']}, {'eol': 486, 'eos': 577})
        text = self.kigen('plan', 'impact', 'CT-100/1.0', 'eos=2028-06-30', 'eol=2028-03-31', code=1)
        self.assertRegex(text, r'\n3 customers are left with less than 24 months\n  eol 2028-03-31: 486 days left\n'
                               r'  eos 2028-06-30: 577 days left\n  H1  中央病院\n  H2  東病院\n  H3  西病院\n')
        self.assertTrue(text.endswith('\nplan publish would refuse it: CHG-2\na second person can sign for CHG-2: kigen plan override\n'), text)

    def test_a_contract_spares_a_customer(self):
        self.draft(*GOOD, 'eol=2028-03-31')
        self.publish()
        self.next_day('2026-12-02')
        self.kigen('extension', 'set', 'CT-100/1.0', 'H2', '2036-03-31', '--reason', '保守契約')
        only_eos = self.impact('eos=2028-06-30', code=1)
        self.assertEqual([name['organization'] for name in only_eos['short']['organizations']], ['H1', 'H3'])
        self.assertEqual((only_eos['short']['count'], only_eos['extended']), (2, 1))
        self.assertIn('\n  1 customer has a later EOS by contract\n',
                      self.kigen('plan', 'impact', 'CT-100/1.0', 'eos=2028-06-30', code=1))
        both = self.impact('eos=2028-06-30', 'eol=2028-03-30', code=1)  # EOL is nobody's own
        self.assertEqual((both['short']['count'], both['extended']), (3, 1))
        past = self.impact('eos=2037-03-31')  # the plan has passed it
        self.assertEqual((past['short']['count'], past['extended']), (0, 0))

    def test_what_the_store_would_never_take(self):
        self.draft(*GOOD)
        found = self.impact('eos=2031-03-31', 'doc=', code=1)
        self.assertEqual(self.rules(found)['LSP-1'], 'broken')
        self.assertEqual(self.rules(self.impact('eos=2031-03-30', code=1))['ORD-1'], 'broken')

    def test_no_installed_base(self):
        self.sql('DELETE FROM holding')
        self.draft(*GOOD)
        found = self.impact()
        self.assertEqual((found['installed_base'], found['organizations']), (False, 0))
        self.assertIn('holds no installed base yet', self.kigen('plan', 'impact', 'CT-100/1.0'))

    def test_names_are_cut_and_are_not(self):
        for i in range(30):
            self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (?, ?, ?, 'hospital')", 100 + i, f'X{i:02}', f'{i}病院')
            self.hold(1, 100 + i, 'user', 1)
        self.draft('eol=2027-03-31', 'eos=2028-03-31', *DECLARED[:2], 'lines=parts:2028-03-31')
        self.assertEqual(len(self.impact()['short']['organizations']), 20)
        whole = self.impact('--all-names')
        self.assertEqual((whole['short']['count'], len(whole['short']['organizations'])), (33, 33))
        self.assertEqual(len(whole['unreachable']['organizations']), 31)
        text = self.kigen('plan', 'impact', 'CT-100/1.0')
        self.assertIn('… and 13 more: --all-names lists them', text)
        self.assertIn('X29', self.kigen('plan', 'impact', 'CT-100/1.0', '--all-names'))

    def test_usage(self):
        self.refused('plan', 'impact', code=2)
        self.refused('plan', 'impact', 'CT-100', code=2)
        self.assertIn('no release CT-100/9', self.refused('plan', 'impact', 'CT-100/9'))
        self.assertIn('no draft is open and no plan is in force', self.refused('plan', 'impact', 'CT-100/1.0'))
        self.assertIn('did you mean eos', self.refused('plan', 'impact', 'CT-100/1.0', 'eso=2031-03-31', code=2))
        self.refused('plan', 'impact', 'CT-100/1.0', 'eos=48304', code=1)
        self.assertEqual(self.impact('eol=2035-03-31', 'eos=2038-03-31', code=1)['base'], 'no plan')


class ComesTrue(Installed):
    """Every number, once by plan impact and once by what plan publish then does."""

    def events(self):
        """UID → (SEQUENCE, day, status) in the calendars of everybody."""
        found = {}
        for code in ('H1', 'H2', 'H3', 'L4', 'D5'):
            text = self.kigen('feed', 'export', code)
            for event in re.sub(r'\n[ \t]', '', text).split('BEGIN:VEVENT')[1:]:
                value = lambda name: re.search(rf'\n{name}\b[^:\n]*:([^\n]*)', event).group(1)  # noqa: E731
                found[value('UID')] = (int(value('SEQUENCE')), value('DTSTART'), value('STATUS'))
        return found

    def changes(self, before, after):
        """How many events did what, as plan impact names it."""
        done = dict.fromkeys(('stays', 'appears', 'moves', 'changes', 'cancelled'), 0)
        for uid, (sequence, day, status) in after.items():
            was = before.get(uid)
            if was is None or was[2] == 'CANCELLED':
                done['appears'] += status != 'CANCELLED'
            elif status == 'CANCELLED':
                done['cancelled'] += 1
            elif day != was[1]:
                done['moves'] += 1
            else:
                done['changes' if sequence > was[0] else 'stays'] += 1
            if was is not None and (day, status) != was[1:]:
                self.assertGreater(sequence, was[0], uid)
        self.assertLessEqual(set(before), set(after))
        return done

    def outbox(self, since):
        """New messages by channel, and those that waited and took the notice."""
        rows = self.sql("SELECT DISTINCT o.id, o.channel FROM outbox o JOIN outbox_notice x ON x.outbox = o.id JOIN notice n"
                        " ON n.id = x.notice JOIN support_plan s ON s.id = n.plan WHERE s.state = 'published' AND s.release = 1"
                        " AND n.kind IN ('plan-announcement', 'plan-change') AND s.id = (SELECT max(id) FROM support_plan"
                        " WHERE state = 'published' AND release = 1)")
        return {channel: {'new': sum(1 for i, c in rows if c == channel and i > since),
                          'joined': sum(1 for i, c in rows if c == channel and i <= since)} for channel in CHANNELS}

    def prove(self, *fields, market='*'):
        """Sets the fields, but asks before, and after, and publishes."""
        place = [] if market == '*' else ['--market', market]
        words = ['plan', 'impact', 'CT-100/1.0', *place]
        imagined = self.json(*words, *fields)
        self.kigen('plan', 'set', 'CT-100/1.0', *fields, *place)
        drafted = self.json(*words)
        for key in imagined.keys() - {'base', 'edited'}:
            self.assertEqual(imagined[key], drafted[key], key)
        before, last = self.events(), self.sql('SELECT coalesce(max(id), 0) FROM outbox')[0][0]
        superseded = self.sql("SELECT count(*) FROM outbox WHERE state = 'superseded'")[0][0]
        done = self.publish('CT-100/1.0', *place)['published'][0]
        messages = drafted['messages']
        self.assertEqual((drafted['organizations'], messages['new']), (done['organizations'], done['messages']))
        self.assertEqual(messages['channels'], self.outbox(last))
        kinds = dict(self.sql("SELECT n.kind, count(DISTINCT x.organization) FROM notice n JOIN outbox_notice x ON x.notice = n.id"
                              " WHERE n.plan = (SELECT max(id) FROM support_plan WHERE state = 'published') GROUP BY n.kind"))
        self.assertEqual((messages['announced'], messages['changed']), (kinds.get('plan-announcement', 0), kinds.get('plan-change', 0)))
        self.assertEqual(messages['superseded'], self.sql("SELECT count(*) FROM outbox WHERE state = 'superseded'")[0][0] - superseded)
        changes = self.changes(before, self.events())
        self.assertLessEqual(drafted['events'].pop('stays'), changes.pop('stays'))  # what others have stays too
        self.assertEqual(drafted['events'], changes)
        what = ('kind', 'extended_eos', 'lead_months', 'budget_month', 'due', 'organizations')
        due = [[str(reminder[key]) for key in what] for reminder in drafted['reminders'] if reminder['change'] != 'goes']
        listed = self.json('schedule', 'CT-100/1.0', '--from', self.today, '--to', '2099-12-31')['notices']
        self.assertEqual(sorted(due), sorted([str(notice[key]) for key in what] for notice in listed if notice['market'] == market))
        return drafted

    def send(self):
        """What waits is accepted by the relay."""
        self.kigen('deliver', '--once')

    def test_first_then_changed_then_changed_again(self):
        first = self.prove(*GOOD)
        self.assertEqual((first['messages']['announced'], first['events']['appears']), (5, 20))
        again = self.prove('eos=2035-03-31')  # nothing has gone yet: they are told for the first time still
        self.assertEqual((again['messages']['announced'], again['messages']['superseded'], again['events']['moves']), (5, 5, 5))
        self.send()
        self.next_day('2026-12-02')
        later = self.prove('parts_until=2036-03-31', 'duties=撤去する')
        self.assertEqual((later['messages']['changed'], later['messages']['announced']), (3, 2))  # only mails have gone
        self.assertEqual(later['events'], {'appears': 5, 'moves': 0, 'changes': 10, 'cancelled': 0})
        self.next_day('2026-12-03')
        gone = self.prove('parts_until=未定', 'eol=2032-03-31')
        self.assertEqual(gone['events'], {'appears': 0, 'moves': 5, 'changes': 15, 'cancelled': 5})

    def test_into_what_waits(self):
        self.kigen('plan', 'set', 'CT-100/2.0', *GOOD)
        self.publish('CT-100/2.0')
        first = self.prove(*GOOD)
        self.assertEqual((first['messages']['new'], first['messages']['channels']['mail']), (0, {'new': 0, 'joined': 3}))
        second = self.prove('eos=2036-03-31')
        self.assertEqual((second['messages']['superseded'], second['messages']['thinned']), (0, 5))

    def test_markets(self):
        self.prove(*GOOD)
        self.send()
        self.next_day('2026-12-02')
        own = self.prove('general_availability=2020-04-01', 'end_of_sale=2028-03-31', 'eol=2031-03-31', 'eos=2036-03-31', *DECLARED,
                         market='US')
        self.assertEqual((own['organizations'], own['devices'], own['messages']['changed']), (1, 2, 1))
        self.assertEqual(own['replaces']['market'], '*')
        self.assertEqual(own['events'], {'appears': 0, 'moves': 1, 'changes': 3, 'cancelled': 0})
        self.next_day('2026-12-03')
        rest = self.prove('eos=2037-03-31')
        self.assertEqual((rest['organizations'], rest['devices']), (4, 4))

    def test_a_contract_keeps_its_day(self):
        self.prove(*GOOD)
        self.kigen('extension', 'set', 'CT-100/1.0', 'H2', '2036-03-31', '--reason', '保守契約')
        self.kigen('extension', 'set', 'CT-100/1.0', 'L4', '2035-06-30', '--reason', '保守契約')
        self.next_day('2026-12-02')
        both = self.prove('eos=2035-03-31')
        self.assertEqual((both['events']['moves'], both['events']['changes']), (3, 17))
        self.assertIn({'moves': 3, 'changes': 2}, [date['events'] for date in both['dates']])
        self.next_day('2026-12-03')
        one = self.prove('eos=2036-03-30')  # past the lessor's
        self.assertEqual((one['events']['moves'], one['events']['changes']), (4, 16))
        self.next_day('2026-12-04')
        self.assertEqual(self.prove('eos=2037-03-31')['events']['moves'], 5)

    def test_units_that_are_made_of_two_releases(self):
        """What ends them is said by the events of both."""
        for organization, role, count in ((1, 'user', 3), (2, 'user', 1), (4, 'owner', 3), (4, 'user', 1), (3, 'user', 0)):
            self.sql("INSERT INTO holding_pair VALUES (?, ?, 1, 2, ?, 1, '2026-01-01T00:00:00Z')", organization, role, count)
        self.draft(*GOOD, name='CT-100/2.0')
        self.publish('CT-100/2.0')
        self.next_day('2026-12-02')
        self.assertEqual(self.prove(*GOOD)['events_of_others'], 6)
        self.next_day('2026-12-03')
        eos = self.prove('eos=2035-03-31')
        self.assertEqual(eos['events_of_others'], 3)
        self.assertRegex(self.kigen('plan', 'impact', 'CT-100/1.0', 'eos=2036-03-31'),
                         r'\n3 events of other releases say when units end that are made of this release too, and change their words\n')
        self.next_day('2026-12-04')
        self.assertEqual(self.prove('parts_until=2036-03-31')['events_of_others'], 0)

    def test_who_has_confirmed_is_not_asked_again(self):
        self.prove(*GOOD)
        self.send()
        self.sql("INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at)"
                 " SELECT 99, 'eos-reminder', id, '2026-12-01', 36, 'x' FROM support_plan")
        self.sql("INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES"
                 " (99, 1, 'transfer', '部長', 'paper', '2026-12-01T00:00:00Z'), (99, 2, 'receipt', '係', 'link', '2026-12-01T00:00:00Z')")
        self.next_day('2026-12-02')
        reminders = self.prove('duties=撤去する')['reminders']
        asked = {(reminder['kind'], reminder['budget_month']): reminder['organizations'] for reminder in reminders}
        self.assertEqual((asked['eos-reminder', 0], asked['eos-reminder', 9], asked['eos-reached', 0], asked['eol-reminder', 9]),
                         (4, 0, 5, 1))
        self.next_day('2026-12-03')  # for another EOS nobody has
        self.assertEqual({reminder['organizations'] for reminder in self.prove('eos=2036-03-31')['reminders']
                          if reminder['kind'] == 'eos-reminder' and reminder['budget_month'] == 0}, {5})

    def test_a_customer_that_came_since(self):
        self.prove(*GOOD)
        self.send()
        self.sql("INSERT INTO organization (id, code, name_ja, role) VALUES (6, 'H6', '新病院', 'hospital')")
        self.sql("INSERT INTO contact (organization, name, email) VALUES (6, '新', 'a@h6.example')")
        self.hold(1, 6, 'user', 1)
        self.next_day('2026-12-02')
        self.kigen('plan', 'set', 'CT-100/1.0', 'eos=2037-03-31')
        found = self.impact()
        self.assertEqual((found['messages']['changed'], found['messages']['announced']), (3, 3))
        done = self.publish()['published'][0]
        self.assertEqual((done['organizations'], done['messages']), (6, found['messages']['new']))


class Leaves(Installed):
    """It reads, and nothing else."""

    def digest(self):
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.folder.iterdir() if not path.name.endswith('-shm')}

    def test_takes_no_lock_and_writes_nothing(self):
        self.draft(*GOOD)
        self.publish()
        before = self.digest()
        with open(self.folder / 'kigen.db.lock', 'rb') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.impact('eos=2036-03-31')
            self.kigen('plan', 'impact', 'CT-100/1.0')
        self.assertEqual(self.digest(), before)

    def test_a_real_store_takes_a_day_to_look_at(self):
        """--today is refused only where something is written."""
        self.draft(*GOOD)
        self.sql('UPDATE setting SET simulation = 0')
        self.assertEqual(self.json('plan', 'impact', 'CT-100/1.0', '--today', '2030-01-01')['today'], '2030-01-01')


class Approved(People):
    """In a store with users: what is signed, and what is still to be done."""

    def test_from_draft_to_publication(self):
        self.published()
        self.plan('sato', 'set', 'CT-100/1.0', 'eol=2028-03-31')
        refused = self.json('plan', 'impact', 'CT-100/1.0', code=1)
        self.assertEqual((refused['refused'], refused['first']), (True, 'submit it first: kigen plan submit'))
        self.plan('suzuki', 'override', 'CHG-2', 'CT-100/1.0', '--reason', SIGNED)
        signed = self.json('plan', 'impact', 'CT-100/1.0')
        self.assertEqual((signed['refused'], signed['needs_reason']), (False, True))
        self.assertEqual({finding['rule']: finding['outcome'] for finding in signed['findings']}['CHG-2'], 'overridden')
        other = self.json('plan', 'impact', 'CT-100/1.0', 'eol=2028-03-30', code=1)  # nobody signed for that
        self.assertEqual({finding['rule']: finding['outcome'] for finding in other['findings']}['CHG-2'], 'broken')
        self.plan('sato', 'submit', 'CT-100/1.0', '--reason', '部品の供給終了')
        text = self.kigen('plan', 'impact', 'CT-100/1.0')
        self.assertRegex(text, r'\nCHG-2 +overridden +publish .*eol 2031-03-31 → 2028-03-31.*鈴木 花子')
        self.assertTrue(text.endswith('\nno rule stands in its way\n'
                                      'Next: somebody else has to approve it first: kigen plan approve\n'), text)
        self.plan('abe', 'approve', 'CT-100/1.0')
        found = self.json('plan', 'impact', 'CT-100/1.0')
        self.assertEqual((found['first'], found['needs_reason'], found['base']), (None, False, 'approved 2'))
        done = self.plan_json('sato', 'publish', 'CT-100/1.0')['published'][0]
        self.assertEqual((done['organizations'], done['messages']), (found['organizations'], found['messages']['new']))


finish()
