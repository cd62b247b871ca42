#include "tests/db/outbox_base.h"

#include "tests/db/scratch.h"

#define PLAN                                                                                                 \
  "INSERT INTO support_plan (id, release, market, revision, state, general_availability, end_of_sale, eol, " \
  "eos,"                                                                                                     \
  " repair_until, limited_support_doc, limited_support_duties, author, reason, created_at) VALUES "

static const char *const rows[] = {
  "UPDATE product SET generic_name = '汎用輸液ポンプ', approval_no = '22000BZX00001000', successor = 'PUMP "
  "II',"
  " package_insert_url = 'https://maker.example/pump' WHERE id = 1",
  "INSERT INTO release (id, product, name, kind) VALUES (4, 1, 'SW 3.1', 'software')",
  "INSERT INTO organization (id, code, name_ja, name_en, role, language, parent, postal_code, address) VALUES"
  " (1, 'KITA', '北病院', 'Kita Hospital', 'hospital', 'ja', NULL, '060-0001', '札幌市中央区北一条西一丁目'),"
  " (2, 'LEASE', '南リース株式会社', 'Minami Lease', 'lessor', 'ja', NULL, NULL, NULL),"
  " (3, 'CORP', '医療法人東会', NULL, 'hospital', 'ja', NULL, NULL, NULL),"
  " (4, 'SITE', '東診療所', NULL, 'clinic', 'ja', 3, NULL, NULL)",
  "INSERT INTO contact (id, organization, name, department, title, email, role, language) VALUES"
  " (1, 1, '佐藤　太郎', '臨床工学部', '部長', 'sato@kita.example', 'clinical-engineering', 'ja'),"
  " (2, 2, 'John Smith', NULL, NULL, 'smith@lease.example', NULL, 'en'),"
  " (3, 3, '安全管理室', NULL, NULL, 'safety@corp.example', 'device-safety-manager', 'ja')",
  "INSERT INTO device (id, product, release, software_release, serial, serial_key, lot, lot_key, quantity, "
  "organization,"
  " department, location, asset_no, installed_on, status) VALUES"
  " (1, 1, 1, 4, '00123', '00123', NULL, '', 1, 1, 'ICU', '3階', 'A-1', '2025-04-01', 'in-use'),"
  " (2, 1, 1, NULL, '00124', '00124', NULL, '', 1, 1, 'ICU', NULL, NULL, NULL, 'spare'),"
  " (3, 1, 1, NULL, '00125', '00125', NULL, '', 1, 1, NULL, NULL, NULL, NULL, 'disposed'),"
  " (4, 1, 1, NULL, NULL, NULL, 'L7', 'L7', 4, 1, '手術部', NULL, NULL, '2026-01-15', 'in-use'),"
  " (5, 1, 2, NULL, '=cmd', '=CMD', NULL, '', 1, 4, NULL, NULL, NULL, NULL, 'in-use')",
  "INSERT INTO custody (device, role, organization, since, until) VALUES (1, 'owner', 2, '2025-04-01', NULL),"
  " (2, 'owner', 2, '2025-04-01', NULL), (1, 'owner', 2, '2024-01-01', NULL), (4, 'owner', 2, '', "
  "'2027-01-01')",
  "INSERT INTO holding (release, organization, role, count, version, uid, since, ended_on, changed_at) VALUES"
  " (1, 1, 'user', 6, 2, 'uid-kita-1', '2025-04-01', NULL, '2030-01-01T00:00:00Z'),"
  " (1, 2, 'owner', 2, 1, 'uid-lease-1', '2025-04-01', NULL, '2025-04-01T00:00:00Z'),"
  " (2, 4, 'user', 1, 1, 'uid-site-2', '2025-04-01', NULL, '2025-04-01T00:00:00Z')",
  "UPDATE setting SET holdings_on = '2027-01-02'",
  /* A revision is published when its service lines are there; the next one can be drafted once it is in
     force. */
  PLAN "(1, 1, '*', 1, 'draft', '2024-04-01', '2029-03-31', '2032-03-31', '2034-03-31', NULL, 'LS-1', "
       "'分離', '山田',"
       " NULL, '2029-01-01T00:00:00Z'), (3, 2, '*', 1, 'draft', '2026-04-01', NULL, '2036-03-31', 'tba', "
       "NULL, NULL,"
       " NULL, '山田', NULL, '2030-01-01T00:00:00Z')",
  "INSERT INTO service_line (plan, kind, until) VALUES (1, 'parts', '2034-03-31'), (1, 'telephone', "
  "'2033-03-31')",
  "UPDATE support_plan SET state = 'published', published_by = '品質保証部長', published_on = '2029-01-10',"
  " published_at = '2029-01-10T01:00:00Z' WHERE id IN (1, 3)",
  PLAN "(2, 1, '*', 2, 'draft', '2024-04-01', '2029-03-31', '2031-03-31', '2033-03-31', 'tba', 'LS-2',"
       " '院内で分離する', '山田', '部品の供給終了', '2030-01-01T00:00:00Z')",
  "INSERT INTO service_line (plan, kind, until, terms_ja, terms_en) VALUES"
  " (2, 'parts', '2032-03-31', '有償', 'charged'), (2, 'security-updates', '2033-03-31', NULL, NULL),"
  " (2, 'telephone', '2033-03-31', replace(hex(zeroblob(31)), '00', '長い'), NULL)",
  "UPDATE support_plan SET successor = 'VIEW', limited_support_url = 'https://maker.example/ls-2?a=1&b=2'"
  " WHERE id = 2",
  "UPDATE support_plan SET state = 'superseded' WHERE id = 1",
  "UPDATE support_plan SET state = 'published', published_by = '品質保証部長', published_on = '2030-01-10',"
  " published_at = '2030-01-10T01:00:00Z' WHERE id = 2",
  "INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at) VALUES"
  " (1, 'plan-announcement', 1, '2029-01-10', 0, '2029-01-10T01:00:00Z'),"
  " (2, 'plan-change', 2, '2030-09-30', 0, '2030-01-10T01:00:00Z'),"
  " (3, 'eol-reminder', 2, '2030-09-30', 6, '2030-01-10T01:00:00Z'),"
  " (4, 'plan-announcement', 3, '2030-09-30', 0, '2030-01-10T01:00:00Z')",
  "INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, created_at) VALUES"
  " (1, 1, 1, 'mail', '2030-09-30', 'kigen.1@maker.example', '2030-01-10T01:00:00Z'),"
  " (2, 2, 2, 'mail', '2030-09-30', 'kigen.2@maker.example', '2030-01-10T01:00:00Z'),"
  " (3, 3, 3, 'mail', '2030-10-01', 'kigen.3@maker.example', '2030-01-10T01:00:00Z'),"
  " (4, 4, NULL, 'letter', '2030-09-30', 'kigen.4@maker.example', '2030-01-10T01:00:00Z')",
  "INSERT INTO outbox_notice (notice, organization, outbox) VALUES (1, 1, 1), (2, 1, 1), (3, 1, 1), (3, 2, "
  "2),"
  " (4, 4, 3), (4, 4, 4)",
  NULL,
};

Db *outbox_base_store(void)
{
  Db *db = base_store();

  base_context.today = day_from_ymd(2030, 9, 30);
  base_context.now = "2030-09-29T22:15:00Z";
  assert_done(db_begin(db, ERR));
  for (gsize i = 0; rows[i] != NULL; i++)
    scratch_sql(db, rows[i]);
  assert_done(db_commit(db, ERR));
  return db;
}
