#include "db/plan_publish.h"
#include "db/report_store_coverage.h"
#include "db/report_store_lifecycle.h"
#include "db/report_store_readiness.h"
#include "db/report_store_stale.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* What another program does to the store of the test. */
static void change(const char *sql)
{
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", sql, &said) == 0, "%s: %s", sql, said);
}

/* "PUMP/1.0 1 published: 8 affected, …"; a line each. Own string. */
static char *coverage(Db *db, const char *pattern)
{
  g_autoptr(GPtrArray) rows = NULL;
  GString *text = g_string_new(NULL);

  assert_done(report_store_coverage(db, pattern, &rows, ERR));
  for (guint i = 0; i < rows->len; i++) {
    const CoverageRow *row = rows->pdata[i];

    g_string_append_printf(text, "%s%s/%s %d %s: %d =", i > 0 ? "\n" : "", row->product, row->release,
                           row->revision, row->state, (int)row->affected);
    for (int reach = REACH_COUNT - 1; reach >= 0; reach--) {
      if (row->reach[reach] > 0)
        g_string_append_printf(text, " %d %s", (int)row->reach[reach], reach_key((Reach)reach));
    }
    g_string_append_printf(text, ", %d acknowledged, %d unreached", (int)row->acknowledged,
                           (int)row->unreached);
  }
  return g_string_free(text, FALSE);
}

