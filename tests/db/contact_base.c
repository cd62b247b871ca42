#include "tests/db/contact_base.h"

#include "tests/db/scratch.h"

static const char *const rows[] = {
  "INSERT INTO organization (id, code, name_ja, role, parent) VALUES (1, 'KITA', '北病院', 'hospital', NULL),"
  " (2, 'CORP', '医療法人東会', 'hospital', NULL), (3, 'SITE', '東診療所', 'clinic', 2),"
  " (4, 'OLD', '旧病院', 'hospital', NULL), (5, 'NEW', '新病院', 'hospital', NULL), (6, 'OWN', '西診療所', "
  "'clinic', 2)",
  "INSERT INTO contact (id, organization, name, kana, department, title, email, phone, role, "
  "escalation_order,"
  " valid_to) VALUES"
  " (1, 1, '佐藤 太郎', 'サトウ タロウ', '臨床工学部', '部長', 'sato@kita.example', '011-1', "
  "'clinical-engineering', 1,"
  " '2030-12-31'),"
  " (2, 1, '鈴木 花子', NULL, NULL, NULL, 'suzuki@kita.example', NULL, NULL, 2, NULL),"
  " (3, 2, '田中 実', NULL, '医療安全管理室', NULL, 'tanaka@corp.example', NULL, 'device-safety-manager', 1, "
  "'2031-01-31'),"
  " (4, 2, '佐藤 太郎', NULL, NULL, NULL, 'Sato@kita.example', NULL, NULL, 2, NULL),"
  " (5, 4, '高橋 誠', NULL, NULL, NULL, 'takahashi@old.example', NULL, NULL, 1, NULL),"
  " (6, 5, '伊藤 学', NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL),"
  " (7, 6, '渡辺 恵', NULL, NULL, NULL, 'watanabe@own.example', NULL, NULL, 1, NULL)",
  "INSERT INTO device (id, product, release, serial, serial_key, organization, status, quantity) VALUES"
  " (1, 1, 1, 'A1', 'A1', 1, 'in-use', 1), (2, 1, 1, NULL, NULL, 1, 'in-use', 2), (3, 1, 1, 'A3', 'A3', 3, "
  "'spare', 1),"
  " (4, 1, 2, 'A4', 'A4', 4, 'disposed', 1), (5, 1, 1, 'A5', 'A5', 6, 'in-use', 1)",
  "INSERT INTO holding (release, organization, role, count, version, uid, since, ended_on, changed_at) VALUES"
  " (1, 1, 'user', 3, 1, 'u1', '2025-04-01', NULL, '2025-04-01T00:00:00Z'),"
  " (1, 3, 'user', 1, 1, 'u3', '2025-04-01', NULL, '2025-04-01T00:00:00Z'),"
  " (2, 4, 'user', 0, 2, 'u4', '2020-04-01', '2027-03-31', '2027-03-31T00:00:00Z'),"
  " (1, 6, 'user', 1, 1, 'u6', '2025-04-01', NULL, '2025-04-01T00:00:00Z')",
  "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES"
  " (101, 'eol-reminder', 1, '2031-03-01', '2031-03-01T00:00:00Z'),"
  " (102, 'eos-reminder', 1, '2031-03-31', '2031-03-31T00:00:00Z')",
  "INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, state, attempt, created_at) "
  "VALUES"
  " (1, 1, 1, 'mail', '2031-03-01', 'm1@maker.example', 'accepted', 1, '2031-03-01T00:00:00Z'),"
  " (2, 1, 1, 'mail', '2031-03-31', 'm2@maker.example', 'pending', 0, '2031-03-31T00:00:00Z'),"
  " (3, 2, 3, 'mail', '2031-03-01', 'm3@maker.example', 'accepted', 2, '2031-03-01T00:00:00Z'),"
  " (4, 1, 2, 'mail', '2031-03-01', 'm4@maker.example', 'accepted', 1, '2031-03-01T00:00:00Z'),"
  " (5, 2, 3, 'mail', '2031-03-31', 'm5@maker.example', 'deferred', 1, '2031-03-31T00:00:00Z')",
  "INSERT INTO outbox_notice (notice, organization, outbox) VALUES (101, 1, 1), (102, 1, 2), (101, 3, 3), "
  "(101, 1, 4),"
  " (102, 3, 5)",
  "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail) VALUES"
  " (1, '2031-03-01T00:00:00Z', '2031-03-01', 1, 'sending', NULL),"
  " (1, '2031-03-01T00:00:01Z', '2031-03-01', 1, 'accepted', '250 2.1.5 <sato@kita.example> queued'),"
  " (3, '2031-03-01T00:00:01Z', '2031-03-01', 1, 'deferred', '452 4.2.2 <tanaka@corp.example> mailbox full'),"
  " (3, '2031-03-01T00:00:02Z', '2031-03-01', 2, 'accepted', '250 OK'),"
  " (4, '2031-03-01T00:00:01Z', '2031-03-01', 1, 'accepted', '250 2.1.5 <suzuki@kita.example> queued'),"
  " (5, '2031-03-31T00:00:01Z', '2031-03-31', 1, 'deferred', '452 4.2.2 <tanaka@corp.example> mailbox full')",
  "INSERT INTO template_set VALUES ('t', x'00')",
  "INSERT INTO message_context (outbox, context, date, boundary_seed, template_set, renderer, sha256)"
  " SELECT x.id, json_object('envelope', json_object('to', c.email), 'recipient', json_object('name', "
  "c.name)),"
  " '2031-03-01T00:00:00Z', x.message_id, 't', '0.1.0', hex(x.id) FROM outbox x JOIN contact c ON c.id = "
  "x.contact"
  " WHERE x.id <> 2",
  "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES"
  " (101, 1, 'receipt', '臨床工学部 佐藤太郎', 'telephone', '2031-03-02T00:00:00Z'),"
  " (101, 3, 'receipt', '田中 実', 'telephone', '2031-03-02T00:00:00Z'),"
  " (102, 1, 'receipt', '鈴木 花子', 'telephone', '2031-03-31T00:00:00Z')",
  "INSERT INTO presentation (plan, organization, how, day, by, note, at) VALUES"
  " (1, 1, 'hand-over', '2031-03-02', '早瀬 千景', '佐藤 太郎 様に手渡し', '2031-03-02T00:00:00Z')",
  NULL,
};

Db *contact_base_store(void)
{
  Db *db = base_store();

  base_publish(db, 1, "2036-03-31");
  base_publish(db, 2, "2036-03-31");
  assert_done(db_begin(db, ERR));
  for (gsize i = 0; rows[i] != NULL; i++)
    scratch_sql(db, rows[i]);
  assert_done(audit_append(db, &base_context, "test.note", "{\"why\":\"佐藤太郎様のご依頼\",\"n\":1}", ERR));
  assert_done(audit_append(db, &base_context, "test.note", "{\"why\":\"2台を移設\",\"n\":2}", ERR));
  assert_done(audit_append(db, &base_context, "test.note", "{\"author\":\"佐藤 太郎\",\"n\":3}", ERR));
  assert_done(db_commit(db, ERR));
  return db;
}

ContactRow *contact_base_find(Db *db, const char *organization, const char *name)
{
  ContactRow *row = NULL;

  assert_done(contact_list_find(db, organization, name, &row, ERR));
  return row;
}
