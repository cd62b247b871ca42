#include "db/db.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes a store at `url`, writes to it, and reads it back through a second connection. */
static void assert_round_trip(const char *url)
{
  g_autoptr(Db) db = NULL;
  g_autoptr(Db) reader = NULL;

  assert_done(db_open(url, DB_CREATE, &db, ERR));
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO change (scope, n) VALUES ('plan', 7)");
  assert_done(db_commit(db, ERR));
  assert_done(db_open(url, DB_READ, &reader, ERR));
  ck_assert_int_eq(scratch_number(reader, "SELECT n FROM change WHERE scope = 'plan'"), 7);
}

static void assert_open_fails(const char *url, DbMode mode, DbError expected, const char *word)
{
  g_autoptr(Db) db = NULL;
  g_autoptr(GError) error = NULL;

  ck_assert_msg(!db_open(url, mode, &db, &error), "%s opened", url);
  ck_assert_msg(g_error_matches(error, DB_ERROR, (int)expected), "%s: %s", url, error->message);
  ck_assert_msg(strstr(error->message, word) != NULL, "%s: no «%s» in: %s", url, word, error->message);
  ck_assert_msg(g_utf8_validate(error->message, -1, NULL), "%s: message is not UTF-8", url);
  ck_assert_ptr_null(db);
}

START_TEST(test_open_path_quirks)
{
  static const char *const names[] = {
    "plain.db",  "two words.db", "what?.db",      "100%25.db",   "a?mode=memory", ":memory:",
    "file:x.db", "期限.db",      "b\xe9t\xe9.db", "quote'\".db", "sqlite:x.db",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = scratch_path(names[i]);
    g_autofree char *url = g_strconcat("sqlite:", path, NULL);

    assert_round_trip(url);
    ck_assert_msg(g_file_test(path, G_FILE_TEST_IS_REGULAR), "%s: no such file", names[i]);
  }
}
END_TEST

START_TEST(test_open_relative)
{
  static const char *const names[] = { "kigen.db", "./other.db", ":memory:", "file:kigen.db?mode=memory" };
  g_autofree char *here = g_get_current_dir();
  g_autofree char *folder = scratch_path("");

  ck_assert_int_eq(g_chdir(folder), 0);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    assert_round_trip(names[i]);
    ck_assert_msg(g_file_test(names[i], G_FILE_TEST_IS_REGULAR), "%s: no such file", names[i]);
  }
  ck_assert_int_eq(g_chdir(here), 0);
}
END_TEST

START_TEST(test_open_missing_makes_nothing)
{
  g_autofree char *path = scratch_path("none.db");
  g_autofree char *deep = scratch_path("none/none.db");

  assert_open_fails(path, DB_READ, DB_ERROR_MISSING, "kigen init");
  assert_open_fails(path, DB_WRITE, DB_ERROR_MISSING, "kigen init");
  assert_open_fails(deep, DB_CREATE, DB_ERROR_MISSING, "none/none.db");
  ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_open_url)
{
  assert_open_fails("postgresql://db/kigen", DB_READ, DB_ERROR_URL, "sqlite:PATH");
  assert_open_fails("mysql://db/kigen", DB_READ, DB_ERROR_URL, "sqlite:PATH");
  assert_open_fails("sqlite:", DB_CREATE, DB_ERROR_URL, "sqlite:PATH");
  assert_open_fails("", DB_CREATE, DB_ERROR_URL, "sqlite:PATH");
}
END_TEST

START_TEST(test_create_refuses_existing)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autofree char *path = scratch_path("kigen.db");
  g_autofree char *empty = scratch_path("empty.db");

  assert_open_fails(path, DB_CREATE, DB_ERROR_EXISTS, "already");
  ck_assert(g_file_set_contents(empty, "", 0, NULL));
  assert_open_fails(empty, DB_CREATE, DB_ERROR_EXISTS, "already");
}
END_TEST

