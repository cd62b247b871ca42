#include "db/held_store.h"
#include "db/notice_store.h"
#include "db/plan_publish.h"
#include "db/report_store_coverage.h"
#include "db/report_store_readiness.h"
#include "db/report_store_stale.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* PUMP/1.0 in three countries. JP: J1 a hospital with a contact, J2 a clinic that nobody can be reached in,
 * J3 a site of the corporation C, J4 a distributor; US: U1 a hospital with a contact, U2 a site of C too; DE:
 * D1 that nobody can be reached in. Contract ends: 2033 in JP, 2034 in DE, 2035 in US. */
static Db *installed(void)
{
  Db *db = base_store();

  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO organization (id, code, name_ja, role, country, budget_month) VALUES"
                  " (1, 'J1', 'J1病院', 'hospital', 'JP', 9), (2, 'J2', 'J2医院', 'clinic', 'JP', NULL),"
                  " (4, 'J4', 'J4販売', 'distributor', 'JP', NULL), (5, 'U1', 'U1', 'hospital', 'US', 12),"
                  " (7, 'D1', 'D1', 'hospital', 'DE', 3), (9, 'C', '法人', 'hospital', 'JP', NULL)");
  scratch_sql(db, "INSERT INTO organization (id, code, name_ja, role, country, parent) VALUES"
                  " (3, 'J3', 'J3病院', 'hospital', 'JP', 9), (6, 'U2', 'U2', 'hospital', 'US', 9)");
  scratch_sql(db, "INSERT INTO contact (id, organization, name, email) VALUES (1, 1, '部長', 'a@j1.example'),"
                  " (4, 4, '営業', 'a@j4.example'), (5, 5, 'Head', 'a@u1.example'),"
                  " (9, 9, '本部', 'a@c.example')");
  scratch_sql(db, "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"
                  " SELECT 1, id, iif(id = 4, 'seller', 'user'), 1, 1, 'u' || id, '2025-04-01',"
                  " '2025-04-01T00:00:00Z' FROM organization WHERE id <> 9");
  scratch_sql(db,
              "INSERT INTO device (product, release, serial_key, organization, contract_until) VALUES"
              " (1, 1, 'A', 1, '2033-03-31'), (1, 1, 'B', 7, '2034-03-31'), (1, 1, 'C', 5, '2035-03-31')");
  assert_done(db_commit(db, ERR));
  return db;
}

static void draft(Db *db, const char *market, const char *eol)
{
  g_autoptr(SupportPlan) plan = base_plan(eol, "2038-03-31");
  bool changed;

  assert_done(db_begin(db, ERR));
  assert_done(plan_store_put_draft(db, &base_context, 1, market, plan, "理由", &changed, ERR));
  assert_done(db_commit(db, ERR));
}

/* The plan in force of `market`, or the open one. */
static gint64 plan_of(Db *db, const char *market, const char *state)
{
  g_autofree char *sql = g_strdup_printf("SELECT id FROM support_plan WHERE release = 1 AND market = '%s'"
                                         " AND state = '%s'",
                                         market, state);

  return scratch_number(db, sql);
}

static void publish(Db *db, const char *market, const char *eol)
{
  PlanTelling telling;

  draft(db, market, eol);
  assert_done(db_begin(db, ERR));
  assert_done(plan_publish(db, &base_context, plan_of(db, market, "draft"), "理由", &telling, ERR));
  assert_done(db_commit(db, ERR));
}

static void withdraw(const char *market)
{
  g_autofree char *sql = g_strdup_printf("UPDATE support_plan SET state = 'withdrawn', withdrawn_on ="
                                         " '2031-04-01', withdrawn_at = '2031-04-01T00:00:00Z' WHERE market ="
                                         " '%s' AND state = 'published'",
                                         market);

  ck_assert_int_eq(scratch_shell("kigen.db", sql, NULL), 0);
}

