#ifndef KIGEN_CLI_CHART_H
#define KIGEN_CLI_CHART_H

/* What a chart of support windows shows: a window of days and the stages of each release in it. chart_text.c
 * and chart_svg.c draw it. */

#include "db/plan_store.h"
#include "notifier/cli/cli.h"
#include "planner/timeline.h"

typedef struct {
  PlanRow *plan; /* the revision in force, else the latest draft */
  GArray *spans; /* of StageSpan, over the whole window */
} ChartRow;

typedef struct {
  Day today;
  Day from, to;    /* whole years */
  bool cut;        /* plans reach beyond the window */
  GPtrArray *rows; /* of ChartRow, in the store's order */
} Chart;

void chart_clear(Chart *chart);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Chart, chart_clear)

/* Loads the plans that `args` mean. `from`, `to`: the window, DAY_NONE to fit it to the plans (but at most 20
 * years back and ahead of today). */
bool chart_load(Db *db, const Args *args, Day today, Day from, Day to, Chart *ret_chart, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Years from one label of the axis to the next, so that at most `labels` fit. */
int chart_year_step(const Chart *chart, int labels);
/* The year of `day`. */
int chart_year(Day day);

Json *chart_json(const Chart *chart);

#endif
