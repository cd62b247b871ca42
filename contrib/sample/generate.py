#!/usr/bin/python3
"""Writes devices.csv (CP932, CRLF, as Excel in Japan saves it) and custody.csv of the sample.

The other files are written by hand; these two follow from the tables below and from organizations.csv, the
same bytes on every run: generate.py [--check]"""

import argparse
import csv
import datetime
import io
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
LAST_DAY = datetime.date(2026, 10, 30)  # nothing is shipped after it

WARDS = ['ICU', 'HCU', 'CCU', '救急外来', '手術室', '3階東病棟', '4階西病棟', '5階東病棟', 'リカバリー室']
PUMP_ROOMS = ['ME機器管理室', 'ICU', 'HCU', '3階東病棟', '4階西病棟', '5階東病棟', '外来化学療法室', '透析室']
IMAGING = ['放射線科', '画像診断センター', '救命救急センター']
CLINIC_ROOMS = ['診察室', '処置室', '検査室', '回復室', '']
LOCATIONS = ['本館1階', '本館２階', '2号館③階', '新棟Ⅱ期 地下1階', '西棟3F', '中央診療棟', '']

# product, release, rows, serial form, software (product and releases), first and last year shipped, departments,
# which organizations, months of contract (0: none)
MODELS = [
    ('SCT-6000', 'SCT-6064', 14, 'CT64-{:04d}', ['V3.2', 'V4.1'], 2014, 2019, IMAGING, 'large', 48),
    ('SCT-6000', 'SCT-6128', 22, 'CT128-{:04d}', ['V4.1'], 2019, 2025, IMAGING, 'large', 60),
    ('SMR-3000', 'SMR-3015', 18, 'MR15{:05d}', ['R4.2', 'R5.4'], 2017, 2022, IMAGING, 'large', 60),
    ('SBM-700', 'SBM-710', 240, 'B71{:06d}', ['2.8'], 2015, 2020, WARDS, 'hospital', 0),
    ('SBM-700', 'SBM-720', 260, 'B72{:06d}', ['2.8', '3.0'], 2020, 2026, WARDS, 'hospital', 24),
    ('SIP-20', 'SIP-21', 244, 'P21-{:05d}', [], 2013, 2020, PUMP_ROOMS, 'any', 0),
    ('SIP-20', 'SIP-22', 280, 'P22-{:05d}', [], 2017, 2023, PUMP_ROOMS, 'any', 0),
    ('SIP-20', 'SIP-25', 260, 'P25-{:05d}', [], 2022, 2026, PUMP_ROOMS, 'any', 0),
    ('SUS-9', 'SUS-900', 110, 'US9-{:05d}', ['E2.1'], 2019, 2026,
     ['生理検査室', '産婦人科外来', '循環器内科外来', '健診センター'], 'any', 12),
]
# product, release, rows, first day and days after it: licences and pumps counted by lot, without serials
LOTS = [('SVW', '6.0', 18, datetime.date(2019, 4, 1), 1300), ('SVW', '6.1', 12, datetime.date(2021, 10, 1), 1100),
        ('SVW', '7.0', 16, datetime.date(2025, 4, 1), 540), ('SIP-20', 'SIP-21', 6, datetime.date(2013, 5, 1), 1000)]

UDI_DI = {'SCT-6128': '02900006061280', 'SMR-3015': '02900003030159', 'SBM-720': '02900007007201',
          'SIP-22': '02900000020221', 'SIP-25': '02900000020252'}

SELLERS = ['D0001', 'D0002', 'D0003', 'D0004']
DEVICE_COLUMNS = ['product', 'release', 'serial', 'lot', 'quantity', 'software_product', 'software_release', 'udi',
                  'organization', 'department', 'location', 'asset_no', 'shipped_on', 'installed_on',
                  'disposed_on', 'contract_until', 'status']
CUSTODY_COLUMNS = ['product', 'serial', 'role', 'organization', 'since', 'until', 'lease_end', 'reference']

dice = random.Random(20261101)


def pick(items):
    return items[int(dice.random() * len(items))]


def chance(percent):
    return dice.random() * 100 < percent


def slashes(day):
    return f'{day.year}/{day.month}/{day.day}'


