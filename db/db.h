#ifndef KIGEN_DB_DB_H
#define KIGEN_DB_DB_H

/* The store, engine apart: open by URL, statements, typed bind and column, transactions. Nothing above db/
 * sees SQL: it calls the *_store.h modules, which keep their queries as DbQuery constants and use this
 * header. No connection crosses fork() or threads. */

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

typedef struct Db Db;
typedef struct DbStatement DbStatement;

/* One query, written once for every engine: parameters $1..$n, dates as ISO text. Static storage: its address
 * is its id. */
typedef struct {
  const char *sql;
} DbQuery;

#define DB_ERROR (db_error_quark())
typedef enum {
  DB_ERROR_FAILED,       /* anything else the engine says */
  DB_ERROR_URL,          /* not a store URL we know */
  DB_ERROR_MISSING,      /* no such store: run kigen init */
  DB_ERROR_EXISTS,       /* init: there is one already */
  DB_ERROR_NOT_A_STORE,  /* a file, but no database, or not kigen's */
  DB_ERROR_NEWER_SCHEMA, /* made by a newer kigen */
  DB_ERROR_BUSY,         /* another writer holds the lock */
  DB_ERROR_READ_ONLY,
  DB_ERROR_FULL, /* no space left */
  DB_ERROR_CORRUPT,
  DB_ERROR_CONSTRAINT, /* the store refused a row: an invariant of ours (the message holds its rule id), or a
                          bug above */
  DB_ERROR_INTERRUPTED /* db_set_interrupt's flag was set: rolled back */
} DbError;
GQuark db_error_quark(void);

typedef enum {
  DB_READ,    /* no write reaches the store through this connection */
  DB_INSPECT, /* the same, and a store of an older schema is left as it is: for backups */
  DB_WRITE,   /* migrates an older store on opening */
  DB_CREATE   /* makes a new one; DB_ERROR_EXISTS when there is one */
} DbMode;

/* Opens the store at `url` ("sqlite:PATH"; a bare path is taken as sqlite; ":memory:", "?" and "%" are plain
 * characters of a file's name). Only DB_CREATE makes a file, and leaves none when it fails. A store of an
 * older schema is brought up to date first, for reading too. Errors: DB_ERROR; messages name the path and the
 * remedy.
 */
