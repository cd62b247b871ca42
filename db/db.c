#include "db/db.h"

#include "db/lock.h"
#include "db/migrate.h"
#include "db/sqlite_copy.h"
#include "db/sqlite_statement.h"
#include "db/sqlite_wipe.h"
#include "db/store_path.h"

#define LOCK_TIMEOUT 10000

G_DEFINE_QUARK(kigen - db - error, db_error)

typedef enum {
  TRANSACTION_NONE,
  TRANSACTION_READ,
  TRANSACTION_LOCKED, /* the write lock alone */
  TRANSACTION_WRITE,
  TRANSACTION_BULK
} Transaction;

struct Db {
  char *path; /* absolute, links resolved: every name of the store must mean one lock file */
  Sqlite *engine;
  Lock *lock;
  GHashTable *statements; /* const DbQuery * → DbStatement */
  int lock_timeout;
  const volatile sig_atomic_t *interrupt;
  Transaction transaction;
  char **bulk_tables; /* what db_commit looks over for dangling references; NULL: every table */
  gsize view;         /* of db_view; 0: not asked for since it changed */
  bool trusts;        /* foreign keys are off for a while */
  bool read_only;
};

struct DbStatement {
  Db *db;
  SqliteStatement *engine;
  bool reads;
};

static void db_statement_free(DbStatement *statement)
{
  sqlite_statement_free(statement->engine);
  g_free(statement);
}

static Db *new_db(char *path, bool read_only)
{
  Db *db = g_new0(Db, 1);

  db->path = path;
  db->read_only = read_only;
  db->lock = lock_new(path);
  db->statements = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)db_statement_free);
  db->lock_timeout = LOCK_TIMEOUT;
  return db;
}

void db_trust_references(Db *db, bool trust)
{
  g_assert(db->transaction >= TRANSACTION_WRITE);
  if (db->trusts != trust && db->transaction == TRANSACTION_WRITE) { /* a bulk load trusts until its end */
    sqlite_set_foreign_keys(db->engine, !trust);
    db->trusts = trust;
  }
}

static void end_write(Db *db)
{
  if (db->transaction == TRANSACTION_BULK) {
    sqlite_set_bulk(db->engine, false);
  }
  db_trust_references(db, false);
  g_clear_pointer(&db->bulk_tables, g_strfreev);
  db->transaction = TRANSACTION_NONE;
  lock_release(db->lock);
}

static bool begin_write(Db *db, bool bulk, GError **error)
{
  if (!db_lock(db, error)) {
    return false;
  }
  db->transaction = bulk ? TRANSACTION_BULK : TRANSACTION_WRITE;
  db->view = 0;
  if (bulk) {
    sqlite_set_bulk(db->engine, true);
  }
  if (!sqlite_exec(db->engine, "BEGIN IMMEDIATE", error)) {
    end_write(db);
    return false;
  }
  return true;
}

/* Brings an older store to this program's schema. */
static bool migrate(Db *db, bool fresh, GError **error)
{
  g_autofree char *shown = g_filename_display_name(db->path);
  int version = 0;

  if (!begin_write(db, true, error)) {
    return false;
  }
  if ((!fresh && !migrate_version(db->engine, shown, &version, error)) ||
      !migrate_run(db->engine, version, error)) {
    db_rollback(db);
    return false;
  }
  return db_commit(db, error);
}

static bool open_existing(const char *path, DbMode mode, Db **ret_db, GError **error)
{
  char *resolved = NULL;
  int version;

  if (!store_path_resolve(path, &resolved, error)) {
    return false;
  }
  g_autoptr(Db) db = new_db(resolved, mode != DB_WRITE);
  g_autofree char *shown = g_filename_display_name(resolved);

  if (!sqlite_open(resolved, db->read_only, false, &db->engine, error)) {
    return false;
  }
  sqlite_set_busy_timeout(db->engine, db->lock_timeout);
  if (!migrate_version(db->engine, shown, &version, error)) {
    return false;
  }
  if (version < migrate_latest() && mode != DB_INSPECT) {
    g_autoptr(Db) writer = NULL;

    if (mode == DB_READ ? !open_existing(resolved, DB_WRITE, &writer, error) : !migrate(db, false, error)) {
      g_prefix_error(error, "the store has an older schema and must be brought up to date first: ");
      return false;
    }
  }
  *ret_db = g_steal_pointer(&db);
  return true;
}

static bool create(const char *path, Db **ret_db, GError **error)
{
  char *resolved = NULL;

  if (!store_path_make(path, &resolved, error)) {
    return false;
  }
  Db *db = new_db(resolved, false);

  if (!sqlite_open(resolved, false, true, &db->engine, error) || !migrate(db, true, error)) {
    db_discard(db);
    return false;
  }
  sqlite_set_busy_timeout(db->engine, db->lock_timeout);
  *ret_db = db;
  return true;
}

bool db_open(const char *url, DbMode mode, Db **ret_db, GError **error)
{
  const char *path;

  return store_path_parse(url, &path, error) &&
         (mode == DB_CREATE ? create(path, ret_db, error) : open_existing(path, mode, ret_db, error));
}

