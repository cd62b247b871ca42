#include "db/backup.h"

#include "db/backup_file.h"
#include "db/check_base.h"
#include "db/store_path.h"

#include <sys/stat.h>

void backup_report_clear(BackupReport *report)
{
  g_clear_pointer(&report->sha256, g_free);
  audit_result_clear(&report->trail);
}

/* Where a backup must not go. */
static bool check_target(Db *db, const char *path, bool replace, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  struct stat info;

  if (lstat(path, &info) != 0)
    return true; /* what else is wrong shows when the file is made */
  if (backup_file_is_same(path, db_path(db))) {
    g_set_error(error, DB_ERROR, DB_ERROR_EXISTS, "%s is the store itself: name another file for its backup",
                shown);
    return false;
  }
  if (!S_ISREG(info.st_mode)) {
    g_set_error(error, DB_ERROR, DB_ERROR_EXISTS, "%s is %s: name a file for the backup", shown,
                S_ISDIR(info.st_mode) ? "a directory" : "no regular file");
    return false;
  }
  if (!replace)
    g_set_error(error, DB_ERROR, DB_ERROR_EXISTS,
                "there is a file at %s already: name another one, or write over it with --force", shown);
  return replace;
}

bool backup_verify(Db *copy, AuditResult *ret_trail, GError **error)
{
  static const CheckStep steps[] = { { "integrity", "", check_base_integrity },
                                     { "references", "", check_base_references } };
  g_autoptr(GPtrArray) findings = check_findings_new();

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
    if (!steps[i].run(&steps[i], copy, NULL, findings, error))
      return false;
  if (findings->len > 0) {
    const CheckFinding *finding = findings->pdata[0];
    g_autofree char *shown = g_filename_display_name(db_path(copy));

    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "%s does not hold: %s: %s", shown, finding->row,
                finding->message);
    return false;
  }
  return audit_check_store(copy, NULL, NULL, ret_trail, error);
}

/* The copy, read through by a connection of its own. */
static bool verify_file(const char *path, AuditResult *ret_trail, GError **error)
{
  g_autoptr(Db) copy = NULL;

  return db_open(path, DB_INSPECT, &copy, error) && backup_verify(copy, ret_trail, error);
}

static bool fill(Db *db, const char *made, const DbProgress *progress, BackupReport *report, GError **error)
{
  if (!db_copy(db, made, progress, error) || !db_copy_settle(made, error))
    return false;
  if (!verify_file(made, &report->trail, error)) {
    g_prefix_error(error, "the backup was not kept: ");
    return false;
  }
  return backup_file_digest(made, &report->sha256, &report->bytes, error);
}

bool backup_make(Db *db, const char *path, bool replace, const DbProgress *progress, BackupReport *ret_report,
                 GError **error)
{
  g_autofree char *target = g_canonicalize_filename(path, NULL);
  g_autofree char *made = NULL;
  g_auto(BackupReport) report = { 0 };

  if (!check_target(db, target, replace, error) || !backup_file_make(target, &made, error))
    return false;

  bool done = fill(db, made, progress, &report, error) && backup_file_publish(made, target, replace, error);

  store_path_remove(made); /* what was not named, and what the engine left beside it */
  if (!done)
    return false;
  *ret_report = report;
  report = (BackupReport){ 0 };
  return true;
}
