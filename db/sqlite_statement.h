#ifndef KIGEN_DB_SQLITE_STATEMENT_H
#define KIGEN_DB_SQLITE_STATEMENT_H

/* The SQLite engine's statements: what db.c's functions of the same ending do. */

#include "db/sqlite.h"

typedef struct SqliteStatement SqliteStatement;

/* Prepares one statement with parameters $1..$n for the connection's life; free it before sqlite_close. */
bool sqlite_statement_new(Sqlite *sqlite, const char *sql, SqliteStatement **ret_statement, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void sqlite_statement_free(SqliteStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SqliteStatement, sqlite_statement_free)

/* True when it changes nothing in the database. */
bool sqlite_statement_is_read(const SqliteStatement *statement);

/* `size` in bytes, -1: to the NUL; without `copy` the text must stay as it is until the statement is bound
 * anew or freed. */
void sqlite_statement_bind_text(SqliteStatement *statement, int n, const char *value, gssize size, bool copy);
void sqlite_statement_bind_int(SqliteStatement *statement, int n, gint64 value);
void sqlite_statement_bind_blob(SqliteStatement *statement, int n, const void *data, gsize size);
void sqlite_statement_bind_null(SqliteStatement *statement, int n);
/* Resets, and no values bound. */
void sqlite_statement_clear(SqliteStatement *statement);
bool sqlite_statement_step(SqliteStatement *statement, bool *ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void sqlite_statement_reset(SqliteStatement *statement);

const char *sqlite_statement_text(SqliteStatement *statement, int column);
gint64 sqlite_statement_int(SqliteStatement *statement, int column);
bool sqlite_statement_is_null(SqliteStatement *statement, int column);
const void *sqlite_statement_blob(SqliteStatement *statement, int column, gsize *ret_size);

#endif
