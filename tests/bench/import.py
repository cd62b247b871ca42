#!/usr/bin/env python3
"""kigen import devices beside sqlite3's .import of the same CSV into a bare table with the same unique keys and the
same indexes as device: wall time, median of several runs in turn, and peak memory."""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RATIO_MAX = 1.5
MEMORY_MAX_MB = 200

BARE = """
CREATE TABLE device (product TEXT, release TEXT, serial TEXT, lot TEXT, quantity TEXT, software_product TEXT,
  software_release TEXT, udi TEXT, organization TEXT, department TEXT, location TEXT, asset_no TEXT, shipped_on TEXT,
  installed_on TEXT, disposed_on TEXT, contract_until TEXT, status TEXT);
CREATE UNIQUE INDEX device_serial ON device (product, serial) WHERE serial <> '';
CREATE UNIQUE INDEX device_lot ON device (organization, release, lot) WHERE serial = '';
CREATE INDEX device_organization ON device (organization, release);
CREATE INDEX device_release ON device (release, contract_until);
CREATE INDEX device_software_release ON device (software_release, contract_until) WHERE software_release <> '';
"""

PRODUCTS = [f'PM-{i:02d}' for i in range(20)]
RELEASES = [f'{i + 1}.0' for i in range(5)]


def write_masters(folder, organizations):
    """20 products of 5 releases, one software product, and the hospitals."""
    with open(f'{folder}/lifecycles.csv', 'w', encoding='utf-8') as file:
        file.write('product,name,release,eol,eos\n')
        for product in PRODUCTS + ['SW']:
            for release in RELEASES:
                file.write(f'{product},装置 {product},{release},2031-03-31,2033-03-31\n')
    with open(f'{folder}/organizations.csv', 'w', encoding='utf-8') as file:
        file.write('organization,name_ja,role\n')
        for i in range(organizations):
            file.write(f'H-{i:05d},第{i}病院,hospital\n')


def write_devices(folder, rows, organizations):
    """Serials in no order, each hospital with four products; half of the devices with a software release."""
    dice = random.Random(7)
    held = [[dice.choice(PRODUCTS) for _ in range(4)] for _ in range(organizations)]
    with open(f'{folder}/devices.csv', 'w', encoding='utf-8') as file:
        file.write('product,release,serial,lot,quantity,software_product,software_release,udi,organization,department,'
                   'location,asset_no,shipped_on,installed_on,disposed_on,contract_until,status\n')
        for i in range(rows):
            organization = dice.randrange(organizations)
            product = dice.choice(held[organization])
            software = f'SW,{dice.choice(RELEASES)}' if dice.random() < .5 else ','
            year, month, day = dice.randrange(2015, 2026), dice.randrange(1, 13), dice.randrange(1, 26)
            file.write(f'{product},{dice.choice(RELEASES)},SN{dice.randrange(16 ** 6):06X}-{i:07d},,,{software},'
                       f'(01)0491234500{product[3:]}(21){i:07d},H-{organization:05d},放射線科,本館{i % 9 + 1}階,'
                       f'A{i:08d},{year}-{month:02d}-{day:02d},{year}-{month:02d}-{day + 3:02d},,{year + 10}-03-31,'
                       'in-use\n')


def run(*command):
    """Seconds of wall time, seconds of processor time and peak megabytes of a command that must succeed."""
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f'{command[0]}: exit status {process.returncode}')
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def import_by_kigen(kigen, folder):
    """A new store with the masters; what the devices take."""
    store = f'{folder}/kigen.db'
    for name in os.listdir(folder):
        if name.startswith('kigen.'):
            os.remove(f'{folder}/{name}')
    run(kigen, '--store', store, 'init')
    for kind in ('lifecycles', 'organizations'):
        run(kigen, '--store', store, 'import', kind, f'{folder}/{kind}.csv')
    return run(kigen, '--store', store, 'import', 'devices', f'{folder}/devices.csv')


def import_by_sqlite3(folder):
    """The bare table, new."""
    store = f'{folder}/bare.db'
    if os.path.exists(store):
        os.remove(store)
    subprocess.run(['sqlite3', store], input=BARE, text=True, check=True)
    return run('sqlite3', store, '.mode csv', f'.import --skip 1 {folder}/devices.csv device')


def number(store, sql):
    """The one number that `sql` finds."""
    return int(subprocess.run(['sqlite3', store, sql], capture_output=True, text=True, check=True).stdout)


def check_stores(folder, rows):
    """Both hold every row, and the holdings count every unit."""
    store = f'{folder}/kigen.db'
    software = number(store, 'SELECT count(*) FROM device WHERE software_release IS NOT NULL')
    assert number(f'{folder}/bare.db', 'SELECT count(*) FROM device') == rows
    assert number(store, 'SELECT count(*) FROM device') == rows
    assert number(store, 'SELECT sum(count) FROM holding') == rows + software
    return number(store, 'SELECT count(*) FROM holding')


def main():
    """Measures, prints, and fails where a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('kigen', help='the program, of a build without sanitizers')
    parser.add_argument('--rows', type=int, default=1000000)
    parser.add_argument('--organizations', type=int, default=20000)
    parser.add_argument('--runs', type=int, default=3)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix='kigen-bench-')
    try:
        write_masters(folder, options.organizations)
        write_devices(folder, options.rows, options.organizations)
        print('run  kigen: wall s, cpu s, peak MB   sqlite3: wall s, cpu s')
        results = []
        for i in range(options.runs):
            ours, bare = import_by_kigen(options.kigen, folder), import_by_sqlite3(folder)
            results.append((ours, bare))
            print(f'{i + 1:3d} {ours[0]:14.1f} {ours[1]:6.1f} {ours[2]:8.0f} {bare[0]:18.1f} {bare[1]:6.1f}', flush=True)
        holdings = check_stores(folder, options.rows)
    finally:
        shutil.rmtree(folder)
    ours = statistics.median(result[0][0] for result in results)
    bare = statistics.median(result[1][0] for result in results)
    peak = max(result[0][2] for result in results)
    print(f'{options.rows:,} rows, {holdings:,} holdings: median {ours:.1f} s beside {bare:.1f} s = {ours / bare:.2f} '
          f'(at most {RATIO_MAX}), peak {peak:.0f} MB (at most {MEMORY_MAX_MB})')
    return 0 if ours <= RATIO_MAX * bare and peak <= MEMORY_MAX_MB else 1


if __name__ == '__main__':
    sys.exit(main())
