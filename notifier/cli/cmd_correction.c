#include "db/correction_apply.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/correction_view.h"
#include "notifier/cli/organization_match.h"
#include "notifier/exchange/values.h"

#include <string.h>

static const ArgOption all_option[] = { { "all", NULL, "those that were approved or rejected, too" },
                                        { NULL } };
static const ArgOption organization_option[] = {
  { "organization", "CODE", "whose the device is now, where it was handed on" }, { NULL }
};

static const char help[] =
    "Customers say on their page what is wrong: a device that is gone, was moved or handed on, a wrong "
    "number; a person "
    "who is\n"
    "new, left, or has another address. Nothing of it holds before somebody here has approved it.";
static const char approve_help[] = "Does what it says, as an import would: custody keeps the history, "
                                   "holdings and calendars follow. Refused when what "
                                   "it is\n"
                                   "about changed since it was sent. A device that was handed on needs "
                                   "--organization CODE: the customer only writes a "
                                   "name.";
static const char reject_help[] = "The customer's page shows the reason (--reason).";

static bool read_id(const Args *args, gint64 *ret_id, GError **error)
{
  const char *word = args_word(args, 0);

  if (g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, ret_id, NULL))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: expected a number (kigen correction list)", word);
  return false;
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  const char *code = args_word(args, 0);
  g_autoptr(GPtrArray) rows = NULL;
  gint64 organization = 0;
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) ||
      (code != NULL && !organization_match_find(db, code, &organization, error)) ||
      !correction_store_list(db, organization, args_flag(args, "all"), &rows, error))
    return false;
  correction_view_list(cli, rows);
  return true;
}

static bool show_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(CorrectionRow) row = NULL;
  gint64 id = 0;
  Db *db = NULL;

  if (!read_id(args, &id, error) || !cli_store(cli, DB_READ, &db, error) ||
      !correction_store_load(db, id, &row, error))
    return false;
  correction_view_one(cli, row);
  return true;
}

/* The key of the serial number that it says, or NULL. Own string. */
static char *serial_key(const CorrectionRow *row)
{
  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *field = row->fields->pdata[i];

    if (strcmp(field->field, "serial") == 0 && field->said != NULL)
      return values_serial_key(field->said);
  }
  return NULL;
}

static bool approve(Db *db, const AuditContext *context, const Args *args, gint64 id, GError **error)
{
  g_autofree char *path = link_key_path(db_path(db)), *serial = NULL;
  const char *code = args_text(args, "organization");
  g_autoptr(CorrectionRow) row = NULL;
  g_autoptr(LinkKey) key = NULL;
  CorrectionTerms terms = { 0 };

  if (!correction_store_load(db, id, &row, error))
    return false;
  if (code != NULL && row->kind != CORRECTION_HANDED_ON) {
    g_set_error_literal(
        error, CLI_ERROR, CLI_ERROR_USAGE,
        "--organization is for a device that was handed on; this correction is of another kind");
    return false;
  }
  if (row->kind == CORRECTION_CONTACT_NEW && !link_key_load(path, &key, error))
    return false;
  if (code != NULL && !organization_match_find(db, code, &terms.organization, error))
    return false;
  terms.serial_key = serial = serial_key(row);
  terms.link_key = key;
  return correction_apply(db, context, row, &terms, error);
}

/* Shows it as it stands after `db`'s transaction. */
static bool show_decided(Cli *cli, Db *db, gint64 id, GError **error)
{
  g_autoptr(CorrectionRow) row = NULL;

  if (!correction_store_load(db, id, &row, error))
    return false;
  correction_view_one(cli, row);
  return true;
}

static bool approve_run(Cli *cli, const Args *args, GError **error)
{
  AuditContext context = { 0 };
  gint64 id = 0;
  Db *db = NULL;

  return read_id(args, &id, error) && cli_write(cli, args, &db, &context, error) && db_begin(db, error) &&
         approve(db, &context, args, id, error) && db_commit(db, error) && show_decided(cli, db, id, error);
}

static bool read_reason(const Args *args, const char **ret_reason, GError **error)
{
  const char *reason = args_text(args, "reason");
  g_autofree char *trimmed = g_strstrip(g_strdup(reason != NULL ? reason : ""));

  if (trimmed[0] == '\0') {
    g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE, "say why by --reason TEXT: the customer reads it");
    return false;
  }
  if (term_has_control(reason)) {
    g_set_error_literal(error, CLI_ERROR, CLI_ERROR_REFUSED,
                        "the reason must be on one line, without control characters");
    return false;
  }
  *ret_reason = reason;
  return true;
}

static bool reject(Db *db, const AuditContext *context, gint64 id, const char *reason, GError **error)
{
  g_autoptr(CorrectionRow) row = NULL;

  return correction_store_load(db, id, &row, error) &&
         correction_store_decide(db, context, row, CORRECTION_REJECTED, reason, error);
}

static bool reject_run(Cli *cli, const Args *args, GError **error)
{
  AuditContext context = { 0 };
  const char *reason = NULL;
  gint64 id = 0;
  Db *db = NULL;

  return read_id(args, &id, error) && read_reason(args, &reason, error) &&
         cli_write(cli, args, &db, &context, error) && db_begin(db, error) &&
         reject(db, &context, id, reason, error) && db_commit(db, error) && show_decided(cli, db, id, error);
}

#define WHO                                                                                                  \
  (ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_SAFETY_OFFICER) | ROLE_BIT(ROLE_QUALITY) |                         \
   ROLE_BIT(ROLE_GENERAL_MANAGER))

static const Command correction_list = {
  .name = "list",
  .summary = "List what customers want corrected",
  .words = "[ORGANIZATION]",
  .max_words = 1,
  .options = { all_option },
  .run = list_run,
};

static const Command correction_show = {
  .name = "show",
  .summary = "Show one correction",
  .words = "ID",
  .min_words = 1,
  .max_words = 1,
  .run = show_run,
};

static const Command correction_approve = {
  .name = "approve",
  .summary = "Do what a correction says",
  .words = "ID",
  .min_words = 1,
  .max_words = 1,
  .options = { organization_option, cli_by_option },
  .help = approve_help,
  .roles = WHO,
  .run = approve_run,
};

static const Command correction_reject = {
  .name = "reject",
  .summary = "Leave it as it is, with a reason that the customer reads",
  .words = "ID",
  .min_words = 1,
  .max_words = 1,
  .options = { cli_by_option, cli_reason_option },
  .help = reject_help,
  .roles = WHO,
  .run = reject_run,
};

static const Command *const subcommands[] = { &correction_list, &correction_show, &correction_approve,
                                              &correction_reject, NULL };

const Command cmd_correction = {
  .name = "correction",
  .summary = "What customers say is wrong in the installed base and among their contacts",
  .words = "COMMAND",
  .help = help,
  .subcommands = subcommands,
};
