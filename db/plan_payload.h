#ifndef KIGEN_DB_PLAN_PAYLOAD_H
#define KIGEN_DB_PLAN_PAYLOAD_H

/* What the audit trail keeps of a publication. Only plan_store.c uses this. */

#include "db/plan_store.h"
#include "planner/schedule.h"

/* JSON text, own string: what, market, revision, from (the plan that was in force; absent without one), to,
 * why, notice, organizations, messages. Dates and service lines are in their stored form, null where unknown;
 * what version 0002 of the schema did not know (terms, successor, rationale, url) is absent where unknown. */
char *plan_payload_publish(const PlanRow *row, const PlanRow *before, const char *reason, NoticeKind kind,
                           gint64 organizations, gint64 messages);

/* What stands under "to" there, keys sorted, so that equal plans give equal texts. Own string. */
char *plan_payload_plan(const SupportPlan *plan);

#endif
