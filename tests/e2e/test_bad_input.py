#!/usr/bin/python3
"""Bad input: the exit code is 1, the message names file, line and remedy, and the store is as before."""

import unittest

from kigen import KINDS, SAMPLE, Case

DEVICES = 'product,release,serial,organization\n'
LIFECYCLES = 'product,name,release,eol,eos\n'
CONTACTS = 'organization,name,email\n'

# what, kind, file name, content, patterns that the message must match
FILES = (
    ('unknown column', 'devices', 'd.csv', 'product,release,serial,organization,colour\nSIP-20,SIP-25,X1,H0101,red\n',
     [r'd\.csv', r'colour', r'organization.*department|department.*organization', r'--ignore-unknown']),
    ('misspelt column', 'products', 'p.csv', 'product,name_jp,name_en\nX,えっくす,x\n', [r'p\.csv', r'name_jp', r'name_ja']),
    ('missing column', 'devices', 'd.csv', 'product,serial,organization\nSIP-20,X1,H0101\n',
     [r'd\.csv', r'\brelease\b']),
    ('column twice', 'devices', 'd.csv', 'product,release,serial,serial\nSIP-20,SIP-25,X1,X2\n',
     [r'd\.csv', r'serial']),
    ('row too short', 'devices', 'd.csv', DEVICES + 'SIP-20,SIP-25,X1,H0101\nSIP-20,SIP-25,X2\n', [r'd\.csv:3\b']),
    ('row too long', 'devices', 'd.csv', DEVICES + 'SIP-20,SIP-25,X1,H0101,extra\n', [r'd\.csv:2\b']),
    ('no such day', 'lifecycles', 'l.csv', LIFECYCLES + 'SIP-20,輸液ポンプ,N1,2031-02-29,2032-03-31\n',
     [r'l\.csv:2\b', r'\beol\b', r'2031-02-29']),
    ('day first', 'lifecycles', 'l.csv', LIFECYCLES + 'SIP-20,輸液ポンプ,N1,31/03/2031,\n',
     [r'l\.csv:2\b', r'\beol\b', r'31/03/2031', r'\d{4}-\d\d-\d\d']),
    ('year zero of an era', 'lifecycles', 'l.csv', LIFECYCLES + 'SIP-20,輸液ポンプ,N1,,令和0年3月31日\n',
     [r'l\.csv:2\b', r'\beos\b', r'令和0年']),
    ('Excel serial number', 'lifecycles', 'l.csv', LIFECYCLES + 'SIP-20,輸液ポンプ,N1,48304,\n',
     [r'l\.csv:2\b', r'48304', r'Excel']),
    ('Excel exponent', 'lifecycles', 'l.csv', LIFECYCLES + 'SIP-20,輸液ポンプ,N1,1.23E+13,\n',
     [r'l\.csv:2\b', r'1\.23E\+13', r'Excel']),
    ('month only', 'lifecycles', 'l.csv', LIFECYCLES + 'SIP-20,輸液ポンプ,N1,2031/03,\n', [r'l\.csv:2\b', r'2031/03']),
    ('EOL after EOS', 'lifecycles', 'l.csv', LIFECYCLES + 'SIP-20,輸液ポンプ,N1,2032-03-31,2031-03-31\n',
     [r'l\.csv:2\b', r'ORD-1']),
    ('EOL is EOS', 'lifecycles', 'l.csv', LIFECYCLES + 'SIP-20,輸液ポンプ,N1,R13.3.31,2031年3月末\n',
     [r'l\.csv:2\b', r'LSP-1']),
    ('unknown product', 'devices', 'd.csv', DEVICES + 'SIP-20,SIP-25,X1,H0101\nNOPE,SIP-25,X2,H0101\n',
     [r'd\.csv:3\b', r'NOPE', r'import it first']),
    ('unknown release', 'devices', 'd.csv', DEVICES + 'SIP-20,SIP-99,X2,H0101\n', [r'd\.csv:2\b', r'SIP-99']),
    ('unknown organization', 'devices', 'd.csv', DEVICES + 'SIP-20,SIP-25,X2,H9999\n',
     [r'd\.csv:2\b', r'H9999', r'import it first']),
    ('serial twice, different data', 'devices', 'd.csv',
     DEVICES + 'SIP-20,SIP-25,X1,H0101\nSIP-20,SIP-25,X2,H0101\nSIP-20,SIP-25,X1,H0102\n',
     [r'd\.csv:4\b', r'X1', r'\b2\b']),
    ('serial twice, full-width', 'devices', 'd.csv',
     DEVICES + 'SIP-20,SIP-25,x-1,H0101\nSIP-20,SIP-25,Ｘ－１,H0102\n', [r'd\.csv:3\b']),
    ('e-mail with CR and LF', 'contacts', 'c.csv', CONTACTS + 'H0101,名無し,"a@b.example\r\nBcc: c@d.example"\n',
     [r'c\.csv:2\b', r'\bemail\b']),
    ('e-mail not ASCII', 'contacts', 'c.csv', CONTACTS + 'H0101,名無し,担当@b.example\n',
     [r'c\.csv:2\b', r'\bemail\b', r'担当']),
    ('unknown word', 'devices', 'd.csv', 'product,release,serial,organization,status\nSIP-20,SIP-25,X1,H0101,broken\n',
     [r'd\.csv:2\b', r'\bstatus\b', r'broken', r'in-use']),
    ('unknown role', 'organizations', 'o.csv', 'organization,name_ja,role\nZ1,ゼット,bank\n',
     [r'o\.csv:2\b', r'bank', r'hospital']),
    ('unknown service line', 'lifecycles', 'l.csv',
     'product,name,release,eol,eos,limited_support_lines\nSIP-20,輸液,N1,2031-03-31,2032-03-31,coffee:2032-03-31\n',
     [r'l\.csv:2\b', r'coffee', r'security-updates']),
    ('broken UTF-8', 'products', 'p.csv', b'product,name_ja,name_en\nX,\xff\xfe\xff,x\n', [r'p\.csv:2\b', r'UTF-8']),
    ('UTF-16', 'products', 'p.csv', 'product,name_ja,name_en\nX,えっくす,x\n'.encode('utf-16'), [r'p\.csv', r'UTF-16']),
    ('NUL byte', 'products', 'p.csv', b'product,name_ja,name_en\nX,a,x\nY,b\0c,y\n', [r'p\.csv:3\b', r'NUL']),
    ('10 MB field', 'products', 'p.csv', 'product,name_ja,name_en\nX,"' + 'あ' * 3_500_000 + '",x\n', [r'p\.csv:2\b']),
    ('unclosed quote', 'products', 'p.csv', 'product,name_ja,name_en\nX,"abc,x\nY,d,y\n', [r'p\.csv:2\b', r'quot']),
    ('empty file', 'products', 'p.csv', '', [r'p\.csv', r'empty']),
    ('blank file', 'products', 'p.csv', '\n\n\n', [r'p\.csv']),
    ('no header', 'products', 'p.csv', 'X,えっくす,x\nY,わい,y\n', [r'p\.csv:1\b', r'name_ja']),
)


