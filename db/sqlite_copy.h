#ifndef KIGEN_DB_SQLITE_COPY_H
#define KIGEN_DB_SQLITE_COPY_H

/* A copy of a whole database, by the engine's own backup. */

#include "db/sqlite.h"

/* Writes what `sqlite` sees now into the file at `path` (absolute), which is made or overwritten. Errors:
 * DB_ERROR. */
bool sqlite_copy(Sqlite *sqlite, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