/* Each row: what happens after PUMP/1.0 was published to 8 organizations (H2 and H6 share a message). */
START_TEST(test_coverage)
{
  static const struct {
    const char *sql, *expected;
  } cases[] = {
    { "SELECT 1", "PUMP/1.0 1 published: 8 = 8 waiting, 0 acknowledged, 8 unreached" },
    { "UPDATE outbox SET state = 'accepted'",
      "PUMP/1.0 1 published: 8 = 8 accepted, 0 acknowledged, 0 unreached" },
    { "UPDATE outbox SET state = 'accepted' WHERE contact = 3",
      "PUMP/1.0 1 published: 8 = 2 accepted 6 waiting, 0 acknowledged, 6 unreached" },
    { "UPDATE outbox SET state = 'bounced' WHERE contact = 3; UPDATE outbox SET state = 'failed' WHERE "
      "organization = 1; UPDATE outbox SET state = 'superseded' WHERE organization = 3;"
      "UPDATE outbox SET state = 'deferred' WHERE organization = 4",
      "PUMP/1.0 1 published: 8 = 4 waiting 2 bounced 1 failed 1 none, 0 acknowledged, 8 unreached" },
    { "UPDATE outbox SET state = 'sent' WHERE organization = 1; UPDATE outbox SET state = 'handed' WHERE "
      "contact = 3;"
      "UPDATE outbox SET state = 'printed' WHERE organization = 3; UPDATE outbox SET state = 'returned' "
      "WHERE "
      "organization = 4",
      "PUMP/1.0 1 published: 8 = 2 handed 1 sent 1 printed 3 waiting 1 returned, 0 acknowledged, 5 "
      "unreached" },
    /* a distributor was asked about two customers, and has reported back on one */
    { "UPDATE outbox SET state = 'accepted', channel = 'relay' WHERE contact = 3; INSERT INTO handover "
      "(outbox, step,"
      " organization, how, day, recorded_by, at) SELECT id, 'relayed', 2, 'hand', '2031-04-01', 'a', 'x' "
      "FROM outbox WHERE "
      "contact = 3",
      "PUMP/1.0 1 published: 8 = 1 relayed 1 requested 6 waiting, 0 acknowledged, 7 unreached" },
    /* the request itself reaches nobody, whatever becomes of it; what was reported back does */
    { "UPDATE outbox SET state = 'handed', channel = 'relay' WHERE contact = 3",
      "PUMP/1.0 1 published: 8 = 2 requested 6 waiting, 0 acknowledged, 8 unreached" },
    { "UPDATE outbox SET state = 'bounced', channel = 'relay' WHERE contact = 3; INSERT INTO handover "
      "(outbox, step,"
      " organization, how, day, recorded_by, at) SELECT id, 'relayed', 2, 'phone', '2031-04-01', 'a', 'x' "
      "FROM outbox WHERE "
      "contact = 3",
      "PUMP/1.0 1 published: 8 = 1 relayed 6 waiting 1 bounced, 0 acknowledged, 7 unreached" },
    /* an acknowledgement can follow a bounce; receipt and transfer of one organization are one */
    { "UPDATE outbox SET state = 'bounced'; INSERT INTO acknowledgement (id, notice, organization, kind, by, "
      "how, at) VALUES (1, 1, 1, 'receipt', 'a', "
      "'link', 'x'), (2, 1, 1, 'transfer', 'a', 'link', 'x'), (3, 1, 3, 'receipt', 'b', 'paper', 'x')",
      "PUMP/1.0 1 published: 8 = 8 bounced, 2 acknowledged, 6 unreached" },
    /* a second message, to another contact: the best counts */
    { "UPDATE outbox SET state = 'bounced'; INSERT INTO outbox (id, organization, contact, channel, due_on, "
      "message_id, state, attempt, created_at) VALUES (99, 1, 1, 'mail', '2031-04-10', 'm', 'accepted', 1, "
      "'x'); INSERT INTO outbox_notice VALUES (1, 1, 99)",
      "PUMP/1.0 1 published: 8 = 1 accepted 7 bounced, 0 acknowledged, 7 unreached" },
    /* a customer found late, without a message: affected and not reached */
    { "UPDATE outbox SET state = 'accepted'; UPDATE holding SET ended_on = NULL WHERE organization = 5",
      "PUMP/1.0 1 published: 9 = 8 accepted 1 none, 0 acknowledged, 1 unreached" },
    /* one that no longer holds it was affected all the same */
    { "UPDATE outbox SET state = 'accepted'; UPDATE holding SET ended_on = '2031-04-01' WHERE organization = "
      "1",
      "PUMP/1.0 1 published: 8 = 8 accepted, 0 acknowledged, 0 unreached" },
    /* a withdrawal tells no dates */
    { "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (9, 'withdrawal', 1, '2031-04-01', "
      "'x');"
      "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES (1, 9, 1, 'receipt', "
      "'a', 'link', 'x')",
      "PUMP/1.0 1 published: 8 = 8 waiting, 0 acknowledged, 8 unreached" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *db = base_installed();

    base_publish(db, 1, "2035-03-31");
    change(cases[i].sql);

    g_autofree char *text = coverage(db, NULL);

    ck_assert_msg(strcmp(text, cases[i].expected) == 0, "%s: %s", cases[i].sql, text);
    db_discard(db);
  }
}
END_TEST

START_TEST(test_coverage_of_revisions)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  change("UPDATE outbox SET state = 'accepted' WHERE organization = 1");
  base_publish(db, 1, "2036-03-31");
  base_publish(db, 2, "2036-03-31");

  g_autofree char *pump = coverage(db, "PUMP/1.0"), *all = coverage(db, "P*"), *none = coverage(db, "VIEW");

  ck_assert_str_eq(pump, "PUMP/1.0 1 superseded: 8 = 1 accepted 7 none, 0 acknowledged, 7 unreached\n"
                         "PUMP/1.0 2 published: 8 = 8 waiting, 0 acknowledged, 8 unreached");
  ck_assert(g_str_has_prefix(all, pump) && strstr(all, "PUMP/2.0 1 published: 8") != NULL);
  ck_assert_str_eq(none, "");
}
END_TEST

START_TEST(test_coverage_names)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(GPtrArray) names = NULL;
  g_autoptr(GString) text = g_string_new(NULL);

  base_publish(db, 1, "2035-03-31");
  change("UPDATE outbox SET state = 'accepted'; UPDATE outbox SET state = 'bounced' WHERE contact = 3;"
         "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES (1, 1, 6, "
         "'receipt', 'a', 'link', 'x')");
  assert_done(report_store_coverage_names(db, "PUMP/1.0", &names, ERR));
  for (guint i = 0; i < names->len; i++) {
    const CoverageName *name = names->pdata[i];

    g_string_append_printf(text, "%s%s %s%s", i > 0 ? ", " : "", name->organization, reach_key(name->reach),
                           name->acknowledged ? "!" : "");
  }
  ck_assert_str_eq(text->str, "H2 bounced, D4 accepted, H1 accepted, H10 accepted, H3 accepted, H7 accepted, "
                              "H8 accepted, H6 bounced!");
}
END_TEST

