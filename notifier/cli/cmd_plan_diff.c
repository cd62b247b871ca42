#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_edit.h"
#include "notifier/cli/plan_view.h"
#include "planner/revision.h"

#include <string.h>

static const ArgOption options[] = { { "market", "M", "the market the plan is for (default: *, everywhere)" },
                                     { NULL } };

static const char help[] = "Two revisions field by field: without numbers the one in force against the open "
                           "one, with one number that "
                           "revision against the\n"
                           "latest. The exit code is 0 whether they differ or not.";

/* The revision whose number `word` is. */
static bool read_revision(const char *word, const GPtrArray *rows, const PlanRow **ret_row, GError **error)
{
  guint64 n = 0;

  if (!g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT, &n, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s is no revision: a number like 2", word);
    return false;
  }
  for (guint i = 0; i < rows->len; i++)
    if (((const PlanRow *)rows->pdata[i])->revision == (int)n) {
      *ret_row = rows->pdata[i];
      return true;
    }
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "there is no revision %s: kigen plan history lists them",
              word);
  return false;
}

/* In force and open, without numbers; NULL: there is none in force yet. */
static bool choose_default(const GPtrArray *rows, const PlanRow **ret_was, const PlanRow **ret_now,
                           GError **error)
{
  *ret_was = *ret_now = NULL;
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];
    RevisionState state;

    if (!revision_state_parse(row->state, &state))
      continue;
    if (state == REVISION_PUBLISHED)
      *ret_was = row;
    if (revision_is_open(state))
      *ret_now = row;
  }
  if (*ret_now == NULL)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "no revision is open: name two, or begin one with kigen plan set");
  return *ret_now != NULL;
}

static bool choose(const Args *args, const GPtrArray *rows, const PlanRow **ret_was, const PlanRow **ret_now,
                   GError **error)
{
  if (args_count(args) == 1)
    return choose_default(rows, ret_was, ret_now, error);
  *ret_now = rows->len > 0 ? rows->pdata[rows->len - 1] : NULL;
  return read_revision(args_word(args, 1), rows, ret_was, error) &&
         (args_count(args) == 2 || read_revision(args_word(args, 2), rows, ret_now, error));
}

static void print_diff(Cli *cli, const char *name, const PlanRow *was, const PlanRow *now)
{
  g_autoptr(Json) changes = plan_edit_changes(was != NULL ? was->dates : NULL, now->dates);
  g_autofree char *before = was != NULL ? plan_view_revision(was) : g_strdup("no plan in force");
  g_autofree char *after = plan_view_revision(now);

  if (cli_json(cli)) {
    g_autoptr(Json) document =
        json_pack("{s:s, s:s, s:s, s:o, s:i, s:O}", "product", now->product, "release", now->name, "market",
                  now->market, "from", was != NULL ? json_integer(was->revision) : json_null(), "to",
                  now->revision, "changes", changes);

    cli_print_json(document);
    return;
  }
  printf("%s: %s → %s%s\n", name, before, after, json_object_size(changes) == 0 ? ": no difference" : "");
  plan_edit_print_changes(changes);
}

static bool find_release(Db *db, const char *name, gint64 *ret_release, GError **error)
{
  const char *slash = strchr(name, '/');
  g_autofree char *product = g_strndup(name, slash != NULL ? (gsize)(slash - name) : 0);

  if (slash == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: expected PRODUCT/RELEASE", name);
    return false;
  }
  if (!plan_store_find_release(db, product, slash + 1, ret_release, error))
    return false;
  if (*ret_release == 0)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "no release %s: kigen plan show lists them", name);
  return *ret_release != 0;
}

static bool diff_run(Cli *cli, const Args *args, GError **error)
{
  const char *market = args_text(args, "market") != NULL ? args_text(args, "market") : "*";
  const char *name = args_word(args, 0);
  g_autoptr(GPtrArray) rows = NULL;
  const PlanRow *was = NULL, *now = NULL;
  gint64 release = 0;
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) || !db_begin_read(db, error) ||
      !find_release(db, name, &release, error) || !plan_store_revisions(db, release, market, &rows, error) ||
      !choose(args, rows, &was, &now, error))
    return false;
  print_diff(cli, name, was, now);
  return true;
}

const Command cmd_plan_diff = {
  .name = "diff",
  .summary = "Show in which fields two revisions differ",
  .words = "PRODUCT/RELEASE [REVISION [REVISION]]",
  .min_words = 1,
  .max_words = 3,
  .options = { options },
  .help = help,
  .run = diff_run,
};
