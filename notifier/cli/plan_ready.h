#ifndef KIGEN_CLI_PLAN_READY_H
#define KIGEN_CLI_PLAN_READY_H

/* Whether an open plan can be published as things stand, besides what the rules say. `plan publish` and
 * `plan impact` ask this. */

#include "db/plan_store.h"

/* Whether there is a reason for publishing `row`: `reason` (or NULL), or the one that it was submitted with.
 */
bool plan_ready_reason_given(Db *db, const PlanRow *row, const char *reason, bool *ret_given, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What has to happen before `row` can be published at all, or NULL. `two_people`: the store has users. */
const char *plan_ready_problem(const PlanRow *row, bool two_people);

#endif
