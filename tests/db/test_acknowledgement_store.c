/* What an organization can confirm, and that it is kept once. */

#include "db/acknowledgement_store.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static Db *db;

static void setup(void)
{
  scratch_setup();
  db = base_installed();
  base_publish(db, 1, "2035-03-31"); /* EOS 2038-03-31 */
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

static void change(const char *sql)
{
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", sql, &said) == 0, "%s: %s", sql, said);
}

/* A notice of EOS of plan `plan`, addressed to organizations 1 and 3 by the announcement's messages. */
static void add_notice(gint64 id, const char *kind, gint64 plan, const char *due, const char *extended)
{
  g_autofree char *sql = g_strdup_printf(
      "INSERT INTO notice (id, kind, plan, due_on, extended_eos, created_at) VALUES (%" G_GINT64_FORMAT
      ", '%s', %" G_GINT64_FORMAT ", '%s', '%s', 'x');"
      "INSERT INTO outbox_notice SELECT %" G_GINT64_FORMAT
      ", organization, outbox FROM outbox_notice WHERE notice = 1 AND organization IN (1, 3);",
      id, kind, plan, due, extended, id);

  change(sql);
}

static gint64 found(gint64 organization, AcknowledgementKind kind)
{
  AcknowledgementNotice notice = { 0 };
  bool concerned = false;

  assert_done(acknowledgement_store_find(db, 1, organization, kind, &notice, &concerned, ERR));
  ck_assert(concerned);
  return notice.notice;
}

START_TEST(test_find)
{
  AcknowledgementNotice notice = { 0 };
  bool concerned = true;

  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_RECEIPT), 0); /* it waits */
  change("UPDATE outbox SET state = 'accepted', attempt = 1");
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_RECEIPT), 1);
  ck_assert_int_eq(found(5, ACKNOWLEDGEMENT_RECEIPT),
                   0); /* nothing was addressed to whose holding has ended */
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_TRANSFER), 0);
  assert_done(acknowledgement_store_find(db, 2, 1, ACKNOWLEDGEMENT_RECEIPT, &notice, &concerned, ERR));
  ck_assert(!concerned && notice.notice == 0); /* no plan in force */

  add_notice(7, "eol-reminder", 1, "2034-03-31", "");
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_TRANSFER), 0);
  add_notice(8, "eos-reminder", 1, "2035-03-31", "");
  add_notice(9, "eos-reached", 1, "2038-04-01", "");
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_TRANSFER), 9);
  ck_assert_int_eq(found(2, ACKNOWLEDGEMENT_TRANSFER), 0);
  assert_done(acknowledgement_store_find(db, 1, 1, ACKNOWLEDGEMENT_TRANSFER, &notice, &concerned, ERR));
  ck_assert_int_eq(notice.kind, NOTICE_EOS_REACHED);
  ck_assert_uint_eq(notice.due_on, day_from_ymd(2038, 4, 1));

  /* what was overtaken before it went told nothing */
  change("UPDATE outbox SET state = 'superseded' WHERE contact IS NULL");
  ck_assert_int_eq(found(3, ACKNOWLEDGEMENT_TRANSFER), 0);
}
END_TEST

/* A revision with the same EOS asks for nothing new, one with another EOS does; a receipt is of the plan in
 * force. */
START_TEST(test_find_after_a_revision)
{
  add_notice(8, "eos-reminder", 1, "2035-03-31", "");
  change("UPDATE outbox SET state = 'accepted', attempt = 1");
  base_publish(db, 1, "2034-03-31");
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_TRANSFER), 8);

  gint64 change_notice = scratch_number(db, "SELECT max(id) FROM notice");

  ck_assert_int_eq(scratch_number(db, "SELECT plan FROM notice ORDER BY id DESC LIMIT 1"), 2);
  ck_assert_int_eq(found(3, ACKNOWLEDGEMENT_RECEIPT), 0);
  change("UPDATE outbox SET state = 'accepted', attempt = 1");
  ck_assert_int_eq(found(3, ACKNOWLEDGEMENT_RECEIPT), change_notice);
  change("UPDATE support_plan SET state = 'superseded' WHERE id = 2;"
         "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author, "
         "created_at,"
         " published_by, published_on, published_at) VALUES (3, 1, 3, 'published', '2034-03-31', "
         "'2039-03-31', 'd', 'a',"
         " 'x', 'a', '2031-04-01', 'x')");
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_TRANSFER), 0);
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_RECEIPT), 0);
  /* of an extension's EOS */
  add_notice(12, "eos-reminder", 1, "2037-03-31", "2040-03-31");
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_TRANSFER), 12);
}
END_TEST

