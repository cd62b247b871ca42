/* What the store promises about files, locks and crashes (architecture.md, Storage). */

#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

static Db *open_store(const char *name, DbMode mode)
{
  g_autofree char *path = scratch_path(name);
  Db *db = NULL;

  assert_done(db_open(path, mode, &db, ERR));
  return db;
}

static void check_error(bool done, GError *error, DbError expected, const char *word)
{
  ck_assert(!done);
  ck_assert_msg(g_error_matches(error, DB_ERROR, (int)expected), "%d: %s", error->code, error->message);
  ck_assert_msg(strstr(error->message, word) != NULL, "no «%s» in: %s", word, error->message);
}

/* The call fails and sets `error` (which it names). */
#define assert_fails(call, error, expected, word)                                                            \
  do {                                                                                                       \
    bool fails_done = (call);                                                                                \
    check_error(fails_done, error, expected, word);                                                          \
  } while (0)

/* Inserts `n` rows of about `size` bytes, in a transaction of their own. */
static bool insert_rows(Db *db, int n, int size, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO template_set (hash, bytes) VALUES (hex(randomblob(16)), zeroblob($1))"
  };
  DbStatement *statement;

  if (!db_begin(db, error)) {
    return false;
  }
  for (int i = 0; i < n; i++) {
    if (!db_prepare(db, &query, &statement, error)) {
      db_rollback(db);
      return false;
    }
    db_bind_int(statement, 1, size);
    if (!db_run(statement, error)) {
      db_rollback(db);
      return false;
    }
  }
  return db_commit(db, error);
}

static gint64 rows(Db *db)
{
  return scratch_number(db, "SELECT count(*) FROM template_set");
}

static void assert_integrity(Db *db)
{
  g_autofree char *verdict = scratch_text(db, "SELECT integrity_check FROM pragma_integrity_check");

  ck_assert_str_eq(verdict, "ok");
}

START_TEST(test_connection_settings)
{
  static const struct {
    const char *sql;
    gint64 expected;
  } cases[] = {
    { "PRAGMA foreign_keys", 1 },       { "PRAGMA synchronous", 2 },     { "PRAGMA wal_autocheckpoint", 0 },
    { "PRAGMA trusted_schema", 0 },     { "PRAGMA cell_size_check", 1 }, { "PRAGMA busy_timeout", 10000 },
    { "PRAGMA recursive_triggers", 0 }, { "PRAGMA query_only", 0 },
  };
  g_autoptr(Db) created = scratch_store("kigen.db");
  g_autoptr(Db) writer = open_store("kigen.db", DB_WRITE);
  g_autoptr(Db) reader = open_store("kigen.db", DB_READ);
  Db *connections[] = { created, writer, reader };
  g_autofree char *journal = NULL;

  ck_assert_int_eq(scratch_shell("kigen.db", "PRAGMA journal_mode;", &journal), 0);
  ck_assert_str_eq(journal, "wal\n");
  for (gsize c = 0; c < G_N_ELEMENTS(connections); c++) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
      gint64 value = scratch_number(connections[c], cases[i].sql);

      ck_assert_msg(value == cases[i].expected, "%s: %d", cases[i].sql, (int)value);
    }
    ck_assert_int_le(scratch_number(connections[c], "PRAGMA mmap_size"), 0);
  }
}
END_TEST

START_TEST(test_files_are_the_owners_alone)
{
  static const char *const names[] = { "kigen.db", "kigen.db-wal", "kigen.db.lock" };
  g_autoptr(Db) db = scratch_store("kigen.db");

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = scratch_path(names[i]);
    struct stat info;

    ck_assert_msg(stat(path, &info) == 0, "%s", names[i]);
    ck_assert_msg((info.st_mode & 0777) == 0600, "%s: %o", names[i], info.st_mode);
  }
}
END_TEST

START_TEST(test_rollback_and_close)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO maker VALUES ('url', 'x')");
  db_rollback(db);
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO maker VALUES ('phone', 'x')");
  db_close(g_steal_pointer(&db));
  db = open_store("kigen.db", DB_WRITE);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM maker"), 0);
  db_rollback(db); /* nothing without a transaction */
}
END_TEST

