#!/usr/bin/python3
"""clang-format agrees with every .c and .h: check_format.py ROOT

Without clang-format it skips (exit 77), except where KIGEN_TEST_STRICT is set, as contrib/test.sh does."""

import os
import shutil
import subprocess
import sys

import source


def main(root):
    tool = shutil.which('clang-format')
    if tool is None:
        print('clang-format is not installed: apt-get install clang-format', file=sys.stderr)
        return 1 if os.environ.get('KIGEN_TEST_STRICT') else 77
    paths = list(source.c_files(root))
    run = subprocess.run([tool, '--dry-run', '-Werror', '--style=file', *paths], cwd=root)
    if run.returncode == 0:
        print(f'{len(paths)} sources are formatted')
    else:
        print('run: clang-format -i on them')
    return run.returncode


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
