#ifndef KIGEN_CLI_PLAN_VIEW_H
#define KIGEN_CLI_PLAN_VIEW_H

/* A release's plan as text and as JSON. */

#include "db/plan_store.h"
#include "notifier/cli/cli.h"

/* "PRODUCT/RELEASE", with " (MARKET)" behind it unless the market is "*". Own string. */
char *plan_view_name(const PlanRow *row);
/* "draft 2", "published 1", "no plan". Own string. */
char *plan_view_revision(const PlanRow *row);

/* One release whole: `latest` beside `in_force` (NULL, or the same revision: one column). */
void plan_view_print(const PlanRow *latest, const PlanRow *in_force, Day today);
/* Many: a row each. `rows` of PlanRow. */
void plan_view_print_list(const GPtrArray *rows, Day today);
Json *plan_view_json(const PlanRow *row, Day today);

#endif
