#ifndef KIGEN_DB_SQLITE_H
#define KIGEN_DB_SQLITE_H

/* The SQLite engine: a connection as architecture.md «Storage» wants it, and its statements
 * (sqlite_statement.h). Only db.c and migrate.c call this; only sqlite*.c include <sqlite3.h>. There is one
 * engine today, so db.c calls it straight; a second one turns these prototypes into a table of functions. */

#include "db/db.h"

#include <signal.h>

typedef struct Sqlite Sqlite;

/* Opens the existing file at `path` (absolute, so that neither "file:" nor ":memory:" means anything); an
 * empty file becomes a new database when `fresh`. Errors: DB_ERROR. */
bool sqlite_open(const char *path, bool read_only, bool fresh, Sqlite **ret_sqlite, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void sqlite_close(Sqlite *sqlite);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sqlite, sqlite_close)

/* Runs a script of our own: several statements, rows ignored. */
bool sqlite_exec(Sqlite *sqlite, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first column of the first row of `sql` as a number; 0 when there is no row. */
bool sqlite_number(Sqlite *sqlite, const char *sql, gint64 *ret_number, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Foreign keys on or off. */
void sqlite_set_foreign_keys(Sqlite *sqlite, bool on);
/* A bulk load: foreign keys off, and a larger page cache. */
void sqlite_set_bulk(Sqlite *sqlite, bool bulk);
/* Looks for a row of `table` (NULL: of any table) that refers to nothing. Errors: DB_ERROR_CONSTRAINT. */
bool sqlite_foreign_key_check(Sqlite *sqlite, const char *table, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Copies the write-ahead log back into the database file when it has grown past a bound; only with the write
 * lock held. What cannot be copied now (a reader needs it) waits for the next time. */
void sqlite_checkpoint(Sqlite *sqlite);
/* False outside a transaction, and after an error that made the engine roll back by itself. */
bool sqlite_in_transaction(const Sqlite *sqlite);
/* Cannot fail but where the engine has rolled back by itself: the end that is wanted. */
void sqlite_rollback(Sqlite *sqlite);

/* How long to wait for programs that do not know our lock, in milliseconds. */
void sqlite_set_busy_timeout(Sqlite *sqlite, int milliseconds);
/* Statements end with DB_ERROR_INTERRUPTED once *interrupt is not 0; NULL: never. */
void sqlite_set_interrupt(Sqlite *sqlite, const volatile sig_atomic_t *interrupt);

gint64 sqlite_changes(const Sqlite *sqlite);
gint64 sqlite_last_id(const Sqlite *sqlite);

/* At most how many KiB of pages the connection keeps in memory. */
void sqlite_set_cache(Sqlite *sqlite, int kib);

#endif
