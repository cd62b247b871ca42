#include "db/notice_store.h"
#include "db/plan_publish.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* "organization:contact:channel:state:notices" of each message, by contact and organization. */
#define MESSAGES                                                                                             \
  "SELECT group_concat(line, ' ') FROM (SELECT o.organization || ':' || coalesce(o.contact, '-') || ':' || " \
  "o.channel || ':' ||"                                                                                      \
  " o.state || ':' || (SELECT group_concat(n, '+') FROM (SELECT notice || '/' || x.organization AS n FROM "  \
  "outbox_notice x"                                                                                          \
  " WHERE x.outbox = o.id ORDER BY notice, x.organization)) AS line FROM outbox o ORDER BY o.contact IS "    \
  "NULL, o.contact,"                                                                                         \
  " o.organization, o.id)"

static void assert_messages(Db *db, const char *expected)
{
  g_autofree char *found = scratch_text(db, MESSAGES);

  ck_assert_str_eq(found, expected);
}

static const char first_messages[] =
    "1:2:mail:pending:1/1 9:3:mail:pending:1/2+1/6 4:4:mail:pending:1/4 10:9:fax:pending:1/10 "
    "3:-:letter:pending:1/3 7:-:letter:pending:1/7 8:-:letter:pending:1/8";

START_TEST(test_publish_addresses_everyone)
{
  g_autoptr(Db) db = base_installed();

  ck_assert_int_eq(base_publish(db, 1, "2035-03-31"), 7);
  assert_messages(db, first_messages);
  ck_assert_int_eq(
      scratch_number(
          db, "SELECT count(*) FROM notice WHERE kind = 'plan-announcement' AND due_on = '2031-03-31'"),
      1);
  ck_assert_int_eq(
      scratch_number(
          db,
          "SELECT count(*) FROM support_plan WHERE state = 'published' AND published_by = 'tester'"
          " AND published_on = '2031-03-31' AND published_at = '2031-03-30T22:15:00Z' AND reason = '理由'"),
      1);
}
END_TEST

START_TEST(test_publish_message_ids)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  g_autofree char *contact = scratch_text(db, "SELECT message_id FROM outbox WHERE contact = 3");
  g_autofree char *letter = scratch_text(db, "SELECT message_id FROM outbox WHERE organization = 3");

  ck_assert_str_eq(contact, "n1.r1.c3.o2@kigen.example");
  ck_assert_str_eq(letter, "n1.r1.c0.o3@kigen.example");
}
END_TEST

START_TEST(test_publish_writes_the_trail)
{
  g_autoptr(Db) db = base_installed();
  gint64 rows, bad, before, after;

  before = scratch_number(db, "SELECT coalesce(max(n), 0) FROM change WHERE scope = 'release/1'");
  base_publish(db, 1, "2035-03-31");
  g_autofree char *payload =
      scratch_text(db, "SELECT payload FROM audit_payload ORDER BY audit DESC LIMIT 1");

  ck_assert_ptr_nonnull(strstr(payload, "\"what\":\"PUMP/1.0\""));
  ck_assert_ptr_nonnull(strstr(payload, "\"eol\":\"2035-03-31\""));
  ck_assert_ptr_nonnull(strstr(payload, "\"organizations\":8"));
  ck_assert_ptr_nonnull(strstr(payload, "\"messages\":7"));
  ck_assert_ptr_nonnull(strstr(payload, "\"actor\":\"tester\""));
  ck_assert_ptr_null(strstr(payload, "\"from\""));
  assert_done(audit_verify(db, &rows, &bad, ERR));
  ck_assert_int_eq(bad, 0);
  after = scratch_number(db, "SELECT n FROM change WHERE scope = 'release/1'");
  ck_assert_int_gt(after, before);
}
END_TEST

