#ifndef KIGEN_DB_SQLITE_WIPE_H
#define KIGEN_DB_SQLITE_WIPE_H

/* A database file written anew, so that nothing is left in it but what the database holds. */

#include "db/sqlite.h"

/* Writes every page of the database anew, in order, and the write-ahead log back into it. *ret_clean false: a
 * reader kept the latter from its end. Only with the write lock held and without a transaction. Errors:
 * DB_ERROR. */
bool sqlite_wipe(Sqlite *sqlite, bool *ret_clean, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
