/* Who is asked next: by what is stored of the messages before, and never whoever confirmed. */

#include "db/escalation_store.h"

#include "db/acknowledgement_store.h"
#include "db/outbox_urgent.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static Db *db;

/* H1 has two contacts, H2 and H6 their corporation's, H3 nobody; all were told on 2031-03-31. */
static void setup(void)
{
  scratch_setup();
  db = base_installed();
  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "UPDATE outbox SET state = 'accepted', attempt = 1;"
                                 "INSERT INTO outbox_event (outbox, at, day, attempt, state) SELECT id, 'x', "
                                 "due_on, 1, 'accepted' FROM outbox;",
                                 NULL),
                   0);
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

static guint count_due(Day today)
{
  g_autoptr(GArray) notices = NULL;

  assert_done(escalation_store_due(db, policy_for(PROFILE_JP), today, &notices, ERR));
  return notices->len;
}

/* Each notice that is due, and none besides. */
static Escalated escalate(Day today)
{
  g_autoptr(GArray) notices = NULL;
  AuditContext context = base_context;
  Escalated all = { 0 };

  context.today = today;
  assert_done(escalation_store_due(db, policy_for(PROFILE_JP), today, &notices, ERR));
  for (gint64 notice = 1; notice < 12; notice++) {
    Escalated one = { 0 };
    bool due = false;

    for (guint i = 0; i < notices->len; i++)
      due |= g_array_index(notices, gint64, i) == notice;
    assert_done(db_begin(db, ERR));
    assert_done(
        escalation_store_make(db, &context, policy_for(PROFILE_JP), ESCALATION_OF_NOTICE, notice, &one, ERR));
    assert_done(db_commit(db, ERR));
    ck_assert_msg((one.notices > 0) == due, "notice %d", (int)notice);
    all.notices += one.notices;
    all.messages += one.messages;
    all.letters += one.letters;
  }
  ck_assert_uint_eq(count_due(today), 0); /* again makes nothing */
  base_urgent(db);
  return all;
}

#define SENT_ON 31 /* of March 2031 */

static Day after(int days)
{
  return day_from_ymd(2031, 3, SENT_ON) + (Day)days;
}

/* How many messages carry the announcement to organization `organization`. */
static gint64 messages_to(gint64 organization)
{
  g_autofree char *sql = g_strdup_printf(
      "SELECT count(*) FROM outbox_notice WHERE notice = 1 AND organization = %" G_GINT64_FORMAT,
      organization);

  return scratch_number(db, sql);
}

/* The kinds that SQL names are those of the functions. */
START_TEST(test_kinds)
{
  for (NoticeKind kind = 0; kind < NOTICE_KIND_COUNT; kind++) {
    g_autofree char *quoted = g_strdup_printf("'%s'", notice_kind_key(kind));
    bool asks = acknowledgement_is_asked(ACKNOWLEDGEMENT_RECEIPT, kind) ||
                acknowledgement_is_asked(ACKNOWLEDGEMENT_TRANSFER, kind);

    ck_assert_msg((strstr(ESCALATION_ASKING_KINDS, quoted) != NULL) == asks, "%s", quoted);
    ck_assert_msg((strstr(OUTBOX_URGENT_KINDS, quoted) != NULL) == notice_kind_is_urgent(kind), "%s", quoted);
  }
}
END_TEST