/* "H1 PUMP/1.0 2038-03-31 asked 2031-04-01" of every customer. Own string. */
static char *readiness(Db *db, const char *pattern, Day until)
{
  g_autoptr(GPtrArray) rows = NULL;
  GString *text = g_string_new(NULL);
  char day[DAY_TEXT_SIZE];

  assert_done(report_store_readiness(db, pattern, until, &rows, ERR));
  for (guint i = 0; i < rows->len; i++) {
    const ReadinessRow *row = rows->pdata[i];

    g_string_append_printf(text, "%s%s %s %d", i > 0 ? ", " : "", row->organization,
                           day_format(row->eos, day), (int)row->count);
    if (row->asked_on != DAY_NONE)
      g_string_append_printf(text, " asked %s", day_format(row->asked_on, day));
    if (row->confirmed_by != NULL)
      g_string_append_printf(text, " %s by %s", row->confirmed_how, row->confirmed_by);
  }
  return g_string_free(text, FALSE);
}

START_TEST(test_readiness)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) moved = base_plan("2035-03-31", "2039-03-31");

  base_publish(db, 1, "2035-03-31");
  change("UPDATE holding SET ended_on = '2031-04-01' WHERE organization > 3;"
         "INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at) VALUES"
         " (8, 'eos-reminder', 1, '2035-03-31', 36, 'x'), (9, 'eos-reminder', 1, '2036-03-31', 24, 'x');"
         "INSERT INTO outbox_notice SELECT 8, organization, outbox FROM outbox_notice WHERE notice = 1;"
         "INSERT INTO outbox_notice SELECT 9, organization, outbox FROM outbox_notice WHERE notice = 1 AND"
         " organization = 2; UPDATE outbox SET state = 'accepted' WHERE contact = 3;"
         "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES (1, 8, 1, "
         "'transfer', '部長', 'paper', '2035-04-01T00:00:00Z'),"
         " (2, 8, 3, 'receipt', '守衛', 'link', '2035-04-01T00:00:00Z')");

  g_autofree char *now = readiness(db, NULL, DAY_NONE);

  ck_assert_str_eq(now, "H1 2038-03-31 2 paper by 部長, H2 2038-03-31 2 asked 2036-03-31, H3 2038-03-31 2");

  g_autofree char *early = readiness(db, "PUMP", day_from_ymd(2038, 3, 30)),
                  *due = readiness(db, "PUMP/1.0", day_from_ymd(2038, 3, 31));

  ck_assert_str_eq(early, "");
  ck_assert_str_eq(due, now);
  /* a later EOS is asked for again; a revision with the same EOS is not */
  base_publish(db, 1, "2034-03-31");

  g_autofree char *same = readiness(db, NULL, DAY_NONE);

  ck_assert_str_eq(same, now);

  gint64 id = base_draft(db, 1, moved);
  PlanTelling telling;

  assert_done(db_begin(db, ERR));
  assert_done(plan_publish(db, &base_context, id, "理由", &telling, ERR));
  assert_done(db_commit(db, ERR));

  g_autofree char *later = readiness(db, NULL, DAY_NONE);

  ck_assert_str_eq(later, "H1 2039-03-31 2, H2 2039-03-31 2, H3 2039-03-31 2");
}
END_TEST

#define EXTENSION                                                                                            \
  "INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at, reason,"    \
  " created_by, created_on, created_at) VALUES "