START_TEST(test_reader_sees_one_state)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) reader = open_store("kigen.db", DB_READ);
  gint64 before, during, after;

  assert_done(db_data_version(reader, &before, ERR));
  assert_done(db_begin_read(reader, ERR));
  ck_assert_int_eq(rows(reader), 0);
  assert_done(insert_rows(db, 2, 10, ERR));
  ck_assert_int_eq(rows(reader), 0);
  assert_done(db_data_version(reader, &during, ERR));
  db_end_read(reader);
  ck_assert_int_eq(rows(reader), 2);
  assert_done(db_data_version(reader, &after, ERR));
  ck_assert_int_eq(before, during);
  ck_assert_int_ne(before, after);
  db_end_read(reader);
}
END_TEST

START_TEST(test_read_connection_refuses_to_write)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) reader = open_store("kigen.db", DB_READ);
  g_autoptr(GError) error = NULL;

  assert_fails(db_begin(reader, &error), error, DB_ERROR_READ_ONLY, "reading only");
}
END_TEST

/* Stops the program: a write outside db_begin would race a checkpoint. */
START_TEST(test_write_outside_a_transaction_is_a_bug)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

  /* GLib says "Bail out!" on standard output, which is ours for TAP. */
  ck_assert(dup2(nowhere, STDOUT_FILENO) >= 0 && dup2(nowhere, STDERR_FILENO) >= 0);
  scratch_sql(db, "INSERT INTO maker VALUES ('url', 'x')");
}
END_TEST

START_TEST(test_lock_between_connections)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) other = open_store("kigen.db", DB_WRITE);
  g_autofree char *lock = scratch_path("kigen.db.lock");
  g_autoptr(GError) error = NULL;

  db_set_lock_timeout(other, 50);
  assert_done(db_begin(db, ERR));
  assert_fails(db_begin(other, &error), error, DB_ERROR_BUSY, lock);
  ck_assert_ptr_nonnull(strstr(error->message, "fuser"));
  ck_assert_int_eq(rows(other), 0); /* a reader never waits */
  assert_done(db_commit(db, ERR));
  assert_done(db_begin(other, ERR));
  db_rollback(other);
  assert_done(db_begin(db, ERR));
  db_rollback(db);
}
END_TEST

/* Runs `body` in a child that has told us, through a pipe, that it is at work; returns the child. */
static pid_t start_child(void (*body)(Db *db, int ready))
{
  int ready[2];
  char byte;

  ck_assert_int_eq(pipe(ready), 0);
  pid_t child = fork();

  ck_assert_int_ge(child, 0);
  if (child == 0) {
    Db *db = open_store("kigen.db", DB_WRITE);

    body(db, ready[1]);
    _exit(EXIT_SUCCESS);
  }
  close(ready[1]);
  ck_assert_int_eq(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  return child;
}

static void end_child(pid_t child, int signal_number)
{
  int status;

  ck_assert_int_eq(kill(child, signal_number), 0);
  ck_assert_int_eq(waitpid(child, &status, 0), child);
}

static void hold_lock(Db *db, int ready)
{
  assert_done(db_begin(db, ERR));
  ck_assert_int_eq(write(ready, "x", 1), 1);
  pause();
}

START_TEST(test_lock_between_processes)
{
  db_close(scratch_store("kigen.db"));
  pid_t child = start_child(hold_lock);
  g_autoptr(Db) db = open_store("kigen.db", DB_WRITE);
  g_autoptr(GError) error = NULL;

  db_set_lock_timeout(db, 50);
  assert_fails(db_begin(db, &error), error, DB_ERROR_BUSY, "kigen.db.lock");
  end_child(child, SIGKILL);
  db_set_lock_timeout(db, 5000);
  assert_done(db_begin(db, ERR));
  assert_done(db_commit(db, ERR));
}
END_TEST

START_TEST(test_lock_wait_ends_on_interrupt)
{
  static volatile sig_atomic_t interrupt = 1;
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) other = open_store("kigen.db", DB_WRITE);
  g_autoptr(GError) error = NULL;

  assert_done(db_begin(other, ERR));
  db_set_interrupt(db, &interrupt);
  assert_fails(db_begin(db, &error), error, DB_ERROR_INTERRUPTED, "interrupted");
}
END_TEST

