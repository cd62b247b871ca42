#ifndef KIGEN_DB_SQLITE_ERROR_H
#define KIGEN_DB_SQLITE_ERROR_H

/* Inside the SQLite engine: the connection's body, and its errors as DbError with path and remedy. Only
 * sqlite*.c include this. */

#include "db/sqlite.h"

#include <sqlite3.h>

struct Sqlite {
  sqlite3 *handle;
  char *path;
  int busy_timeout;
  int log_pages; /* pages in the write-ahead log after our last commit */
  const volatile sig_atomic_t *interrupt;
};

/* Sets *error from the connection's last failure, whose result code is `code`. Always false. */
bool sqlite_error_set(Sqlite *sqlite, int code, GError **error);

#endif