void db_close(Db *db)
{
  if (db == NULL) {
    return;
  }
  db_rollback(db);
  g_hash_table_unref(db->statements);
  sqlite_close(db->engine);
  lock_free(db->lock);
  g_strfreev(db->bulk_tables);
  g_free(db->path);
  g_free(db);
}

void db_discard(Db *db)
{
  g_autofree char *path = g_strdup(db->path);

  db_close(db);
  store_path_remove(path);
}

const char *db_path(const Db *db)
{
  return db->path;
}

/* A program that runs for months may find that a newer kigen has brought the store to a schema it does not
 * know. */
static bool begin_known(Db *db, bool bulk, GError **error)
{
  g_autofree char *shown = g_filename_display_name(db->path);
  int version;

  if (!begin_write(db, bulk, error)) {
    return false;
  }
  if (!migrate_version(db->engine, shown, &version, error)) {
    db_rollback(db);
    return false;
  }
  return true;
}

bool db_begin(Db *db, GError **error)
{
  return begin_known(db, false, error);
}

bool db_begin_bulk(Db *db, GError **error)
{
  return begin_known(db, true, error);
}

void db_set_bulk_tables(Db *db, const char *const *tables)
{
  g_assert(db->transaction == TRANSACTION_BULK);
  g_strfreev(db->bulk_tables);
  db->bulk_tables = g_strdupv((char **)(gsize)tables);
}

static bool is_interrupted(const Db *db, GError **error)
{
  if (db->interrupt == NULL || *db->interrupt == 0) {
    return false;
  }
  g_set_error_literal(error, DB_ERROR, DB_ERROR_INTERRUPTED, "interrupted: the store is as it was before");
  return true;
}

static bool check_references(Db *db, GError **error)
{
  if (db->transaction != TRANSACTION_BULK) {
    return true;
  }
  if (db->bulk_tables == NULL) {
    return sqlite_foreign_key_check(db->engine, NULL, error);
  }
  for (gsize i = 0; db->bulk_tables[i] != NULL; i++) {
    if (!sqlite_foreign_key_check(db->engine, db->bulk_tables[i], error)) {
      return false;
    }
  }
  return true;
}

bool db_commit(Db *db, GError **error)
{
  g_assert(db->transaction >= TRANSACTION_WRITE);
  if (!check_references(db, error) || is_interrupted(db, error) ||
      !sqlite_exec(db->engine, "COMMIT", error)) {
    db_rollback(db);
    return false;
  }
  sqlite_checkpoint(db->engine);
  end_write(db);
  return true;
}

/* A statement that was left in the middle would hold the transaction open. */
static void reset_all(Db *db)
{
  GHashTableIter iter;
  gpointer statement;

  g_hash_table_iter_init(&iter, db->statements);
  while (g_hash_table_iter_next(&iter, NULL, &statement)) {
    sqlite_statement_reset(((DbStatement *)statement)->engine);
  }
}

void db_rollback(Db *db)
{
  if (db->transaction < TRANSACTION_WRITE) {
    return;
  }
  reset_all(db);
  sqlite_rollback(db->engine);
  end_write(db);
}

void db_give_way(Db *db)
{
  g_assert(db->transaction == TRANSACTION_NONE);
  lock_give_way();
}

void db_set_cache(Db *db, int kib)
{
  sqlite_set_cache(db->engine, kib);
}

void db_set_lock_timeout(Db *db, int milliseconds)
{
  db->lock_timeout = milliseconds;
  sqlite_set_busy_timeout(db->engine, milliseconds);
}

void db_set_interrupt(Db *db, const volatile sig_atomic_t *interrupt)
{
  db->interrupt = interrupt;
  sqlite_set_interrupt(db->engine, interrupt);
}

bool db_begin_read(Db *db, GError **error)
{
  g_assert(db->transaction == TRANSACTION_NONE);
  if (!sqlite_exec(db->engine, "BEGIN", error)) {
    return false;
  }
  db->transaction = TRANSACTION_READ;
  db->view = 0;
  return true;
}

void db_end_read(Db *db)
{
  if (db->transaction != TRANSACTION_READ) {
    return;
  }
  reset_all(db);
  sqlite_rollback(db->engine);
  db->transaction = TRANSACTION_NONE;
}

bool db_in_transaction(const Db *db)
{
  return db->transaction != TRANSACTION_NONE;
}

gsize db_view(Db *db)
{
  static gsize views; /* of all threads */

  if (db->transaction == TRANSACTION_NONE || db->transaction == TRANSACTION_LOCKED) {
    return 0;
  }
  if (db->view == 0) {
    db->view = (gsize)g_atomic_pointer_add(&views, 1) + 1;
  }
  return db->view;
}