/* Removing the lock file, or putting another in its place, does not let two writers in for long: whoever
 * takes the lock next sees that it is not the one that the name means. */
START_TEST(test_lock_file_replaced)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) other = open_store("kigen.db", DB_WRITE);
  g_autofree char *lock = scratch_path("kigen.db.lock");
  g_autoptr(GError) error = NULL;

  assert_done(insert_rows(db, 1, 1, ERR));
  assert_done(insert_rows(other, 1, 1, ERR));
  ck_assert_int_eq(g_unlink(lock), 0);
  assert_done(db_begin(db, ERR));
  db_set_lock_timeout(other, 50);
  assert_fails(db_begin(other, &error), error, DB_ERROR_BUSY, "kigen.db.lock");
}
END_TEST

START_TEST(test_lock_is_one_for_every_name)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autofree char *path = scratch_path("kigen.db");
  g_autofree char *name = scratch_path("alias.db");
  g_autoptr(Db) alias = NULL;
  g_autoptr(GError) error = NULL;

  ck_assert_int_eq(symlink(path, name), 0);
  assert_done(db_open(name, DB_WRITE, &alias, ERR));
  ck_assert_str_eq(db_path(alias), db_path(db));
  db_set_lock_timeout(alias, 50);
  assert_done(db_begin(db, ERR));
  assert_fails(db_begin(alias, &error), error, DB_ERROR_BUSY, "kigen.db.lock");
}
END_TEST

/* A program started while the lock is held does not inherit it. */
START_TEST(test_descriptors_close_on_exec)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
  const char *name;
  int seen = 0;

  assert_done(db_begin(db, ERR));
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *link = g_build_filename("/proc/self/fd", name, NULL);
    g_autofree char *target = g_file_read_link(link, NULL);

    if (target != NULL && strstr(target, "kigen.db") != NULL) {
      seen++;
      ck_assert_msg((fcntl(atoi(name), F_GETFD) & FD_CLOEXEC) != 0, "%s", target);
    }
  }
  ck_assert_int_ge(seen, 3);
}
END_TEST

static void write_and_wait(Db *db, int ready)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                  " INSERT INTO template_set SELECT hex(randomblob(16)), zeroblob(500) FROM n");
  ck_assert_int_eq(write(ready, "x", 1), 1);
  pause();
}

START_TEST(test_kill_in_a_transaction)
{
  Db *made = scratch_store("kigen.db");

  assert_done(insert_rows(made, 3, 100, ERR));
  db_close(made);
  end_child(start_child(write_and_wait), SIGKILL);
  g_autoptr(Db) db = open_store("kigen.db", DB_WRITE);

  assert_integrity(db);
  ck_assert_int_eq(rows(db), 3);
  assert_done(insert_rows(db, 1, 100, ERR));
}
END_TEST

static void write_for_ever(Db *db, int ready)
{
  assert_done(insert_rows(db, 50, 2000, ERR));
  ck_assert_int_eq(write(ready, "x", 1), 1);
  while (true) {
    assert_done(insert_rows(db, 50, 2000, ERR));
  }
}

/* Commits and checkpoints all the while: every kill leaves whole transactions of 50 rows. */
START_TEST(test_kill_among_commits)
{
  db_close(scratch_store("kigen.db"));
  gint64 last = 0;

  for (int i = 0; i < 8; i++) {
    pid_t child = start_child(write_for_ever);

    g_usleep((gulong)(20000 + i * 7000));
    end_child(child, SIGKILL);
    g_autoptr(Db) db = open_store("kigen.db", DB_READ);
    gint64 now = rows(db);

    assert_integrity(db);
    ck_assert_int_eq(now % 50, 0);
    ck_assert_int_gt(now, last);
    last = now;
  }
}
END_TEST

