#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_edit.h"
#include "notifier/cli/plan_history.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/plan_view.h"

static const ArgOption options[] = { { "market", "M", "only plans for that market" }, { NULL } };

static const char help[] =
    "Every revision of a plan and everything that happened to it: who, in which role, when, why, and what it "
    "changed against the\n"
    "revision that was published before it. What was discarded stands in the audit trail: kigen audit list "
    "--action plan.discard.";

/* The revision published before (or after) rows[i], or NULL. */
static const PlanRow *neighbour(const GPtrArray *rows, guint i, int step)
{
  for (gint64 k = (gint64)i + step; k >= 0 && k < rows->len; k += step) {
    const PlanRow *row = rows->pdata[k];

    if (row->published_on != DAY_NONE)
      return row;
  }
  return NULL;
}

static Json *revision_json(const PlanRow *row, const GPtrArray *events, Json *changes)
{
  return json_pack("{s:i, s:s, s:o, s:o, s:o}", "revision", row->revision, "state", row->state, "approved_by",
                   cli_json_text(row->approved_by), "changes", changes, "events", plan_history_json(events));
}

static void print_revision(const PlanRow *row, const GPtrArray *events, Json *changes)
{
  printf("%srevision %d%s  %s\n", term_begin(stdout, STYLE_BOLD), row->revision, term_end(stdout, STYLE_BOLD),
         row->state);
  plan_history_print(events);
  putchar('\n');
  plan_edit_print_changes(changes);
  putchar('\n');
}

/* One plan, all its revisions. */
static bool tell_plan(Cli *cli, Db *db, const PlanRow *plan, Json *list, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autofree char *name = plan_view_name(plan);
  Json *revisions = json_array();

  json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "product", plan->product, "release",
                                        plan->name, "market", plan->market, "revisions", revisions));
  if (!plan_store_revisions(db, plan->release, plan->market, &rows, error))
    return false;
  if (!cli_json(cli))
    printf("%s%s%s  %s\n\n", term_begin(stdout, STYLE_BOLD), name, term_end(stdout, STYLE_BOLD),
           rows->len > 0 ? plan->product_name_ja : "no plan yet");
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i], *before = neighbour(rows, i, -1);
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(Json) changes = plan_edit_changes(before != NULL ? before->dates : NULL, row->dates);

    if (!plan_history_load(db, row, neighbour(rows, i, 1), &events, error))
      return false;
    if (cli_json(cli))
      json_array_append_new(revisions, revision_json(row, events, json_incref(changes)));
    else
      print_revision(row, events, changes);
  }
  return true;
}

static bool history_run(Cli *cli, const Args *args, GError **error)
{
  const char *market = args_text(args, "market");
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(Json) list = json_array();
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) || !db_begin_read(db, error) ||
      !plan_match_list(db, args, PLAN_LATEST, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];

    if ((market == NULL || g_strcmp0(row->market, market) == 0) && !tell_plan(cli, db, row, list, error))
      return false;
  }
  if (cli_json(cli))
    cli_print_json_list("plans", list);
  return true;
}

const Command cmd_plan_history = {
  .name = "history",
  .summary = "Show every revision of a plan and who did what to it",
  .words = "PRODUCT[/RELEASE]…",
  .min_words = 1,
  .max_words = -1,
  .options = { options },
  .help = help,
  .run = history_run,
};
