#include "tests/db/base.h"

#include "db/plan_publish.h"
#include "db/setting_store.h"
#include "tests/db/scratch.h"

AuditContext base_context;

Db *base_store(void)
{
  Db *db = scratch_store("kigen.db");

  base_context = (AuditContext){ "tester", day_from_ymd(2031, 3, 31), "2031-03-30T22:15:00Z" };
  assert_done(db_begin(db, ERR));
  assert_done(setting_store_init(db, &base_context, true, "kigen.example", ERR));
  scratch_sql(db,
              "INSERT INTO product (id, code, name_ja, name_en, security_contact, useful_life_years, art12_3)"
              " VALUES (1, 'PUMP', '輸液ポンプ', 'Infusion pump', 'psirt@maker.example', 6, 'yes'),"
              " (2, 'VIEW', '画像表示装置', NULL, NULL, NULL, 'unknown')");
  scratch_sql(db, "INSERT INTO release (id, product, name) VALUES (1, 1, '1.0'), (2, 1, '2.0'), (3, 2, 'A')");
  assert_done(db_commit(db, ERR));
  return db;
}

SupportPlan *base_plan(const char *eol, const char *eos)
{
  SupportPlan *plan = support_plan_new();

  ck_assert(plan_date_from_store(eol, &plan->date[MILESTONE_EOL]));
  ck_assert(plan_date_from_store(eos, &plan->date[MILESTONE_EOS]));
  plan->limited_support.doc = g_strdup("LSP-0012");
  plan->limited_support.duties_ja = g_strdup("院内ネットワークから分離すること");
  plan->limited_support.duties_en = g_strdup("Keep it off the network");
  plan->limited_support.url = g_strdup("https://maker.example/lsp-0012");
  plan->limited_support.successor = g_strdup("PUMP-2");
  plan->limited_support.rationale = g_strdup("部品の供給が終わるため");
  plan->limited_support.line[SERVICE_PARTS] =
      (ServiceLine){ day_from_ymd(2033, 3, 31), g_strdup("有償"), g_strdup("charged") };
  plan->limited_support.line[SERVICE_TELEPHONE] = (ServiceLine){ day_from_ymd(2034, 3, 31), NULL, NULL };
  return plan;
}

gint64 base_draft(Db *db, gint64 release, const SupportPlan *plan)
{
  g_autofree char *sql =
      g_strdup_printf("SELECT id FROM support_plan WHERE release = %" G_GINT64_FORMAT " AND market = '*'"
                      " AND state IN ('draft', 'submitted', 'approved')",
                      release);
  bool changed;

  assert_done(db_begin(db, ERR));
  assert_done(plan_store_put_draft(db, &base_context, release, "*", plan, "部品の供給終了", &changed, ERR));
  assert_done(db_commit(db, ERR));
  return scratch_number(db, sql);
}

Db *base_installed(void)
{
  Db *db = base_store();

  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO organization (id, code, name_ja, role, budget_month) VALUES (9, 'C9', '法人', "
                  "'hospital', NULL),"
                  " (1, 'H1', 'A病院', 'hospital', 9), (3, 'H3', 'C病院', 'hospital', NULL), (4, 'D4', "
                  "'販売', 'distributor', NULL),"
                  " (5, 'H5', 'E病院', 'hospital', 9), (7, 'H7', 'G病院', 'hospital', NULL), (10, 'H10', "
                  "'J病院', 'hospital', 12)");
  scratch_sql(db, "INSERT INTO organization (id, code, name_ja, role, parent, budget_month) VALUES"
                  " (2, 'H2', 'B病院', 'hospital', 9, 9), (6, 'H6', 'F病院', 'clinic', 9, NULL), (8, 'H8', "
                  "'H病院', 'hospital', 7, NULL)");
  scratch_sql(db, "UPDATE organization SET parent = 8 WHERE id = 7");
  scratch_sql(db, "INSERT INTO contact (id, organization, name, email, channel, escalation_order, "
                  "valid_from, valid_to) VALUES"
                  " (1, 1, '部長', 'a@h1.example', 'mail', 2, NULL, NULL), (2, 1, '技士', 'b@h1.example', "
                  "'mail', 1, NULL, '2031-03-31'),"
                  " (3, 9, '本部', 'c@c9.example', 'mail', 1, '2031-03-31', NULL), (4, 4, '営業', "
                  "'d@d4.example', 'mail', 1, NULL, NULL),"
                  " (5, 5, '昔', 'e@h5.example', 'mail', 1, NULL, NULL), (6, 6, '退職', 'f@h6.example', "
                  "'mail', 1, NULL, '2031-03-30'),"
                  " (7, 10, '無し', NULL, 'mail', 1, NULL, NULL), (8, 10, '空', '', 'mail', 2, NULL, NULL),"
                  " (9, 10, 'FAX', NULL, 'fax', 3, NULL, NULL)");
  scratch_sql(
      db,
      "INSERT INTO holding (release, organization, role, count, version, uid, since, ended_on, changed_at)"
      " SELECT r.id, o.id, iif(o.role = 'distributor', 'seller', 'user'), 2, 1, r.id || '-' || o.id, "
      "'2025-04-01',"
      "   iif(o.id = 5, '2030-01-01', NULL), '2025-04-01T00:00:00Z'"
      " FROM release r, organization o WHERE r.id < 3 AND o.id <> 9");
  scratch_sql(
      db,
      "INSERT INTO holding VALUES (1, 1, 'owner', 2, 1, 'x', '2025-04-01', NULL, '2025-04-01T00:00:00Z')");
  assert_done(db_commit(db, ERR));
  return db;
}

gint64 base_publish(Db *db, gint64 release, const char *eol)
{
  g_autoptr(SupportPlan) plan = base_plan(eol, "2038-03-31");
  gint64 id = base_draft(db, release, plan);
  PlanTelling telling = { .messages = -1 };

  assert_done(db_begin(db, ERR));
  assert_done(plan_publish(db, &base_context, id, "理由", &telling, ERR));
  assert_done(db_commit(db, ERR));
  return telling.messages;
}

gint64 base_urgent(Db *db)
{
  static const DbQuery query = { "SELECT o.id, o.urgent, n.kind FROM outbox o LEFT JOIN outbox_notice x ON "
                                 "x.outbox = o.id LEFT JOIN notice n ON n.id = x.notice ORDER BY o.id" };
  g_autoptr(GHashTable) marked = g_hash_table_new(NULL, NULL);
  g_autoptr(GHashTable) carrying = g_hash_table_new(NULL, NULL);
  DbStatement *statement;
  bool row;

  assert_done(db_prepare(db, &query, &statement, ERR));
  assert_done(db_step(statement, &row, ERR));
  while (row) {
    gpointer id = GSIZE_TO_POINTER((gsize)db_int(statement, 0));
    NoticeKind kind;

    if (db_int(statement, 1) != 0)
      g_hash_table_add(marked, id);
    if (notice_kind_parse(db_text(statement, 2), &kind) && notice_kind_is_urgent(kind))
      g_hash_table_add(carrying, id);
    assert_done(db_step(statement, &row, ERR));
  }

  GHashTableIter each;
  gpointer id;

  ck_assert_uint_eq(g_hash_table_size(marked), g_hash_table_size(carrying));
  g_hash_table_iter_init(&each, carrying);
  while (g_hash_table_iter_next(&each, &id, NULL))
    ck_assert_msg(g_hash_table_contains(marked, id), "message %zu is not marked", GPOINTER_TO_SIZE(id));
  return g_hash_table_size(marked);
}