/* A row for each day on which units of a customer end; a confirmation counts for its own. */
START_TEST(test_readiness_extended)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  change("UPDATE holding SET ended_on = '2031-04-01' WHERE organization > 3;"
         "INSERT INTO device (id, product, release, serial, serial_key, organization) VALUES (1, 1, 1, 'S', "
         "'S', 2);" EXTENSION
         "(1, 1, NULL, '2040-03-31', '2040-03-31', NULL, 1, '', 'x', 'x', '2031-03-31', ''),"
         " (1, 2, 1, '2041-03-31', '2041-03-31', 1, 1, '', 'x', 'x', '2031-03-31', ''),"
         " (1, 3, NULL, '2037-03-31', '2037-03-31', NULL, 1, '', 'x', 'x', '2031-03-31', '');"
         "INSERT INTO notice (id, kind, plan, due_on, lead_months, extended_eos, created_at) VALUES"
         " (8, 'eos-reminder', 1, '2035-03-31', 36, '', 'x'), (9, 'eos-reminder', 1, '2037-03-30', 36,"
         " '2040-03-31', 'x'), (10, 'eos-reminder', 1, '2038-03-31', 36, '2041-03-31', 'x');"
         "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES"
         " (1, 8, 1, 'transfer', '昔', 'paper', 'x'), (2, 9, 1, 'transfer', '部長', 'paper', 'x'),"
         " (3, 10, 2, 'transfer', '室長', 'paper', 'x')");

  g_autofree char *all = readiness(db, NULL, DAY_NONE);
  g_autofree char *early = readiness(db, "PUMP", day_from_ymd(2039, 1, 1));

  ck_assert_str_eq(all, "H1 2040-03-31 2 paper by 部長, H2 2038-03-31 1, H2 2041-03-31 1 paper by 室長,"
                        " H3 2038-03-31 2");
  ck_assert_str_eq(early, "H2 2038-03-31 1, H3 2038-03-31 2");
}
END_TEST

/* When the first of a customer's units ends, by what they are made of. */
START_TEST(test_readiness_first_end)
{
  static const struct {
    const char *change, *first; /* of H1's PUMP/1.0 */
    bool sure;
  } steps[] = {
    { "SELECT 1", "2038-03-31", true },
    { "INSERT INTO holding_pair VALUES (1, 'user', 1, 2, 1, 1, 'x')", "2038-03-31", false },
    { "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author, "
      "created_at,"
      " published_on) VALUES (9, 2, 9, 'published', '2035-03-31', 'tba', 'D', 'x', 'x', '2031-01-01')",
      "2038-03-31", false },
    { "UPDATE support_plan SET state = 'superseded' WHERE id = 9;"
      "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author, "
      "created_at,"
      " published_on) VALUES (10, 2, 10, 'published', '2035-03-31', '2036-03-31', 'D', 'x', 'x', "
      "'2031-01-01')",
      "2036-03-31", true },
    { EXTENSION "(2, 1, NULL, '2037-03-31', '2037-03-31', NULL, 1, '', 'x', 'x', '2031-03-31', '')",
      "2037-03-31", true },
    { "UPDATE holding_pair SET count = 0", "2038-03-31", true },
  };
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autoptr(GPtrArray) rows = NULL;
    char day[DAY_TEXT_SIZE];

    change(steps[i].change);
    assert_done(report_store_readiness(db, "PUMP/1.0", DAY_NONE, &rows, ERR));

    const ReadinessRow *row = rows->pdata[0];

    ck_assert_str_eq(row->organization, "H1");
    ck_assert_msg(strcmp(day_format(row->first_end.date.day, day), steps[i].first) == 0, "step %zu: %s", i,
                  day);
    ck_assert_msg(effective_is_latest(row->first_end) != steps[i].sure, "step %zu", i);
  }
}
END_TEST