/* "*1: J1 J2, JP1: …": to whom the messages that wait tell which revision. */
static void assert_waiting(Db *db, const char *expected)
{
  g_autofree char *found = scratch_text(
      db,
      "SELECT group_concat(line, ', ') FROM (SELECT s.market || s.revision || ': ' ||"
      " (SELECT group_concat(code, ' ') FROM (SELECT g.code FROM notice n JOIN outbox_notice x ON x.notice"
      "  = n.id JOIN outbox o ON o.id = x.outbox AND o.state = 'pending' JOIN organization g ON g.id ="
      "  x.organization WHERE n.plan = s.id ORDER BY g.code)) AS line FROM support_plan s"
      " ORDER BY s.market, s.revision)");

  ck_assert_str_eq(found, expected);
}

START_TEST(test_publish_market_first)
{
  g_autoptr(Db) db = installed();

  publish(db, "JP", "2035-03-31");
  assert_waiting(db, "JP1: J1 J2 J3 J4");
  publish(db, "*", "2036-03-31");
  assert_waiting(db, "*1: D1 U1 U2, JP1: J1 J2 J3 J4");
}
END_TEST

/* What waits to tell them the plan for every market is taken back, also out of a message that they share. */
START_TEST(test_publish_market_later)
{
  g_autoptr(Db) db = installed();

  publish(db, "*", "2036-03-31");
  assert_waiting(db, "*1: D1 J1 J2 J3 J4 U1 U2");
  base_context.today++;
  publish(db, "JP", "2035-03-31");
  assert_waiting(db, "*1: D1 U1 U2, JP1: J1 J2 J3 J4");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'superseded'"), 3);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_event WHERE state = 'superseded'"), 3);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox o WHERE o.state = 'pending' AND NOT EXISTS"
                                      " (SELECT 1 FROM outbox_notice x WHERE x.outbox = o.id)"),
                   0);
  publish(db, "*", "2037-03-31");
  assert_waiting(db, "*2: D1 U1 U2, JP1: J1 J2 J3 J4");
  publish(db, "US", "2037-03-31");
  assert_waiting(db, "*2: D1, JP1: J1 J2 J3 J4, US1: U1 U2");
}
END_TEST

/* A message that was tried once and carries another market's notice too goes as it was rendered. */
START_TEST(test_publish_leaves_what_was_tried)
{
  g_autoptr(Db) db = installed();

  publish(db, "*", "2036-03-31");
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "UPDATE outbox SET state = 'deferred', attempt = 1 WHERE contact IN (1, 9)",
                                 NULL),
                   0);
  publish(db, "JP", "2035-03-31");
  ck_assert_int_eq(
      scratch_number(db, "SELECT state = 'superseded' FROM outbox WHERE contact = 1 AND attempt = 1"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice x JOIN outbox o ON o.id = x.outbox"
                                      " WHERE o.contact = 9 AND o.state = 'deferred'"),
                   2);
}
END_TEST

START_TEST(test_counts)
{
  static const struct {
    const char *market;
    gint64 all, month_9;
    guint months;
  } cases[] = { { "*", 1, 0, 1u << 3 }, { "JP", 4, 1, 1u << 9 }, { "US", 2, 0, 1u << 12 } };
  g_autoptr(Db) db = installed();

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    publish(db, cases[i].market, "2036-03-31");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    ScheduledNotice notice = { .kind = NOTICE_EOL_REMINDER, .due = base_context.today };
    gint64 plan = plan_of(db, cases[i].market, "published"), n;
    guint months;

    assert_done(notice_store_count_audience(db, &notice, plan, &n, ERR));
    ck_assert_msg(n == cases[i].all, "%s: %" G_GINT64_FORMAT, cases[i].market, n);
    notice.budget_month = 9;
    assert_done(notice_store_count_audience(db, &notice, plan, &n, ERR));
    ck_assert_msg(n == cases[i].month_9, "%s: %" G_GINT64_FORMAT, cases[i].market, n);
    assert_done(notice_store_budget_months(db, plan, &months, ERR));
    ck_assert_msg(months == cases[i].months, "%s: %x", cases[i].market, months);
  }
}
END_TEST