bool db_prepare(Db *db, const DbQuery *query, DbStatement **ret_statement, GError **error)
{
  DbStatement *statement = g_hash_table_lookup(db->statements, query);
  SqliteStatement *engine;

  if (statement == NULL) {
    if (!sqlite_statement_new(db->engine, query->sql, &engine, error)) {
      return false;
    }
    statement = g_new0(DbStatement, 1);
    statement->db = db;
    statement->engine = engine;
    statement->reads = sqlite_statement_is_read(engine);
    g_hash_table_insert(db->statements, (gpointer)(gsize)query, statement);
  }
  sqlite_statement_clear(statement->engine);
  *ret_statement = statement;
  return true;
}

void db_bind_text(DbStatement *statement, int n, const char *value)
{
  sqlite_statement_bind_text(statement->engine, n, value, -1, true);
}

void db_bind_text_static(DbStatement *statement, int n, const char *value, gssize size)
{
  sqlite_statement_bind_text(statement->engine, n, value, size, false);
}

void db_bind_int(DbStatement *statement, int n, gint64 value)
{
  sqlite_statement_bind_int(statement->engine, n, value);
}

void db_bind_blob(DbStatement *statement, int n, const void *data, gsize size)
{
  sqlite_statement_bind_blob(statement->engine, n, data, size);
}

void db_bind_null(DbStatement *statement, int n)
{
  sqlite_statement_bind_null(statement->engine, n);
}

/* A write belongs inside db_begin and db_commit: there alone is the lock held. */
static bool may_write(DbStatement *statement, GError **error)
{
  if (statement->reads) {
    return true;
  }
  g_assert(statement->db->transaction >= TRANSACTION_WRITE);
  statement->db->view = 0;
  if (sqlite_in_transaction(statement->db->engine)) {
    return true;
  }
  g_set_error_literal(error, DB_ERROR, DB_ERROR_FAILED,
                      "the store gave the transaction up after an earlier error: nothing was changed");
  return false;
}

bool db_step(DbStatement *statement, bool *ret_row, GError **error)
{
  return may_write(statement, error) && sqlite_statement_step(statement->engine, ret_row, error);
}

bool db_run(DbStatement *statement, GError **error)
{
  bool row = true;

  while (row) {
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  return true;
}

void db_reset(DbStatement *statement)
{
  sqlite_statement_reset(statement->engine);
}

const char *db_text(DbStatement *statement, int column)
{
  return sqlite_statement_text(statement->engine, column);
}

char *db_dup_text(DbStatement *statement, int column)
{
  return g_strdup(sqlite_statement_text(statement->engine, column));
}

gint64 db_int(DbStatement *statement, int column)
{
  return sqlite_statement_int(statement->engine, column);
}

bool db_is_null(DbStatement *statement, int column)
{
  return sqlite_statement_is_null(statement->engine, column);
}

const void *db_blob(DbStatement *statement, int column, gsize *ret_size)
{
  return sqlite_statement_blob(statement->engine, column, ret_size);
}

gint64 db_changes(const Db *db)
{
  return sqlite_changes(db->engine);
}

gint64 db_last_id(const Db *db)
{
  return sqlite_last_id(db->engine);
}

bool db_exec(Db *db, const DbQuery *query, GError **error)
{
  DbStatement *statement;

  return db_prepare(db, query, &statement, error) && db_run(statement, error);
}

bool db_copy(Db *db, const char *path, const DbProgress *progress, GError **error)
{
  g_assert(g_path_is_absolute(path));
  return sqlite_copy(db->engine, path, progress, error);
}

bool db_copy_settle(const char *path, GError **error)
{
  return sqlite_copy_settle(path, error);
}

bool db_lock(Db *db, GError **error)
{
  g_assert(db->transaction == TRANSACTION_NONE);
  if (db->read_only) {
    g_set_error(error, DB_ERROR, DB_ERROR_READ_ONLY, "the store was opened for reading only");
    return false;
  }
  if (!lock_acquire(db->lock, db->lock_timeout, db->interrupt, error)) {
    return false;
  }
  db->transaction = TRANSACTION_LOCKED;
  return true;
}

void db_unlock(Db *db)
{
  if (db->transaction == TRANSACTION_LOCKED) {
    db->transaction = TRANSACTION_NONE;
    lock_release(db->lock);
  }
}

bool db_replace(Db *db, const char *path, const DbProgress *progress, GError **error)
{
  g_assert(db->transaction == TRANSACTION_LOCKED && g_path_is_absolute(path));
  reset_all(db); /* a statement in the middle would hold a transaction open */
  return sqlite_copy_from(db->engine, path, progress, error);
}

bool db_wipe(Db *db, bool *ret_clean, GError **error)
{
  if (!db_lock(db, error)) {
    return false;
  }
  reset_all(db); /* a statement in the middle would read an older state */
  bool done = sqlite_wipe(db->engine, ret_clean, error);

  db_unlock(db);
  return done;
}

bool db_schema_version(Db *db, int *ret_version, GError **error)
{
  g_autofree char *shown = g_filename_display_name(db->path);

  return migrate_version(db->engine, shown, ret_version, error);
}

bool db_data_version(Db *db, gint64 *ret_version, GError **error)
{
  static const DbQuery query = { "PRAGMA data_version" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error)) {
    return false;
  }
  *ret_version = db_int(statement, 0);
  db_reset(statement);
  return true;
}
