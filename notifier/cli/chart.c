#include "notifier/cli/chart.h"

#include "notifier/cli/plan_match.h"
#include "notifier/page/timeline_picture.h"

#include <string.h>

#define WINDOW_MAX_MONTHS (20 * 12)
#define DAYS_AROUND 180 /* of a chart that knows no date */

static void row_free(gpointer data)
{
  ChartRow *row = data;

  plan_row_free(row->plan);
  g_clear_pointer(&row->spans, g_array_unref);
  g_free(row);
}

void chart_clear(Chart *chart)
{
  g_clear_pointer(&chart->rows, g_ptr_array_unref);
}

int chart_year(Day day)
{
  int year = 0;

  day_to_ymd(day, &year, NULL, NULL);
  return year;
}

static void add_row(Chart *chart, PlanRow *plan)
{
  ChartRow *row = g_new0(ChartRow, 1);

  row->plan = plan;
  g_ptr_array_add(chart->rows, row);
}

static char *key_of(const PlanRow *row)
{
  return g_strdup_printf("%" G_GINT64_FORMAT " %s", row->release, row->market);
}

/* The plan in force of each release, else its latest one. */
static bool load_plans(Db *db, const Args *args, Chart *chart, GError **error)
{
  g_autoptr(GPtrArray) latest = NULL;
  g_autoptr(GPtrArray) in_force = NULL;
  g_autoptr(GHashTable) published = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

  if (!plan_match_list(db, args, PLAN_LATEST, &latest, error) ||
      !plan_match_list(db, args, PLAN_IN_FORCE, &in_force, error))
    return false;
  for (guint i = 0; i < in_force->len; i++)
    g_hash_table_insert(published, key_of(in_force->pdata[i]), &in_force->pdata[i]);
  for (guint i = 0; i < latest->len; i++) {
    g_autofree char *key = key_of(latest->pdata[i]);
    gpointer *place = g_hash_table_lookup(published, key);

    gpointer *taken = place != NULL && *place != NULL ? place : &latest->pdata[i];

    add_row(chart, g_steal_pointer(taken));
  }
  return true;
}

/* Sets the window: as asked, or around the dates, always whole years. */
static void fit_window(Chart *chart, Day from, Day to)
{
  Day first = chart->today, last = chart->today;
  Day back = day_add_months(chart->today, -WINDOW_MAX_MONTHS),
      ahead = day_add_months(chart->today, WINDOW_MAX_MONTHS);

  for (guint i = 0; i < chart->rows->len; i++)
    timeline_widen(((ChartRow *)chart->rows->pdata[i])->plan->dates, &first, &last);
  chart->cut = (from == DAY_NONE && first < back) || (to == DAY_NONE && last > ahead);
  if (first == last) {
    first -= DAYS_AROUND;
    last += DAYS_AROUND;
  }
  from = from != DAY_NONE ? from : MAX(first, MIN(back, to != DAY_NONE ? to : back));
  to = to != DAY_NONE ? to : MIN(last, MAX(ahead, from));
  chart->from = day_from_ymd(chart_year(from), 1, 1);
  chart->to = day_from_ymd(chart_year(MAX(from, to)), 12, 31);
}

bool chart_load(Db *db, const Args *args, Day today, Day from, Day to, Chart *ret_chart, GError **error)
{
  g_auto(Chart) chart = { .today = today, .rows = g_ptr_array_new_with_free_func(row_free) };

  if (from != DAY_NONE && to != DAY_NONE && from > to) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--from lies after --to");
    return false;
  }
  if (!load_plans(db, args, &chart, error))
    return false;
  fit_window(&chart, from, to);
  for (guint i = 0; i < chart.rows->len; i++) {
    ChartRow *row = chart.rows->pdata[i];

    row->spans = timeline_spans(row->plan->dates, chart.from, chart.to);
  }
  *ret_chart = chart;
  chart.rows = NULL;
  return true;
}

int chart_year_step(const Chart *chart, int labels)
{
  return timeline_picture_year_step(chart->from, chart->to, labels);
}

static Json *row_json(const ChartRow *row)
{
  Json *spans = json_array();
  Json *dates = json_object();

  for (guint i = 0; i < row->spans->len; i++) {
    const StageSpan *span = &g_array_index(row->spans, StageSpan, i);

    json_array_append_new(spans, json_pack("{s:s, s:o, s:o}", "stage", stage_key(span->stage), "from",
                                           cli_json_day(span->from), "to", cli_json_day(span->to)));
  }
  for (Milestone milestone = 0; milestone < MILESTONE_COUNT; milestone++)
    json_object_set_new(dates, milestone_key(milestone), cli_json_date(row->plan->dates->date[milestone]));
  return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "product", row->plan->product, "name",
                   row->plan->product_name_ja, "release", row->plan->name, "market", row->plan->market,
                   "state", cli_json_text(row->plan->plan != 0 ? row->plan->state : NULL), "dates", dates,
                   "stages", spans);
}

Json *chart_json(const Chart *chart)
{
  Json *rows = json_array();

  for (guint i = 0; i < chart->rows->len; i++)
    json_array_append_new(rows, row_json(chart->rows->pdata[i]));
  return json_pack("{s:o, s:o, s:o, s:o}", "today", cli_json_day(chart->today), "from",
                   cli_json_day(chart->from), "to", cli_json_day(chart->to), "releases", rows);
}
