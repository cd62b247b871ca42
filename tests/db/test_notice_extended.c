/* Notices of EOS where contracts extended it for some: who is told of which day. */

#include "db/extension_store.h"
#include "db/notice_schedule.h"
#include "db/notice_store.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* base_installed: every organization but 5 and 9 has 2 units of PUMP/1.0, whose plan 1 ends on 2038-03-31. Of
 * 1's devices both have serials, of 3's one. */
static Db *db;

static Day iso(const char *text)
{
  Day day;

  ck_assert_msg(day_parse(text, &day), "%s", text);
  return day;
}

static void extend(gint64 organization, const char *serial, const char *eos)
{
  ExtensionRequest request = { 1, organization, serial, serial, iso(eos), NULL, "契約" };
  ExtensionResult result;

  assert_done(db_begin(db, ERR));
  assert_done(extension_store_set(db, &base_context, &request, &result, ERR));
  assert_done(db_commit(db, ERR));
}

static void setup(void)
{
  scratch_setup();
  db = base_installed();
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO device (id, product, release, serial, serial_key, organization) VALUES"
                  " (1, 1, 1, 'S-1', 'S-1', 1), (2, 1, 1, 'S-2', 'S-2', 1), (3, 1, 1, 'S-3', 'S-3', 3)");
  assert_done(db_commit(db, ERR));
  base_publish(db, 1, "2036-03-31");
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "UPDATE outbox SET state = 'accepted'"); /* the announcement is out */
  assert_done(db_commit(db, ERR));
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

static ScheduledNotice reached(const char *extended)
{
  Day eos = extended != NULL ? iso(extended) : iso("2038-03-31");

  return (ScheduledNotice){ .kind = NOTICE_EOS_REACHED,
                            .nominal = eos + 1,
                            .due = eos + 1,
                            .extended_eos = extended != NULL ? eos : DAY_NONE };
}

/* Makes it, and says whom it concerns: "1 3 4"; own string. */
static char *make(const ScheduledNotice *notice)
{
  gint64 messages = 0, addressed = 0, counted = 0;

  assert_done(notice_store_count_audience(db, notice, 1, &counted, ERR));
  assert_done(db_begin(db, ERR));
  assert_done(notice_store_make(db, &base_context, notice, 1, &messages, &addressed, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(addressed, counted);
  return scratch_text(db,
                      "SELECT coalesce(group_concat(organization, ' '), '') FROM (SELECT organization FROM"
                      " outbox_notice WHERE notice = (SELECT max(id) FROM notice) ORDER BY organization)");
}

static void assert_told(const char *extended, const char *organizations)
{
  ScheduledNotice notice = reached(extended);
  g_autofree char *told = make(&notice);

  ck_assert_msg(strcmp(told, organizations) == 0, "%s: %s", extended, told);
}

START_TEST(test_whom_each_day_concerns)
{
  extend(1, NULL, "2040-03-31");
  extend(3, "S-3", "2041-03-31"); /* one of its two units */
  assert_told(NULL, "2 3 4 6 7 8 10");
  assert_told("2040-03-31", "1");
  assert_told("2041-03-31", "3");
  assert_told("2042-03-31", "");
}
END_TEST

/* Every unit by a contract of its own: nobody is told that support ended on the plan's day. */
START_TEST(test_all_devices_extended)
{
  extend(1, "S-1", "2040-03-31");
  extend(1, "S-2", "2041-03-31");
  assert_told(NULL, "2 3 4 6 7 8 10");
  assert_told("2040-03-31", "1");
  assert_told("2041-03-31", "1");
}
END_TEST

/* The device's own goes first; what is left is the organization's. */
START_TEST(test_both)
{
  extend(1, NULL, "2040-03-31");
  extend(1, "S-1", "2041-03-31");
  assert_told("2040-03-31", "1");
  extend(1, "S-2", "2041-03-31");
  assert_told("2041-03-31", "1");
}
END_TEST

/* Other kinds concern everybody. */
START_TEST(test_other_kinds)
{
  ScheduledNotice notice = { .kind = NOTICE_EOL_REMINDER, .lead_months = 6, .due = iso("2035-09-28") };

  extend(1, NULL, "2040-03-31");
  g_autofree char *told = make(&notice);

  ck_assert_str_eq(told, "1 2 3 4 6 7 8 10");
}
END_TEST

/* Ended before its day: that day is told. */
START_TEST(test_ended)
{
  extend(1, NULL, "2040-03-31");
  base_context.today = iso("2039-06-30");
  assert_done(db_begin(db, ERR));
  assert_done(extension_store_end(db, &base_context, 1, "解約", ERR));
  assert_done(db_commit(db, ERR));
  assert_told(NULL, "2 3 4 6 7 8 10");
  assert_told("2040-03-31", "");
  assert_told("2039-06-30", "1");
}
END_TEST

/* A notice that waits and tells a day that does not hold any more does not go: a message of its own is
 * superseded, from one for several it is taken out. */
START_TEST(test_what_waits_is_overtaken)
{
  ScheduledNotice notice = reached(NULL);
  g_autofree char *told = make(&notice);

  ck_assert_str_eq(told, "1 2 3 4 6 7 8 10");
  extend(1, NULL, "2040-03-31");
  extend(2, NULL, "2040-03-31");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'superseded'"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT organization FROM outbox WHERE state = 'superseded'"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice x JOIN outbox o ON o.id = x.outbox"
                                      " WHERE o.state = 'pending' AND x.organization IN (1, 2)"),
                   0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice x JOIN outbox o ON o.id = x.outbox"
                                      " WHERE o.state = 'pending' AND x.organization = 6"),
                   1);
  g_autofree char *detail = scratch_text(
      db, "SELECT group_concat(state || ' ' || detail, '; ') FROM (SELECT state, detail FROM outbox_event"
          " WHERE detail LIKE '%extension%' ORDER BY id)");

  ck_assert_str_eq(detail, "superseded overtaken by an extension of EOS; pending a notice was overtaken by an"
                           " extension of EOS");
}
END_TEST

