#include "db/sqlite_error.h"

#define LOG_PAGES 1000        /* pages in the write-ahead log worth a checkpoint */
#define LOG_PAGES_LARGE 16000 /* worth giving the disk space back too */
#define OPERATIONS_BETWEEN_LOOKS 20000
#define FIRST_BUSY_TIMEOUT 10000 /* milliseconds, until sqlite_set_busy_timeout says otherwise */

/* Statements outside transactions that every connection starts with; the first one reads the file. */
static const char open_script[] = "PRAGMA trusted_schema = OFF;"
                                  "PRAGMA cell_size_check = ON;"
                                  "PRAGMA foreign_keys = ON;"
                                  "PRAGMA synchronous = FULL;"
                                  "PRAGMA mmap_size = 0;"
                                  "PRAGMA secure_delete = ON;"
                                  "PRAGMA journal_size_limit = 67108864;"
                                  "PRAGMA cache_size = -16000;"
                                  "PRAGMA wal_autocheckpoint = 0;";

static int remember_log_pages(void *data, sqlite3 *handle, const char *name, int pages)
{
  ((Sqlite *)data)->log_pages = pages;
  return SQLITE_OK;
}

static int look_for_interrupt(void *data)
{
  const Sqlite *sqlite = data;

  return sqlite->interrupt != NULL && *sqlite->interrupt != 0;
}

