#include "tests/db/base.h"

#include "db/plan_store.h"
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
  plan->limited_support.line[SERVICE_PARTS] =
      (ServiceLine){ day_from_ymd(2033, 3, 31), g_strdup("有償"), NULL };
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
