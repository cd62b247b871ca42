#include "db/sqlite_statement.h"

#include "db/sqlite_error.h"

#include <stdlib.h>
#include <string.h>

struct SqliteStatement {
  Sqlite *sqlite;
  sqlite3_stmt *handle;
  int n;      /* highest $n */
  int *index; /* SQLite's number of $n at [n]; 0: the query has no such $n */
  int failed; /* what a bind said; told by the next step */
};

/* SQLite numbers $-parameters in the order in which they first stand, so $2 can be number 1: asked once here,
 * a bind is a look-up. */
static void number_parameters(SqliteStatement *statement)
{
  int count = sqlite3_bind_parameter_count(statement->handle);

  for (int i = 1; i <= count; i++) {
    const char *name = sqlite3_bind_parameter_name(statement->handle, i);

    g_assert(name != NULL && name[0] == '$');
    statement->n = MAX(statement->n, (int)strtol(name + 1, NULL, 10));
  }
  statement->index = g_new0(int, statement->n + 1);
  for (int n = 1; n <= statement->n; n++) {
    g_autofree char *name = g_strdup_printf("$%d", n);

    statement->index[n] = sqlite3_bind_parameter_index(statement->handle, name);
  }
}

bool sqlite_statement_new(Sqlite *sqlite, const char *sql, SqliteStatement **ret_statement, GError **error)
{
  sqlite3_stmt *handle = NULL;
  const char *tail = NULL;
  int code = sqlite3_prepare_v3(sqlite->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, &tail);

  if (code != SQLITE_OK) {
    return sqlite_error_set(sqlite, code, error);
  }
  g_assert(handle != NULL && *tail == '\0');

  SqliteStatement *statement = g_new0(SqliteStatement, 1);

  statement->sqlite = sqlite;
  statement->handle = handle;
  number_parameters(statement);
  *ret_statement = statement;
  return true;
}

void sqlite_statement_free(SqliteStatement *statement)
{
  if (statement == NULL) {
    return;
  }
  sqlite3_finalize(statement->handle);
  g_free(statement->index);
  g_free(statement);
}

bool sqlite_statement_is_read(const SqliteStatement *statement)
{
  return sqlite3_stmt_readonly(statement->handle) != 0;
}

static int place(const SqliteStatement *statement, int n)
{
  g_assert(n >= 1 && n <= statement->n && statement->index[n] != 0);
  return statement->index[n];
}

/* A value can be too large; a statement still at work is our own mistake. */
static void bound(SqliteStatement *statement, int code)
{
  g_assert(code != SQLITE_MISUSE && code != SQLITE_RANGE);
  if (code != SQLITE_OK) {
    statement->failed = code;
  }
}

void sqlite_statement_bind_text(SqliteStatement *statement, int n, const char *value, gssize size, bool copy)
{
  gsize bytes = value == NULL ? 0 : size < 0 ? strlen(value) : (gsize)size;

  bound(statement, sqlite3_bind_text64(statement->handle, place(statement, n), value, bytes,
                                       copy ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8));
}

void sqlite_statement_bind_int(SqliteStatement *statement, int n, gint64 value)
{
  bound(statement, sqlite3_bind_int64(statement->handle, place(statement, n), value));
}

void sqlite_statement_bind_blob(SqliteStatement *statement, int n, const void *data, gsize size)
{
  bound(statement, sqlite3_bind_blob64(statement->handle, place(statement, n), data, size, SQLITE_TRANSIENT));
}

void sqlite_statement_bind_null(SqliteStatement *statement, int n)
{
  bound(statement, sqlite3_bind_null(statement->handle, place(statement, n)));
}

void sqlite_statement_clear(SqliteStatement *statement)
{
  sqlite3_reset(statement->handle);
  sqlite3_clear_bindings(statement->handle);
  statement->failed = SQLITE_OK;
}

bool sqlite_statement_step(SqliteStatement *statement, bool *ret_row, GError **error)
{
  int code = statement->failed != SQLITE_OK ? statement->failed : sqlite3_step(statement->handle);

  if (code == SQLITE_ROW) {
    *ret_row = true;
    return true;
  }
  if (code == SQLITE_DONE) {
    *ret_row = false;
  } else {
    sqlite_error_set(statement->sqlite, code, error);
  }
  sqlite3_reset(statement->handle);
  return code == SQLITE_DONE;
}

void sqlite_statement_reset(SqliteStatement *statement)
{
  sqlite3_reset(statement->handle);
}

const char *sqlite_statement_text(SqliteStatement *statement, int column)
{
  return (const char *)sqlite3_column_text(statement->handle, column);
}

gint64 sqlite_statement_int(SqliteStatement *statement, int column)
{
  return sqlite3_column_int64(statement->handle, column);
}

bool sqlite_statement_is_null(SqliteStatement *statement, int column)
{
  return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

const void *sqlite_statement_blob(SqliteStatement *statement, int column, gsize *ret_size)
{
  const void *data = sqlite3_column_blob(statement->handle, column);

  *ret_size = (gsize)sqlite3_column_bytes(statement->handle, column);
  return data;
}
