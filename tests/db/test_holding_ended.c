/* Custodies that end by themselves. */

#include "db/holding_ended.h"
#include "db/holding_store.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

static Db *db;

static void change(const char *sql)
{
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", sql, &said) == 0, "%s: %s", sql, said);
}

/* Two devices that organization 1 uses, the second with software; organization 2 sold both, 3 owns the first.
 * The holdings are of 2031-03-31. */
static void setup(void)
{
  gint64 changed;

  scratch_setup();
  db = base_store();
  change("INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', 'A病院', 'hospital'),"
         " (2, 'D2', '販売', 'distributor'), (3, 'L3', 'リース', 'lessor');"
         "INSERT INTO device (id, product, release, software_release, serial_key, organization) VALUES"
         " (1, 1, 1, NULL, 'A', 1), (2, 1, 1, 3, 'B', 1);"
         "INSERT INTO custody (device, role, organization, until) VALUES (1, 'seller', 2, '2031-04-02'),"
         " (2, 'seller', 2, '2031-04-05'), (1, 'owner', 3, '2031-04-02'), (1, 'repairer', 3, '2031-03-30');");
  assert_done(db_begin(db, ERR));
  assert_done(holding_store_refresh_all(db, &base_context, &changed, NULL, ERR));
  assert_done(db_commit(db, ERR));
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

/* What holds, "release:organization:role=count", and the last day of what has ended. */
static void assert_holdings(const char *expected)
{
  g_autofree char *found = scratch_text(
      db, "SELECT group_concat(line, ' ') FROM (SELECT release || ':' || organization || ':' || role || '=' "
          "|| count ||"
          " coalesce('!' || ended_on, '') AS line FROM holding ORDER BY release, organization, role)");

  ck_assert_str_eq(found, expected);
}

static gint64 catch_up(int day)
{
  AuditContext context = base_context;
  gint64 changed = -1;

  context.today = day_from_ymd(2031, 4, day);
  assert_done(holding_ended_catch_up(db, &context, &changed, ERR));
  return changed;
}

START_TEST(test_day_by_day)
{
  gint64 audits = scratch_number(db, "SELECT count(*) FROM audit"), bumps;

  assert_holdings("1:1:user=2 1:2:seller=2 1:3:owner=1 3:1:user=1 3:2:seller=1");
  ck_assert_int_eq(catch_up(1), 0);
  ck_assert_int_eq(catch_up(2), 0); /* the last day is still theirs */
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit"), audits);
  ck_assert_int_eq(catch_up(3), 2);
  assert_holdings("1:1:user=2 1:2:seller=1 1:3:owner=0!2031-04-03 3:1:user=1 3:2:seller=1");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'holding.recount'"), 1);
  bumps = scratch_number(db, "SELECT n FROM change WHERE scope = 'installed-base'");
  ck_assert_int_eq(catch_up(3), 0);
  ck_assert_int_eq(catch_up(5), 0);
  ck_assert_int_eq(scratch_number(db, "SELECT n FROM change WHERE scope = 'installed-base'"), bumps);
  ck_assert_int_eq(catch_up(6), 2);
  assert_holdings(
      "1:1:user=2 1:2:seller=0!2031-04-06 1:3:owner=0!2031-04-03 3:1:user=1 3:2:seller=0!2031-04-06");
  ck_assert_int_eq(catch_up(30), 0);
}
END_TEST

/* After a long pause, and after a clock that was set back. */
START_TEST(test_all_at_once)
{
  ck_assert_int_eq(catch_up(20), 3);
  assert_holdings(
      "1:1:user=2 1:2:seller=0!2031-04-20 1:3:owner=0!2031-04-20 3:1:user=1 3:2:seller=0!2031-04-20");
  ck_assert_int_eq(catch_up(10), 0);
  ck_assert_int_eq(scratch_number(db, "SELECT holdings_on = '2031-04-20' FROM setting"), 1);
}
END_TEST

/* A store from before that day was kept. */
START_TEST(test_never_done)
{
  change("UPDATE setting SET holdings_on = NULL");
  ck_assert_int_eq(catch_up(3), 2);
  ck_assert_int_eq(catch_up(6), 2);
}
END_TEST

/* The same as a count of everything. */
START_TEST(test_recount_finds_nothing_more)
{
  AuditContext context = base_context;
  gint64 changed = -1, besides = -1;

  catch_up(6);
  context.today = day_from_ymd(2031, 4, 6);
  assert_done(db_begin(db, ERR));
  assert_done(holding_store_refresh_all(db, &context, &changed, &besides, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(changed + besides, 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("holding_ended");
  TCase *tests = tcase_create("holding_ended");

  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, test_day_by_day);
  tcase_add_test(tests, test_all_at_once);
  tcase_add_test(tests, test_never_done);
  tcase_add_test(tests, test_recount_finds_nothing_more);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
