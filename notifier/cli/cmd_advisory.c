#include "db/advisory_event_store.h"
#include "notifier/cli/advisory_edit.h"
#include "notifier/cli/advisory_view.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/table.h"

static const ArgOption list_options[] = { { "all", NULL, "every revision, not only the one that counts" },
                                          { NULL } };
static const ArgOption show_options[] = { { "revision", "N", "that revision (default: the one that counts)" },
                                          { NULL } };

static void put_row(Table *table, const AdvisoryRow *row)
{
  char day[DAY_TEXT_SIZE];

  table_cell(table, row->number);
  table_cell_int(table, row->revision);
  table_cell(table, notice_kind_key(row->content->kind));
  table_cell(table, row->state);
  table_cell(table, row->published_on != DAY_NONE ? day_format(row->published_on, day) : NULL);
  table_cell_int(table, row->content->releases->len);
  table_cell(table, row->content->text[ADVISORY_TITLE_JA]);
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(Table) table = table_new("NUMBER|>REVISION|KIND|STATE|PUBLISHED|>RELEASES|TITLE");
  g_autoptr(Json) list = json_array();
  g_autoptr(GPtrArray) rows = NULL;
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) ||
      !advisory_store_list(db, args_flag(args, "all") ? ADVISORY_EVERY : ADVISORY_LATEST, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    json_array_append_new(list, advisory_view_json(rows->pdata[i]));
    put_row(table, rows->pdata[i]);
  }
  if (cli_json(cli))
    cli_print_json_list("advisories", list);
  else if (rows->len == 0)
    printf("no advisory yet: kigen advisory draft\n");
  else
    table_print(table, stdout);
  return true;
}

/* --revision N, 0 without it. */
static bool read_revision(const Args *args, int *ret_revision, GError **error)
{
  const char *text = args_text(args, "revision");
  guint64 value = 0;

  if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &value, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--revision %s: a number from 1 on", text);
    return false;
  }
  *ret_revision = (int)value;
  return true;
}

static bool find(Db *db, const Args *args, AdvisoryRow **ret_row, GError **error)
{
  g_autoptr(AdvisoryRow) row = NULL;
  g_autoptr(AdvisoryRow) other = NULL;
  int revision = 0;

  if (!read_revision(args, &revision, error) || !advisory_edit_find(db, args_word(args, 0), &row, error) ||
      (revision > 0 && !advisory_store_find(db, row->number, revision, &other, error)))
    return false;
  if (revision > 0 && other == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s has no revision %d: kigen advisory list --all",
                row->number, revision);
    return false;
  }
  *ret_row = revision > 0 ? g_steal_pointer(&other) : g_steal_pointer(&row);
  return true;
}

static bool show_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(AdvisoryRow) row = NULL;
  g_autoptr(GPtrArray) events = NULL;
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) || !find(db, args, &row, error) ||
      !advisory_event_list(db, row->id, &events, error))
    return false;
  if (!cli_json(cli)) {
    advisory_view_print(row, events);
    return true;
  }

  g_autoptr(Json) document = advisory_view_json(row);

  json_object_set_new(document, "events", advisory_view_events_json(events));
  cli_print_json(document);
  return true;
}

static const Command advisory_list_command = {
  .name = "list",
  .summary = "List advisories",
  .words = "",
  .options = { list_options },
  .run = list_run,
};

static const Command advisory_show_command = {
  .name = "show",
  .summary = "Show an advisory and what happened to it",
  .words = "NUMBER",
  .min_words = 1,
  .max_words = 1,
  .options = { show_options },
  .run = show_run,
};

static const Command *const subcommands[] = { &advisory_list_command, &advisory_show_command,
                                              &cmd_advisory_draft,    &cmd_advisory_preview,
                                              &cmd_advisory_approve,  &cmd_advisory_publish,
                                              &cmd_advisory_withdraw, NULL };

const Command cmd_advisory = {
  .name = "advisory",
  .summary = "Security advisories, stop-use recommendations, component notices",
  .words = "COMMAND",
  .subcommands = subcommands,
};