START_TEST(test_open_not_a_store)
{
  g_autofree char *folder = scratch_path("");
  g_autofree char *text = scratch_path("text.db");
  g_autofree char *empty = scratch_path("empty.db");
  g_autofree char *foreign = scratch_path("foreign.db");

  ck_assert(
      g_file_set_contents(text, "product,release,eol,eos\nthis is a CSV file, not a database\n", -1, NULL));
  ck_assert(g_file_set_contents(empty, "", 0, NULL));
  ck_assert_int_eq(scratch_shell("foreign.db",
                                 "CREATE TABLE migration (version); INSERT INTO migration VALUES (1);", NULL),
                   0);
  for (int mode = DB_READ; mode <= DB_WRITE; mode++) {
    assert_open_fails(folder, (DbMode)mode, DB_ERROR_NOT_A_STORE, "a directory");
    assert_open_fails(text, (DbMode)mode, DB_ERROR_NOT_A_STORE, "not a kigen store");
    assert_open_fails(empty, (DbMode)mode, DB_ERROR_NOT_A_STORE, "not a kigen store");
    assert_open_fails(foreign, (DbMode)mode, DB_ERROR_NOT_A_STORE, "not a kigen store");
  }
  assert_open_fails("/dev/null", DB_WRITE, DB_ERROR_NOT_A_STORE, "no regular file");
}
END_TEST

START_TEST(test_open_newer_schema)
{
  g_autofree char *path = scratch_path("kigen.db");

  db_close(scratch_store("kigen.db"));
  ck_assert_int_eq(scratch_shell("kigen.db", "INSERT INTO migration VALUES (9999, 'future', '');", NULL), 0);
  assert_open_fails(path, DB_READ, DB_ERROR_NEWER_SCHEMA, "newer kigen");
  assert_open_fails(path, DB_WRITE, DB_ERROR_NEWER_SCHEMA, "9999");
}
END_TEST

START_TEST(test_discard_removes_all)
{
  g_autofree char *folder = scratch_path("");
  Db *db = scratch_store("kigen.db");

  db_discard(db);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

  ck_assert_ptr_null(g_dir_read_name(dir));
}
END_TEST

static void assert_view_moved(Db *db, gsize *view)
{
  gsize now = db_view(db);

  ck_assert_uint_ne(now, 0);
  ck_assert_uint_ne(now, *view);
  *view = now;
}

START_TEST(test_view)
{
  g_autofree char *path = scratch_path("kigen.db");
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) other = NULL;
  gsize view = 0, others = 0;

  ck_assert_uint_eq(db_view(db), 0);
  assert_done(db_begin_read(db, ERR));
  assert_view_moved(db, &view);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM release"), 0);
  ck_assert_uint_eq(db_view(db), view);
  db_end_read(db);
  ck_assert_uint_eq(db_view(db), 0);
  assert_done(db_begin_read(db, ERR));
  assert_view_moved(db, &view);
  db_end_read(db);
  assert_done(db_begin(db, ERR));
  assert_view_moved(db, &view);
  scratch_sql(db, "INSERT INTO change (scope, n) VALUES ('plan', 7)");
  assert_view_moved(db, &view);
  ck_assert_uint_eq(db_view(db), view);
  assert_done(db_open(path, DB_READ, &other, ERR));
  assert_done(db_begin_read(other, ERR));
  others = view;
  assert_view_moved(other, &others);
  db_rollback(db);
  ck_assert_uint_eq(db_view(db), 0);
  assert_done(db_lock(db, ERR));
  ck_assert_uint_eq(db_view(db), 0);
  db_unlock(db);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("db");
  TCase *open = tcase_create("open");

  tcase_add_checked_fixture(open, scratch_setup, scratch_teardown);
  tcase_add_test(open, test_open_path_quirks);
  tcase_add_test(open, test_open_relative);
  tcase_add_test(open, test_open_missing_makes_nothing);
  tcase_add_test(open, test_open_url);
  tcase_add_test(open, test_create_refuses_existing);
  tcase_add_test(open, test_open_not_a_store);
  tcase_add_test(open, test_open_newer_schema);
  tcase_add_test(open, test_discard_removes_all);
  tcase_add_test(open, test_view);
  suite_add_tcase(suite, open);
  return run_suite(suite);
}