START_TEST(test_two_plans_make_one_digest)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(base_publish(db, 2, "2035-03-31"), 0);
  assert_messages(db, "1:2:mail:pending:1/1+2/1 9:3:mail:pending:1/2+1/6+2/2+2/6 4:4:mail:pending:1/4+2/4 "
                      "10:9:fax:pending:1/10+2/10 3:-:letter:pending:1/3+2/3 7:-:letter:pending:1/7+2/7 "
                      "8:-:letter:pending:1/8+2/8");
}
END_TEST

START_TEST(test_what_was_tried_takes_nothing_more)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "UPDATE outbox SET attempt = 1 WHERE contact = 2;"
                                 "UPDATE outbox SET state = 'sending', attempt = 1 WHERE contact = 4;",
                                 NULL),
                   0);
  ck_assert_int_eq(base_publish(db, 2, "2035-03-31"), 2);
}
END_TEST

START_TEST(test_next_day_makes_other_messages)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  base_context.today++;
  /* contact 2 has expired by then: contact 1 takes over */
  ck_assert_int_eq(base_publish(db, 2, "2035-03-31"), 7);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM outbox WHERE contact = 1 AND due_on = '2031-04-01'"), 1);
}
END_TEST

START_TEST(test_change_supersedes_what_waits)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "UPDATE outbox SET state = 'accepted', attempt = 1 WHERE contact = 2;"
                                 "UPDATE outbox SET state = 'deferred', attempt = 1 WHERE contact = 4;"
                                 "UPDATE outbox SET state = 'sending', attempt = 1 WHERE contact = 9;",
                                 NULL),
                   0);
  base_context.today++;
  ck_assert_int_eq(base_publish(db, 1, "2036-03-31"), 7);
  assert_messages(
      db, "1:1:mail:pending:2/1 1:2:mail:accepted:1/1 9:3:mail:superseded:1/2+1/6 9:3:mail:pending:3/2+3/6 "
          "4:4:mail:superseded:1/4 4:4:mail:pending:2/4 10:9:fax:sending:1/10 10:9:fax:pending:2/10 "
          "3:-:letter:superseded:1/3 3:-:letter:pending:3/3 7:-:letter:superseded:1/7 7:-:letter:pending:3/7 "
          "8:-:letter:superseded:1/8 8:-:letter:pending:3/8");
  ck_assert_int_eq(
      scratch_number(
          db,
          "SELECT count(*) FROM outbox_event e JOIN outbox o ON o.id = e.outbox WHERE e.state = 'superseded'"
          " AND o.state = 'superseded' AND e.day = '2031-04-01' AND e.detail = 'overtaken by revision 2'"),
      5);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_event"), 5);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM notice WHERE kind = 'plan-change'"), 1);
  g_autofree char *states =
      scratch_text(db, "SELECT group_concat(state) FROM (SELECT state FROM support_plan ORDER BY revision)");

  ck_assert_str_eq(states, "superseded,published");
}
END_TEST

START_TEST(test_change_leaves_the_rest_of_a_digest)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  base_publish(db, 2, "2035-03-31");
  /* Same day: the change joins the message that still carries the other plan's notice. */
  ck_assert_int_eq(base_publish(db, 1, "2036-03-31"), 0);
  assert_messages(db, "1:2:mail:pending:2/1+3/1 9:3:mail:pending:2/2+2/6+3/2+3/6 4:4:mail:pending:2/4+3/4 "
                      "10:9:fax:pending:2/10+3/10 3:-:letter:pending:2/3+3/3 7:-:letter:pending:2/7+3/7 "
                      "8:-:letter:pending:2/8+3/8");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_event WHERE state = 'pending'"), 7);
}
END_TEST

START_TEST(test_same_day_change_makes_new_ids)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(base_publish(db, 1, "2036-03-31"), 7);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'pending'"), 7);
}
END_TEST

