#include "db/sqlite_copy.h"

#include "db/sqlite_error.h"

#define PAGES_A_STEP 2000 /* 8 MB: often enough for a progress bar and a signal */

static bool is_interrupted(const Sqlite *sqlite)
{
  return sqlite->interrupt != NULL && *sqlite->interrupt != 0;
}

/* `watched` is the connection whose interrupt ends it. */
static int copy_pages(sqlite3 *target, sqlite3 *source, const Sqlite *watched, const DbProgress *progress)
{
  sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
  int code = SQLITE_OK;

  if (backup == NULL)
    return sqlite3_errcode(target);
  while (code == SQLITE_OK && !is_interrupted(watched)) {
    code = sqlite3_backup_step(backup, PAGES_A_STEP);
    if (progress != NULL) {
      int total = sqlite3_backup_pagecount(backup);

      progress->tick(progress->data, total - sqlite3_backup_remaining(backup), total);
    }
  }

  int finished = sqlite3_backup_finish(backup); /* not at its end: rolls the target back */

  return code == SQLITE_DONE ? finished : code == SQLITE_OK ? SQLITE_INTERRUPT : code;
}

/* Other connections may commit between two steps: a read transaction held open keeps it one state. */
static bool hold(Sqlite *sqlite, bool *ret_own, GError **error)
{
  gint64 n;

  *ret_own = !sqlite_in_transaction(sqlite);
  return (!*ret_own || sqlite_exec(sqlite, "BEGIN", error)) &&
         sqlite_number(sqlite, "SELECT count(*) FROM sqlite_schema", &n, error);
}

static void close_quietly(sqlite3 **handle)
{
  sqlite3_close(*handle);
}

#define AUTO_HANDLE __attribute__((cleanup(close_quietly))) sqlite3

/* A connection for copying alone: no pragma of sqlite_open is wanted. */
static bool open_plain(const char *path, int flags, sqlite3 **ret_handle, GError **error)
{
  int code = sqlite3_open_v2(path, ret_handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
  g_autofree char *shown = g_strdup(path);
  Sqlite named = { .handle = *ret_handle, .path = shown };

  return code == SQLITE_OK || sqlite_error_set(&named, code, error);
}

bool sqlite_copy(Sqlite *sqlite, const char *path, const DbProgress *progress, GError **error)
{
  AUTO_HANDLE *target = NULL;
  g_autofree char *shown = g_strdup(path);
  bool own = false;

  if (!open_plain(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &target, error))
    return false;

  bool held = hold(sqlite, &own, error);
  int code = held ? copy_pages(target, sqlite->handle, sqlite, progress) : SQLITE_OK;

  if (own)
    sqlite_rollback(sqlite);

  Sqlite named = { .handle = target, .path = shown };

  return held && (code == SQLITE_OK || sqlite_error_set(&named, code, error));
}

bool sqlite_copy_from(Sqlite *target, const char *path, const DbProgress *progress, GError **error)
{
  AUTO_HANDLE *source = NULL;

  if (!open_plain(path, SQLITE_OPEN_READONLY, &source, error))
    return false;

  int code = copy_pages(target->handle, source, target, progress);

  if (code != SQLITE_OK)
    return sqlite_error_set(target, code, error);
  /* All pages went through the write-ahead log: bring them home, unless a reader still needs the old ones. */
  sqlite3_busy_timeout(target->handle, 0);
  (void)sqlite3_wal_checkpoint_v2(target->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout(target->handle, target->busy_timeout);
  return true;
}

bool sqlite_copy_settle(const char *path, GError **error)
{
  AUTO_HANDLE *handle = NULL;
  g_autofree char *shown = g_strdup(path);

  if (!open_plain(path, SQLITE_OPEN_READWRITE, &handle, error))
    return false;

  int code = sqlite3_exec(handle, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
  Sqlite named = { .handle = handle, .path = shown };

  return code == SQLITE_OK || sqlite_error_set(&named, code, error);
}
