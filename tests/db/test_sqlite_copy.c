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

int main(void)
{
  Suite *suite = suite_create("sqlite_copy");
  TCase *tests = tcase_create("sqlite_copy");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_test(tests, test_db_copy_is_a_store_of_its_own);
  tcase_add_test(tests, test_db_copy_says_where_it_cannot);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