/* Each row: a day, and what PUMP/1.0 promised on it. */
START_TEST(test_lifecycle)
{
  static const struct {
    const char *as_of, *expected;
  } cases[] = {
    { "2031-03-30", "0" },
    { "2031-03-31", "1 2035-03-31" },
    { "2031-04-09", "1 2035-03-31" },
    { "2031-04-10", "3 2037-03-31" }, /* two on one day: the later one */
    { "2031-04-14", "3 2037-03-31" },
    { "2031-04-15", "3 withdrawn" },
    { "2031-05-01", "4 2034-03-31" },
  };
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  base_context.today += 10;
  base_publish(db, 1, "2036-03-31");
  base_publish(db, 1, "2037-03-31");
  change("UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2031-04-15', withdrawn_at = 'x'"
         " WHERE revision = 3");
  base_context.today = day_from_ymd(2031, 5, 1);
  base_publish(db, 1, "2034-03-31");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) rows = NULL;
    g_autofree char *text = NULL;
    char day[DAY_TEXT_SIZE];
    Day as_of;

    ck_assert(day_parse(cases[i].as_of, &as_of));
    assert_done(report_store_lifecycle(db, NULL, as_of, &rows, ERR));
    ck_assert_uint_eq(rows->len, 3);
    const LifecycleRow *row = rows->pdata[0];

    if (row->revision == 0)
      text = g_strdup("0");
    else
      text =
          g_strdup_printf("%d %s", row->revision,
                          row->withdrawn ? "withdrawn" : plan_date_to_store(row->date[MILESTONE_EOL], day));
    ck_assert_msg(strcmp(text, cases[i].expected) == 0, "%s: %s", cases[i].as_of, text);
  }
}
END_TEST

START_TEST(test_lifecycle_has_the_limited_support)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(GPtrArray) rows = NULL;

  base_publish(db, 1, "2035-03-31");
  assert_done(report_store_lifecycle(db, "PUMP/1.0", base_context.today, &rows, ERR));
  ck_assert_uint_eq(rows->len, 1);
  const LifecycleRow *row = rows->pdata[0];

  ck_assert_str_eq(row->limited_support_doc, "LSP-0012");
  ck_assert_str_eq(row->limited_support_lines, "parts:2033-03-31;telephone:2034-03-31");
  ck_assert_str_eq(row->published_by, "tester");
}
END_TEST

/* "H1 knows 1, 2 bounced" of whoever holds a wrong date. Own string. */
static char *stale(Db *db)
{
  g_autoptr(GPtrArray) rows = NULL;
  GString *text = g_string_new(NULL);

  assert_done(report_store_stale(db, NULL, &rows, ERR));
  for (guint i = 0; i < rows->len; i++) {
    const StaleRow *row = rows->pdata[i];

    g_string_append_printf(text, "%s%s knows %d, %d %s", i > 0 ? "; " : "", row->organization,
                           row->known_revision, row->revision, reach_key(row->reach));
  }
  return g_string_free(text, FALSE);
}

/* Each row: revision 1 reaches H1 and H3 (H4 acknowledges it only); revision 2 moves EOL; what happens then.
 */
