#ifndef KIGEN_CLI_PLAN_VIEW_H
#define KIGEN_CLI_PLAN_VIEW_H

/* A release's plan as text and as JSON. */

#include "db/plan_event_store.h"
#include "notifier/cli/cli.h"

/* "PRODUCT/RELEASE", with " (MARKET)" behind it unless the market is "*". Own string. */
char *plan_view_name(const PlanRow *row);
/* "draft 2", "published 1", "no plan". Own string. */
char *plan_view_revision(const PlanRow *row);

/* The overrides that hold for the revision of `row`: GPtrArray of PlanEvent with free function. */
bool plan_view_overrides(Db *db, const PlanRow *row, GPtrArray **ret_overrides, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* [{rule, by, role, reason, day}] */
Json *plan_view_overrides_json(const GPtrArray *overrides);

/* One release whole: `latest` beside `in_force` (NULL, or the same revision: one column); `overrides` are
 * those of `latest`. */
void plan_view_print(const PlanRow *latest, const PlanRow *in_force, const GPtrArray *overrides, Day today);
/* Many: a row each. `rows` of PlanRow. */
void plan_view_print_list(const GPtrArray *rows, Day today);
Json *plan_view_json(const PlanRow *row, Day today);

#endif