/* Who came since is asked for by the plan that concerns them, and a plan that was withdrawn leaves its
 * market to the one for every market. */
START_TEST(test_newcomers)
{
  g_autoptr(Db) db = installed();
  gint64 n;

  publish(db, "JP", "2035-03-31");
  publish(db, "*", "2036-03-31");
  assert_done(plan_telling_count_newcomers(db, plan_of(db, "*", "published"), &n, ERR));
  ck_assert_int_eq(n, 0);
  ck_assert_int_eq(
      scratch_shell("kigen.db",
                    "INSERT INTO organization (id, code, name_ja, role, country) VALUES (10, 'J5', 'J5病院',"
                    " 'hospital', 'JP'), (11, 'D2', 'D2', 'hospital', 'DE');"
                    "INSERT INTO holding SELECT 1, id, 'user', 1, 1, 'u' || id, '2031-04-01', NULL, 'x'"
                    " FROM organization WHERE id >= 10",
                    NULL),
      0);
  assert_done(plan_telling_count_newcomers(db, plan_of(db, "*", "published"), &n, ERR));
  ck_assert_int_eq(n, 1);
  assert_done(plan_telling_count_newcomers(db, plan_of(db, "JP", "published"), &n, ERR));
  ck_assert_int_eq(n, 1);
  withdraw("JP");
  assert_done(plan_telling_count_newcomers(db, plan_of(db, "*", "published"), &n, ERR));
  ck_assert_int_eq(n, 6);
}
END_TEST

/* "*: 7 affected, 2 unreachable (D1, J2医院), 6 not presented, contract 2035-03-31" of each plan. */
static void assert_facts(Db *db, const char *expected)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  char day[DAY_TEXT_SIZE];

  assert_done(plan_store_list(db, "PUMP/1.0", PLAN_LATEST, &rows, ERR));
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];
    g_autoptr(PlanFacts) owner = NULL;

    assert_done(plan_store_facts(db, row, base_context.today, true, &owner, ERR));

    const RuleFacts *facts = plan_facts_get(owner);

    g_string_append_printf(text, "%s%s: %d affected, %d unreachable (%s), %d not presented, contract %s",
                           i > 0 ? "\n" : "", row->market, (int)facts->affected_organizations,
                           (int)facts->unreachable_organizations, facts->unreachable_names,
                           (int)facts->not_presented, day_format(facts->latest_contract_end, day));
  }
  ck_assert_str_eq(text->str, expected);
}

START_TEST(test_facts)
{
  g_autoptr(Db) db = installed();

  draft(db, "*", "2036-03-31");
  draft(db, "JP", "2035-03-31");
  assert_facts(db, "*: 7 affected, 2 unreachable (D1, J2医院), 6 not presented, contract 2035-03-31\n"
                   "JP: 4 affected, 1 unreachable (J2医院), 3 not presented, contract 2033-03-31");
  publish(db, "JP", "2035-03-31");
  assert_facts(db, "*: 3 affected, 1 unreachable (D1), 3 not presented, contract 2035-03-31\n"
                   "JP: 4 affected, 1 unreachable (J2医院), 3 not presented, contract 2033-03-31");
}
END_TEST

/* The first plan of a market is a change for those who were told the one for every market. */
START_TEST(test_facts_of_what_it_replaces)
{
  static const struct {
    const char *market, *eol; /* of the plan in force that the draft for JP would replace */
  } steps[] = { { "*", "2036-03-31" }, { "*", "2037-03-31" }, { "JP", "2035-03-31" } };
  g_autoptr(Db) db = installed();

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autoptr(PlanRow) row = g_new0(PlanRow, 1);
    g_autoptr(PlanFacts) owner = NULL;
    char day[DAY_TEXT_SIZE];

    base_context.today++;
    publish(db, steps[i].market, steps[i].eol);
    row->release = 1;
    row->market = g_strdup("JP");
    row->dates = base_plan("2034-03-31", "2038-03-31");
    assert_done(plan_store_facts(db, row, base_context.today, true, &owner, ERR));

    const RuleFacts *facts = plan_facts_get(owner);

    ck_assert_ptr_nonnull(facts->in_force);
    ck_assert_str_eq(day_format(facts->in_force->date[MILESTONE_EOL].day, day), steps[i].eol);
    ck_assert_uint_eq(facts->told[MILESTONE_EOL], base_context.today);
  }
}
END_TEST

