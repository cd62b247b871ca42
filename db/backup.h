#ifndef KIGEN_DB_BACKUP_H
#define KIGEN_DB_BACKUP_H

/* Backups of a store that is in use: one file, one state of the store, verified by reading it again before it
 * gets its name. Key files and the configuration are not in it. db/restore.h brings one back. */

#include "db/audit_check.h"

typedef struct {
  gint64 bytes;
  char *sha256;
  AuditResult trail; /* of the copy: a trail that does not hold is copied as it is, and told */
} BackupReport;

void backup_report_clear(BackupReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BackupReport, backup_report_clear)

/* Writes a backup of `db` to `path`, mode 0600; over a file that is there only with `replace`. Others read
 * and write meanwhile. On an error nothing is left, and what was at `path` is untouched. Errors: DB_ERROR. */
bool backup_make(Db *db, const char *path, bool replace, const DbProgress *progress, BackupReport *ret_report,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a copy through: its structure and references (DB_ERROR_CORRUPT when they do not hold), and its trail.
 */
bool backup_verify(Db *copy, AuditResult *ret_trail, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