def era(day):
    """令和元年5月7日, 平成30年4月2日."""
    name, year = ('令和', day.year - 2018) if day >= datetime.date(2019, 5, 1) else ('平成', day.year - 1988)
    return f'{name}{"元" if year == 1 else year}年{day.month}月{day.day}日'


def era_short(day):
    letter, year = ('R', day.year - 2018) if day >= datetime.date(2019, 5, 1) else ('H', day.year - 1988)
    return f'{letter}{year}.{day.month}.{day.day}'


# Most rows as Excel shows dates; the branches that keep their own books write otherwise.
DATE_FORMS = [slashes] * 6 + [datetime.date.isoformat, era, era_short, lambda day: day.strftime('%Y%m%d')]


def organizations():
    """Codes by size, weighted: a name stands in the list as often as it should be picked."""
    with open(HERE / 'organizations.csv', encoding='utf-8-sig', newline='') as file:
        rows = list(csv.DictReader(file))
    hospitals = [row['organization'] for row in rows if row['role'] == 'hospital' and row['organization'] != 'H0200']
    clinics = [row['organization'] for row in rows if row['role'] == 'clinic']
    large = [code for code in hospitals if code not in ('H0110', 'H0113', 'H0118', 'H0901', 'H0902')]
    some = large * 3 + [code for code in hospitals if code not in large]
    return {'large': large, 'hospital': some, 'any': some * 2 + clinics}


def later(day, least, most):
    """A working day, `least` to `most` days later."""
    then = day + datetime.timedelta(days=least + int(dice.random() * (most - least)))
    return then - datetime.timedelta(days=max(0, then.weekday() - 4))


