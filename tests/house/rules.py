"""The house's rules about sources, as functions from a Source to findings. test_rules.py proves them."""

import re
from typing import NamedTuple

from source import line_of

# Floor by floor, bottom up. A folder includes itself and what lies on lower floors.
FLOOR = {
    'planner': 0,
    'db': 1,
    'templates': 2,
    'notifier/template': 3,
    'notifier/feed': 4,
    'notifier/page': 4,
    'notifier/mail': 4,
    'notifier/exchange': 4,
    'notifier/web': 5,
    'notifier/cli': 6,
    'notifier': 7,  # main.c
}

# Headers that a folder may include although it is no lower floor: (including folder, header). The calendar in a mail
# is written as a feed is, and its events are those of the feed, with the same SEQUENCE, LAST-MODIFIED and words.
MEANT_FOR = {('notifier/mail', 'notifier/feed/feed.h'), ('notifier/mail', 'notifier/feed/feed_history.h'),
             ('notifier/mail', 'notifier/feed/feed_ends.h')}

# Everything but the program itself: neither logs nor exits.
LIBRARIES = tuple(folder for folder in FLOOR if folder not in ('notifier', 'notifier/cli'))

# (pattern of a call, where it is forbidden, why)
CALLS = (
    (r'time|gmtime|localtime|ctime', tuple(FLOOR), '"now" and "today" are arguments'),
    (r'strcpy|strcat|sprintf|vsprintf|gets', tuple(FLOOR), 'it does not know the size of what it writes to'),
    (r'atoi|atol|atoll|atof', tuple(FLOOR), 'it cannot tell 0 from nonsense: use g_ascii_string_to_*'),
    (r'system|popen', tuple(FLOOR), 'no shell between us and a program'),
    (r'exit|abort|g_error', LIBRARIES, 'libraries do not exit: return an error'),
    (r'printf|puts|putchar|g_print|g_printerr|perror|g_message|g_warning|g_critical|g_info|g_debug', LIBRARIES,
     'libraries do not log or print'),
    (r'fopen|freopen|open|openat|fdopen|read|write|fread|fwrite|fgets|fprintf|fputs|g_file_\w+|g_fopen|g_open|'
     r'g_io_\w+|getenv|g_getenv|secure_getenv|setlocale|g_get_real_time|g_get_monotonic_time|'
     r'g_get_current_time|g_date_time_new_now\w*|clock|clock_gettime|gettimeofday|g_random_\w+|rand|random',
     ('planner',), 'planner/ is pure: no I/O, no clock, no environment, no chance'),
)

PLANNER_HEADERS = re.compile(r'^<(glib\.h|assert\.h|ctype\.h|inttypes\.h|limits\.h|math\.h|stdarg\.h|stdbool\.h|'
                             r'stddef\.h|stdint\.h|stdlib\.h|string\.h)>$')
SQL = re.compile(r'\b(SELECT\b|INSERT (OR \w+ )?INTO\b|REPLACE INTO\b|UPDATE \w+ SET\b|DELETE FROM\b|'
                 r'(CREATE|DROP|ALTER) (TABLE|INDEX|TRIGGER|VIEW)\b|PRAGMA \w|BEGIN IMMEDIATE)')

# Prefixes a file may export besides its own name and the types of its header.
ALSO_EXPORTS = {'db/setting_store': ('change',)}


class Finding(NamedTuple):
    path: str
    line: int
    message: str

    def __str__(self):
        return f'{self.path}:{self.line}: {self.message}'


def folder_of(path):
    """The folder of FLOOR that `path` lies in, or None (tests/, contrib/)."""
    folder = path.rpartition('/')[0]
    return folder if folder in FLOOR else None


