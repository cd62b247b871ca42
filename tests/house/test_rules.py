#!/usr/bin/python3
"""Proves the house's rules: each bad sample is found, on its line, and its good neighbour is not."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import check_docs
import check_format
import check_sources
import rules
import source

# (path, text, part of the expected message)
BAD = (
    ('planner/day.c', '#include "db/db.h"\n', 'points up a floor'),
    ('db/plan_store.c', '#include "notifier/mail/letter.h"\n', 'points up a floor'),
    ('notifier/template/mustache.c', '#include "notifier/feed/feed.h"\n', 'points up a floor'),
    ('notifier/feed/feed.c', '#include "notifier/mail/letter.h"\n', 'across two folders'),
    ('notifier/mail/letter.c', '#include "notifier/exchange/csv.h"\n', 'across two folders'),
    ('notifier/mail/letter.c', '#include "notifier/feed/event.h"\n', 'across two folders'),
    ('notifier/web/server.c', '#  include "notifier/cli/web.h"\n', 'points up a floor'),
    ('planner/day.c', '#include "day.h"\n', 'from the root'),
    ('planner/day.c', '#include "../planner/day.h"\n', 'from the root'),
    ('notifier/cli/check.c', '#include <sqlite3.h>\n', 'outside db/'),
    ('notifier/cli/check.c', '#include "db/sqlite.h"\n', 'outside db/'),
    ('notifier/cli/check.c', 'const char *q = "SELECT 1";\n', 'SQL outside db/'),
    ('notifier/web/server.c', 'f("x", "INSERT OR REPLACE INTO feed");\n', 'SQL outside db/'),
    ('notifier/main.c', 'f("PRAGMA user_version");\n', 'SQL outside db/'),
    ('planner/rule.c', 'q = "UPDATE device SET x = 1";\n', 'SQL outside db/'),
    ('db/db.c', 'time_t t = time(NULL);\n', 'time()'),
    ('db/db.c', 'int x; strcpy (a, b);\n', 'strcpy()'),
    ('db/db.c', 'sprintf(a, "%d", 1);\n', 'sprintf()'),
    ('db/db.c', 'strcat(a, b);\n', 'strcat()'),
    ('db/db.c', 'gets(a);\n', 'gets()'),
    ('notifier/cli/options.c', 'n = atoi(a);\n', 'atoi()'),
    ('notifier/main.c', 'system("ls");\n', 'system()'),
    ('notifier/mail/smtp.c', 'popen("ls", "r");\n', 'popen()'),
    ('notifier/mail/smtp.c', 'if (x)\n  goto out;\n', 'goto'),
    ('notifier/feed/feed.c', 'g_warning("x");\n', 'do not log'),
    ('db/db.c', 'exit(1);\n', 'do not exit'),
    ('planner/day.c', 'FILE *f = fopen(p, "r");\n', 'is pure'),
    ('planner/day.c', 'g_file_get_contents(p, &s, NULL, NULL);\n', 'is pure'),
    ('planner/day.c', 'getenv("TZ");\n', 'is pure'),
    ('planner/day.c', 'now = g_date_time_new_now_utc();\n', 'is pure'),
    ('planner/day.c', '#include <gio/gio.h>\n', 'is pure'),
    ('planner/day.c', '#include <time.h>\n', 'is pure'),
    ('planner/day.h', '#ifndef DAY_H\n#define DAY_H\n#endif\n', 'DAY_H is missing'),
)

# (path, text): nothing to find
GOOD = (
    ('db/plan_store.c', '#include "planner/plan.h"\n#include "db/db.h"\n#include <sqlite3.h>\n'),
    ('notifier/mail/letter.c', '#include "notifier/feed/feed.h"\n#include "notifier/template/mustache.h"\n'),
    ('notifier/web/server.c', '#include "notifier/feed/event.h"\n#include "notifier/mail/letter.h"\n'),
    ('notifier/main.c', '#include "notifier/cli/cli.h"\n'),
    ('db/plan_store.c', 'static const DbQuery q = { "SELECT 1" };\n'),
    ('notifier/cli/check.c', '/* SELECT 1; time(NULL) */ f("SELECTED", "time(", "please update"); // goto\n'),
    ('notifier/cli/check.c', 'strftime(a, n, f, t); g_snprintf(a, n, "x"); on_time(x); s->time(x);\n'),
    ('notifier/cli/check.c', 'printf("%d", 1); exit(0);\n'),
    ('planner/day.h', '/* what\n * goto */\n#ifndef KIGEN_PLANNER_DAY_H\n#define KIGEN_PLANNER_DAY_H\n#endif\n'),
    ('planner/day.c', '#include <glib.h>\n#include "planner/day.h"\nint x = day_read(1); char c = \'"\';\n'),
    ('tests/db/test_db.c', '#include <sqlite3.h>\nf("SELECT 1"); exit(1);\n'),
)

HEADER = 'typedef struct SupportPlan SupportPlan;\ntypedef enum { A, B } Stage;\ntypedef enum {\n  C\n} Milestone;\n'

# (path, header, symbol, allowed)
SYMBOLS = (
    ('planner/day.c', '', 'day_parse', True),
    ('planner/day.c', '', 'parse_day', False),
    ('planner/day.c', '', 'daylight', False),
    ('db/maker_store.c', '', 'maker_fields', True),
    ('db/maker_store.c', '', 'maker_store_set', True),
    ('db/maker_store.c', '', 'product_store_set', False),
    ('db/setting_store.c', '', 'change_bump', True),
    ('planner/plan.c', HEADER, 'support_plan_new', True),
    ('planner/plan.c', HEADER, 'milestone_key', True),
    ('planner/plan.c', HEADER, 'stage_key', True),
    ('planner/plan.c', HEADER, 'policy_for', False),
    ('notifier/main.c', '', 'main', True),
    ('notifier/main.c', '', 'helper', False),
)


class Rules(unittest.TestCase):
    def test_bad(self):
        for path, text, expected in BAD:
            with self.subTest(path=path, text=text):
                wrapped = text if path.endswith('.h') else '\n\n' + text
                findings = rules.check_source(source.parse(path, wrapped))
                self.assertEqual(1, len(findings), findings)
                self.assertIn(expected, findings[0].message)
                if not path.endswith('.h'):
                    self.assertIn(findings[0].line, (3, 4))

    def test_good(self):
        for path, text in GOOD:
            with self.subTest(path=path, text=text):
                self.assertEqual([], rules.check_source(source.parse(path, text)))

    def test_symbols(self):
        for path, header, symbol, allowed in SYMBOLS:
            with self.subTest(path=path, symbol=symbol):
                self.assertEqual(allowed, rules.check_symbols(path, [symbol], header) == [])

    def test_snake_case(self):
        for name, expected in (('SupportPlan', 'support_plan'), ('Db', 'db'), ('CSVReader', 'csv_reader')):
            self.assertEqual(expected, rules.snake_case(name))


class Programs(unittest.TestCase):
    """The scripts that meson runs fail on a bad tree, not only the functions in them."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / 'planner').mkdir()
        (self.root / 'contrib/man').mkdir(parents=True)
        (self.root / '.ci').mkdir()
        (self.root / '.ci/run').write_text('exit 0\n')

    def run_quietly(self, module, *arguments):
        script = pathlib.Path(module.__file__).resolve()
        return subprocess.run([sys.executable, str(script), str(self.root), *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_sources(self):
        code = self.root / 'planner/day.c'
        code.write_text('int day_one(void);\n')
        self.assertEqual(0, self.run_quietly(check_sources).returncode)
        code.write_text('#include "db/db.h"\n')
        run = self.run_quietly(check_sources)
        self.assertEqual(1, run.returncode)
        self.assertIn('planner/day.c:1: include of db/db.h points up a floor', run.stdout)

    def test_no_sources(self):
        self.assertNotEqual(0, self.run_quietly(check_sources).returncode)

    def test_format(self):
        (self.root / '.clang-format').write_text('BasedOnStyle: LLVM\n')
        (self.root / 'planner/day.c').write_text('int  day_one( void );\n')
        run = self.run_quietly(check_format)
        if run.returncode == 77:
            self.skipTest('clang-format is not installed')
        self.assertNotEqual(0, run.returncode)

    def test_commands(self):
        readme = self.root / 'README.md'
        good = '# x\n\n```sh\nbash contrib/quickstart.sh\nbash contrib/test.sh   # all\n```\n'
        for text in ('# x\n', good.replace('test.sh', 'tests.sh'), good):
            readme.write_text(text)
            self.assertEqual(1, self.run_quietly(check_docs, 'commands').returncode)
        for name in ('quickstart', 'test'):
            script = self.root / f'contrib/{name}.sh'
            script.write_text('exit 0\n')
            script.chmod(0o755)
        self.assertEqual(0, self.run_quietly(check_docs, 'commands').returncode)

    def test_scripts(self):
        self.assertEqual(0, self.run_quietly(check_docs, 'scripts').returncode)
        (self.root / 'contrib/bad.sh').write_text('if true\n')
        self.assertEqual(1, self.run_quietly(check_docs, 'scripts').returncode)

    def test_man(self):
        (self.root / 'contrib/man/kigen.1').write_text('.Dd November 22, 2026\n.Dt KIGEN 1\n.Os\n.Sh NAME\n.Bl\n')
        run = self.run_quietly(check_docs, 'man')
        if run.returncode == 77:
            self.skipTest('mandoc is not installed')
        self.assertEqual(1, run.returncode)


if __name__ == '__main__':
    unittest.main()
