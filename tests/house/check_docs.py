#!/usr/bin/python3
"""README's two commands exist, scripts parse, man pages lint: check_docs.py ROOT commands|scripts|man

Without mandoc the man pages are skipped (exit 77), except where KIGEN_TEST_STRICT is set, as contrib/test.sh does."""

import ast
import os
import pathlib
import re
import shutil
import subprocess
import sys

COMMAND = re.compile(r'^(?:\$ )?(?:sudo )?(?:bash |sh |\./)?((?:\./)?contrib/[\w-]+\.sh)\b')


def readme_commands(text):
    """Scripts that README's first code block runs, in order."""
    block = re.search(r'^```[a-z]*\n(.*?)^```', text, re.S | re.M)
    lines = block.group(1).splitlines() if block else []
    return [match.group(1) for match in map(COMMAND.match, lines) if match]


def check_commands(root):
    scripts = readme_commands((root / 'README.md').read_text(encoding='utf-8'))
    bad = [name for name in scripts if not os.access(root / name, os.X_OK)]
    if scripts != ['contrib/quickstart.sh', 'contrib/test.sh']:
        bad.append(f'README.md begins with the two commands, quickstart and test; found {scripts}')
    return bad


def check_scripts(root):
    bad = []
    for path in [*root.glob('contrib/*.sh'), root / '.ci/run']:
        if subprocess.run(['bash', '-n', str(path)]).returncode != 0:
            bad.append(f'{path}: bash does not parse it')
    for path in [*root.glob('tests/**/*.py'), *root.glob('contrib/**/*.py')]:
        try:
            ast.parse(path.read_text(encoding='utf-8'), str(path))
        except SyntaxError as error:
            bad.append(f'{path}: {error}')
    return bad


def check_man(root):
    if shutil.which('mandoc') is None:
        print('mandoc is not installed: apt-get install mandoc', file=sys.stderr)
        sys.exit(1 if os.environ.get('KIGEN_TEST_STRICT') else 77)
    pages = sorted(path for path in root.glob('contrib/man/*') if re.search(r'\.[1-8]$', path.name))
    run = subprocess.run(['mandoc', '-Tlint', '-Wwarning', *map(str, pages)], capture_output=True, text=True)
    bad = (run.stdout + run.stderr).splitlines()
    return bad if pages else ['contrib/man/: no man page here']


CHECKS = {'commands': check_commands, 'scripts': check_scripts, 'man': check_man}


def main(root, what):
    bad = CHECKS[what](pathlib.Path(root))
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:3]))