def device(model, number, codes):
    """One serially numbered device as a dict, its dates still dates."""
    product, release, _, serial, software, first, last, departments, size, contract = model
    shipped = later(datetime.date(first, 4, 1), 0, (last - first + 1) * 365 - 120)
    shipped = min(shipped, LAST_DAY - datetime.timedelta(days=42))
    installed = later(shipped, 2, 30)
    row = dict.fromkeys(DEVICE_COLUMNS, '')
    row.update(product=product, release=release, serial=serial.format(number), organization=pick(codes[size]),
               department=pick(departments), location=pick(LOCATIONS), shipped_on=shipped, installed_on=installed,
               status='in-use')
    if row['organization'].startswith('C'):
        row.update(department=pick(CLINIC_ROOMS), location='')
    if software:
        newer = software[-1] if chance(60) else software[0]
        row.update(software_product=product, software_release=newer)
    if release in UDI_DI and installed.year >= 2020:
        row['udi'] = f'(01){UDI_DI[release]}(21){row["serial"]}'
    if chance(70):
        row['asset_no'] = f'="{int(dice.random() * 99999):06d}"' if chance(50) else f'ME-{installed.year}-{number:04d}'
    if contract and chance(60):
        row['contract_until'] = datetime.date(2026 + contract // 12 - int(dice.random() * 3), 3, 31)
    retire(row)
    return row


def retire(row):
    """A few are no longer in use."""
    age = LAST_DAY.year - row['installed_on'].year
    roll = dice.random() * 100
    if age >= 7 and roll < 9:
        row.update(status='disposed', disposed_on=later(row['installed_on'], 6 * 365, age * 365), contract_until='')
    elif roll > 97:
        row['status'] = 'spare'
    elif roll > 96:
        row['status'] = 'isolated'
    elif roll > 95.5:
        row['status'] = 'unknown'


def lots(codes):
    for product, release, count, first, days in LOTS:
        taken = []
        while len(taken) < count:
            code = pick(codes['hospital'] if product == 'SIP-20' else codes['any'])
            if code in taken:
                continue
            taken.append(code)
            row = dict.fromkeys(DEVICE_COLUMNS, '')
            day = later(first, 0, days)
            row.update(product=product, release=release, organization=code, installed_on=day, status='in-use')
            if product == 'SIP-20':
                row.update(lot=f'LOT{day.year}{pick("AB")}', quantity=str(5 * (1 + int(dice.random() * 6))),
                           department='ME機器管理室', location='製造番号は㈱メディカルエンジ海鳴の点検時に確認')
            else:
                row.update(lot=f'LIC-{release.replace(".", "")}-{len(taken):03d}',
                           department='' if code.startswith('C') else '放射線科 読影室',
                           quantity=str(1 + int(dice.random() * 12)))
            yield row


def written(row):
    """Dates as one branch office writes them: one form a row."""
    form = pick(DATE_FORMS)
    return {key: form(value) if isinstance(value, datetime.date) else value for key, value in row.items()}


def wide(text):
    """Full-width, as a hospital's own list has it."""
    return ''.join(chr(ord(c) + 0xFEE0) if '!' <= c <= '~' else c for c in text)


def custody(devices):
    """Owners, sellers and repairers, and three second-hand sales with their history."""
    resold = {serial for serial, *_ in SECOND_HAND}
    leased = [row for row in devices if row['product'] in ('SCT-6000', 'SMR-3000') and row['serial'] not in resold]
    for index, row in enumerate(leased):
        since = row['installed_on'].isoformat()
        yield [row['product'], row['serial'], 'seller', pick(SELLERS), since, '', '', f'受注{index + 1:05d}']
        if index % 2 == 0:
            end = datetime.date(2027 + index % 5, 3, 31)
            yield [row['product'], row['serial'], 'owner', 'L0001', since, '', slashes(end), f'リース契約 SL-{index + 301}']
        if index % 5 == 0:
            yield [row['product'], row['serial'], 'repairer', 'R0001', '2021-04-01', '', '', '保守契約']
    monitors = [row for row in devices if row['product'] == 'SBM-700' and row['serial'] not in resold]
    for index, row in enumerate(monitors[::6]):
        yield [row['product'], row['serial'], 'seller', SELLERS[index % 4], row['shipped_on'].isoformat(), '', '', '']
    for row, before, sold in second_hand(devices):
        yield [row['product'], row['serial'], 'user', before, era(later(sold, -2400, -2300)), slashes(sold), '', '前使用者']
        yield [row['product'], row['serial'], 'seller', 'D0005', slashes(sold), '', '', '中古販売']
        yield [row['product'], row['serial'], 'user', row['organization'], slashes(sold), '', '', '中古品として取得']


SECOND_HAND = [('CT64-0003', 'H0106', 'C0301', datetime.date(2024, 6, 28)),
               ('US9-00012', 'H0104', 'C0303', datetime.date(2026, 5, 29)),
               ('B71000030', 'H0112', 'C0306', datetime.date(2025, 2, 14))]


def second_hand(devices):
    by_serial = {row['serial']: row for row in devices}
    return [(by_serial[serial], before, sold) for serial, before, _, sold in SECOND_HAND]


def devices():
    codes = organizations()
    rows = [device(model, number, codes) for model in MODELS for number in range(1, model[2] + 1)]
    by_serial = {row['serial']: row for row in rows}
    for serial, _, buyer, sold in SECOND_HAND:
        by_serial[serial].update(organization=buyer, status='in-use', disposed_on='', contract_until='',
                                 installed_on=later(sold, 5, 20), department='検査室', location='')
    for number in (1, 2):  # a distributor's demonstration units
        by_serial[f'P25-{number:05d}'].update(organization='D0001', department='デモ機', status='spare', location='')
    return rows + list(lots(codes))


def text_of(columns, rows, line_end):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def files():
    """Name → bytes."""
    rows = devices()
    table = [list(written(row).values()) for row in rows]
    for index in (150, 151, 152):  # a list that a hospital typed with full-width characters
        table[index][2] = wide(table[index][2])
    return {
        'devices.csv': text_of(DEVICE_COLUMNS, table, '\r\n').encode('cp932'),
        'custody.csv': text_of(CUSTODY_COLUMNS, custody([row for row in rows if row['serial']]), '\n').encode(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--check', action='store_true', help='compare, write nothing; exit 1 on a difference')
    check = parser.parse_args().check
    stale = []
    for name, content in files().items():
        path = HERE / name
        if not check:
            path.write_bytes(content)
        elif path.read_bytes() != content:
            stale.append(name)
    if stale:
        print(f'not what generate.py writes: {", ".join(stale)}')
    return 1 if stale else 0


if __name__ == '__main__':
    sys.exit(main())
