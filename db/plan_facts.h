#ifndef KIGEN_DB_PLAN_FACTS_H
#define KIGEN_DB_PLAN_FACTS_H

/* Gathers what the rules look at. Only plan_store.c uses this; everybody else sees plan_store_facts. */

#include "db/plan_store.h"

/* The facts of `row`; `in_force` is the published revision that it would replace (taken over, NULL for none).
 */
bool plan_facts_load(Db *db, const PlanRow *row, PlanRow *in_force, Day today, bool reason_given,
                     PlanFacts **ret_facts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