static gint64 size_of(const char *name)
{
  g_autofree char *path = scratch_path(name);
  struct stat info;

  return stat(path, &info) == 0 ? info.st_size : -1;
}

START_TEST(test_checkpoint_when_the_log_has_grown)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  gint64 fresh = size_of("kigen.db");

  assert_done(insert_rows(db, 10, 3000, ERR));
  ck_assert_int_eq(size_of("kigen.db"), fresh);
  assert_done(insert_rows(db, 2000, 3000, ERR));
  ck_assert_int_gt(size_of("kigen.db"), fresh + 2000 * 3000);
  gint64 log = size_of("kigen.db-wal");

  /* Copied back, so the next commit begins the log anew instead of growing it. */
  assert_done(insert_rows(db, 1000, 3000, ERR));
  ck_assert_int_eq(size_of("kigen.db-wal"), log);
}
END_TEST

START_TEST(test_close_copies_nothing_back)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  gint64 fresh = size_of("kigen.db");

  assert_done(insert_rows(db, 10, 3000, ERR));
  db_close(g_steal_pointer(&db));
  ck_assert_int_eq(size_of("kigen.db"), fresh);
  ck_assert_int_gt(size_of("kigen.db-wal"), 10 * 3000);
  db = open_store("kigen.db", DB_READ);
  ck_assert_int_eq(rows(db), 10);
}
END_TEST

START_TEST(test_statements_survive_schema_changes)
{
  static const DbQuery by_name = { "SELECT id FROM organization WHERE name_ja = $1" };
  static const DbQuery insert = {
    "INSERT INTO organization (code, name_ja, role) VALUES ($1, $2, 'hospital')"
  };
  g_autoptr(Db) db = scratch_store("kigen.db");
  DbStatement *find, *put;
  bool row;

  assert_done(db_begin(db, ERR));
  assert_done(db_prepare(db, &insert, &put, ERR));
  assert_done(db_prepare(db, &by_name, &find, ERR));
  db_bind_text(put, 1, "H1");
  db_bind_text(put, 2, "A病院");
  assert_done(db_run(put, ERR));
  scratch_sql(db, "CREATE INDEX organization_name ON organization (name_ja)");
  db_bind_text(put, 1, "H2");
  assert_done(db_run(put, ERR)); /* $2 is still bound */
  db_bind_text(find, 1, "A病院");
  assert_done(db_step(find, &row, ERR));
  ck_assert(row);
  db_reset(find);
  scratch_sql(db, "DROP INDEX organization_name");
  scratch_sql(db, "DROP INDEX contact_order");
  assert_done(db_step(find, &row, ERR));
  ck_assert(row);
  ck_assert_int_eq(db_int(find, 0), 1);
  db_reset(find);
  db_rollback(db); /* the schema comes back too */
  assert_done(db_begin(db, ERR));
  db_bind_text(put, 1, "H3");
  db_bind_text(put, 2, "C病院");
  assert_done(db_run(put, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM organization"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM sqlite_master WHERE name = 'contact_order'"), 1);
}
END_TEST

START_TEST(test_binds_and_columns)
{
  static const DbQuery query = { "SELECT $2, $1, $3, $4, $5, $2, NULL" };
  static const unsigned char bytes[] = { 0, 255, 7 };
  g_autoptr(Db) db = scratch_store("kigen.db");
  DbStatement *statement;
  bool row;
  gsize size;

  assert_done(db_prepare(db, &query, &statement, ERR));
  db_bind_text(statement, 1, "一");
  db_bind_int(statement, 2, G_MININT64);
  db_bind_blob(statement, 3, bytes, sizeof bytes);
  db_bind_text_static(statement, 4, "abcdef", 3);
  db_bind_text(statement, 5, NULL);
  assert_done(db_step(statement, &row, ERR));
  ck_assert(row);
  ck_assert_int_eq(db_int(statement, 0), G_MININT64);
  ck_assert_str_eq(db_text(statement, 1), "一");
  ck_assert_mem_eq(db_blob(statement, 2, &size), bytes, sizeof bytes);
  ck_assert_uint_eq(size, sizeof bytes);
  ck_assert_str_eq(db_text(statement, 3), "abc");
  ck_assert(db_is_null(statement, 4));
  ck_assert_ptr_null(db_text(statement, 4));
  ck_assert_int_eq(db_int(statement, 5), G_MININT64);
  ck_assert_ptr_null(db_dup_text(statement, 6));
  assert_done(db_step(statement, &row, ERR));
  ck_assert(!row);
  /* Prepared again: nothing bound. */
  assert_done(db_prepare(db, &query, &statement, ERR));
  assert_done(db_step(statement, &row, ERR));
  ck_assert(db_is_null(statement, 0) && db_is_null(statement, 1));
  db_reset(statement);
}
END_TEST

