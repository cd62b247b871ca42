/* What people do with messages: every step, what it is refused for, and what it is kept as. */

#include "db/handover_store.h"

#include "tests/db/outbox_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static Db *db;

static void setup(void)
{
  scratch_setup();
  db = outbox_base_store();
}

static void teardown(void)
{
  db_close(db);
  scratch_teardown();
}

static void sql(const char *text)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, text);
  assert_done(db_commit(db, ERR));
}

static void assert_text(const char *query, const char *expected)
{
  g_autofree char *text = scratch_text(db, query);

  ck_assert_msg(g_strcmp0(text, expected) == 0, "%s: %s", query, text != NULL ? text : "NULL");
}

static UpsertResult recorded(gint64 outbox, const HandoverEntry *entry)
{
  UpsertResult result = UPSERT_UNCHANGED;

  assert_done(db_begin(db, ERR));
  assert_done(handover_store_record(db, &base_context, outbox, entry, &result, ERR));
  assert_done(db_commit(db, ERR));
  return result;
}

/* Message 4 is a letter to SITE, message 1 a mail to KITA. */
static const struct {
  gint64 outbox;
  const char *state;
  HandoverStep step;
  const char *next, *message; /* one of them NULL */
} cases[] = {
  { 4, "printed", HANDOVER_SENT, "sent", NULL },
  { 4, "pending", HANDOVER_SENT, NULL,
    "message 4 goes by letter and is pending: it cannot be sent; print it first" },
  { 4, "sent", HANDOVER_SENT, NULL, "is sent: it cannot be sent" },
  { 4, "sent", HANDOVER_RETURNED, "returned", NULL },
  { 4, "printed", HANDOVER_RETURNED, NULL, "it was not sent yet: kigen outbox sent" },
  { 4, "pending", HANDOVER_HANDED, "handed", NULL },
  { 4, "returned", HANDOVER_HANDED, "handed", NULL },
  { 4, "superseded", HANDOVER_HANDED, NULL, "is superseded: it cannot be handed" },
  { 1, "bounced", HANDOVER_HANDED, "handed", NULL },
  { 1, "pending", HANDOVER_HANDED, NULL, "kigen deliver sends it, and it would go twice" },
  { 1, "accepted", HANDOVER_SENT, NULL, "message 1 goes by mail and is accepted: it cannot be sent" },
  { 1, "accepted", HANDOVER_RELAYED, NULL, "message 1 goes by mail: nobody was asked to pass it on" },
  { 99, "", HANDOVER_SENT, NULL, "no message 99" },
};

START_TEST(test_record)
{
  g_autofree char *update = g_strdup_printf("UPDATE outbox SET state = '%s', attempt = 1 WHERE id = %d",
                                            cases[_i].state, (int)cases[_i].outbox);
  HandoverEntry entry = { .step = cases[_i].step,
                          .how = "post",
                          .day = base_context.today - 1,
                          .tracking = "123-45",
                          .person = "佐藤",
                          .note = "守衛室",
                          .organization = cases[_i].step == HANDOVER_RELAYED ? 1 : 0 };
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GError) error = NULL;
  UpsertResult result;

  sql(cases[_i].outbox == 99 ? "SELECT 1" : update);
  if (cases[_i].message != NULL) {
    assert_done(db_begin(db, ERR));
    ck_assert(!handover_store_record(db, &base_context, cases[_i].outbox, &entry, &result, &error));
    ck_assert_msg(strstr(error->message, cases[_i].message) != NULL, "%s", error->message);
    db_rollback(db);
    ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM handover"), 0);
    return;
  }
  ck_assert_int_eq(recorded(cases[_i].outbox, &entry), UPSERT_ADDED);
  assert_done(handover_store_of_message(db, cases[_i].outbox, &list, ERR));
  ck_assert_int_eq(list->len, 1);

  const Handover *kept = list->pdata[0];

  ck_assert_str_eq(kept->tracking, "123-45");
  ck_assert_str_eq(kept->person, "佐藤");
  ck_assert_str_eq(kept->note, "守衛室");
  ck_assert_int_eq(kept->day, base_context.today - 1);

  g_autofree char *expected =
      g_strdup_printf("%s %s 2030-09-29 tracking 123-45", cases[_i].next, cases[_i].next);

  assert_text(
      "SELECT o.state || ' ' || e.state || ' ' || e.day || ' ' || e.detail FROM outbox o JOIN outbox_event e"
      " ON e.outbox = o.id ORDER BY e.id DESC LIMIT 1",
      expected);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action LIKE 'outbox.%'"), 1);
}
END_TEST

START_TEST(test_record_day_to_come)
{
  HandoverEntry entry = { .step = HANDOVER_HANDED, .how = "fax", .day = base_context.today + 1 };
  g_autoptr(GError) error = NULL;
  UpsertResult result;

  assert_done(db_begin(db, ERR));
  ck_assert(!handover_store_record(db, &base_context, 4, &entry, &result, &error));
  ck_assert_str_eq(error->message, "2030-10-01 lies after today, 2030-09-30");
  db_rollback(db);
}
END_TEST

/* A distributor's report: once for each customer, changed by another one, and only about whom the request
 * named. */
START_TEST(test_record_relayed)
{
  HandoverEntry entry = {
    .step = HANDOVER_RELAYED, .organization = 4, .how = "hand", .by = "藤代", .day = base_context.today - 3
  };
  g_autoptr(GError) error = NULL;
  UpsertResult result;

  sql("UPDATE outbox SET channel = 'relay', state = 'accepted', attempt = 1 WHERE id = 3");
  ck_assert_int_eq(recorded(3, &entry), UPSERT_ADDED);
  ck_assert_int_eq(recorded(3, &entry), UPSERT_UNCHANGED);
  entry.how = "mail";
  ck_assert_int_eq(recorded(3, &entry), UPSERT_CHANGED);
  assert_text("SELECT group_concat(how || ' ' || day || ' ' || by) FROM handover", "mail 2030-09-27 藤代");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'outbox.relayed'"), 2);
  assert_text("SELECT state FROM outbox WHERE id = 3", "accepted");

  entry.organization = 1;
  assert_done(db_begin(db, ERR));
  ck_assert(!handover_store_record(db, &base_context, 3, &entry, &result, &error));
  ck_assert_str_eq(error->message, "message 3 says nothing about that customer");
  db_rollback(db);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("handover_store");
  TCase *tests = tcase_create("handover_store");

  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_loop_test(tests, test_record, 0, (int)G_N_ELEMENTS(cases));
  tcase_add_test(tests, test_record_day_to_come);
  tcase_add_test(tests, test_record_relayed);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
