#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/plan_view.h"

static const char help[] =
    "One release is shown whole, several as a list. In a pattern, * and ? stand for anything: \"CT-*/2.?\".";

static bool print_json(Db *db, const GPtrArray *rows, Day today, GError **error)
{
  g_autoptr(Json) list = json_array();

  for (guint i = 0; i < rows->len; i++) {
    g_autoptr(GPtrArray) overrides = NULL;
    Json *plan = plan_view_json(rows->pdata[i], today);

    json_array_append_new(list, plan);
    if (!plan_view_overrides(db, rows->pdata[i], &overrides, error))
      return false;
    json_object_set_new(plan, "overrides", plan_view_overrides_json(overrides));
  }
  cli_print_json_list("plans", list);
  return true;
}

static bool print_one(Db *db, const PlanRow *row, Day today, GError **error)
{
  g_autoptr(PlanRow) in_force = NULL;
  g_autoptr(GPtrArray) overrides = NULL;

  if (!plan_match_one(db, row->product, row->name, row->market, PLAN_IN_FORCE, &in_force, error) ||
      !plan_view_overrides(db, row, &overrides, error))
    return false;
  plan_view_print(row, in_force, overrides, today);
  return true;
}

static bool show_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  Db *db = NULL;
  Day today = DAY_NONE;

  if (!cli_today(cli, &today, error) || !cli_store(cli, DB_READ, &db, error))
    return false;
  if (!plan_match_list(db, args, PLAN_LATEST, &rows, error))
    return false;
  if (cli_json(cli))
    return print_json(db, rows, today, error);
  if (rows->len == 1)
    return print_one(db, rows->pdata[0], today, error);
  if (rows->len == 0)
    printf("no release yet: kigen import lifecycles FILE\n");
  else
    plan_view_print_list(rows, today);
  return true;
}

const Command cmd_plan_show = {
  .name = "show",
  .summary = "Show plans: the latest revision of each release",
  .words = "[PRODUCT[/RELEASE]…]",
  .max_words = -1,
  .help = help,
  .run = show_run,
};