class BadFiles(Case):
    def setUp(self):
        super().setUp()
        self.make_store()
        self.import_sample()

    def test_files(self):
        for what, kind, name, content, patterns in FILES:
            with self.subTest(what):
                path = self.write(name, content)
                said = self.assert_refused(['import', kind, path], 1, *patterns)
                self.assertLess(len(said), 20_000, 'a message nobody reads')
                path.unlink()

    def test_missing_file(self):
        said = self.assert_refused(['import', 'devices', self.folder / 'nowhere.csv'], 1, r'nowhere\.csv')
        self.assertRegex(said, r'[Nn]o such file')

    def test_directory(self):
        (self.folder / 'folder.csv').mkdir()
        self.assert_refused(['import', 'devices', self.folder / 'folder.csv'], 1, r'folder\.csv', r'director|folder')

    def test_bad_plan_of_the_sample(self):
        said = self.assert_refused(['import', 'lifecycles', SAMPLE / 'bad-plan.csv'], 1, r'bad-plan\.csv:2\b', r'LSP-1')
        self.assertRegex(said, r'nothing was stored')

    def test_all_rows_are_listed(self):
        path = self.write('d.csv', DEVICES + ''.join(f'SIP-20,SIP-25,Z{i},H{9000 + i}\n' for i in range(40)))
        said = self.assert_refused(['import', 'devices', path], 1)
        for i in range(40):
            self.assertRegex(said, rf'd\.csv:{i + 2}:.*H{9000 + i}')

    def test_keep_going_and_rejects(self):
        path = self.write('d.csv', DEVICES + 'SIP-20,SIP-25,K1,H0101\nSIP-20,NOPE,K2,H0101\nSIP-20,SIP-25,K3,H0102\n')
        before = self.count('device')
        rejects = self.folder / 'rejects.csv'
        done = self.run_kigen('import', 'devices', path, '--keep-going', '--rejects', rejects)
        self.assertEqual(1, done.returncode)
        self.assertEqual(before + 2, self.count('device'))
        text = rejects.read_text(encoding='utf-8-sig')
        self.assertIn('K2', text)
        self.assertNotIn('K1', text)
        # corrected, the rejects file is itself an import
        rejects.write_text(text.replace('NOPE', 'SIP-25'), encoding='utf-8')
        self.kigen('import', 'devices', rejects, '--ignore-unknown')
        self.assertEqual(before + 3, self.count('device'))

    def test_dry_run(self):
        path = self.write('d.csv', DEVICES + 'SIP-20,SIP-25,D1,H0101\n')
        before = self.state()
        said = self.kigen('import', 'devices', path, '--dry-run')
        self.assertIn('nothing was stored', said)
        self.assertEqual(before, self.state())

    def test_again(self):
        """Every file of the sample once more changes nothing."""
        counts = {table: self.count(table) for table in ('device', 'holding', 'support_plan', 'contact', 'custody')}
        for kind in KINDS:
            self.assertIn('nothing changed', self.kigen('import', kind, SAMPLE / f'{kind}.csv'))
        self.assertEqual(counts, {table: self.count(table) for table in counts})


class Usage(Case):
    def test_wrong_usage(self):
        self.make_store()
        for arguments in (['nonsense'], ['import'], ['import', 'nonsense', 'x.csv'], ['--nonsense'], ['plan'],
                          ['import', 'devices'], ['--today', '2026-02-30', 'check'], ['import', 'devices', 'a', 'b']):
            with self.subTest(arguments):
                said = self.assert_refused(arguments, 2)
                self.assertRegex(said, r'kigen')


if __name__ == '__main__':
    unittest.main()
