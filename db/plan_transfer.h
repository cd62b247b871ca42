#ifndef KIGEN_DB_PLAN_TRANSFER_H
#define KIGEN_DB_PLAN_TRANSFER_H

/* The transfer of responsibility at EOS: whether it was begun, who has confirmed it. Only plan_facts.c uses
 * this. */

#include "db/plan_store.h"

/* Sets `transfer`, `eos_told`, `users` and `not_confirmed` of `facts` for `in_force`, the plan that customers
 * rely on, and `row`, the one that is judged (the same one when it is published). A confirmation counts for
 * the EOS it was given for, whichever revision told it; a customer with an extension confirms that one.
 * Errors: DB_ERROR. */
bool plan_transfer_load(Db *db, const PlanRow *row, const PlanRow *in_force, RuleFacts *facts, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
