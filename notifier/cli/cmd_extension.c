#include "db/document_store.h"
#include "db/extension_list.h"
#include "db/extension_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/document_name.h"
#include "notifier/cli/extension_view.h"
#include "notifier/cli/organization_match.h"
#include "notifier/exchange/values.h"

#include <string.h>

static const ArgOption set_options[] = {
  { "device", "SERIAL", "only for this one device of theirs" },
  { "reference", "CONTRACT", "the contract's number" },
  { NULL },
};
static const ArgOption list_options[] = {
  { "release", "PLAN", "only for this product, or PRODUCT/RELEASE (wildcards)" },
  { "all", NULL, "those that are over, ended or replaced, too" },
  { NULL },
};

static const char set_help[] =
    "A customer's own EOS, by contract: later than the plan's, which stays as it is, and so does EOL. It is "
    "for "
    "the release it\n"
    "names only: one for the hardware does not keep its software alive. It is for the organization it names "
    "only: where a\n"
    "lessor made the contract for what a hospital uses, set it for both. Where an extension holds already, "
    "the "
    "new one takes\n"
    "its place; a device's own goes before that of all. Should the plan's EOS move past it, the later of the "
    "two holds.\n"
    "Feeds, letters and reminders of EOS go by the extended day.";
static const char end_help[] =
    "Today is then the last day on which it holds, unless the plan's EOS is later.";

/* --reason, on one line. */
static bool read_reason(const Args *args, const char **ret_reason, GError **error)
{
  const char *reason = args_text(args, "reason");
  g_autofree char *trimmed = g_strstrip(g_strdup(reason != NULL ? reason : ""));

  if (trimmed[0] == '\0') {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "say why by --reason TEXT");
    return false;
  }
  if (term_has_control(reason)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "the reason must be on one line, without control characters");
    return false;
  }
  *ret_reason = reason;
  return true;
}

static bool read_reference(const Args *args, const char **ret_reference, GError **error)
{
  const char *reference = args_text(args, "reference");

  if (reference != NULL && (reference[0] == '\0' || term_has_control(reference))) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "--reference: give the contract's number on one line, or leave it out");
    return false;
  }
  *ret_reference = reference;
  return true;
}

static bool set_run(Cli *cli, const Args *args, GError **error)
{
  const char *serial = args_text(args, "device");
  g_autofree char *key = serial != NULL ? values_serial_key(serial) : NULL;
  ExtensionRequest request = { .serial = serial, .serial_key = key != NULL ? key : serial };
  ExtensionResult result = { 0 };
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!cli_parse_day(args_word(args, 2), "DAY", &request.eos, error) ||
      !read_reason(args, &request.reason, error) || !read_reference(args, &request.reference, error) ||
      !cli_write(cli, args, &db, &context, error) || !db_begin(db, error) ||
      !document_name_find_release(db, args_word(args, 0), &request.release, error) ||
      !organization_match_find(db, args_word(args, 1), &request.organization, error) ||
      !extension_store_set(db, &context, &request, &result, error) || !db_commit(db, error))
    return false;
  extension_view_set(cli, args_word(args, 0), args_word(args, 1), &request, &result);
  return true;
}

static bool end_run(Cli *cli, const Args *args, GError **error)
{
  const char *word = args_word(args, 0), *reason = NULL;
  AuditContext context = { 0 };
  gint64 id = 0;
  Db *db = NULL;

  if (!g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, &id, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: expected a number (kigen extension list)", word);
    return false;
  }
  if (!read_reason(args, &reason, error) || !cli_write(cli, args, &db, &context, error) ||
      !db_begin(db, error) || !extension_store_end(db, &context, id, reason, error) || !db_commit(db, error))
    return false;
  extension_view_ended(cli, id, context.today);
  return true;
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  const char *organization = args_word(args, 0), *release = args_text(args, "release");
  g_autoptr(GPtrArray) rows = NULL, targets = NULL;
  gint64 id = 0;
  Day today = DAY_NONE;
  Db *db = NULL;

  if (!cli_today(cli, &today, error) || !cli_store(cli, DB_READ, &db, error) ||
      (organization != NULL && !organization_match_find(db, organization, &id, error)) ||
      (release != NULL && !document_name_find(db, release, &targets, error)) ||
      !extension_list_rows(db, organization, release, today, args_flag(args, "all"), &rows, error))
    return false;
  extension_view_list(cli, rows);
  return true;
}

static const Command extension_set = {
  .name = "set",
  .summary = "Give a customer, or one device, a later EOS by contract",
  .words = "PRODUCT/RELEASE ORGANIZATION DAY",
  .min_words = 3,
  .max_words = 3,
  .options = { set_options, cli_by_option, cli_reason_option },
  .help = set_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = set_run,
};

static const Command extension_list = {
  .name = "list",
  .summary = "List extensions",
  .words = "[ORGANIZATION]",
  .max_words = 1,
  .options = { list_options },
  .run = list_run,
};

static const Command extension_end = {
  .name = "end",
  .summary = "End an extension before its day",
  .words = "ID",
  .min_words = 1,
  .max_words = 1,
  .options = { cli_by_option, cli_reason_option },
  .help = end_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = end_run,
};

static const Command *const subcommands[] = { &extension_set, &extension_list, &extension_end, NULL };

const Command cmd_extension = {
  .name = "extension",
  .summary = "Customers' own later EOS, by contract",
  .words = "COMMAND",
  .subcommands = subcommands,
};
