#ifndef KIGEN_DB_PLAN_TOLD_H
#define KIGEN_DB_PLAN_TOLD_H

/* Since when customers know the dates of a revision (planner/told.h), from the revisions that were published
 * before it for its market; for a market's first plan of its own, from those for every market. Only
 * plan_facts.c uses this. */

#include "db/plan_store.h"

/* Of each milestone of `row`, published or not (then it counts as published on `today`). Errors: DB_ERROR. */
bool plan_told_load(Db *db, const PlanRow *row, Day today, Day ret_told[static MILESTONE_COUNT],
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