bool db_open(const char *url, DbMode mode, Db **ret_db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes; an open transaction is rolled back. NULL is allowed. */
void db_close(Db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, db_close)

/* For a connection that DB_CREATE opened: closes it and removes the new store, so that a failed init leaves
 * nothing behind. */
void db_discard(Db *db);

/* The store's schema version; greater than this program's never opens. */
bool db_schema_version(Db *db, int *ret_version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The file behind the store (absolute, links resolved; bytes as the system gives them), for messages and for
 * the files that lie beside it. Owned by `db`. */
const char *db_path(const Db *db);

/* Begins the one write transaction: takes the write lock (waits up to `db_set_lock_timeout`, then
 * DB_ERROR_BUSY) and BEGIN IMMEDIATE. */
bool db_begin(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Commits, durably, and gives the lock back (a checkpoint may run first). On failure the transaction is
 * rolled back. */
bool db_commit(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rolls back and gives the lock back. Does nothing without a transaction. */
void db_rollback(Db *db);
/* Between two write transactions of long work: lets others who wait for the write lock have it first (some
 * milliseconds). */
void db_give_way(Db *db);
/* At most how many KiB of the store's pages `db` keeps in memory; default 16,000. For one of several
 * connections of a service. */
void db_set_cache(Db *db, int kib);
/* Milliseconds; default 10,000. */
void db_set_lock_timeout(Db *db, int milliseconds);

/* As db_begin, for a bulk load: foreign keys off and a larger page cache until the end of the transaction.
 * db_commit then looks for rows that refer to nothing first, and fails with DB_ERROR_CONSTRAINT. */
bool db_begin_bulk(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Inside a bulk load: the only tables whose references db_commit has to look over (copied, NULL-terminated):
 * those written to, and those that refer to rows removed. Without it, all of them. */
void db_set_bulk_tables(Db *db, const char *const *tables);

/* Inside a write transaction: foreign keys are not looked up while `trust`, for statements that take every
 * reference from rows that the same transaction has read. Ends with the transaction at the latest. Costs
 * every statement its preparation: only for sets of rows. */
void db_trust_references(Db *db, bool trust);

/* Once *interrupt is not 0 (a signal handler sets it), statements, commits and waits for the lock end with
 * DB_ERROR_INTERRUPTED; then roll back. NULL: never. */
void db_set_interrupt(Db *db, const volatile sig_atomic_t *interrupt);

/* A read transaction: several reads see one state. */
bool db_begin_read(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void db_end_read(Db *db);
/* True between a begin and its end. */
bool db_in_transaction(const Db *db);
/* What can be read now, as a number: the same one again only within one transaction, as long as nothing was
 * written in it. No two connections of the program ever have the same. 0: outside a transaction, where the
 * next query may see anything. For who remembers what was read. */
gsize db_view(Db *db);

/* The statement of `query`, reset and with no values bound. Prepared once a connection; `*ret_statement`
 * belongs to `db` and stays good until db_close, but one query is one statement: do not nest a query in
 * itself. */
bool db_prepare(Db *db, const DbQuery *query, DbStatement **ret_statement, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Binds $n (from 1). Texts and blobs are copied; NULL binds NULL. A $n the query lacks is a broken invariant
 * (g_assert). */
void db_bind_text(DbStatement *statement, int n, const char *value);
void db_bind_int(DbStatement *statement, int n, gint64 value);
void db_bind_blob(DbStatement *statement, int n, const void *data, gsize size);
void db_bind_null(DbStatement *statement, int n);
/* Not copied: `value` (of `size` bytes, or -1 to the NUL) must stay as it is until the statement is reset or
 * bound anew. For bulk loads. */
void db_bind_text_static(DbStatement *statement, int n, const char *value, gssize size);

/* Steps. A statement that writes needs the write transaction (g_assert). *ret_row tells whether there is a
 * row to read; after the last one (or an error) the statement is reset by itself. */
bool db_step(DbStatement *statement, bool *ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Steps to the end, rows ignored: for INSERT, UPDATE, DELETE. */
bool db_run(DbStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends a statement whose rows were not read to the end. */
void db_reset(DbStatement *statement);

/* Column values of the present row, from 0. Text (NULL for NULL) is good until the next step; copy what
 * stays. */
const char *db_text(DbStatement *statement, int column);
char *db_dup_text(DbStatement *statement, int column);
gint64 db_int(DbStatement *statement, int column);
bool db_is_null(DbStatement *statement, int column);
/* Blob of the present row; *ret_size its bytes. */
const void *db_blob(DbStatement *statement, int column, gsize *ret_size);

/* Rows changed by the last INSERT, UPDATE or DELETE; id of the last row inserted. */
gint64 db_changes(const Db *db);
gint64 db_last_id(const Db *db);

/* Prepares and runs a query without parameters. */
bool db_exec(Db *db, const DbQuery *query, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Told how far long work is; total 0: not known. */
typedef struct {
  void (*tick)(gpointer data, gint64 done, gint64 total);
  gpointer data;
} DbProgress;

/* Writes a copy of the store, as this connection sees it, into the file at `path` (absolute), which is made
 * or overwritten. The copy is a store of its own; what lies beside the store (key, configuration) is not
 * copied. `progress` may be NULL. */
bool db_copy(Db *db, const char *path, const DbProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes a copy a single file, without a write-ahead log: for keeping. Nobody else has it open. */
bool db_copy_settle(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the write lock without a transaction: others cannot write, and db_replace may follow. */
bool db_lock(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives it back. Does nothing without it. */
void db_unlock(Db *db);
/* Under db_lock: replaces the whole content of the store by that of the store at `path` (absolute), which is
 * of this program's schema; all of it or, on an error and after a crash, nothing. */
bool db_replace(Db *db, const char *path, const DbProgress *progress, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Writes the file anew from what is in the store and empties the write-ahead log: then nothing that was
 * deleted or overwritten can be read in them any more (in no backup and no copy, of course). Takes the write
 * lock, outside a transaction, and disk space for the store twice. *ret_clean is false when another program
 * read an older state all the time, so that its pages had to stay: call it again. */
bool db_wipe(Db *db, bool *ret_clean, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A value that moves when another connection committed. */
bool db_data_version(Db *db, gint64 *ret_version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
