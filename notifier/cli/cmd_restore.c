#include "db/link_key.h"
#include "db/restore.h"
#include "db/sign_key.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/progress.h"

static const ArgOption options[] = {
  { "force", NULL, "replace everything in a store that holds data" },
  { "broken-trail", NULL, "restore although the backup's audit trail does not hold" },
  { NULL },
};

static const char help[] = "Checks the backup, then replaces the store's content in one transaction: a crash "
                           "leaves the old store or the "
                           "new\none. Programs that have the store open go on. What was written since the "
                           "backup is lost; the audit trail "
                           "tells\nwhat was restored. Where there is no store, one is made.";

/* The day that --today or KIGEN_TODAY says is for simulations alone. */
static bool is_day_given(const Args *args)
{
  const char *inherited = g_getenv("KIGEN_TODAY");

  return args_text(args, "today") != NULL || (inherited != NULL && *inherited != '\0');
}

static Json *returned_json(const RestoreReport *report)
{
  Json *list = json_array();

  for (guint i = 0; i < report->returned->len; i++)
    json_array_append_new(list, json_string(report->returned->pdata[i]));
  return list;
}

static void print_json(const RestoreTerms *terms, const RestoreReport *report)
{
  g_autoptr(Json) document =
      json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:s, s:o}", "store", terms->store, "backup", terms->backup,
                "made", report->made, "audit_row", (json_int_t)report->trail.end.id + 1, "replaced_row",
                (json_int_t)report->replaced.id, "waiting", (json_int_t)report->waiting, "audit",
                audit_verdict_key(report->trail.verdict), "returned", returned_json(report));

  cli_print_json(document);
}

static void print_text(const char *store_path, const RestoreTerms *terms, const RestoreReport *report)
{
  printf("%s: restored from %s; row %" G_GINT64_FORMAT " of the audit trail tells it\n", store_path,
         terms->backup, report->trail.end.id + 1);
  if (report->replaced.id > report->trail.end.id)
    printf("The replaced trail reached row %" G_GINT64_FORMAT
           ": signed heads of rows behind %" G_GINT64_FORMAT " do not fit any more, and this is why.\n",
           report->replaced.id, report->trail.end.id);
  if (report->waiting > 0)
    printf("%" G_GINT64_FORMAT
           " messages wait to be sent. Some may have gone out since the backup: look through "
           "kigen outbox list --state pending\nbefore kigen deliver sends them again.\n",
           report->waiting);
}

/* A backup holds whoever was erased since. */
static void warn_of_returned(const RestoreReport *report)
{
  for (guint i = 0; i < report->returned->len; i++)
    cli_warn("%s was erased since the backup and is there again: kigen contact erase",
             (const char *)report->returned->pdata[i]);
}

static void warn_of_key(const char *path)
{
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    cli_warn("%s is missing: key files are in no backup; put your copy of it there, mode 0600", path);
}

/* The store that says who may: the one that is replaced, or where there is none the backup. What is there and
 * cannot be opened restore_run refuses anyway. */
static bool act(Cli *cli, const Args *args, const RestoreTerms *terms, AuditContext *context, GError **error)
{
  g_autoptr(Db) db = NULL;

  if (!db_open(terms->store, DB_READ, &db, NULL) && !db_open(terms->backup, DB_INSPECT, &db, error)) {
    g_prefix_error(error, "the backup: ");
    return false;
  }
  return cli_act(cli, args, db, context, error);
}

static bool restore_command_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(Progress) progress = progress_new("pages");
  DbProgress ticks = progress_for_db(progress);
  g_auto(RestoreReport) report = { 0 };
  AuditContext context = { 0 };
  RestoreTerms terms = { .store = cli_store_url(cli),
                         .backup = args_word(args, 0),
                         .reason = args_text(args, "reason"),
                         .replace = args_flag(args, "force"),
                         .broken_trail = args_flag(args, "broken-trail"),
                         .given_day = is_day_given(args),
                         .interrupt = interrupt_watch() };

  if (!cli_context(cli, args, &context, error) || !act(cli, args, &terms, &context, error) ||
      !restore_run(&terms, &context, &ticks, &report, error))
    return false;
  progress_hide(progress);
  if (cli_json(cli))
    print_json(&terms, &report);
  else
    print_text(cli_store_path(cli), &terms, &report);

  warn_of_returned(&report);

  g_autofree char *key = link_key_path(cli_store_path(cli));
  g_autofree char *sign_key = sign_key_path(cli_store_path(cli));

  warn_of_key(key);
  warn_of_key(sign_key);
  return true;
}

const Command cmd_restore = {
  .name = "restore",
  .summary = "Bring a backup back into the store",
  .words = "FILE",
  .min_words = 1,
  .max_words = 1,
  .options = { options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_ADMIN),
  .run = restore_command_run,
};