START_TEST(test_schedule)
{
  g_autoptr(BusinessCalendar) calendar = calendar_new(NULL, 0);
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GArray) all = NULL, made = NULL;
  g_autoptr(GString) got = g_string_new(NULL);

  extend(1, NULL, "2040-03-31");
  extend(3, "S-3", "2041-03-31");
  assert_done(plan_store_list(db, "PUMP/1.0", PLAN_IN_FORCE, &rows, ERR));
  assert_done(notice_schedule_load(db, rows->pdata[0], policy_for(PROFILE_JP), calendar, &all, &made, ERR));
  for (guint i = 0; i < all->len; i++) {
    const ScheduledNotice *notice = &g_array_index(all, ScheduledNotice, i);
    char due[DAY_TEXT_SIZE], eos[DAY_TEXT_SIZE];

    if (notice->kind == NOTICE_EOS_REACHED)
      g_string_append_printf(got, "%s %s; ", day_format(notice->due, due),
                             notice->extended_eos != DAY_NONE ? day_format(notice->extended_eos, eos) : "");
  }
  ck_assert_str_eq(got->str, "2038-04-01 ; 2040-04-02 2040-03-31; 2041-04-01 2041-03-31; ");

  ScheduledNotice notice = reached("2040-03-31");

  notice.due = iso("2040-04-02");
  ck_assert(notice_schedule_has(all, &notice) && !notice_schedule_has(made, &notice));
  g_autofree char *told = make(&notice);

  ck_assert_str_eq(told, "1");
  g_clear_pointer(&made, g_array_unref);
  g_clear_pointer(&all, g_array_unref);
  assert_done(notice_schedule_load(db, rows->pdata[0], policy_for(PROFILE_JP), calendar, &all, &made, ERR));
  ck_assert(notice_schedule_has(made, &notice));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("notice_extended");
  TCase *tcase = tcase_create("notice_extended");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_whom_each_day_concerns);
  tcase_add_test(tcase, test_all_devices_extended);
  tcase_add_test(tcase, test_both);
  tcase_add_test(tcase, test_other_kinds);
  tcase_add_test(tcase, test_ended);
  tcase_add_test(tcase, test_what_waits_is_overtaken);
  tcase_add_test(tcase, test_schedule);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