START_TEST(test_publish_refuses_what_is_not_open)
{
  g_autoptr(Db) db = base_installed();
  static const gint64 plans[] = { 1, 77 };
  PlanTelling telling;

  base_publish(db, 1, "2035-03-31");
  assert_done(db_begin(db, ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(plans); i++) {
    g_autoptr(GError) error = NULL;

    ck_assert(!plan_publish(db, &base_context, plans[i], NULL, &telling, &error));
    ck_assert(g_error_matches(error, PLAN_STEP_ERROR, PLAN_STEP_ERROR_REFUSED));
  }
  db_rollback(db);
}
END_TEST

/* A large audience is addressed without looking its references up again: they hold all the same, and
 * afterwards foreign keys are asked as before. */
START_TEST(test_large_audience)
{
  static const DbQuery orphan = { "INSERT INTO outbox_notice VALUES (99, 99, 99)" };
  g_autoptr(Db) db = base_installed();
  g_autoptr(GError) error = NULL;

  ck_assert_int_eq(
      scratch_shell("kigen.db",
                    "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 2599)"
                    " INSERT INTO organization (id, code, name_ja, role, parent)"
                    " SELECT i, 'B' || i, '病院' || i, 'hospital', iif(i % 5 = 0, 9, NULL) FROM n;"
                    "INSERT INTO contact (organization, name, email) SELECT id, '担当', id || '@b.example'"
                    " FROM organization WHERE id >= 100 AND id % 3 = 0;"
                    "INSERT INTO holding SELECT 3, id, 'user', 1, 1, 'u' || id, '2025-04-01', NULL, 'x'"
                    " FROM organization WHERE id >= 100;",
                    NULL),
      0);
  gint64 messages = base_publish(db, 3, "2035-03-31");

  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice"), 2500);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox"), messages);
  /* one through the corporation for all that have no contact of their own, one each for the others */
  ck_assert_int_eq(
      messages,
      1 + scratch_number(
              db, "SELECT count(*) FROM organization WHERE id >= 100 AND (id % 3 = 0 OR id % 5 <> 0)"));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
  ck_assert_int_eq(scratch_number(db, "PRAGMA foreign_keys"), 1);
  assert_done(db_begin(db, ERR));
  ck_assert(!db_exec(db, &orphan, &error));
  ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_CONSTRAINT));
}
END_TEST

static void make(Db *db, const ScheduledNotice *notice, gint64 expected_messages, gint64 expected_addressed)
{
  gint64 messages, addressed;

  assert_done(db_begin(db, ERR));
  assert_done(notice_store_make(db, &base_context, notice, 1, &messages, &addressed, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(messages, expected_messages);
  ck_assert_int_eq(addressed, expected_addressed);
}

START_TEST(test_make_is_idempotent)
{
  g_autoptr(Db) db = base_installed();
  ScheduledNotice notice = { NOTICE_EOL_REMINDER, 12, 0, DAY_NONE, day_from_ymd(2031, 3, 28) };

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(scratch_shell("kigen.db", "UPDATE outbox SET state = 'accepted', attempt = 1;", NULL), 0);
  make(db, &notice, 7, 8);
  make(db, &notice, 0, 0);
  ck_assert_int_eq(scratch_shell("kigen.db", "UPDATE outbox SET state = 'accepted', attempt = 1;", NULL), 0);
  make(db, &notice, 0, 0);
  base_context.today++;
  make(db, &notice, 0, 0);
  /* Overdue: it goes today, under its own day. */
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE due_on = '2031-03-31'"), 14);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM notice WHERE due_on = '2031-03-28'"), 1);
}
END_TEST

/* A unit found later: its organization alone gets the notice, over a contact that had a message of it before.
 */
START_TEST(test_make_adds_a_late_holder)
{
  g_autoptr(Db) db = base_installed();
  ScheduledNotice notice = { NOTICE_PLAN_ANNOUNCEMENT, 0, 0, DAY_NONE, day_from_ymd(2031, 3, 31) };

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(
      scratch_shell("kigen.db",
                    "UPDATE outbox SET state = 'accepted', attempt = 1;"
                    "INSERT INTO organization (id, code, name_ja, role, parent) VALUES (11, 'H11', 'K病院', "
                    "'hospital', 9);"
                    "INSERT INTO holding VALUES (1, 11, 'user', 1, 1, 'late', '2031-03-31', NULL, 'x');",
                    NULL),
      0);
  make(db, &notice, 1, 1);
  g_autofree char *id = scratch_text(db, "SELECT message_id FROM outbox ORDER BY id DESC LIMIT 1");

  ck_assert_str_eq(id, "n1.r1.c3.o11@kigen.example");
}
END_TEST