/* A plan of its own with the dates that the one for every market had told says nothing new. */
START_TEST(test_facts_told_by_every_market)
{
  g_autoptr(Db) db = installed();
  Day told = base_context.today;

  publish(db, "*", "2036-03-31");
  base_context.today += 100;
  publish(db, "JP", "2036-03-31");
  publish(db, "*", "2037-03-31");
  base_context.today += 100;

  g_autoptr(GPtrArray) rows = NULL;

  assert_done(plan_store_list(db, "PUMP/1.0", PLAN_IN_FORCE, &rows, ERR));
  ck_assert_uint_eq(rows->len, 2);
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];
    g_autoptr(PlanFacts) owner = NULL;

    assert_done(plan_store_facts(db, row, base_context.today, true, &owner, ERR));
    ck_assert_uint_eq(plan_facts_get(owner)->told[MILESTONE_EOL], told); /* "*" was put off */
    ck_assert_ptr_null(plan_facts_get(owner)->in_force);
  }
}
END_TEST

START_TEST(test_coverage_and_readiness)
{
  g_autoptr(Db) db = installed();
  g_autoptr(GPtrArray) coverage = NULL, readiness = NULL;
  g_autoptr(GString) text = g_string_new(NULL);

  publish(db, "JP", "2035-03-31");
  publish(db, "*", "2036-03-31");
  ck_assert_int_eq(scratch_shell("kigen.db", "DELETE FROM outbox_notice WHERE organization = 7", NULL), 0);
  assert_done(report_store_coverage(db, NULL, &coverage, ERR));
  for (guint i = 0; i < coverage->len; i++) {
    const CoverageRow *row = coverage->pdata[i];

    g_string_append_printf(text, "%s %d/%d, ", row->market, (int)row->affected,
                           (int)row->reach[REACH_WAITING]);
  }
  assert_done(report_store_readiness(db, NULL, DAY_NONE, &readiness, ERR));
  for (guint i = 0; i < readiness->len; i++) {
    const ReadinessRow *row = readiness->pdata[i];

    g_string_append_printf(text, "%s %s, ", row->organization, row->market);
  }
  ck_assert_str_eq(text->str, "* 3/2, JP 4/4, D1 *, J1 JP, J2 JP, J3 JP, U1 *, U2 *, ");
}
END_TEST

/* "J1 *1 → JP1, …": whom the last that reached them told something else than what concerns them now. */
static void assert_stale(Db *db, const char *expected)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GString) text = g_string_new(NULL);

  assert_done(report_store_stale(db, NULL, &rows, ERR));
  for (guint i = 0; i < rows->len; i++) {
    const StaleRow *row = rows->pdata[i];

    g_string_append_printf(text, "%s%s %d → %s%d", i > 0 ? ", " : "", row->organization, row->known_revision,
                           row->market, row->revision);
  }
  ck_assert_str_eq(text->str, expected);
}

static void accept_all(void)
{
  ck_assert_int_eq(
      scratch_shell("kigen.db", "UPDATE outbox SET state = 'accepted' WHERE state = 'pending'", NULL), 0);
}