/* The two notices of EOS of organization 1, each in its own message. */
static const struct {
  const char *older, *later;      /* states */
  const char *channel;            /* of both */
  gint64 notice, message_to_come; /* 0: none */
} in_hand[] = {
  { "accepted", "accepted", "mail", 9, 0 },   { "accepted", "pending", "mail", 8, 101 },
  { "accepted", "failed", "mail", 8, 101 },   { "accepted", "bounced", "mail", 8, 101 },
  { "accepted", "deferred", "mail", 8, 101 }, { "accepted", "sending", "mail", 8, 101 },
  { "accepted", "unknown", "mail", 8, 101 },  { "sent", "printed", "letter", 8, 101 },
  { "sent", "returned", "letter", 8, 101 },   { "sent", "superseded", "letter", 8, 0 },
  { "printed", "pending", "letter", 8, 101 }, { "pending", "printed", "letter", 9, 0 },
  { "unknown", "sending", "mail", 9, 0 },     { "bounced", "unknown", "mail", 9, 0 },
  { "failed", "pending", "mail", 0, 101 },    { "bounced", "superseded", "mail", 0, 100 },
  { "accepted", "accepted", "relay", 9, 0 },  { "accepted", "bounced", "relay", 8, 101 },
};

START_TEST(test_in_hand)
{
  AcknowledgementNotice notice = { 0 };
  bool concerned = false;
  g_autofree char *states = g_strdup_printf(
      "INSERT INTO outbox (id, organization, channel, state, attempt, message_id, due_on, created_at)"
      " SELECT 100 + m.n, organization, '%s', CASE m.n WHEN 0 THEN '%s' ELSE '%s' END, 1, 'm' || m.n, due_on,"
      " created_at FROM outbox JOIN (SELECT 0 AS n UNION ALL SELECT 1) m WHERE outbox.id = 1;"
      "UPDATE outbox_notice SET outbox = 92 + notice WHERE organization = 1 AND notice IN (8, 9);",
      in_hand[_i].channel, in_hand[_i].older, in_hand[_i].later);

  add_notice(8, "eos-reminder", 1, "2035-03-31", "");
  add_notice(9, "eos-reached", 1, "2038-04-01", "");
  change(states);
  assert_done(acknowledgement_store_find(db, 1, 1, ACKNOWLEDGEMENT_TRANSFER, &notice, &concerned, ERR));
  ck_assert_int_eq(notice.notice, in_hand[_i].notice);
  ck_assert_int_eq(notice.newer.message, in_hand[_i].message_to_come);
}
END_TEST

/* Of two requests to a distributor the one that was reported back: the newer may lie there. */
START_TEST(test_in_hand_by_relay)
{
  add_notice(8, "eos-reminder", 1, "2035-03-31", "");
  add_notice(9, "eos-reached", 1, "2038-04-01", "");
  change(
      "INSERT INTO outbox (id, organization, channel, state, attempt, message_id, due_on, created_at)"
      " SELECT 92 + n.id, 1, 'relay', 'accepted', 1, 'm' || n.id, n.due_on, 'x' FROM notice n WHERE n.id > 7;"
      "UPDATE outbox_notice SET outbox = 92 + notice WHERE organization = 1 AND notice IN (8, 9);");
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_TRANSFER), 9);
  change("INSERT INTO handover (outbox, step, organization, how, day, recorded_by, at)"
         " VALUES (100, 'relayed', 1, 'hand', '2035-04-02', 'a', 'x')");
  ck_assert_int_eq(found(1, ACKNOWLEDGEMENT_TRANSFER), 8);
}
END_TEST

static gint64 add(gint64 notice, gint64 organization, AcknowledgementKind kind)
{
  AcknowledgementEntry entry = { .notice = notice,
                                 .organization = organization,
                                 .kind = kind,
                                 .person = "部長 花子",
                                 .title = "医療機器安全管理責任者",
                                 .how = "letter",
                                 .day = day_from_ymd(2031, 3, 30),
                                 .note = "確認書 17" };
  gint64 id = 0;

  assert_done(db_begin(db, ERR));
  assert_done(acknowledgement_store_add(db, &base_context, &entry, &id, ERR));
  assert_done(db_commit(db, ERR));
  return id;
}

static bool is_said(gint64 notice, gint64 organization, AcknowledgementKind kind)
{
  g_autoptr(Acknowledgement) same = NULL;

  assert_done(acknowledgement_store_same(db, notice, organization, kind, &same, ERR));
  return same != NULL;
}

