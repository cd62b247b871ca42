#include "db/plan_review.h"

#include "db/plan_payload.h"

/* The roles that approve what publication of the step's revision will make. */
static guint approvers(const PlanStep *step, const Policy *policy)
{
  return policy->approvers[step->again ? NOTICE_PLAN_CHANGE : NOTICE_PLAN_ANNOUNCEMENT];
}

/* Moves it to `state`; approved: by whom and when. `reason` NULL: as it was. */
static bool move(Db *db, const AuditContext *context, const PlanStep *step, RevisionState state,
                 const char *reason, GError **error)
{
  static const DbQuery query = {
    "UPDATE support_plan SET state = $2, reason = coalesce($3, reason), approved_on = $4,"
    " approved_by = CASE WHEN $4 IS NULL THEN NULL ELSE (SELECT full_name FROM \"user\" WHERE id = $5) END"
    " WHERE id = $1"
  };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, step->row->plan);
  db_bind_text(statement, 2, revision_state_key(state));
  db_bind_text(statement, 3, reason);
  db_bind_text(statement, 4, state == REVISION_APPROVED ? day_format(context->today, day) : NULL);
  db_bind_int(statement, 5, context->user);
  return db_run(statement, error);
}

bool plan_review_submit(Db *db, const AuditContext *context, gint64 plan, const char *reason, GError **error)
{
  PlanEventWords words = { .event = revision_event_key(REVISION_SUBMIT), .reason = reason };
  g_auto(PlanStep) step = { 0 };

  return plan_step_begin(db, context, plan, REVISION_SUBMIT, &step, error) &&
         plan_step_record(db, context, &step, &words, error) &&
         move(db, context, &step, REVISION_SUBMITTED, reason, error);
}

bool plan_review_approve(Db *db, const AuditContext *context, gint64 plan, const Policy *policy,
                         const char *reason, GError **error)
{
  PlanEventWords words = { .event = revision_event_key(REVISION_APPROVE), .reason = reason };
  g_auto(PlanStep) step = { 0 };

  return plan_step_begin(db, context, plan, REVISION_APPROVE, &step, error) &&
         plan_step_person(db, context, &step, approvers(&step, policy), "approve it", &words.role, error) &&
         plan_step_record(db, context, &step, &words, error) &&
         move(db, context, &step, REVISION_APPROVED, NULL, error);
}

bool plan_review_reject(Db *db, const AuditContext *context, gint64 plan, const Policy *policy,
                        const char *reason, GError **error)
{
  PlanEventWords words = { .event = revision_event_key(REVISION_REJECT), .reason = reason };
  g_auto(PlanStep) step = { 0 };

  return plan_step_begin(db, context, plan, REVISION_REJECT, &step, error) &&
         (!step.two_people ||
          plan_step_person(db, context, &step, approvers(&step, policy), "reject it", &words.role, error)) &&
         plan_step_record(db, context, &step, &words, error) &&
         move(db, context, &step, REVISION_DRAFT, NULL, error);
}

static bool check_override(const PlanStep *step, const Rule *rule, const char *reason, GError **error)
{
  if (rule->override_en == NULL)
    return plan_step_refuse(step, error, "cannot be let past %s: nothing lifts that rule. %s", rule->id,
                            rule->remedy_en);
  if (!rule_override_reason_counts(reason))
    return plan_step_refuse(step, error, "needs a reason to be let past %s, which says %s", rule->id,
                            rule->override_en);
  return true;
}

bool plan_review_override(Db *db, const AuditContext *context, gint64 plan, const Policy *policy,
                          const Rule *rule, const char *reason, GError **error)
{
  PlanEventWords words = { .event = PLAN_EVENT_OVERRIDE, .rule = rule->id, .reason = reason };
  g_auto(PlanStep) step = { 0 };

  return plan_step_begin_open(db, context, plan, "be let past a rule any more", &step, error) &&
         check_override(&step, rule, reason, error) &&
         plan_step_person(db, context, &step, policy->override_signers, "sign an override", &words.role,
                          error) &&
         plan_step_record(db, context, &step, &words, error);
}

/* Its lines and events go with it. */
static bool remove_row(Db *db, gint64 plan, GError **error)
{
  static const DbQuery query = { "DELETE FROM support_plan WHERE id = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  return db_run(statement, error);
}

bool plan_review_discard(Db *db, const AuditContext *context, gint64 plan, const char *reason, GError **error)
{
  PlanEventWords words = { .event = revision_event_key(REVISION_DISCARD), .reason = reason };
  g_auto(PlanStep) step = { 0 };

  if (!plan_step_begin(db, context, plan, REVISION_DISCARD, &step, error) || !remove_row(db, plan, error))
    return false;
  g_autofree char *payload = plan_payload_step(step.row, NULL, &words);

  return audit_append(db, context, "plan.discard", payload, error);
}
