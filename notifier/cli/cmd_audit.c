#include "db/audit_log.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/table.h"

static const ArgOption list_options[] = {
  { "from", "DAY", "not before that day" },
  { "to", "DAY", "not after that day" },
  { "action", "A", "only that action (plan.publish), or all that begin with it (plan)" },
  { "limit", "N", "only the newest N" },
  { NULL },
};

static bool read_limit(const Args *args, gint64 *ret_limit, GError **error)
{
  const char *text = args_text(args, "limit");

  if (text == NULL || g_ascii_string_to_signed(text, 10, 1, G_MAXINT, ret_limit, NULL))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--limit %s: expected a number from 1 on", text);
  return false;
}

/* What the payload says besides who; as it was stored when it is no JSON any more. */
static Json *facts_of(const AuditEntry *entry)
{
  Json *facts = json_loads(entry->payload, 0, NULL);

  if (facts == NULL)
    return json_string(entry->payload);
  json_object_del(facts, "actor");
  return facts;
}

static Json *entry_json(const AuditEntry *entry)
{
  return json_pack("{s:I, s:s, s:s, s:s, s:o, s:o}", "id", (json_int_t)entry->id, "at", entry->at, "day",
                   entry->day, "action", entry->action, "actor", cli_json_text(entry->actor), "payload",
                   entry->payload != NULL ? facts_of(entry) : json_null());
}

static void put_entry(Table *table, const AuditEntry *entry)
{
  g_autoptr(Json) facts = entry->payload != NULL ? facts_of(entry) : NULL;
  g_autofree char *text = facts != NULL ? json_dumps(facts, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

  table_cell_int(table, entry->id);
  table_cell(table, entry->at);
  table_cell(table, entry->day);
  table_cell(table, entry->action);
  table_cell(table, entry->actor);
  table_cell_styled(table, text != NULL ? text : "(erased)", text != NULL ? STYLE_PLAIN : STYLE_DIM);
}

static void print_entries(Cli *cli, const GPtrArray *entries)
{
  g_autoptr(Json) list = json_array();
  g_autoptr(Table) table = table_new(">ID|AT|DAY|ACTION|BY|WHAT");

  for (guint i = 0; i < entries->len; i++)
    if (cli_json(cli))
      json_array_append_new(list, entry_json(entries->pdata[i]));
    else
      put_entry(table, entries->pdata[i]);
  if (cli_json(cli))
    cli_print_json(list);
  else if (entries->len == 0)
    printf("no such row in the audit trail\n");
  else
    table_print(table, stdout);
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) entries = NULL;
  AuditFilter filter = { .action = args_text(args, "action") };
  Db *db = NULL;

  if (!cli_day_option(args, "from", &filter.from, error) || !cli_day_option(args, "to", &filter.to, error) ||
      !read_limit(args, &filter.limit, error) || !cli_store(cli, DB_READ, &db, error) ||
      !audit_log_list(db, &filter, &entries, error))
    return false;
  print_entries(cli, entries);
  return true;
}

static const Command audit_list = {
  .name = "list",
  .summary = "Show what was done, by whom, when and why",
  .words = "",
  .options = { list_options },
  .run = list_run,
};

static const Command *const subcommands[] = { &audit_list, &cmd_audit_verify, &cmd_audit_head,
                                              &cmd_audit_export, NULL };

const Command cmd_audit = {
  .name = "audit",
  .summary = "The trail of every change: list, verify, export, sign",
  .words = "COMMAND",
  .subcommands = subcommands,
};
