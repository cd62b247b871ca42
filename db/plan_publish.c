#include "db/plan_publish.h"

#include "db/change_set.h"
#include "db/plan_payload.h"

#include <string.h>

/* The last approval of `plan` that a user gave, or NULL. */
static bool find_approval(Db *db, gint64 plan, PlanEvent **ret_approval, GError **error)
{
  g_autoptr(GPtrArray) events = NULL;

  if (!plan_event_store_list(db, plan, &events, error))
    return false;
  *ret_approval = NULL;
  for (guint i = events->len; i > 0 && *ret_approval == NULL; i--) {
    PlanEvent *event = events->pdata[i - 1];

    if (strcmp(event->event, revision_event_key(REVISION_APPROVE)) == 0 && event->user != 0)
      *ret_approval = g_steal_pointer(&events->pdata[i - 1]);
  }
  return true;
}

/* A state can be written by any program: what counts is what was approved, and by whom. */
static bool check_approval(Db *db, const PlanStep *step, GError **error)
{
  g_autoptr(PlanEvent) approval = NULL;
  bool wrote = false;

  if (!find_approval(db, step->row->plan, &approval, error))
    return false;
  if (approval == NULL)
    return plan_step_refuse(
        step, error, "says that it is approved, but nobody approved it: kigen plan reject, then submit it");
  if (!plan_event_store_wrote(db, step->row->plan, approval->user, &wrote, error))
    return false;
  if (wrote)
    return plan_step_refuse(step, error,
                            "was approved by %s, who wrote it too: kigen plan reject, then submit it for "
                            "somebody else's approval",
                            plan_event_who(approval));
  if (memcmp(approval->content, step->content, sizeof step->content) != 0)
    return plan_step_refuse(
        step, error,
        "is not what %s approved: it was changed beside kigen. Look at it (kigen plan show), "
        "then kigen plan reject and submit it again",
        plan_event_who(approval));
  return true;
}

static bool retire(Db *db, const PlanRow *row, GError **error)
{
  static const DbQuery query = { "UPDATE support_plan SET state = 'superseded' WHERE id = $1" };
  DbStatement *statement;

  if (row == NULL)
    return true;
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->plan);
  return db_run(statement, error);
}

static bool put_in_force(Db *db, const AuditContext *context, gint64 plan, const char *reason, GError **error)
{
  static const DbQuery query = {
    "UPDATE support_plan SET state = 'published', published_by = $2, published_on = $3,"
    " published_at = $4, reason = coalesce($5, reason) WHERE id = $1"
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

static bool record(Db *db, const AuditContext *context, const PlanStep *step, const char *reason,
                   const PlanTelling *telling, GError **error)
{
  PlanEventWords words = { .event = revision_event_key(REVISION_PUBLISH), .reason = reason };
  g_autoptr(GPtrArray) overrides = NULL;

  if (!plan_event_store_overrides(db, step->row->plan, step->content, &overrides, error))
    return false;
  PlanPublication publication = { .row = step->row,
                                  .before = step->in_force,
                                  .why = reason != NULL ? reason : step->row->reason,
                                  .telling = telling,
                                  .overrides = overrides };
  g_autofree char *payload = plan_payload_publish(&publication);

  return plan_event_store_add(db, context, step->row->plan, step->content, &words, error) &&
         audit_append(db, context, "plan.publish", payload, error);
}

bool plan_publish(Db *db, const AuditContext *context, gint64 plan, const char *reason,
                  PlanTelling *ret_telling, GError **error)
{
  g_auto(PlanStep) step = { 0 };
  PlanTelling telling;

  if (!plan_step_begin(db, context, plan, REVISION_PUBLISH, &step, error) ||
      (step.two_people && !check_approval(db, &step, error)) || !retire(db, step.in_force, error) ||
      !put_in_force(db, context, plan, step.two_people ? NULL : reason, error) ||
      !plan_telling_make(db, context, plan, &telling, error) ||
      !record(db, context, &step, reason, &telling, error) ||
      !change_set_bump(db, CHANGE_RELEASE, step.row->release, error))
    return false;
  *ret_telling = telling;
  return true;
}