START_TEST(test_make_for_a_budget_month)
{
  g_autoptr(Db) db = base_installed();
  ScheduledNotice notice = { NOTICE_EOL_REMINDER, SCHEDULE_BUDGET, 9, DAY_NONE, day_from_ymd(2031, 3, 31) };
  gint64 organizations = -1;
  guint months = 0;

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(scratch_shell("kigen.db", "UPDATE outbox SET state = 'accepted', attempt = 1;", NULL), 0);
  assert_done(notice_store_count_audience(db, &notice, 1, &organizations, ERR));
  ck_assert_int_eq(organizations, 2);
  make(db, &notice, 2, 2);
  notice.budget_month = 5;
  make(db, &notice, 0, 0);
  notice.budget_month = 0;
  assert_done(notice_store_count_audience(db, &notice, 1, &organizations, ERR));
  ck_assert_int_eq(organizations, 8);
  assert_done(notice_store_budget_months(db, 1, &months, ERR));
  ck_assert_uint_eq(months, 1u << 9 | 1u << 12);
}
END_TEST

START_TEST(test_made_lists_notices)
{
  g_autoptr(Db) db = base_installed();
  ScheduledNotice notice = { NOTICE_EOS_REMINDER, SCHEDULE_BUDGET, 9, DAY_NONE, day_from_ymd(2031, 3, 28) };
  g_autoptr(GArray) made = NULL;

  base_publish(db, 1, "2035-03-31");
  make(db, &notice, 0, 2);
  assert_done(notice_store_made(db, 1, &made, ERR));
  ck_assert_uint_eq(made->len, 2);
  ck_assert_mem_eq(&g_array_index(made, ScheduledNotice, 0), &notice, sizeof notice);
  ck_assert_int_eq(g_array_index(made, ScheduledNotice, 1).kind, NOTICE_PLAN_ANNOUNCEMENT);
  ck_assert_uint_eq(g_array_index(made, ScheduledNotice, 1).due, day_from_ymd(2031, 3, 31));
}
END_TEST