bool sqlite_exec(Sqlite *sqlite, const char *sql, GError **error)
{
  int code = sqlite3_exec(sqlite->handle, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || sqlite_error_set(sqlite, code, error);
}

bool sqlite_number(Sqlite *sqlite, const char *sql, gint64 *ret_number, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(sqlite->handle, sql, -1, &statement, NULL);

  if (code == SQLITE_OK) {
    code = sqlite3_step(statement);
  }
  if (code == SQLITE_ROW || code == SQLITE_DONE) {
    *ret_number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
  } else {
    sqlite_error_set(sqlite, code, error);
  }
  sqlite3_finalize(statement);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool refuse_read_only(Sqlite *sqlite, GError **error)
{
  return sqlite3_db_readonly(sqlite->handle, "main") != 1 || sqlite_error_set(sqlite, SQLITE_READONLY, error);
}

/* The page cache and the journal mode belong to the file: only a new store sets them. */
static bool prepare_file(Sqlite *sqlite, bool read_only, bool fresh, GError **error)
{
  if (!sqlite_exec(sqlite, open_script, error)) {
    return false;
  }
  sqlite3_wal_hook(sqlite->handle, remember_log_pages, sqlite);
  if (fresh) {
    return sqlite_exec(sqlite, "PRAGMA journal_mode = WAL;", error);
  }
  return read_only || refuse_read_only(sqlite, error);
}

/* Nobody asks how much memory SQLite has, and to count it is a lock that all threads share. */
static void configure_library(void)
{
  static gsize once = 0;

  if (g_once_init_enter(&once)) {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    g_once_init_leave(&once, 1);
  }
}

bool sqlite_open(const char *path, bool read_only, bool fresh, Sqlite **ret_sqlite, GError **error)
{
  g_autoptr(Sqlite) sqlite = g_new0(Sqlite, 1);
  int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX |
              SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;

  g_assert(g_path_is_absolute(path));
  configure_library();
  sqlite->path = g_strdup(path);
  sqlite->busy_timeout = FIRST_BUSY_TIMEOUT;
  int code = sqlite3_open_v2(path, &sqlite->handle, flags, NULL);

  if (code != SQLITE_OK) {
    return sqlite_error_set(sqlite, code, error);
  }
  sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_busy_timeout(sqlite->handle, sqlite->busy_timeout);
  sqlite3_progress_handler(sqlite->handle, OPERATIONS_BETWEEN_LOOKS, look_for_interrupt, sqlite);
  if (!prepare_file(sqlite, read_only, fresh, error)) {
    return false;
  }
  *ret_sqlite = g_steal_pointer(&sqlite);
  return true;
}

void sqlite_set_cache(Sqlite *sqlite, int kib)
{
  char pragma[sizeof "PRAGMA cache_size = -2147483648"];

  g_snprintf(pragma, sizeof pragma, "PRAGMA cache_size = -%d", kib);
  (void)sqlite3_exec(sqlite->handle, pragma, NULL, NULL, NULL);
}

void sqlite_close(Sqlite *sqlite)
{
  if (sqlite == NULL) {
    return;
  }
  int code = sqlite3_close(sqlite->handle);

  g_assert(code == SQLITE_OK); /* SQLITE_BUSY: a statement was not freed */
  g_free(sqlite->path);
  g_free(sqlite);
}

/* Unlike the pragma this works inside a transaction too; our keys are never deferred, so nothing is left
 * open. */
void sqlite_set_foreign_keys(Sqlite *sqlite, bool on)
{
  sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0, NULL);
}

void sqlite_set_bulk(Sqlite *sqlite, bool bulk)
{
  sqlite_set_foreign_keys(sqlite, !bulk);
  (void)sqlite3_exec(sqlite->handle, bulk ? "PRAGMA cache_size = -64000" : "PRAGMA cache_size = -16000", NULL,
                     NULL, NULL);
}

bool sqlite_foreign_key_check(Sqlite *sqlite, const char *table, GError **error)
{
  static const char sql[] = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check(?1)";
  static const char sql_all[] = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check";
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(sqlite->handle, table != NULL ? sql : sql_all, -1, &statement, NULL);

  if (code == SQLITE_OK && table != NULL) {
    code = sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
  }
  if (code == SQLITE_OK) {
    code = sqlite3_step(statement);
  }
  if (code == SQLITE_ROW) {
    g_autofree char *shown = g_filename_display_name(sqlite->path);

    g_set_error(error, DB_ERROR, DB_ERROR_CONSTRAINT,
                "the store %s refused a row: row %" G_GINT64_FORMAT
                " of %s refers to a row of %s that does not exist",
                shown, (gint64)sqlite3_column_int64(statement, 1), sqlite3_column_text(statement, 0),
                sqlite3_column_text(statement, 2));
  } else if (code != SQLITE_DONE) {
    sqlite_error_set(sqlite, code, error);
  }
  sqlite3_finalize(statement);
  return code == SQLITE_DONE;
}

void sqlite_checkpoint(Sqlite *sqlite)
{
  if (sqlite->log_pages < LOG_PAGES) {
    return;
  }
  int mode = sqlite->log_pages < LOG_PAGES_LARGE ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;

  sqlite3_busy_timeout(sqlite->handle, 0); /* a reader is never waited for */
  (void)sqlite3_wal_checkpoint_v2(sqlite->handle, "main", mode, NULL, NULL);
  sqlite3_busy_timeout(sqlite->handle, sqlite->busy_timeout);
}

bool sqlite_in_transaction(const Sqlite *sqlite)
{
  return sqlite3_get_autocommit(sqlite->handle) == 0;
}

void sqlite_rollback(Sqlite *sqlite)
{
  (void)sqlite3_exec(sqlite->handle, "ROLLBACK", NULL, NULL, NULL);
}

void sqlite_set_busy_timeout(Sqlite *sqlite, int milliseconds)
{
  sqlite->busy_timeout = milliseconds;
  sqlite3_busy_timeout(sqlite->handle, milliseconds);
}

void sqlite_set_interrupt(Sqlite *sqlite, const volatile sig_atomic_t *interrupt)
{
  sqlite->interrupt = interrupt;
}

gint64 sqlite_changes(const Sqlite *sqlite)
{
  return sqlite3_changes64(sqlite->handle);
}

gint64 sqlite_last_id(const Sqlite *sqlite)
{
  return sqlite3_last_insert_rowid(sqlite->handle);
}
