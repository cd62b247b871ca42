#!/usr/bin/python3
"""Applies rules.py to every C source of the tree: check_sources.py ROOT"""

import pathlib
import sys

import rules
import source


def main(root):
    paths = list(source.c_files(root))
    if not any(path.startswith('planner/') for path in paths):
        sys.exit(f'{root}: no sources here')
    findings = []
    for path in paths:
        text = (pathlib.Path(root) / path).read_text(encoding='utf-8')
        findings += rules.check_source(source.parse(path, text))
    for finding in findings:
        print(finding)
    print(f'{len(paths)} sources, {len(findings)} findings')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