/* Who has confirmed the transfer at an EOS is not reminded of it; of everything else they are told. */
START_TEST(test_confirmed_are_spared)
{
  static const struct {
    NoticeKind kind;
    const char *sql;
    gint64 addressed;
  } cases[] = {
    { NOTICE_EOS_REMINDER, "SELECT 1", 8 },
    { NOTICE_EOS_REMINDER, "UPDATE acknowledgement SET organization = 1", 7 },
    { NOTICE_EOL_REMINDER, "UPDATE acknowledgement SET organization = 1", 8 },
    { NOTICE_EOS_REACHED, "UPDATE acknowledgement SET organization = 1", 8 },
    { NOTICE_LIMITED_SUPPORT_BEGINS, "UPDATE acknowledgement SET organization = 1", 8 },
    { NOTICE_PLAN_CHANGE, "UPDATE acknowledgement SET organization = 1", 8 },
    { NOTICE_EOS_REMINDER, "UPDATE acknowledgement SET organization = 1, kind = 'receipt'", 8 },
    /* of another EOS: an extension's */
    { NOTICE_EOS_REMINDER,
      "UPDATE acknowledgement SET organization = 1; UPDATE notice SET extended_eos = '2040-03-31' WHERE id = "
      "8",
      8 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *store = base_installed();
    ScheduledNotice notice = {
      .kind = cases[i].kind, .lead_months = 24, .due = base_context.today, .nominal = base_context.today
    };
    gint64 messages, addressed, counted;

    base_publish(store, 1, "2035-03-31");
    ck_assert_int_eq(
        scratch_shell("kigen.db",
                      "INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at) VALUES (8, "
                      "'eos-reminder', 1, '2031-01-31', 36, 'x');"
                      "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (8, 9, "
                      "'transfer', 'a', 'phone', 'x');",
                      NULL),
        0);
    ck_assert_int_eq(scratch_shell("kigen.db", cases[i].sql, NULL), 0);
    assert_done(notice_store_count_audience(store, &notice, 1, &counted, ERR));
    assert_done(db_begin(store, ERR));
    assert_done(notice_store_make(store, &base_context, &notice, 1, &messages, &addressed, ERR));
    assert_done(db_commit(store, ERR));
    ck_assert_msg(addressed == cases[i].addressed && counted == addressed,
                  "row %zu: %" G_GINT64_FORMAT ", counted %" G_GINT64_FORMAT, i, addressed, counted);
    db_discard(store);
  }
}
END_TEST

/* A revision with the same EOS does not ask again; a later EOS does. */
START_TEST(test_confirmed_are_asked_for_another_eos)
{
  static const struct {
    const char *eos;
    gint64 addressed;
  } cases[] = { { "2038-03-31", 7 }, { "2039-03-31", 8 } };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *store = base_installed();
    g_autoptr(SupportPlan) plan = base_plan("2034-03-31", cases[i].eos);
    ScheduledNotice notice = { .kind = NOTICE_EOS_REMINDER, .lead_months = 24, .due = base_context.today };
    PlanTelling telling;
    gint64 messages, addressed;

    base_publish(store, 1, "2035-03-31");
    ck_assert_int_eq(
        scratch_shell("kigen.db",
                      "INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at) VALUES (8, "
                      "'eos-reminder', 1, '2031-01-31', 36, 'x');"
                      "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (8, 1, "
                      "'transfer', 'a', 'phone', 'x');",
                      NULL),
        0);

    gint64 revision = base_draft(store, 1, plan);

    assert_done(db_begin(store, ERR));
    assert_done(plan_publish(store, &base_context, revision, "理由", &telling, ERR));
    assert_done(notice_store_make(store, &base_context, &notice, revision, &messages, &addressed, ERR));
    assert_done(db_commit(store, ERR));
    ck_assert_msg(addressed == cases[i].addressed, "%s: %" G_GINT64_FORMAT, cases[i].eos, addressed);
    db_discard(store);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("notice_store");
  TCase *publishing = tcase_create("publish");
  TCase *making = tcase_create("make");

  tcase_add_checked_fixture(publishing, scratch_setup, scratch_teardown);
  tcase_add_test(publishing, test_publish_addresses_everyone);
  tcase_add_test(publishing, test_publish_message_ids);
  tcase_add_test(publishing, test_publish_writes_the_trail);
  tcase_add_test(publishing, test_two_plans_make_one_digest);
  tcase_add_test(publishing, test_what_was_tried_takes_nothing_more);
  tcase_add_test(publishing, test_next_day_makes_other_messages);
  tcase_add_test(publishing, test_change_supersedes_what_waits);
  tcase_add_test(publishing, test_change_leaves_the_rest_of_a_digest);
  tcase_add_test(publishing, test_same_day_change_makes_new_ids);
  tcase_add_test(publishing, test_publish_refuses_what_is_not_open);
  tcase_add_test(publishing, test_large_audience);
  suite_add_tcase(suite, publishing);
  tcase_add_checked_fixture(making, scratch_setup, scratch_teardown);
  tcase_add_test(making, test_make_is_idempotent);
  tcase_add_test(making, test_make_adds_a_late_holder);
  tcase_add_test(making, test_make_for_a_budget_month);
  tcase_add_test(making, test_made_lists_notices);
  tcase_add_test(making, test_confirmed_are_spared);
  tcase_add_test(making, test_confirmed_are_asked_for_another_eos);
  suite_add_tcase(suite, making);
  return run_suite(suite);
}
