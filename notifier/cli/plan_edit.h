#ifndef KIGEN_CLI_PLAN_EDIT_H
#define KIGEN_CLI_PLAN_EDIT_H

/* A plan and the FIELD=VALUE words of a command line: what `plan set` stores, and what `plan impact` looks at
 * without storing it. */

#include "db/plan_store.h"
#include "notifier/cli/cli.h"

/* The release that `name` ("PRODUCT/RELEASE") means, with its latest revision for `market`, from which an
 * edit starts; where there is none, without a plan. Errors: CLI_ERROR, when there is no such release. */
bool plan_edit_find(Db *db, const char *name, const char *market, PlanRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Sets the fields that the words of `args` from `first` on give. Doubts go to standard error as warnings.
 * Errors: CLI_ERROR and those of plan_field_set; the plan may be half changed then. */
bool plan_edit_apply(const Args *args, guint first, SupportPlan *plan, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What changed, as {field: [was, now]}, in the order of fields; "" is unknown. `was` NULL: there was no plan.
 * A new reference. */
Json *plan_edit_changes(const SupportPlan *was, const SupportPlan *now);
/* Prints such an object as a table; nothing where nothing changed. */
void plan_edit_print_changes(Json *changes);

#endif