def check_includes(source):
    """An include points down the floors, never up, nor across two folders of one floor."""
    own = folder_of(source.path)
    if own is None:
        return
    for line, spelling in source.includes:
        if spelling[0] == '<':
            continue
        header = spelling[1:-1]
        folder = folder_of(header)
        if folder is None:
            yield Finding(source.path, line, f'include {spelling} from the root, as "folder/file.h"')
        elif folder != own and FLOOR[folder] >= FLOOR[own] and (own, header) not in MEANT_FOR:
            way = 'up a floor' if FLOOR[folder] > FLOOR[own] else 'across two folders'
            yield Finding(source.path, line, f'include of {header} points {way}')


def check_engine(source):
    """SQL and its engine's header stay in db/."""
    own = folder_of(source.path)
    if own is None or own == 'db':
        return
    for line, spelling in source.includes:
        if spelling[1:-1] in ('sqlite3.h', 'sqlite3ext.h', 'libpq-fe.h') or spelling[1:-1] == 'db/sqlite.h':
            yield Finding(source.path, line, f'{spelling} outside db/')
    for line, text in source.literals:
        match = SQL.search(text)
        if match:
            yield Finding(source.path, line, f'SQL outside db/: "{match.group()}"')


def check_calls(source):
    """No call that style.md forbids in this folder; no goto."""
    own = folder_of(source.path)
    if own is None:
        return
    for names, folders, why in CALLS:
        if own not in folders:
            continue
        for match in re.finditer(rf'(?<![\w.>])({names})\s*\(', source.code):
            yield Finding(source.path, line_of(source.code, match.start()), f'{match.group(1)}(): {why}')
    for match in re.finditer(r'\bgoto\b', source.code):
        yield Finding(source.path, line_of(source.code, match.start()), 'goto: use g_autoptr and early returns')


def check_planner_headers(source):
    """planner/ sees the C library's pure part and GLib, nothing else."""
    if folder_of(source.path) != 'planner':
        return
    for line, spelling in source.includes:
        if spelling[0] == '<' and not PLANNER_HEADERS.match(spelling):
            yield Finding(source.path, line, f'{spelling} in planner/, which is pure')


def check_guard(source):
    """A header has its guard: KIGEN_ and its folders, ended by the file's name."""
    if folder_of(source.path) is None or not source.path.endswith('.h'):
        return
    name = re.sub(r'\W', '_', source.path.rpartition('/')[2]).upper()
    if not re.search(rf'^#ifndef (KIGEN_\w*{name})\n#define \1$', source.code, re.M):
        yield Finding(source.path, 1, f'header guard KIGEN_…_{name} is missing')


SOURCE_CHECKS = (check_includes, check_engine, check_calls, check_planner_headers, check_guard)


def check_source(source):
    """Every finding about one source."""
    return [finding for check in SOURCE_CHECKS for finding in check(source)]


def snake_case(name):
    """SupportPlan → support_plan."""
    return re.sub(r'(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '_', name).lower()


def exported_prefixes(path, header):
    """What names of `path` (foo.c) may begin with: foo, the noun of a foo_store, and the types that `header` (the
    text of foo.h without comments, "" when there is none) declares."""
    stem = path.removesuffix('.c')
    name = stem.rpartition('/')[2]
    types = re.findall(r'\btypedef\s+(?:struct|enum|union)\s+\w+\s+(\w+)\s*;', header)
    types += re.findall(r'^}\s*(\w+)\s*;', header, re.M)
    types += re.findall(r'\btypedef\s+enum\s*\w*\s*\{[^}]*\}\s*(\w+)\s*;', header)
    return {name, name.removesuffix('_store'), *map(snake_case, types), *ALSO_EXPORTS.get(stem, ())}


def check_symbols(path, symbols, header):
    """Findings about the global `symbols` that the object of `path` defines."""
    if path == 'notifier/main.c':
        return [Finding(path, 1, f'exports {name}') for name in symbols if name != 'main']
    prefixes = exported_prefixes(path, header)
    return [Finding(path, 1, f'exports {name}, which begins with none of: {", ".join(sorted(prefixes))}')
            for name in symbols
            if not any(name == prefix or name.startswith(prefix + '_') for prefix in prefixes)]
