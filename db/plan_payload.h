#ifndef KIGEN_DB_PLAN_PAYLOAD_H
#define KIGEN_DB_PLAN_PAYLOAD_H

/* What the audit trail keeps of what happens to a plan, as JSON. Dates and service lines are in their stored
 * form, null where unknown; what version 0002 of the schema did not know (terms, successor, rationale, url)
 * is absent where unknown. Only the plan_* modules and check_plans.c use this. */

#include "db/plan_event_store.h"
#include "db/plan_telling.h"

/* A publication. */
typedef struct {
  const PlanRow *row;    /* the revision as it was before */
  const PlanRow *before; /* the plan that was in force, or NULL */
  const char *why;
  const PlanTelling *telling;
  const GPtrArray *overrides; /* of PlanEvent: those that hold */
} PlanPublication;

/* JSON text, own string: what, market, revision, from (the plan that was in force; absent without one), to,
 * why, approved_by and overrides (absent without), notice (the main kind), organizations, of them announced
 * and changed, messages. */
char *plan_payload_publish(const PlanPublication *publication);

/* Any other step. JSON text, own string: what, market, revision, from (absent without `before`), to (what the
 * revision says), why, rule and role (absent without). */
char *plan_payload_step(const PlanRow *row, const PlanRow *before, const PlanEventWords *words);

/* What stands under "to" there, keys sorted, so that equal plans give equal texts. Own string. */
char *plan_payload_plan(const SupportPlan *plan);

#endif
