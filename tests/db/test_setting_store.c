#include "db/maker_store.h"
#include "db/setting_store.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static const AuditContext *context(void)
{
  static AuditContext context;

  context = (AuditContext){ "tester", day_from_ymd(2031, 3, 31), "2031-03-30T22:15:00Z" };
  return &context;
}

START_TEST(test_init_and_load)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_auto(Setting) setting = { 0 };

  assert_done(db_begin(db, ERR));
  assert_done(setting_store_init(db, context(), true, "kigen.example", ERR));
  assert_done(db_commit(db, ERR));
  assert_done(setting_store_load(db, &setting, ERR));
  ck_assert(setting.simulation);
  ck_assert_str_eq(setting.uid_domain, "kigen.example");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'init'"), 1);
}
END_TEST

START_TEST(test_load_before_init)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_auto(Setting) setting = { 0 };
  g_autoptr(GError) error = NULL;

  ck_assert(!setting_store_load(db, &setting, &error));
  ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_NOT_A_STORE));
  ck_assert_ptr_nonnull(strstr(error->message, "kigen init"));
}
END_TEST

START_TEST(test_init_twice_is_refused)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GError) error = NULL;

  assert_done(db_begin(db, ERR));
  assert_done(setting_store_init(db, context(), false, "kigen.example", ERR));
  ck_assert(!setting_store_init(db, context(), false, "other.example", &error));
  ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_CONSTRAINT));
  db_rollback(db);
}
END_TEST

START_TEST(test_change_counts)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  gint64 n = -1;

  assert_done(change_read(db, &n, ERR));
  ck_assert_int_eq(n, 0);
  assert_done(db_begin(db, ERR));
  assert_done(change_bump(db, "plan", ERR));
  assert_done(change_bump(db, "plan", ERR));
  assert_done(change_bump(db, "feed", ERR));
  assert_done(db_commit(db, ERR));
  assert_done(change_read(db, &n, ERR));
  ck_assert_int_eq(n, 3);
}
END_TEST

START_TEST(test_maker_set_and_load)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GHashTable) fields = NULL;
  gint64 n;

  assert_done(db_begin(db, ERR));
  assert_done(maker_store_set(db, "name_ja", "みらい医療機器株式会社", ERR));
  assert_done(maker_store_set(db, "phone", "03-0000-0000", ERR));
  assert_done(maker_store_set(db, "phone", "03-1111-1111", ERR));
  assert_done(maker_store_set(db, "email", "info@maker.example", ERR));
  assert_done(maker_store_set(db, "email", "", ERR));
  assert_done(maker_store_set(db, "url", NULL, ERR));
  assert_done(db_commit(db, ERR));
  assert_done(maker_store_load(db, &fields, ERR));
  ck_assert_uint_eq(g_hash_table_size(fields), 2);
  ck_assert_str_eq(g_hash_table_lookup(fields, "name_ja"), "みらい医療機器株式会社");
  ck_assert_str_eq(g_hash_table_lookup(fields, "phone"), "03-1111-1111");
  assert_done(change_read(db, &n, ERR));
  ck_assert_int_eq(n, 6);
}
END_TEST

START_TEST(test_maker_refuses_unknown_field)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GError) error = NULL;

  assert_done(db_begin(db, ERR));
  ck_assert(!maker_store_set(db, "name", "x", &error));
  ck_assert_ptr_nonnull(strstr(error->message, "name_ja, name_en"));
  db_rollback(db);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("setting_store");
  TCase *all = tcase_create("setting and maker");

  tcase_add_checked_fixture(all, scratch_setup, scratch_teardown);
  tcase_add_test(all, test_init_and_load);
  tcase_add_test(all, test_load_before_init);
  tcase_add_test(all, test_init_twice_is_refused);
  tcase_add_test(all, test_change_counts);
  tcase_add_test(all, test_maker_set_and_load);
  tcase_add_test(all, test_maker_refuses_unknown_field);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
