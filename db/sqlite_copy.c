#include "db/sqlite_copy.h"

#include "db/sqlite_error.h"

#define ALL_PAGES (-1)

/* In one step: nobody can change the source in between, and a writer is not held up longer than by a reader.
 */
static int copy_pages(sqlite3 *target, sqlite3 *source)
{
  sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");

  if (backup == NULL)
    return sqlite3_errcode(target);
  sqlite3_backup_step(backup, ALL_PAGES);
  return sqlite3_backup_finish(backup);
}

bool sqlite_copy(Sqlite *sqlite, const char *path, GError **error)
{
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  g_autofree char *shown = g_strdup(path);
  Sqlite target = { .path = shown };
  int code = sqlite3_open_v2(path, &target.handle, flags, NULL);

  if (code == SQLITE_OK)
    code = copy_pages(target.handle, sqlite->handle);
  if (code != SQLITE_OK)
    sqlite_error_set(&target, code, error);
  sqlite3_close(target.handle);
  return code == SQLITE_OK;
}
