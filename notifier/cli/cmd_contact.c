#include "notifier/cli/cmd.h"
#include "notifier/cli/contact_retention.h"
#include "notifier/cli/contact_view.h"

static const ArgOption list_options[] = {
  { "expired", NULL, "only those that the policy keeps no longer, and whether they may go" },
  { NULL },
};

static const char list_help[] =
    "Contacts come and go by kigen import contacts. With --expired: who ended, or whose organization has had "
    "no "
    "unit, for\n"
    "longer than the policy's retention_months_contact, and how many messages are older than "
    "retention_years_proof after the\n"
    "last EOS of what they are about: kigen contact erase --expired erases both.";

static const char export_help[] =
    "One JSON document on standard output: the contact, the same person elsewhere, every message with its "
    "states "
    "and what\n"
    "it was rendered from, confirmations, rows of the audit trail and other texts that name them: what a "
    "person may "
    "ask to\n"
    "see (個人情報保護法 第33条; GDPR art. 15). Backups and mails kept elsewhere are not in it.";

static void put_row(Table *table, const ContactRow *row, Day today)
{
  char buffer[DAY_TEXT_SIZE];
  TermStyle style;
  const char *state = contact_view_state(row, today, &style);

  table_cell(table, row->organization_code);
  table_cell_int(table, row->order);
  table_cell(table, row->name);
  table_cell(table, row->title);
  table_cell(table, row->email);
  table_cell(table, row->channel);
  table_cell(table, row->valid_from != DAY_NONE ? day_format(row->valid_from, buffer) : NULL);
  table_cell(table, row->valid_to != DAY_NONE ? day_format(row->valid_to, buffer) : NULL);
  table_cell_styled(table, state, style);
  table_cell(table, row->erased_on != DAY_NONE ? day_format(row->erased_on, buffer) : NULL);
}

static bool list_everybody(Cli *cli, Db *db, const char *organization, Day today, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(Json) list = json_array();
  g_autoptr(Table) table = table_new("ORGANIZATION|>ORDER|NAME|TITLE|E-MAIL|CHANNEL|FROM|TO|STATE|ON");

  if (!contact_list_all(db, organization, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    json_array_append_new(list, contact_view_json(rows->pdata[i], today));
    put_row(table, rows->pdata[i], today);
  }
  if (cli_json(cli))
    cli_print_json_list("contacts", list);
  else if (rows->len == 0)
    printf("no contact yet: kigen import contacts FILE\n");
  else
    table_print(table, stdout);
  return true;
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  Db *db = NULL;
  Day today = DAY_NONE;

  if (!cli_store(cli, DB_READ, &db, error) || !cli_today(cli, &today, error))
    return false;
  if (!args_flag(args, "expired"))
    return list_everybody(cli, db, args_word(args, 0), today, error);
  if (args_count(args) == 0)
    return contact_retention_list(cli, db, today, error);
  g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE, "--expired lists those of every organization");
  return false;
}

/* Everything about the contact that the words name, as one state of the store. */
typedef struct {
  ContactRow *row;
  GPtrArray *elsewhere;
  ContactRecord *record;
  ContactDuty duty;
} Everything;

static void everything_clear(Everything *everything)
{
  contact_row_free(everything->row);
  g_clear_pointer(&everything->elsewhere, g_ptr_array_unref);
  contact_record_free(everything->record);
  contact_duty_clear(&everything->duty);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Everything, everything_clear)

static bool load(Db *db, const Args *args, Day today, Everything *everything, GError **error)
{
  return contact_list_find(db, args_word(args, 0), args_word(args, 1), &everything->row, error) &&
         contact_list_same(db, everything->row, &everything->elsewhere, error) &&
         contact_record_load(db, everything->row, &everything->record, error) &&
         contact_duty_load(db, everything->row, today, &everything->duty, error);
}

static bool load_everything(Cli *cli, const Args *args, Day *ret_today, Everything *everything,
                            GError **error)
{
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) || !cli_today(cli, ret_today, error) || !db_begin_read(db, error))
    return false;

  bool done = load(db, args, *ret_today, everything, error);

  db_end_read(db);
  return done;
}

static Json *document_of(const Everything *everything, Day today)
{
  Json *document = json_object(), *elsewhere = json_array();

  for (guint i = 0; i < everything->elsewhere->len; i++)
    json_array_append_new(elsewhere, contact_view_json(everything->elsewhere->pdata[i], today));
  json_object_set_new(document, "today", cli_json_day(today));
  json_object_set_new(document, "contact", contact_view_json(everything->row, today));
  json_object_set_new(document, "elsewhere", elsewhere);
  json_object_set_new(document, "duty", contact_view_duty_json(&everything->duty, everything->row));
  contact_view_add_record(document, everything->record);
  return document;
}

static bool export_run(Cli *cli, const Args *args, GError **error)
{
  g_auto(Everything) everything = { 0 };
  Day today = DAY_NONE;

  if (!load_everything(cli, args, &today, &everything, error))
    return false;

  g_autoptr(Json) document = document_of(&everything, today);

  cli_print_json(document);
  return true;
}

static bool show_run(Cli *cli, const Args *args, GError **error)
{
  g_auto(Everything) everything = { 0 };
  Day today = DAY_NONE;

  if (cli_json(cli))
    return export_run(cli, args, error);
  if (!load_everything(cli, args, &today, &everything, error))
    return false;

  g_autofree char *why = contact_duty_reason(&everything.duty, everything.row);

  contact_view_print(everything.row, everything.record, today);
  for (guint i = 0; i < everything.elsewhere->len; i++) {
    const ContactRow *other = everything.elsewhere->pdata[i];

    printf("%-16s%s %s\n", i == 0 ? "also contact of" : "", other->organization_code, other->name);
  }
  if (everything.row->erased_on == DAY_NONE)
    printf("%-16s%s%s\n", "may be erased", why == NULL ? "yes" : "no: ", why == NULL ? "" : why);
  return true;
}

static const Command contact_list_command = {
  .name = "list",
  .summary = "List contacts, or those that are kept for too long",
  .words = "[ORGANIZATION]",
  .max_words = 1,
  .options = { list_options },
  .help = list_help,
  .run = list_run,
};

static const Command contact_show_command = {
  .name = "show",
  .summary = "Show a contact, how much is kept about it, and whether it may be erased",
  .words = "ORGANIZATION NAME",
  .min_words = 2,
  .max_words = 2,
  .run = show_run,
};

static const Command contact_export_command = {
  .name = "export",
  .summary = "Print everything that is kept about a contact, as JSON",
  .words = "ORGANIZATION NAME",
  .min_words = 2,
  .max_words = 2,
  .help = export_help,
  .run = export_run,
};

static const Command *const subcommands[] = { &contact_list_command, &contact_show_command,
                                              &contact_export_command, &cmd_contact_erase, NULL };

const Command cmd_contact = {
  .name = "contact",
  .summary = "Contacts: what is kept about a person, and erasing it",
  .words = "COMMAND",
  .subcommands = subcommands,
};