START_TEST(test_silent)
{
  int days = policy_escalation_days(policy_for(PROFILE_JP), NOTICE_PLAN_ANNOUNCEMENT);

  ck_assert_int_eq(escalate(after(days - 1)).notices, 0);
  ck_assert_int_gt(escalate(after(days)).notices, 0);
  ck_assert_int_eq(messages_to(1), 2);
  /* of its two contacts the other one */
  ck_assert_int_eq(scratch_number(db, "SELECT count(DISTINCT o.contact) FROM outbox o JOIN outbox_notice x"
                                      " ON x.outbox = o.id WHERE x.notice = 1 AND x.organization = 1"),
                   2);
  /* had nobody from the beginning, and its letter is silent: nobody is left */
  ck_assert_int_eq(messages_to(3), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'outbox.escalate'"), 1);
  /* what waits is not silent */
  ck_assert_int_eq(escalate(after(100)).notices, 0);
}
END_TEST

START_TEST(test_nobody_left)
{
  Escalated last = { 0 };

  for (int round = 1; round <= 6; round++) {
    last = escalate(after(14 * round));
    change("UPDATE outbox SET state = 'accepted', attempt = 1 WHERE channel = 'mail'");
    if (last.letters > 0)
      break;
  }
  ck_assert_int_gt(last.letters, 0);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM outbox o JOIN outbox_notice x ON x.outbox = o.id"
                         " WHERE x.organization = 1 AND o.contact IS NULL AND o.channel = 'letter'"),
      scratch_number(db, "SELECT count(*) FROM outbox o WHERE o.organization = 1 AND o.contact IS NULL"));
}
END_TEST

/* What of a message of H1, silent for long, keeps it from going on. */
static const struct {
  const char *sql;
  gint64 messages; /* to H1 in the end */
} cases[] = {
  { "SELECT 1", 2 },
  { "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (1, 1, 'receipt', 'x', "
    "'phone', 'x')",
    1 },
  { "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (1, 2, 'receipt', 'x', "
    "'phone', 'x')",
    2 },
  { "UPDATE outbox SET state = 'deferred'", 1 },
  { "UPDATE outbox SET state = 'unknown'", 1 },
  { "UPDATE outbox SET state = 'superseded'", 1 },
  { "UPDATE outbox SET state = 'bounced'", 2 },
  { "UPDATE outbox SET state = 'returned'", 2 },
  { "UPDATE outbox SET state = 'printed'", 1 }, /* still here: it is not silent */
  { "UPDATE holding SET ended_on = '2031-04-01' WHERE organization = 1", 1 },
  { "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2031-04-01', withdrawn_at = 'x',"
    " withdrawn_by = 'x', withdrawn_reason = 'x'",
    1 },
};

START_TEST(test_case)
{
  change(cases[_i].sql);
  escalate(after(14));
  ck_assert_msg(messages_to(1) == cases[_i].messages, "%s: %" G_GINT64_FORMAT, cases[_i].sql, messages_to(1));
}
END_TEST

/* A reminder of EOS is not for whom the transfer is confirmed, whichever notice it was confirmed of; an EOL
 * reminder asks for nothing. */
START_TEST(test_kind_of_notice)
{
  change(
      "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (7, 'eol-reminder', 1, '2031-03-31', "
      "'x'),"
      " (8, 'eos-reminder', 1, '2031-03-31', 'x'), (9, 'eos-reached', 1, '2031-03-31', 'x');"
      "INSERT INTO outbox_notice SELECT 7, organization, outbox FROM outbox_notice WHERE notice = 1;"
      "INSERT INTO outbox_notice SELECT 8, organization, outbox FROM outbox_notice WHERE notice = 1;"
      "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (9, 1, 'transfer', 'x', "
      "'phone', 'x')");
  escalate(after(14));
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM outbox_notice WHERE notice = 7 AND organization = 1"), 1);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM outbox_notice WHERE notice = 8 AND organization = 1"), 1);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM outbox_notice WHERE notice = 8 AND organization = 2"),
      scratch_number(db, "SELECT count(*) FROM outbox_notice WHERE notice = 1 AND organization = 2"));
}
END_TEST

/* Too old to begin with. */
START_TEST(test_horizon)
{
  ck_assert_int_eq(escalate(after(ESCALATION_HORIZON_DAYS + 1)).notices, 0);
  ck_assert_int_gt(escalate(after(ESCALATION_HORIZON_DAYS)).notices, 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("escalation_store");
  TCase *tests = tcase_create("escalation_store");

  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, test_kinds);
  tcase_add_test(tests, test_silent);
  tcase_add_test(tests, test_nobody_left);
  tcase_add_loop_test(tests, test_case, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tests, test_kind_of_notice);
  tcase_add_test(tests, test_horizon);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
