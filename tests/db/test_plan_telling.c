/* Who was told an older plan gets the change notice, who was not the announcement. */

#include "db/outbox_letter.h"
#include "tests/db/people.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* What another program does between two publications. */
static void change(const char *sql)
{
  g_autofree char *script = g_strconcat(sql, ";", NULL);
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", script, &said) == 0, "%s: %s", sql, said);
}

/* The kinds by which organization 1 was told of plan `plan`. */
static char *kinds_of(Db *db, gint64 plan)
{
  g_autofree char *sql =
      g_strdup_printf("SELECT group_concat(n.kind, ' ') FROM notice n JOIN outbox_notice x"
                      " ON x.notice = n.id WHERE x.organization = 1 AND n.plan = %" G_GINT64_FORMAT,
                      plan);
  char *text = scratch_text(db, sql);

  return text != NULL ? text : g_strdup("");
}

#define STATE(state)                                                                                         \
  "UPDATE outbox SET state = '" state                                                                        \
  "' WHERE id IN (SELECT outbox FROM outbox_notice WHERE organization = 1)"
/* A notice of another kind was accepted. */
#define ALSO(kind)                                                                                           \
  ";INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (90, '" kind "', 1, '2031-04-01', 'x');"  \
  "INSERT INTO outbox (id, organization, channel, due_on, message_id, state, created_at)"                    \
  " VALUES (90, 1, 'letter', '2031-04-01', 'm', 'accepted', 'x');"                                           \
  "INSERT INTO outbox_notice VALUES (90, 1, 90)"

static const struct {
  const char *sql; /* after the first publication */
  const char *kind;
} cases[] = {
  { STATE("pending"), "plan-announcement" },
  { STATE("failed"), "plan-announcement" },
  { STATE("superseded"), "plan-announcement" },
  { STATE("accepted"), "plan-change" },
  { STATE("bounced"), "plan-change" },
  { STATE("unknown"), "plan-change" },
  { STATE("deferred"), "plan-change" },
  { STATE("sending"), "plan-change" },
  { "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (1, 1, 'receipt', 'a', "
    "'telephone', 'x')",
    "plan-change" },
  { "INSERT INTO presentation (plan, organization, how, day, by, at) VALUES (1, 1, 'hand-over', "
    "'2031-03-31', 'a', 'x')",
    "plan-change" },
  /* a reminder told the old dates, whatever became of the announcement; a withdrawal says that none hold */
  { STATE("failed") ALSO("eol-reminder"), "plan-change" },
  { STATE("failed") ALSO("withdrawal"), "plan-announcement" },
};

START_TEST(test_second_publication)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  change(cases[_i].sql);
  base_context.today++;
  base_publish(db, 1, "2036-03-31");
  g_autofree char *kinds = kinds_of(db, 2);

  ck_assert_msg(strcmp(kinds, cases[_i].kind) == 0, "%s: %s", cases[_i].sql, kinds);
}
END_TEST

/* Everybody who holds it is told once, by one of the two. */
START_TEST(test_everybody_once)
{
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  change("UPDATE outbox SET state = 'accepted' WHERE id % 2 = 0");
  base_context.today++;
  base_publish(db, 1, "2036-03-31");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM notice WHERE plan = 2"), 2);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM (SELECT x.organization FROM outbox_notice x JOIN notice n"
                         " ON n.id = x.notice WHERE n.plan = 2 GROUP BY 1 HAVING count(*) > 1)"),
      0);
  ck_assert_int_eq(scratch_number(db,
                                  "SELECT count(DISTINCT x.organization) FROM outbox_notice x JOIN notice n"
                                  " ON n.id = x.notice WHERE n.plan = 2"),
                   scratch_number(db, "SELECT count(DISTINCT organization) FROM holding WHERE release = 1"
                                      " AND ended_on IS NULL"));
}
END_TEST

/* Units sold since: a new customer gets the announcement, an old acquaintance that comes back the change. */
START_TEST(test_newcomers)
{
  g_autoptr(Db) db = base_installed();
  PlanTelling telling = { 0 };
  gint64 n;

  base_publish(db, 1, "2035-03-31");
  change("UPDATE outbox SET state = 'accepted'; UPDATE holding SET ended_on = '2031-03-31' WHERE "
         "organization = 1");
  base_context.today++;
  base_publish(db, 1, "2036-03-31");
  assert_done(plan_telling_count_newcomers(db, 2, &n, ERR));
  ck_assert_int_eq(n, 0);
  change("UPDATE holding SET ended_on = NULL WHERE organization IN (1, 5)"); /* 5 held nothing until now */
  base_context.today++;
  assert_done(plan_telling_count_newcomers(db, 2, &n, ERR));
  ck_assert_int_eq(n, 2);
  for (int i = 0; i < 2; i++) { /* and nobody twice */
    assert_done(db_begin(db, ERR));
    assert_done(plan_telling_make_newcomers(db, &base_context, 2, day_from_ymd(2031, 4, 1), &telling, ERR));
    assert_done(db_commit(db, ERR));
    ck_assert_int_eq(telling.changed, i == 0);
    ck_assert_int_eq(telling.announced, i == 0);
  }
  g_autofree char *kinds = kinds_of(db, 2);

  ck_assert_str_eq(kinds, "plan-change");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM notice WHERE plan = 2 AND due_on = '2031-04-01'"),
                   2);
}
END_TEST

/* Who was told the plan for every market is told that their own market's takes its place. */
START_TEST(test_first_plan_of_a_market)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) plan = base_plan("2036-03-31", "2038-03-31");
  PlanTelling telling;
  bool changed;

  base_publish(db, 1, "2035-03-31");
  change(STATE("accepted"));
  base_context.today++;
  assert_done(db_begin(db, ERR));
  assert_done(plan_store_put_draft(db, &base_context, 1, "JP", plan, "理由", &changed, ERR));
  assert_done(plan_publish(db, &base_context, 2, "理由", &telling, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(telling.changed, 1);
  ck_assert_int_eq(telling.announced, 7);
  g_autofree char *kinds = kinds_of(db, 2);

  ck_assert_str_eq(kinds, "plan-change");
}
END_TEST

/* "was" of a change letter: what this organization was told, not what was in force in between. */
START_TEST(test_was_is_what_they_knew)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(OutboxLetter) letter = NULL;

  base_publish(db, 1, "2035-03-31");
  change(STATE("accepted"));
  base_context.today++;
  base_publish(db, 1, "2036-03-31");
  base_context.today++;
  base_publish(db, 1, "2037-03-31");
  gint64 message = scratch_number(db, "SELECT x.outbox FROM outbox_notice x JOIN notice n ON n.id = x.notice"
                                      " WHERE n.plan = 3 AND x.organization = 1");

  assert_done(outbox_letter_load(db, message, NULL, &letter, ERR));
  const OutboxNotice *notice = letter->notices->pdata[letter->notices->len - 1];

  ck_assert_int_eq(notice->kind, NOTICE_PLAN_CHANGE);
  ck_assert_int_eq(notice->before->revision, 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("plan_telling");
  TCase *telling = tcase_create("telling");

  tcase_set_timeout(telling, 60);
  tcase_add_checked_fixture(telling, scratch_setup, scratch_teardown);
  tcase_add_loop_test(telling, test_second_publication, 0, (int)G_N_ELEMENTS(cases));
  tcase_add_test(telling, test_everybody_once);
  tcase_add_test(telling, test_newcomers);
  tcase_add_test(telling, test_first_plan_of_a_market);
  tcase_add_test(telling, test_was_is_what_they_knew);
  suite_add_tcase(suite, telling);
  return run_suite(suite);
}
