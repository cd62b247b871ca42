#!/usr/bin/python3
"""init, maker, rules."""

import stat

from harness import Case, finish


class Init(Case):
    simulation = False

    def files(self):
        return sorted(path.name for path in self.folder.iterdir() if not path.name.endswith(('-wal', '-shm')))

    def test_makes_store_key_and_configuration(self):
        self.assertEqual(self.files(), ['kigen.conf', 'kigen.db', 'kigen.db.key', 'kigen.db.lock', 'kigen.db.sign-key'])
        for name in ('kigen.db.key', 'kigen.db.sign-key'):
            self.assertEqual(stat.S_IMODE((self.folder / name).stat().st_mode), 0o600, name)
        self.assertEqual(self.sql('SELECT simulation, uid_domain FROM setting'), [(0, 'kigen.test')])
        self.assertEqual(self.sql("SELECT count(*) FROM audit WHERE action = 'init'"), [(1,)])

    def test_says_what_it_made_in_json(self):
        made = self.json('--store', 'sqlite:other.db', 'init', '--simulation')
        self.assertEqual((made['store'], made['key'], made['simulation']), ('other.db', 'other.db.key', True))
        self.assertRegex(made['uid_domain'], r'^[0-9a-f]{8}\.kigen\.invalid$')

    def test_overwrites_nothing(self):
        before = {name: (self.folder / name).read_bytes() for name in self.files()}
        self.assertIn('kigen.db', self.refused('init'))
        self.assertEqual({name: (self.folder / name).read_bytes() for name in self.files()}, before)

    def test_keeps_a_configuration_that_is_there(self):
        self.write('kigen.conf', '[kigen]\nprofile = us\n')
        self.kigen('--store', 'sqlite:second.db', 'init')
        self.assertEqual((self.folder / 'kigen.conf').read_text(), '[kigen]\nprofile = us\n')

    def test_writes_the_configuration_where_it_is_named(self):
        named = {'KIGEN_CONFIG': str(self.folder / 'my.conf')}
        self.refused('--store', 'sqlite:second.db', 'check', code=3)
        self.kigen('--store', 'sqlite:second.db', 'init', environment=named)
        self.assertIn('profile = jp', (self.folder / 'my.conf').read_text(encoding='utf-8'))
        self.kigen('--store', 'sqlite:second.db', 'check', environment=named)

    def test_a_failed_init_leaves_nothing(self):
        before = self.files()
        self.refused('--store', 'sqlite:x.db', 'init', '--uid-domain', 'no domain', code=2)
        self.write('y.db.key', 'key of another store')
        self.refused('--store', 'sqlite:y.db', 'init')
        self.refused('--store', 'sqlite:none/z.db', 'init', code=3)
        self.assertEqual(self.files(), sorted(before + ['y.db.key']))

    def test_today_is_refused_where_proof_is_kept(self):
        self.assertIn('--today', self.refused('--today', '2030-01-01', 'maker', 'set', 'name_ja=x'))
        self.assertEqual(self.json('maker', 'show')['name_ja'], None)
        self.kigen('--today', '令和12年1月1日', 'timeline')

    def test_a_wrong_configuration_names_its_line(self):
        self.write('kigen.conf', '[kigen]\nbase_uri = x\n')
        self.assertIn('kigen.conf:2: unknown key "base_uri" in [kigen]: did you mean base_url?', self.refused('rules', code=3))


class Maker(Case):
    def test_sets_and_shows_fields(self):
        self.kigen('maker', 'set', 'name_ja=例示メディカル株式会社', 'phone=03-0000-0000', '--by', '佐藤')
        self.assertEqual(self.json('maker', 'show')['name_ja'], '例示メディカル株式会社')
        self.assertIn('例示メディカル株式会社', self.kigen('maker', 'show'))
        self.kigen('maker', 'set', 'phone=')
        self.assertIsNone(self.json('maker', 'show')['phone'])
        self.assertEqual(self.sql("SELECT count(*) FROM audit WHERE action = 'maker.set'"), [(2,)])

    def test_reads_a_file(self):
        self.write('maker.conf', '\ufeff# the maker\r\nname_en = Example Medical\r\n\r\nurl=https://x.example/?a=b\r\n')
        self.kigen('maker', 'set', '--file', 'maker.conf')
        shown = self.json('maker', 'show')
        self.assertEqual((shown['name_en'], shown['url']), ('Example Medical', 'https://x.example/?a=b'))

    def test_refuses_what_is_no_field(self):
        self.assertIn('did you mean name_ja?', self.refused('maker', 'set', 'nme_ja=x'))
        self.assertIn('expected FIELD=VALUE', self.refused('maker', 'set', 'name_ja'))
        self.assertIn('control character', self.refused('maker', 'set', 'email=a@b\nBcc: c@d'))
        self.write('bad.conf', 'name_ja=x\nnmae_en=y\n')
        self.assertIn('bad.conf:2: unknown field "nmae_en"', self.refused('maker', 'set', '--file', 'bad.conf'))
        self.assertIsNone(self.json('maker', 'show')['name_ja'])
        self.refused('maker', 'set', code=2)


class Rules(Case):
    def test_lists_every_rule_of_the_table(self):
        rules = self.json('rules')['rules']
        self.assertGreaterEqual(len(rules), 25)
        self.assertEqual(rules[0]['id'], 'LSP-1')
        text = self.kigen('rules')
        for rule in rules:
            self.assertIn(rule['id'], text)
            self.assertTrue(rule['text_ja'] and rule['text_en'] and rule['source'], rule)

    def test_explains_one_in_both_languages(self):
        rule = self.json('rules', 'lsp-1')
        text = self.kigen('rules', 'LSP-1')
        for part in (rule['text_ja'], rule['text_en'], rule['source']):
            self.assertIn(part, text)
        self.assertIn('did you mean', self.refused('rules', 'LSP-12', code=2))

    def test_severity_follows_the_profile(self):
        off = [line for line in self.kigen('rules').splitlines() if line.startswith('EU-1')]
        on = [line for line in self.kigen('rules', '--profile', 'eu').splitlines() if line.startswith('EU-1')]
        self.assertEqual((off[0].split()[2], on[0].split()[2]), ('off', 'error'))
        self.refused('rules', '--profile', 'mars', code=2)


if __name__ == '__main__':
    finish()
