"""Takes a C source apart: code without comments and literals, the string literals, the includes."""

import pathlib
import re
from typing import NamedTuple

TOKEN = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>\n]+>|"[^"\n]+")', re.M)
SKIPPED = re.compile(r'^(build.*|kigen-demo|\..*|__pycache__)$')


class Source(NamedTuple):
    path: str        # from the source root, '/' between the parts
    code: str        # comments and literals blanked, lines kept
    literals: list   # (line, text) of each string literal
    includes: list   # (line, '<x.h>' or '"x.h"')


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def parse(path, text):
    """The Source of `text`, which stands (or would stand) at `path`."""
    literals = []
    uncommented = TOKEN.sub(lambda m: blank(m.group()) if m.group()[0] == '/' else m.group(), text)
    includes = [(line_of(uncommented, m.start()), m.group(1)) for m in INCLUDE.finditer(uncommented)]
    included = {line for line, _ in includes}

    def take(match):
        token = match.group()
        line = line_of(uncommented, match.start())
        if token[0] == '"' and line not in included:
            literals.append((line, token[1:-1]))
        return blank(token)

    code = TOKEN.sub(take, uncommented)
    return Source(path, code, literals, includes)


def blank(token):
    return re.sub(r'[^\n]', ' ', token)


def c_files(root):
    """Every .c and .h below `root`, build folders left out, sorted."""
    root = pathlib.Path(root)
    for path in sorted(root.rglob('*.[ch]')):
        relative = path.relative_to(root)
        if not any(SKIPPED.match(part) for part in relative.parts[:-1]):
            yield relative.as_posix()
