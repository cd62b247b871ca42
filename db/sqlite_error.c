#include "db/sqlite_error.h"

#include <errno.h>

typedef struct {
  int code; /* SQLite's primary result code */
  DbError error;
  const char *what;
  const char *remedy;
} ErrorRow;

static const ErrorRow error_rows[] = {
  { SQLITE_FULL, DB_ERROR_FULL, "no space left, nothing was changed",
    "free space on that disk and try again" },
  { SQLITE_READONLY, DB_ERROR_READ_ONLY, "it is read-only",
    "make the file and its directory writable for this user, or copy the store to a writable place" },
  { SQLITE_PERM, DB_ERROR_READ_ONLY, "no permission",
    "make the file and its directory writable for this user" },
  { SQLITE_CANTOPEN, DB_ERROR_READ_ONLY, "cannot open it, or the -wal and -shm files beside it",
    "a store needs a directory that this user may write: copy it to such a place" },
  { SQLITE_NOTADB, DB_ERROR_NOT_A_STORE, "this is not a kigen store",
    "name another file, or make a store with 'kigen init'" },
  { SQLITE_CORRUPT, DB_ERROR_CORRUPT, "the file is damaged",
    "stop all kigen programs and restore the last backup with 'kigen restore FILE'" },
  { SQLITE_CONSTRAINT, DB_ERROR_CONSTRAINT, "it refused a row", "nothing was changed" },
  { SQLITE_BUSY, DB_ERROR_BUSY, "another program is using it",
    "end that program (an open sqlite3 shell?) and try again" },
  { SQLITE_LOCKED, DB_ERROR_BUSY, "one of its tables is still being read", "end that reading first" },
  { SQLITE_TOOBIG, DB_ERROR_FAILED, "a value is larger than 1 GB", "shorten it" },
  { SQLITE_INTERRUPT, DB_ERROR_INTERRUPTED, "interrupted", "it is as it was before" },
};

static const ErrorRow other = { SQLITE_ERROR, DB_ERROR_FAILED, "an unexpected error",
                                "'kigen doctor' looks the store over" };

static const ErrorRow *find_row(int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS(error_rows); i++) {
    if (error_rows[i].code == code) {
      return &error_rows[i];
    }
  }
  return &other;
}

/* A full disk comes as SQLITE_FULL only from the database file; growing the -shm file or a sorter's temporary
 * file says SQLITE_IOERR. */
static int primary_code(Sqlite *sqlite, int code)
{
  int primary = code & 0xff;
  int system = sqlite->handle != NULL ? sqlite3_system_errno(sqlite->handle) : 0;

  if ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) && (system == ENOSPC || system == EDQUOT)) {
    return SQLITE_FULL;
  }
  return primary;
}

bool sqlite_error_set(Sqlite *sqlite, int code, GError **error)
{
  const ErrorRow *row = find_row(primary_code(sqlite, code));
  g_autofree char *shown = g_filename_display_name(sqlite->path);
  const char *said = sqlite->handle != NULL && sqlite3_extended_errcode(sqlite->handle) == code
                         ? sqlite3_errmsg(sqlite->handle)
                         : sqlite3_errstr(code);

  g_set_error(error, DB_ERROR, row->error, "store %s: %s (%s); %s", shown, row->what, said, row->remedy);
  return false;
}