START_TEST(test_constraint_ends_the_statement_alone)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  static const DbQuery twice = { "INSERT INTO product (code, name_ja) VALUES ('P', 'x')" };
  static const DbQuery orphan = { "INSERT INTO release (product, name) VALUES (99, 'x')" };
  g_autoptr(GError) unique = NULL;
  g_autoptr(GError) foreign = NULL;

  assert_done(db_begin(db, ERR));
  assert_done(db_exec(db, &twice, ERR));
  assert_fails(db_exec(db, &twice, &unique), unique, DB_ERROR_CONSTRAINT, "product.code");
  assert_fails(db_exec(db, &orphan, &foreign), foreign, DB_ERROR_CONSTRAINT, "FOREIGN KEY");
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM product"), 1);
}
END_TEST

START_TEST(test_bulk_checks_references_at_the_end)
{
  static const struct {
    const char *tables[3];
    bool taken;
  } cases[] = {
    { { NULL }, false },
    { { "release", NULL }, false },
    { { "product", "device", NULL }, true }, /* the caller said what it wrote */
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Db) db = scratch_store("kigen.db");
    g_autoptr(GError) error = NULL;

    assert_done(db_begin_bulk(db, ERR));
    if (cases[i].tables[0] != NULL) {
      db_set_bulk_tables(db, cases[i].tables);
    }
    scratch_sql(db, "INSERT INTO release (id, product, name) VALUES (7, 99, 'x')");
    bool done = db_commit(db, &error);

    ck_assert_msg(done == cases[i].taken, "case %d", (int)i);
    if (!done) {
      assert_fails(done, error, DB_ERROR_CONSTRAINT, "row 7 of release refers to a row of product");
    }
    ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM release"), cases[i].taken ? 1 : 0);
    ck_assert_int_eq(scratch_number(db, "PRAGMA foreign_keys"), 1);
    db_discard(g_steal_pointer(&db));
  }
}
END_TEST

START_TEST(test_bulk_commits_whole_references)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  assert_done(db_begin_bulk(db, ERR));
  scratch_sql(db, "INSERT INTO release (id, product, name) VALUES (7, 99, 'x')");
  scratch_sql(db, "INSERT INTO product (id, code, name_ja) VALUES (99, 'P', 'x')");
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM release"), 1);
}
END_TEST

START_TEST(test_trusted_references)
{
  static const DbQuery orphan = { "INSERT INTO release (product, name) VALUES (99, hex(randomblob(8)))" };
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GError) error = NULL;

  assert_done(db_begin(db, ERR));
  db_trust_references(db, true);
  assert_done(db_exec(db, &orphan, ERR));
  db_trust_references(db, false);
  assert_fails(db_exec(db, &orphan, &error), error, DB_ERROR_CONSTRAINT, "FOREIGN KEY");
  db_trust_references(db, true);
  db_rollback(db); /* ends the trust too */
  ck_assert_int_eq(scratch_number(db, "PRAGMA foreign_keys"), 1);
  assert_done(db_begin_bulk(db, ERR));
  db_trust_references(db, false); /* a bulk load trusts until its end */
  assert_done(db_exec(db, &orphan, ERR));
  db_rollback(db);
}
END_TEST

