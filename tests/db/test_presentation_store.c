#include "db/presentation_store.h"

#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static UpsertResult put(Db *db, PresentationWay way, Day day, const char *note)
{
  UpsertResult result;

  assert_done(db_begin(db, ERR));
  assert_done(presentation_store_put(db, &base_context, 1, 2, way, day, note, &result, ERR));
  assert_done(db_commit(db, ERR));
  return result;
}

START_TEST(test_put_and_remove)
{
  g_autoptr(Db) db = base_installed();
  Day day = base_context.today;
  bool removed;

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(put(db, PRESENTATION_FAX, day, NULL), UPSERT_ADDED);
  ck_assert_int_eq(put(db, PRESENTATION_FAX, day, NULL), UPSERT_UNCHANGED);
  ck_assert_int_eq(put(db, PRESENTATION_FAX, day, "再送"), UPSERT_CHANGED);
  ck_assert_int_eq(put(db, PRESENTATION_FAX, day, "再送"), UPSERT_UNCHANGED);
  ck_assert_int_eq(put(db, PRESENTATION_FAX, day, NULL), UPSERT_UNCHANGED);
  ck_assert_int_eq(put(db, PRESENTATION_FAX, day - 1, NULL), UPSERT_ADDED);
  ck_assert_int_eq(put(db, PRESENTATION_PAGE, day, NULL), UPSERT_ADDED);

  g_autofree char *stored = scratch_text(
      db, "SELECT group_concat(how || ' ' || day || ' ' || coalesce(note, '-') || ' ' || by, ', ')"
          " FROM (SELECT * FROM presentation ORDER BY id)");

  ck_assert_str_eq(stored, "fax 2031-03-31 再送 tester, fax 2031-03-30 - tester, page 2031-03-31 - tester");
  assert_done(db_begin(db, ERR));
  assert_done(presentation_store_remove(db, 1, 2, PRESENTATION_FAX, day, &removed, ERR));
  ck_assert(removed);
  assert_done(presentation_store_remove(db, 1, 2, PRESENTATION_FAX, day, &removed, ERR));
  ck_assert(!removed);
  assert_done(
      presentation_store_remove(db, 2, 2, PRESENTATION_PAGE, day, &removed, ERR)); /* another release */
  ck_assert(!removed);
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM presentation"), 2);
}
END_TEST

/* What was in force when, over two revisions and a withdrawal. */
START_TEST(test_find)
{
  static const struct {
    const char *day, *says; /* NULL: found */
    gint64 plan;
  } cases[] = {
    { "2031-03-30", "known since 2031-03-31", 0 },
    { "2031-03-31", NULL, 1 },
    { "2031-04-09", NULL, 1 },
    { "2031-04-10", NULL, 2 },
    { "2031-04-19", NULL, 2 },
    { "2031-04-20", "it had been withdrawn", 0 },
    { "2031-05-01", "lies after today", 0 },
  };
  g_autoptr(Db) db = base_installed();
  Day today = day_from_ymd(2031, 4, 30);

  base_publish(db, 1, "2035-03-31");
  base_context.today += 10;
  base_publish(db, 1, "2036-03-31");
  scratch_shell("kigen.db",
                "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2031-04-20' WHERE id = 2",
                NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    PresentationTarget target = { 0 };
    Day day;

    ck_assert(day_parse(cases[i].day, &day));

    bool found = presentation_store_find(db, 1, 2, day, today, &target, &error);

    ck_assert_msg(found == (cases[i].says == NULL), "%s", cases[i].day);
    ck_assert_int_eq(target.plan, cases[i].plan);
    ck_assert_msg(
        found || (error->domain == PRESENTATION_STORE_ERROR && strstr(error->message, cases[i].says) != NULL),
        "%s: %s", cases[i].day, found ? "" : error->message);
    ck_assert(!found || (target.uses && target.due == day_from_ymd(2036, 3, 31)));
  }
}
END_TEST

/* Another program does not rewrite what was recorded. */
START_TEST(test_store_refuses)
{
  static const char *const refused[] = {
    "INSERT OR REPLACE INTO presentation VALUES (1, 1, 3, 'fax', '2031-03-31', 'x', NULL, 'x')",
    "INSERT INTO presentation VALUES (2, 1, 2, 'fax', '2031-03-31', 'x', NULL, 'x')",
    "INSERT INTO presentation VALUES (2, 1, 2, 'mail', '2031-03-31', 'x', NULL, 'x')",
    "INSERT INTO presentation VALUES (2, 1, 2, 'fax', '2031-02-29', 'x', NULL, 'x')",
    "UPDATE presentation SET day = '2031-03-01'",
    "UPDATE presentation SET organization = 3",
    "UPDATE presentation SET by = 'y'",
  };
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  put(db, PRESENTATION_FAX, base_context.today, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(refused); i++)
    ck_assert_msg(scratch_shell("kigen.db", refused[i], NULL) != 0, "%s", refused[i]);
  ck_assert_int_eq(scratch_shell("kigen.db", "UPDATE presentation SET note = 'x'", NULL), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("presentation_store");
  TCase *tcase = tcase_create("presentation_store");

  tcase_add_checked_fixture(tcase, scratch_setup, scratch_teardown);
  tcase_add_test(tcase, test_put_and_remove);
  tcase_add_test(tcase, test_find);
  tcase_add_test(tcase, test_store_refuses);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