START_TEST(test_stale)
{
  g_autoptr(Db) db = installed();

  publish(db, "*", "2036-03-31");
  accept_all();
  assert_stale(db, "");
  publish(db, "JP", "2035-03-31");
  assert_stale(db, "J1 1 → JP1, J2 1 → JP1, J3 1 → JP1, J4 1 → JP1");
  accept_all();
  assert_stale(db, "");
  publish(db, "*", "2037-03-31");
  assert_stale(db, "D1 1 → *2, U1 1 → *2, U2 1 → *2");
  accept_all();
  assert_stale(db, "");
  withdraw("JP");
  assert_stale(db, "J1 1 → *2, J2 1 → *2, J3 1 → *2, J4 1 → *2");
  ck_assert_int_eq(
      scratch_shell("kigen.db",
                    "INSERT INTO notice (id, kind, plan, due_on, created_at) SELECT 99, 'withdrawal', id,"
                    " '2031-04-01', 'x' FROM support_plan WHERE market = 'JP';"
                    "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) SELECT 99, id,"
                    " 'receipt', 'a', 'link', 'x' FROM organization WHERE id < 4",
                    NULL),
      0);
  assert_stale(db, "J4 1 → *2");
}
END_TEST

/* The market of the last revision that concerns `holder`, in the feed of `organization`. Own string. */
static char *market_in_feed(Db *db, gint64 organization, gint64 holder)
{
  g_autoptr(HeldSet) set = NULL;

  assert_done(held_store_load(db, organization, base_context.today, NULL, &set, ERR));
  for (guint i = 0; i < set->holdings->len; i++) {
    const Holding *holding = set->holdings->pdata[i];
    const GPtrArray *revisions = holding->release->revisions;

    if (holding->organization == holder) {
      const HeldRevision *last = revisions->pdata[revisions->len - 1];
      g_autofree char *sql =
          g_strdup_printf("SELECT market FROM support_plan WHERE id = %" G_GINT64_FORMAT, last->id);

      return scratch_text(db, sql);
    }
  }
  ck_abort_msg("%d holds nothing", (int)holder);
}

/* A feed shows the plan that the notices tell; also when one was withdrawn. */
START_TEST(test_feed_agrees)
{
  g_autoptr(Db) db = installed();

  publish(db, "US", "2036-03-31");
  withdraw("US");
  base_context.today = day_from_ymd(2031, 4, 2);
  publish(db, "*", "2036-03-31");
  publish(db, "JP", "2035-03-31");
  publish(db, "*", "2037-03-31");
  for (gint64 organization = 1; organization <= 7; organization++) {
    g_autofree char *sql = g_strdup_printf(
        "SELECT s.market FROM outbox_notice x JOIN outbox o ON o.id = x.outbox AND o.state = 'pending' JOIN"
        " notice n ON n.id = x.notice JOIN support_plan s ON s.id = n.plan WHERE x.organization = "
        "%" G_GINT64_FORMAT " ORDER BY n.id DESC LIMIT 1",
        organization);
    g_autofree char *told = scratch_text(db, sql), *shown = market_in_feed(db, organization, organization);

    ck_assert_str_eq(told, shown);
  }
}
END_TEST

/* Its sites in several countries, each with the plan of its own. */
START_TEST(test_feed_of_a_corporation)
{
  g_autoptr(Db) db = installed();

  publish(db, "*", "2036-03-31");
  publish(db, "JP", "2035-03-31");

  g_autofree char *jp = market_in_feed(db, 9, 3), *us = market_in_feed(db, 9, 6);

  ck_assert_str_eq(jp, "JP");
  ck_assert_str_eq(us, "*");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("market");
  TCase *market = tcase_create("market");

  tcase_add_checked_fixture(market, scratch_setup, scratch_teardown);
  tcase_add_test(market, test_publish_market_first);
  tcase_add_test(market, test_publish_market_later);
  tcase_add_test(market, test_publish_leaves_what_was_tried);
  tcase_add_test(market, test_counts);
  tcase_add_test(market, test_newcomers);
  tcase_add_test(market, test_facts);
  tcase_add_test(market, test_facts_of_what_it_replaces);
  tcase_add_test(market, test_facts_told_by_every_market);
  tcase_add_test(market, test_coverage_and_readiness);
  tcase_add_test(market, test_stale);
  tcase_add_test(market, test_feed_agrees);
  tcase_add_test(market, test_feed_of_a_corporation);
  suite_add_tcase(suite, market);
  return run_suite(suite);
}
