/* What the store promises about locks and crashes (architecture.md, Storage). */

#include "tests/db/storage.h"
#include "tests/support/run.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(test_lock_between_connections)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) other = storage_open("kigen.db", DB_WRITE);
  g_autofree char *lock = scratch_path("kigen.db.lock");
  g_autoptr(GError) error = NULL;

  db_set_lock_timeout(other, 50);
  assert_done(db_begin(db, ERR));
  assert_fails(db_begin(other, &error), error, DB_ERROR_BUSY, lock);
  ck_assert_ptr_nonnull(strstr(error->message, "fuser"));
  ck_assert_int_eq(storage_rows(other), 0); /* a reader never waits */
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
    Db *db = storage_open("kigen.db", DB_WRITE);

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
  g_autoptr(Db) db = storage_open("kigen.db", DB_WRITE);
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
  g_autoptr(Db) other = storage_open("kigen.db", DB_WRITE);
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
  g_autoptr(Db) other = storage_open("kigen.db", DB_WRITE);
  g_autofree char *lock = scratch_path("kigen.db.lock");
  g_autoptr(GError) error = NULL;

  assert_done(storage_insert(db, 1, 1, ERR));
  assert_done(storage_insert(other, 1, 1, ERR));
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

  assert_done(storage_insert(made, 3, 100, ERR));
  db_close(made);
  end_child(start_child(write_and_wait), SIGKILL);
  g_autoptr(Db) db = storage_open("kigen.db", DB_WRITE);

  storage_assert_integrity(db);
  ck_assert_int_eq(storage_rows(db), 3);
  assert_done(storage_insert(db, 1, 100, ERR));
}
END_TEST

static void write_for_ever(Db *db, int ready)
{
  assert_done(storage_insert(db, 50, 2000, ERR));
  ck_assert_int_eq(write(ready, "x", 1), 1);
  while (true) {
    assert_done(storage_insert(db, 50, 2000, ERR));
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
    g_autoptr(Db) db = storage_open("kigen.db", DB_READ);
    gint64 now = storage_rows(db);

    storage_assert_integrity(db);
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

  assert_done(storage_insert(db, 10, 3000, ERR));
  ck_assert_int_eq(size_of("kigen.db"), fresh);
  assert_done(storage_insert(db, 2000, 3000, ERR));
  ck_assert_int_gt(size_of("kigen.db"), fresh + 2000 * 3000);
  gint64 log = size_of("kigen.db-wal");

  /* Copied back, so the next commit begins the log anew instead of growing it. */
  assert_done(storage_insert(db, 1000, 3000, ERR));
  ck_assert_int_eq(size_of("kigen.db-wal"), log);
}
END_TEST

START_TEST(test_close_copies_nothing_back)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  gint64 fresh = size_of("kigen.db");

  assert_done(storage_insert(db, 10, 3000, ERR));
  db_close(g_steal_pointer(&db));
  ck_assert_int_eq(size_of("kigen.db"), fresh);
  ck_assert_int_gt(size_of("kigen.db-wal"), 10 * 3000);
  db = storage_open("kigen.db", DB_READ);
  ck_assert_int_eq(storage_rows(db), 10);
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

int main(void)
{
  Suite *suite = suite_create("storage_locks");
  TCase *locks = tcase_create("locks");
  TCase *crashes = tcase_create("crashes");
  TCase *all[] = { locks, crashes };

  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    tcase_set_timeout(all[i], 60);
    tcase_add_checked_fixture(all[i], scratch_setup, scratch_teardown);
    suite_add_tcase(suite, all[i]);
  }
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
  return run_suite(suite);
}
