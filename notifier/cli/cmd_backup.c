#include "db/backup.h"
#include "db/link_key.h"
#include "db/sign_key.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/progress.h"

static const ArgOption options[] = {
  { "force", NULL, "write over a file that is there" },
  { NULL },
};

static const char help[] = "One file, one state of the store, while others go on reading and writing; read "
                           "through again before it gets "
                           "its\nname. Key files and kigen.conf are not in it: copy them once, to another "
                           "place than the backups. kigen "
                           "restore\nbrings it back.";

static void print_json(const char *path, const char *key, const char *sign_key, const BackupReport *report)
{
  g_autoptr(Json) document =
      json_pack("{s:s, s:I, s:s, s:I, s:s, s:o, s:[s, s]}", "backup", path, "bytes",
                (json_int_t)report->bytes, "sha256", report->sha256, "audit_rows",
                (json_int_t)report->trail.rows, "audit", audit_verdict_key(report->trail.verdict),
                "audit_detail", cli_json_text(report->trail.detail), "not_in_it", key, sign_key);

  cli_print_json(document);
}

static void print_text(const char *path, const char *key, const char *sign_key, const BackupReport *report)
{
  printf("%s: %" G_GINT64_FORMAT
         " bytes, read through again: structure and references hold, %" G_GINT64_FORMAT
         " audit rows\nSHA-256 %s\n",
         path, report->bytes, report->trail.rows, report->sha256);
  printf(
      "Not in it, on purpose: %s (links) and %s (signatures).\nKeep a copy of both, apart from the backups: "
      "who has a backup must not have the keys.\n",
      key, sign_key);
}

static bool backup_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(Progress) progress = progress_new("pages");
  DbProgress ticks = progress_for_db(progress);
  const char *path = args_word(args, 0);
  g_auto(BackupReport) report = { 0 };
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error))
    return false;
  db_set_interrupt(db, interrupt_watch());
  if (!backup_make(db, path, args_flag(args, "force"), &ticks, &report, error))
    return false;
  progress_hide(progress);

  g_autofree char *key = link_key_path(cli_store_path(cli));
  g_autofree char *sign_key = sign_key_path(cli_store_path(cli));

  if (cli_json(cli))
    print_json(path, key, sign_key, &report);
  else
    print_text(path, key, sign_key, &report);
  if (report.trail.verdict != AUDIT_HOLDS) {
    cli_warn("the backup is a true copy, but the audit trail in it does not hold: %s: %s",
             audit_verdict_key(report.trail.verdict), report.trail.detail);
    cli_set_exit(cli, CLI_EXIT_REFUSED);
  }
  return true;
}

const Command cmd_backup = {
  .name = "backup",
  .summary = "Write a verified copy of the store, while it is in use",
  .words = "FILE",
  .min_words = 1,
  .max_words = 1,
  .options = { options },
  .help = help,
  .run = backup_run,
};
