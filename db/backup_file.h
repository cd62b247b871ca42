#ifndef KIGEN_DB_BACKUP_FILE_H
#define KIGEN_DB_BACKUP_FILE_H

/* Files that are whole or not there: made under another name in the same directory, synced, then named. Only
 * backup.c and restore.c use this. */

#include "db/db.h"

/* Makes an empty file in the directory of `path` (absolute), hidden, readable by its owner alone. *ret_made:
 * its path, own string. Errors: DB_ERROR_FULL, DB_ERROR_READ_ONLY, DB_ERROR_MISSING (no such directory),
 * DB_ERROR_FAILED. */
bool backup_file_make(const char *path, char **ret_made, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Syncs `made` and gives it the name `path`, over what is there only with `replace`. Errors: DB_ERROR_EXISTS
 * and those above. */
bool backup_file_publish(const char *made, const char *path, bool replace, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 of its bytes, lower-case hexadecimal, own string; *ret_size its bytes. */
bool backup_file_digest(const char *path, char **ret_digest, gint64 *ret_size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* True when both names mean one file. */
bool backup_file_is_same(const char *a, const char *b);

#endif