START_TEST(test_add)
{
  g_autoptr(Acknowledgement) row = NULL;
  g_autoptr(Acknowledgement) none = NULL;
  gint64 id;

  add_notice(8, "eos-reminder", 1, "2035-03-31", "");
  id = add(8, 1, ACKNOWLEDGEMENT_TRANSFER);
  assert_done(acknowledgement_store_load(db, id, &row, ERR));
  ck_assert_int_eq(row->kind, ACKNOWLEDGEMENT_TRANSFER);
  ck_assert_str_eq(row->product, "PUMP");
  ck_assert_str_eq(row->release, "1.0");
  ck_assert_str_eq(row->organization, "H1");
  ck_assert_str_eq(row->organization_name, "A病院");
  ck_assert_int_eq(row->notice, NOTICE_EOS_REMINDER);
  ck_assert_uint_eq(row->notice_due_on, day_from_ymd(2035, 3, 31));
  ck_assert_str_eq(row->person, "部長 花子");
  ck_assert_str_eq(row->title, "医療機器安全管理責任者");
  ck_assert_str_eq(row->how, "letter");
  ck_assert_uint_eq(row->day, day_from_ymd(2031, 3, 30));
  ck_assert_str_eq(row->note, "確認書 17");
  ck_assert_str_eq(row->recorded_by, "tester");
  assert_done(acknowledgement_store_load(db, id + 1, &none, ERR));
  ck_assert_ptr_null(none);

  g_autofree char *payload =
      scratch_text(db, "SELECT payload FROM audit_payload p JOIN audit a ON a.id = p.audit"
                       " WHERE a.action = 'acknowledgement.add'");

  ck_assert_ptr_nonnull(strstr(payload, "\"what\":\"PUMP/1.0\""));
  ck_assert_ptr_nonnull(strstr(payload, "\"organization\":\"H1\""));
  ck_assert_ptr_nonnull(strstr(payload, "\"person\":\"部長 花子\""));
  ck_assert_ptr_nonnull(strstr(payload, "\"day\":\"2031-03-30\""));
}
END_TEST

/* A transfer is of an EOS, a receipt of one notice; the two are never mixed. */
START_TEST(test_same)
{
  add_notice(8, "eos-reminder", 1, "2035-03-31", "");
  add_notice(9, "eos-reminder", 1, "2036-03-31", "");
  add_notice(10, "eos-reminder", 1, "2036-03-31", "2040-03-31");
  add(8, 1, ACKNOWLEDGEMENT_TRANSFER);
  ck_assert(is_said(8, 1, ACKNOWLEDGEMENT_TRANSFER));
  ck_assert(is_said(9, 1, ACKNOWLEDGEMENT_TRANSFER));
  ck_assert(!is_said(10, 1, ACKNOWLEDGEMENT_TRANSFER)); /* an own, later EOS */
  ck_assert(!is_said(9, 3, ACKNOWLEDGEMENT_TRANSFER));
  ck_assert(!is_said(8, 1, ACKNOWLEDGEMENT_RECEIPT));
  ck_assert(!is_said(1, 1, ACKNOWLEDGEMENT_RECEIPT));
  add(1, 1, ACKNOWLEDGEMENT_RECEIPT);
  ck_assert(is_said(1, 1, ACKNOWLEDGEMENT_RECEIPT));
}
END_TEST

/* One that came before its day was kept, by a program that knew no day. */
START_TEST(test_of_message)
{
  g_autoptr(GPtrArray) list = NULL, none = NULL;
  gint64 message =
      scratch_number(db, "SELECT outbox FROM outbox_notice WHERE notice = 1 AND organization = 1");

  add_notice(8, "eos-reminder", 1, "2035-03-31", "");
  add(1, 1, ACKNOWLEDGEMENT_RECEIPT);
  add(8, 1, ACKNOWLEDGEMENT_TRANSFER);
  add(8, 3, ACKNOWLEDGEMENT_TRANSFER);
  change("INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (8, 1, 'receipt', "
         "'部長', 'link',"
         " '2035-04-02T03:00:00Z')");
  assert_done(acknowledgement_store_of_message(db, message, &list, ERR));
  ck_assert_uint_eq(list->len, 3);

  const Acknowledgement *last = list->pdata[2];

  ck_assert_int_eq(last->kind, ACKNOWLEDGEMENT_RECEIPT);
  ck_assert_uint_eq(last->day, day_from_ymd(2035, 4, 2));
  ck_assert_ptr_null(last->recorded_by);
  assert_done(acknowledgement_store_of_message(db, 99, &none, ERR));
  ck_assert_uint_eq(none->len, 0);
}
END_TEST

START_TEST(test_words)
{
  AcknowledgementKind kind = ACKNOWLEDGEMENT_RECEIPT;

  ck_assert(acknowledgement_kind_parse("transfer", &kind) && kind == ACKNOWLEDGEMENT_TRANSFER);
  ck_assert(!acknowledgement_kind_parse("Transfer", &kind) && !acknowledgement_kind_parse(NULL, &kind));
  ck_assert(acknowledgement_is_way("phone") && !acknowledgement_is_way("telephone") &&
            !acknowledgement_is_way(NULL));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("acknowledgement_store");
  TCase *tests = tcase_create("acknowledgement_store");

  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, test_find);
  tcase_add_test(tests, test_find_after_a_revision);
  tcase_add_loop_test(tests, test_in_hand, 0, G_N_ELEMENTS(in_hand));
  tcase_add_test(tests, test_in_hand_by_relay);
  tcase_add_test(tests, test_add);
  tcase_add_test(tests, test_same);
  tcase_add_test(tests, test_of_message);
  tcase_add_test(tests, test_words);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
