#include "tests/db/people.h"

#include "tests/db/scratch.h"

#include <string.h>

#define SIGNED "全施設の更新を2031年2月までに当社費用で完了する"

static const struct {
  const char *name;
  guint roles;
} people[PEOPLE_END] = {
  [SATO] = { "sato", ROLE_BIT(ROLE_PLANNER) },
  [TANAKA] = { "tanaka", ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_APPROVER) },
  [SUZUKI] = { "suzuki", ROLE_BIT(ROLE_APPROVER) },
  [ABE] = { "abe", ROLE_BIT(ROLE_QUALITY) },
  [MORI] = { "mori", ROLE_BIT(ROLE_VIEWER) },
};

void people_add(Db *db)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db,
              "INSERT INTO \"user\" (id, name, full_name, created_at) VALUES (1, 'sato', '佐藤 一郎',"
              " '2031-03-30T00:00:00Z'), (2, 'tanaka', '田中 次郎', '2031-03-30T00:00:00Z'), (3, 'suzuki',"
              " '鈴木 花子', '2031-03-30T00:00:00Z'), (4, 'abe', '阿部 三郎', '2031-03-30T00:00:00Z'),"
              " (5, 'mori', '森 四郎', '2031-03-30T00:00:00Z')");
  scratch_sql(db, "INSERT INTO user_role VALUES (1, 'planner'), (2, 'planner'), (2, 'approver'),"
                  " (3, 'approver'), (4, 'quality'), (5, 'viewer')");
  assert_done(db_commit(db, ERR));
}

AuditContext people_context(gint64 id)
{
  AuditContext context = base_context;

  if (id != 0) {
    context.actor = people[id].name;
    context.user = id;
    context.roles = people[id].roles;
  }
  return context;
}

static bool set(Db *db, const AuditContext *context, const SupportPlan *content, GError **error)
{
  bool changed;

  return plan_store_put_draft(db, context, 1, "*", content, "理由", &changed, error);
}

static bool take(Db *db, const AuditContext *context, const char *step, gint64 plan,
                 const SupportPlan *content, GError **error)
{
  const Policy *policy = policy_for(PROFILE_JP);
  PlanTelling telling;
  PlanWithdrawal withdrawal;

  if (strcmp(step, "set") == 0)
    return set(db, context, content, error);
  if (strcmp(step, "submit") == 0)
    return plan_review_submit(db, context, plan, "理由", error);
  if (strcmp(step, "approve") == 0)
    return plan_review_approve(db, context, plan, policy, NULL, error);
  if (strcmp(step, "reject") == 0)
    return plan_review_reject(db, context, plan, policy, "理由", error);
  if (strcmp(step, "publish") == 0)
    return plan_publish(db, context, plan, NULL, &telling, error);
  if (strcmp(step, "withdraw") == 0)
    return plan_withdraw(db, context, plan, policy, "理由", &withdrawal, error);
  if (strcmp(step, "discard") == 0)
    return plan_review_discard(db, context, plan, NULL, error);
  ck_assert_str_eq(step, "override");
  return plan_review_override(db, context, plan, policy, rule_find("LSP-3"), SIGNED, error);
}

bool people_step(Db *db, gint64 user, const char *step, gint64 plan, const SupportPlan *content,
                 GError **error)
{
  AuditContext context = people_context(user);

  if (!db_begin(db, error))
    return false;
  if (take(db, &context, step, plan, content, error) && db_commit(db, error))
    return true;
  db_rollback(db);
  return false;
}

gint64 people_open(Db *db)
{
  return MAX(scratch_number(db, "SELECT id FROM support_plan WHERE release = 1 AND market = '*'"
                                " AND state IN ('draft', 'submitted', 'approved')"),
             0);
}

gint64 people_in_force(Db *db)
{
  return MAX(scratch_number(db, "SELECT id FROM support_plan WHERE release = 1 AND market = '*'"
                                " AND state = 'published'"),
             0);
}