START_TEST(test_interrupt_rolls_back)
{
  static const DbQuery endless = { "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                   " INSERT INTO maker SELECT 'x' || i, 'y' FROM n" };
  static volatile sig_atomic_t interrupt;
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GError) statement = NULL;
  g_autoptr(GError) commit = NULL;

  db_set_interrupt(db, &interrupt);
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO maker VALUES ('url', 'x')");
  interrupt = 1;
  assert_fails(db_exec(db, &endless, &statement), statement, DB_ERROR_INTERRUPTED, "as it was before");
  db_rollback(db);
  interrupt = 0;
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO maker VALUES ('url', 'x')");
  interrupt = 1;
  assert_fails(db_commit(db, &commit), commit, DB_ERROR_INTERRUPTED, "as it was before");
  interrupt = 0;
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM maker"), 0);
}
END_TEST

/* A long-running program notices that a newer kigen has been at work. */
START_TEST(test_newer_schema_under_an_open_connection)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GError) error = NULL;

  assert_done(insert_rows(db, 1, 1, ERR));
  ck_assert_int_eq(scratch_shell("kigen.db", "INSERT INTO migration VALUES (9999, 'future', '');", NULL), 0);
  assert_fails(db_begin(db, &error), error, DB_ERROR_NEWER_SCHEMA, "newer kigen");
}
END_TEST

START_TEST(test_another_program_holds_the_database)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autofree char *path = scratch_path("kigen.db");
  g_autofree char *command = g_strdup_printf("exec sqlite3 '%s'", path);
  g_autoptr(GError) error = NULL;
  GPid shell;
  int input, output;
  char *argv[] = { (char *)(gsize) "/bin/sh", (char *)(gsize) "-c", command, NULL };
  static const char begin[] = "BEGIN IMMEDIATE;\nSELECT 'held';\n";
  char said[5];

  ck_assert(g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &shell, &input,
                                     &output, NULL, NULL));
  ck_assert_int_eq(write(input, begin, sizeof begin - 1), sizeof begin - 1);
  ck_assert_int_eq(read(output, said, sizeof said), sizeof said);
  db_set_lock_timeout(db, 50);
  assert_fails(db_begin(db, &error), error, DB_ERROR_BUSY, "sqlite3 shell");
  close(input);
  ck_assert_int_eq(waitpid(shell, NULL, 0), shell);
  close(output);
  assert_done(db_begin(db, ERR));
}
END_TEST

/* From here on without root's rights: those ignore what a file's mode says. */
static void become_nobody(void)
{
  g_autofree char *folder = scratch_path("");

  ck_assert_int_eq(chmod(folder, 0755), 0);
  if (geteuid() == 0) {
    ck_assert_int_eq(setegid(NOBODY), 0);
    ck_assert_int_eq(seteuid(NOBODY), 0);
  }
}

static void become_root(void)
{
  g_autofree char *folder = scratch_path("");

  if (getuid() == 0) {
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(setegid(0), 0);
  }
  ck_assert_int_eq(chmod(folder, 0700), 0);
}

static void set_modes(mode_t mode)
{
  static const char *const names[] = { "kigen.db", "kigen.db-wal", "kigen.db-shm", "kigen.db.lock" };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = scratch_path(names[i]);

    (void)!chmod(path, mode);
  }
}

static void assert_open_fails(const char *name, DbMode mode, DbError expected, const char *word)
{
  g_autofree char *path = scratch_path(name);
  g_autoptr(Db) db = NULL;
  g_autoptr(GError) error = NULL;

  assert_fails(db_open(path, mode, &db, &error), error, expected, word);
}

START_TEST(test_read_only_store)
{
  g_autofree char *folder = scratch_path("");
  g_autoptr(Db) keeps_files = scratch_store("kigen.db");

  assert_done(insert_rows(keeps_files, 5, 10, ERR));
  set_modes(0444);
  if (geteuid() != 0) {
    ck_assert_int_eq(chmod(folder, 0555), 0);
  }
  become_nobody();
  assert_open_fails("kigen.db", DB_WRITE, DB_ERROR_READ_ONLY, "read-only");
  assert_open_fails("new.db", DB_CREATE, DB_ERROR_READ_ONLY, "new.db");
  g_autoptr(Db) db = open_store("kigen.db", DB_READ);

  ck_assert_int_eq(rows(db), 5);
  db_close(g_steal_pointer(&db));
  become_root();
}
END_TEST