START_TEST(test_stale)
{
  static const struct {
    const char *sql, *expected;
  } cases[] = {
    { "SELECT 1", "D4 knows 1, 2 waiting; H1 knows 1, 2 waiting; H3 knows 1, 2 waiting" },
    { "UPDATE outbox SET state = 'accepted'", "" },
    { "UPDATE outbox SET state = 'bounced' WHERE organization = 1 AND state = 'pending'",
      "D4 knows 1, 2 waiting; H1 knows 1, 2 bounced; H3 knows 1, 2 waiting" },
    { "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) SELECT 9, n.id, 1, "
      "'receipt', 'a', 'telephone', 'x' FROM notice n WHERE "
      "n.plan = 2 AND n.kind = 'plan-change'",
      "D4 knows 1, 2 waiting; H3 knows 1, 2 waiting" },
    /* who holds it no more is not concerned any more */
    { "UPDATE holding SET ended_on = '2031-04-01' WHERE organization = 1",
      "D4 knows 1, 2 waiting; H3 knows 1, 2 waiting" },
    /* withdrawn, and nobody told */
    { "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2031-04-15', withdrawn_at = 'x' WHERE id "
      "= 2",
      "D4 knows 1, 0 none; H1 knows 1, 0 none; H3 knows 1, 0 none" },
    { "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2031-04-15', withdrawn_at = 'x' WHERE id "
      "= 2; INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (9, 'withdrawal', 2, "
      "'2031-04-15', "
      "'x'); INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, state, attempt, "
      "created_at) VALUES (99, 1, 1, 'mail', '2031-04-15', 'm', 'accepted', 1, 'x'), (98, 3, NULL, 'letter', "
      "'2031-04-15', 'n', 'failed', 1, 'x'); INSERT INTO outbox_notice VALUES (9, 1, 99), (9, 3, 98);"
      "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES (9, 9, 4, 'receipt', "
      "'a', 'telephone', 'x')",
      "H3 knows 1, 0 failed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *db = base_installed();

    base_publish(db, 1, "2035-03-31");
    change("UPDATE outbox SET state = 'accepted' WHERE organization IN (1, 3);"
           "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES (1, 1, 4, "
           "'receipt', 'a', 'telephone', 'x')");

    g_autofree char *before = stale(db);

    ck_assert_str_eq(before, "");
    base_context.today += 10;
    base_publish(db, 1, "2036-03-31");
    change(cases[i].sql);

    g_autofree char *text = stale(db);

    ck_assert_msg(strcmp(text, cases[i].expected) == 0, "%s: %s", cases[i].sql, text);
    db_discard(db);
  }
}
END_TEST

/* A revision that changes no date, or changes them back, makes nobody's date wrong; a service line does. */
START_TEST(test_stale_compares_dates)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) lines = base_plan("2035-03-31", "2038-03-31");

  base_publish(db, 1, "2035-03-31");
  change("UPDATE outbox SET state = 'accepted' WHERE organization = 1");
  base_publish(db, 1, "2036-03-31");
  base_publish(db, 1, "2035-03-31");

  g_autofree char *back = stale(db);

  ck_assert_str_eq(back, "");
  lines->limited_support.line[SERVICE_PARTS].until += 1;

  gint64 id = base_draft(db, 1, lines);
  PlanTelling telling;

  assert_done(db_begin(db, ERR));
  assert_done(plan_publish(db, &base_context, id, "理由", &telling, ERR));
  assert_done(db_commit(db, ERR));

  g_autofree char *moved = stale(db);

  ck_assert_str_eq(moved, "H1 knows 1, 4 waiting");
}
END_TEST

START_TEST(test_product)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(ReportProduct) pump = NULL, none = NULL;

  base_publish(db, 1, "2035-03-31");
  change("UPDATE outbox SET state = 'accepted' WHERE contact = 3 OR organization = 3;"
         "INSERT INTO feed (organization, token_hash, created_at, revoked_at) VALUES (1, x'01', 'x', NULL),"
         " (1, x'02', 'x', 'x'), (5, x'03', 'x', NULL)");
  assert_done(report_store_product(db, "PUMP", &pump, ERR));
  assert_done(report_store_product(db, "PUM", &none, ERR));
  ck_assert_ptr_null(none);
  ck_assert_str_eq(pump->name_ja, "輸液ポンプ");
  ck_assert_str_eq(pump->art12_3, "yes");
  ck_assert_int_eq(pump->mail, 2);
  ck_assert_int_eq(pump->other, 1);
  ck_assert_int_eq(pump->feeds, 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("report_store");
  TCase *reports = tcase_create("reports");

  tcase_add_checked_fixture(reports, scratch_setup, scratch_teardown);
  tcase_add_test(reports, test_coverage);
  tcase_add_test(reports, test_coverage_of_revisions);
  tcase_add_test(reports, test_coverage_names);
  tcase_add_test(reports, test_readiness);
  tcase_add_test(reports, test_readiness_extended);
  tcase_add_test(reports, test_readiness_first_end);
  tcase_add_test(reports, test_lifecycle);
  tcase_add_test(reports, test_lifecycle_has_the_limited_support);
  tcase_add_test(reports, test_stale);
  tcase_add_test(reports, test_stale_compares_dates);
  tcase_add_test(reports, test_product);
  suite_add_tcase(suite, reports);
  return run_suite(suite);
}
