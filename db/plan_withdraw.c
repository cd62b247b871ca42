#include "db/plan_withdraw.h"

#include "db/change_set.h"
#include "db/notice_store.h"
#include "db/plan_supersede.h"

static bool take_back(Db *db, const AuditContext *context, gint64 plan, const char *reason, GError **error)
{
  static const DbQuery query = {
    "UPDATE support_plan SET state = 'withdrawn', withdrawn_by = $2,"
    " withdrawn_on = $3, withdrawn_at = $4, withdrawn_reason = $5 WHERE id = $1"
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  db_bind_text(statement, 2, context->actor);
  db_bind_text(statement, 3, day_format(context->today, day));
  db_bind_text(statement, 4, context->now);
  db_bind_text(statement, 5, reason);
  return db_run(statement, error);
}

bool plan_withdraw(Db *db, const AuditContext *context, gint64 plan, const Policy *policy, const char *reason,
                   PlanWithdrawal *ret_withdrawal, GError **error)
{
  PlanEventWords words = { .event = revision_event_key(REVISION_WITHDRAW), .reason = reason };
  ScheduledNotice notice = { .kind = NOTICE_WITHDRAWAL, .nominal = context->today, .due = context->today };
  g_auto(PlanStep) step = { 0 };
  PlanWithdrawal withdrawal = { 0 };

  if (!plan_step_begin(db, context, plan, REVISION_WITHDRAW, &step, error) ||
      (step.two_people && !plan_step_person(db, context, &step, policy->approvers[NOTICE_WITHDRAWAL],
                                            "withdraw it", &words.role, error)) ||
      !take_back(db, context, plan, reason, error) || !plan_supersede_messages(db, context, plan, error) ||
      !notice_store_make(db, context, &notice, plan, &withdrawal.messages, &withdrawal.organizations,
                         error) ||
      !plan_step_record(db, context, &step, &words, error) ||
      !change_set_bump(db, CHANGE_RELEASE, step.row->release, error))
    return false;
  *ret_withdrawal = withdrawal;
  return true;
}
