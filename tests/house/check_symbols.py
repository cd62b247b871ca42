#!/usr/bin/python3
"""Asks nm what each object of a build exports and applies rules.check_symbols: check_symbols.py ROOT BUILD"""

import pathlib
import re
import subprocess
import sys

import rules
import source


def objects(build):
    """(path of the source from the root, object) for each object of a library folder or main.c."""
    for path in sorted(pathlib.Path(build).rglob('*.c.o')):
        target = path.parent.relative_to(build)
        folder = target.parent.as_posix()
        name = path.name.removesuffix('.o')
        if target.parent == pathlib.Path('.'):  # executable('kigen', 'notifier/main.c') of the top meson.build
            folder, name = 'notifier', name.removeprefix('notifier_')
        if folder in rules.FLOOR:
            yield f'{folder}/{name}', path


def exported(path):
    """Global symbols that the object defines; what sanitizers add begins with two underscores."""
    listing = subprocess.run(['nm', '-g', '--defined-only', '--format=posix', str(path)], check=True,
                             capture_output=True, text=True).stdout
    names = [line.split()[0] for line in listing.splitlines()]
    return [name for name in names if not re.match(r'__|asan\.', name)]


def main(root, build):
    findings = []
    seen = 0
    for path, compiled in objects(build):
        if not (pathlib.Path(root) / path).exists():
            continue  # generated, or left over from a source that moved
        header = pathlib.Path(root) / path.replace('.c', '.h')
        text = source.parse(str(header), header.read_text(encoding='utf-8')).code if header.exists() else ''
        findings += rules.check_symbols(path, exported(compiled), text)
        seen += 1
    for finding in findings:
        print(finding)
    print(f'{seen} objects, {len(findings)} findings')
    if seen == 0:
        sys.exit(f'{build}: no objects here')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:3]))
