#ifndef KIGEN_DB_SQLITE_COPY_H
#define KIGEN_DB_SQLITE_COPY_H

/* A copy of a whole database, by the engine's own backup, page by page. All of it is one state of the source.
 */

#include "db/sqlite.h"

/* Writes what `sqlite` sees now into the file at `path` (absolute), which is made or overwritten. Errors:
 * DB_ERROR. */
bool sqlite_copy(Sqlite *sqlite, const char *path, const DbProgress *progress, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Replaces everything in `target` by the database file at `path` (absolute), in one transaction of its own:
 * all of it or nothing, for every reader and after every crash. Only with the write lock held and without a
 * transaction. Errors: DB_ERROR. */
bool sqlite_copy_from(Sqlite *target, const char *path, const DbProgress *progress, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Makes the copy at `path` a single file again (no write-ahead log), which can be read where nothing can be
 * written. Errors: DB_ERROR. */
bool sqlite_copy_settle(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