/* Without a -shm file to read, and where none can be made, SQLite cannot read a store in WAL mode: we say so.
 */
START_TEST(test_read_only_directory_without_shm)
{
  g_autofree char *shm = scratch_path("kigen.db-shm");
  g_autofree char *wal = scratch_path("kigen.db-wal");

  db_close(scratch_store("kigen.db"));
  set_modes(0444);
  ck_assert_int_eq(g_unlink(shm), 0);
  become_nobody();
  assert_open_fails("kigen.db", DB_READ, DB_ERROR_READ_ONLY, "writ");
  become_root();
  ck_assert_int_eq(g_unlink(wal), 0);
  become_nobody();
  assert_open_fails("kigen.db", DB_READ, DB_ERROR_READ_ONLY, "writ");
  become_root();
}
END_TEST

START_TEST(test_unreadable_store)
{
  db_close(scratch_store("kigen.db"));
  set_modes(0000);
  become_nobody();
  assert_open_fails("kigen.db", DB_READ, DB_ERROR_READ_ONLY, "kigen.db");
  become_root();
}
END_TEST

/* A namespace of our own where we may mount; as root, or as root of a user namespace. */
static bool enter_namespace(void)
{
  g_autofree char *map = g_strdup_printf("0 %d 1", (int)getuid());

  if (geteuid() == 0 && unshare(CLONE_NEWNS) == 0) {
    return true;
  }
  return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
         g_file_set_contents_full("/proc/self/uid_map", map, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

/* A disk of 1 MB at `path`. False where the system does not let us: the test then says so. */
static bool mount_small_disk(const char *path)
{
  ck_assert_int_eq(g_mkdir(path, 0700), 0);
  if (enter_namespace() && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
      mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0) {
    return true;
  }
  g_print("# skipped: this system lets nobody mount a small tmpfs\n");
  return false;
}

START_TEST(test_disk_full)
{
  g_autofree char *disk = scratch_path("disk");

  if (!mount_small_disk(disk)) {
    return;
  }
  g_autoptr(Db) db = scratch_store("disk/kigen.db");
  g_autoptr(GError) error = NULL;

  assert_done(insert_rows(db, 1, 100, ERR));
  assert_fails(insert_rows(db, 5000, 2000, &error), error, DB_ERROR_FULL, "disk/kigen.db");
  ck_assert_ptr_nonnull(strstr(error->message, "free space"));
  assert_integrity(db);
  ck_assert_int_eq(rows(db), 1);
  db_close(g_steal_pointer(&db));
  db = open_store("disk/kigen.db", DB_WRITE);
  assert_integrity(db);
  ck_assert_int_eq(rows(db), 1);
}
END_TEST

/* Leaves `left` bytes, more or less, on the small disk. */
static void fill_disk(const char *ballast, gsize left)
{
  gsize size = 1024 * 1024 - left;
  g_autofree char *bytes = g_malloc0(size);
  int file = open(ballast, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  ck_assert_int_ge(file, 0);
  ck_assert_int_gt(write(file, bytes, size), 0);
  close(file);
}

START_TEST(test_create_on_a_full_disk_leaves_nothing)
{
  g_autofree char *disk = scratch_path("disk");
  g_autofree char *ballast = scratch_path("disk/ballast");
  g_autofree char *path = scratch_path("disk/kigen.db");
  int refused = 0, made = 0;

  if (!mount_small_disk(disk)) {
    return;
  }
  for (gsize left = 0; left <= 800 * 1024; left += 20 * 1024) {
    g_autoptr(GError) error = NULL;
    Db *db = NULL;

    fill_disk(ballast, left);
    if (db_open(path, DB_CREATE, &db, &error)) {
      db_discard(db);
      made++;
    } else {
      ck_assert_msg(g_error_matches(error, DB_ERROR, DB_ERROR_FULL), "%d KB left: %s", (int)left / 1024,
                    error->message);
      refused++;
    }
    g_autoptr(GDir) dir = g_dir_open(disk, 0, NULL);

    ck_assert_str_eq(g_dir_read_name(dir), "ballast");
    ck_assert_ptr_null(g_dir_read_name(dir));
  }
  ck_assert_int_gt(refused, 3);
  ck_assert_int_gt(made, 3);
}
END_TEST

START_TEST(test_damaged_store)
{
  g_autofree char *path = scratch_path("kigen.db");
  g_autoptr(Db) made = scratch_store("kigen.db");
  g_autoptr(GError) error = NULL;
  char zeros[4096] = { 0 };

  assert_done(insert_rows(made, 3000, 3000, ERR));
  db_close(g_steal_pointer(&made));
  int file = open(path, O_RDWR | O_CLOEXEC);

  for (off_t page = 2; page < 60; page++) {
    ck_assert_int_eq(pwrite(file, zeros, sizeof zeros, page * 4096), sizeof zeros);
  }
  close(file);
  g_autofree char *log = scratch_path("kigen.db-wal");

  ck_assert_int_eq(g_unlink(log), 0);
  g_autoptr(Db) db = NULL;
  bool done = db_open(path, DB_WRITE, &db, &error) && insert_rows(db, 1, 1, &error);

  assert_fails(done, error, DB_ERROR_CORRUPT, "kigen restore");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("storage");
  TCase *connections = tcase_create("connections");
  TCase *locks = tcase_create("locks");
  TCase *crashes = tcase_create("crashes");
  TCase *statements = tcase_create("statements");
  TCase *disks = tcase_create("disks");
  TCase *all[] = { connections, locks, crashes, statements, disks };

  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    tcase_set_timeout(all[i], 60);
    tcase_add_checked_fixture(all[i], scratch_setup, scratch_teardown);
    suite_add_tcase(suite, all[i]);
  }
  tcase_add_test(connections, test_connection_settings);
  tcase_add_test(connections, test_files_are_the_owners_alone);
  tcase_add_test(connections, test_rollback_and_close);
  tcase_add_test(connections, test_reader_sees_one_state);
  tcase_add_test(connections, test_read_connection_refuses_to_write);
  tcase_add_test_raise_signal(connections, test_write_outside_a_transaction_is_a_bug, SIGABRT);
  tcase_add_test(connections, test_newer_schema_under_an_open_connection);
  tcase_add_test(locks, test_lock_between_connections);
  tcase_add_test(locks, test_lock_between_processes);
  tcase_add_test(locks, test_lock_wait_ends_on_interrupt);
  tcase_add_test(locks, test_lock_file_replaced);
  tcase_add_test(locks, test_lock_is_one_for_every_name);
  tcase_add_test(locks, test_descriptors_close_on_exec);
  tcase_add_test(locks, test_another_program_holds_the_database);
  tcase_add_test(crashes, test_kill_in_a_transaction);
  tcase_add_test(crashes, test_kill_among_commits);
  tcase_add_test(crashes, test_checkpoint_when_the_log_has_grown);
  tcase_add_test(crashes, test_close_copies_nothing_back);
  tcase_add_test(crashes, test_interrupt_rolls_back);
  tcase_add_test(statements, test_statements_survive_schema_changes);
  tcase_add_test(statements, test_binds_and_columns);
  tcase_add_test(statements, test_constraint_ends_the_statement_alone);
  tcase_add_test(statements, test_bulk_checks_references_at_the_end);
  tcase_add_test(statements, test_bulk_commits_whole_references);
  tcase_add_test(statements, test_trusted_references);
  tcase_add_test(disks, test_read_only_store);
  tcase_add_test(disks, test_read_only_directory_without_shm);
  tcase_add_test(disks, test_unreadable_store);
  tcase_add_test(disks, test_disk_full);
  tcase_add_test(disks, test_create_on_a_full_disk_leaves_nothing);
  tcase_add_test(disks, test_damaged_store);
  return run_suite(suite);
}
