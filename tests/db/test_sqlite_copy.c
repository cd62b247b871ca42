#include "db/db.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static void put(Db *db, const char *sql)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, sql);
  assert_done(db_commit(db, ERR));
}

START_TEST(test_db_copy_is_a_store_of_its_own)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) reader = NULL;
  g_autoptr(Db) copy = NULL;
  g_autofree char *path = scratch_path("copy.db");

  put(db, "INSERT INTO change (scope, n) VALUES ('plan', 7)");
  assert_done(db_open(db_path(db), DB_READ, &reader, ERR));
  assert_done(db_copy(reader, path, NULL, ERR));
  assert_done(db_open(path, DB_WRITE, &copy, ERR));
  ck_assert_int_eq(scratch_number(copy, "SELECT n FROM change WHERE scope = 'plan'"), 7);
  put(copy, "UPDATE change SET n = 8 WHERE scope = 'plan'");
  ck_assert_int_eq(scratch_number(db, "SELECT n FROM change WHERE scope = 'plan'"), 7);
  ck_assert_int_eq(scratch_number(copy, "SELECT n FROM change WHERE scope = 'plan'"), 8);
}
END_TEST

START_TEST(test_db_copy_says_where_it_cannot)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autofree char *path = scratch_path("none/copy.db");
  g_autoptr(GError) error = NULL;

  ck_assert(!db_copy(db, path, NULL, &error));
  ck_assert_int_eq((int)error->domain, (int)DB_ERROR);
  ck_assert_msg(strstr(error->message, path) != NULL, "%s", error->message);
}
END_TEST

#define NEEDLE "needle-6f1d"

/* How often the bytes stand in a file. */
static int occurrences(const char *name)
{
  g_autofree char *path = scratch_path(name);
  g_autofree char *data = NULL;
  gsize size = 0;
  int found = 0;

  if (!g_file_get_contents(path, &data, &size, NULL))
    return 0;
  for (const char *at = data; (at = memmem(at, size - (gsize)(at - data), NEEDLE, strlen(NEEDLE))) != NULL;
       at++)
    found++;
  return found;
}

/* Rows that are written, moved about and deleted: what VACUUM is for, wherever pages kept a copy. */
static void leave_traces(Db *db)
{
  assert_done(db_begin(db, ERR));
  for (int i = 0; i < 400; i++) {
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO maker (field, value) VALUES ('f%d', '" NEEDLE " %0*d')",
                        (i * 7919) % 1000, i % 97 * 40 + 1, i);

    scratch_sql(db, sql);
  }
  assert_done(db_commit(db, ERR));
  put(db, "UPDATE maker SET value = value || value WHERE field LIKE '%3'");
  put(db, "DELETE FROM maker");
  put(db, "INSERT INTO maker (field, value) VALUES ('name_ja', 'stays')");
}

START_TEST(test_db_wipe_leaves_nothing_in_the_files)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  bool clean = false;

  leave_traces(db);
  ck_assert_int_gt(occurrences("kigen.db") + occurrences("kigen.db-wal"), 0);
  assert_done(db_wipe(db, &clean, ERR));
  ck_assert(clean);
  ck_assert_int_eq(occurrences("kigen.db"), 0);
  ck_assert_int_eq(occurrences("kigen.db-wal"), 0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM maker"), 1);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
  put(db, "INSERT INTO maker (field, value) VALUES ('name_en', 'goes on')");
}
END_TEST

/* A reader keeps its state: the wipe says so, and a second one does it. */
START_TEST(test_db_wipe_waits_for_readers)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) reader = NULL;
  bool clean = true;

  leave_traces(db);
  assert_done(db_open(db_path(db), DB_READ, &reader, ERR));
  assert_done(db_begin_read(reader, ERR));
  ck_assert_int_eq(scratch_number(reader, "SELECT count(*) FROM maker"), 1);
  db_set_lock_timeout(db, 50);
  assert_done(db_wipe(db, &clean, ERR));
  ck_assert(!clean);
  ck_assert_int_eq(scratch_number(reader, "SELECT count(*) FROM maker"), 1);
  db_end_read(reader);
  assert_done(db_wipe(db, &clean, ERR));
  ck_assert(clean);
  ck_assert_int_eq(occurrences("kigen.db") + occurrences("kigen.db-wal"), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sqlite_copy");
  TCase *tests = tcase_create("sqlite_copy");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_test(tests, test_db_copy_is_a_store_of_its_own);
  tcase_add_test(tests, test_db_copy_says_where_it_cannot);
  tcase_add_test(tests, test_db_wipe_leaves_nothing_in_the_files);
  tcase_add_test(tests, test_db_wipe_waits_for_readers);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
