/* The life of a revision in the store, with the people who take its steps. */

#include "tests/db/people.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  gint64 user;
  const char *step;
  const char *refused; /* in the error; NULL: it is done */
} Line;

#define LINES_MAX 12

/* On the open revision, or for withdraw (and "again": publish) the one in force. Every refusal leaves the
 * store as it was. */
static const struct {
  Line lines[LINES_MAX];
  const char *ends; /* state and revision of the latest one */
} scripts[] = {
  { { { SATO, "set" }, { SATO, "submit" }, { SUZUKI, "approve" }, { SATO, "publish" } }, "published 1" },
  { { { SATO, "set" }, { SATO, "publish", "submit it first" } }, "draft 1" },
  { { { SATO, "set" }, { SATO, "approve", "submit it first" } }, "draft 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { SATO, "publish", "somebody else has to approve it first" } },
    "submitted 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { SATO, "submit", "waits for approval already" } },
    "submitted 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { SATO, "approve", "sato may not approve it" } }, "submitted 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { MORI, "approve", "approver, safety_officer, quality" } },
    "submitted 1" },
  { { { TANAKA, "set" }, { SATO, "submit" }, { TANAKA, "approve", "written by 佐藤 一郎, 田中 次郎" } },
    "submitted 1" },
  { { { SATO, "set" }, { TANAKA, "submit" }, { TANAKA, "approve", "cannot approve it too" } },
    "submitted 1" },
  { { { SATO, "set" },
      { SATO, "submit" },
      { TANAKA, "approve" },
      { SUZUKI, "approve", "approved by 田中 次郎" } },
    "approved 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { SUZUKI, "reject" }, { SUZUKI, "approve", "submit it first" } },
    "draft 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { SUZUKI, "approve" }, { ABE, "reject" } }, "draft 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { MORI, "reject", "may not reject it" } }, "submitted 1" },
  { { { SATO, "set" }, { SATO, "withdraw", "kigen plan discard" } }, "draft 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { SUZUKI, "approve" }, { SATO, "discard" } }, "" },
  { { { SATO, "set" },
      { SATO, "submit" },
      { SUZUKI, "approve" },
      { SATO, "publish" },
      { SATO, "discard", "begin the next one with kigen plan set" } },
    "published 1" },
  { { { TANAKA, "set" },
      { TANAKA, "submit" },
      { SUZUKI, "approve" },
      { SATO, "publish" },
      { TANAKA, "withdraw", "written by 田中 次郎" },
      { SATO, "withdraw", "sato may not withdraw it" },
      { ABE, "withdraw" } },
    "withdrawn 1" },
  { { { SATO, "set" }, { SUZUKI, "override", "suzuki may not sign an override" }, { ABE, "override" } },
    "draft 1" },
  { { { SATO, "set" }, { SATO, "submit" }, { SUZUKI, "approve" }, { ABE, "override" }, { SATO, "publish" } },
    "published 1" },
};

static gint64 plan_for(Db *db, const char *step)
{
  gint64 open = people_open(db);

  return strcmp(step, "withdraw") == 0 || open == 0 ? MAX(people_in_force(db), open) : open;
}

static char *dump(Db *db)
{
  return scratch_text(
      db, "SELECT (SELECT group_concat(json_array(id, revision, state, reason, approved_by,"
          " published_on, withdrawn_on)) FROM support_plan)"
          " || coalesce((SELECT group_concat(json_array(id, plan, event, by)) FROM plan_event), '')"
          " || (SELECT count(*) FROM audit) || (SELECT count(*) FROM outbox)");
}

static char *latest(Db *db)
{
  char *text = scratch_text(db, "SELECT state || ' ' || revision FROM support_plan WHERE release = 1"
                                " ORDER BY revision DESC LIMIT 1");

  return text != NULL ? text : g_strdup("");
}

START_TEST(test_scripts)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) plan = base_plan("2035-03-31", "2038-03-31");

  people_add(db);
  for (int i = 0; i < LINES_MAX && scripts[_i].lines[i].step != NULL; i++) {
    const Line *line = &scripts[_i].lines[i];
    g_autoptr(GError) error = NULL;
    g_autofree char *before = dump(db);
    bool done = people_step(db, line->user, line->step, plan_for(db, line->step), plan, &error);
    g_autofree char *after = dump(db);

    ck_assert_msg(done == (line->refused == NULL), "%d, line %d, %s: %s", _i, i, line->step,
                  error != NULL ? error->message : "done");
    ck_assert_msg(done || strstr(error->message, line->refused) != NULL, "%d, line %d: %s", _i, i,
                  done ? "" : error->message);
    ck_assert_msg(done || g_strcmp0(before, after) == 0, "%d, line %d: %s\n%s", _i, i, before, after);
    ck_assert(done || g_error_matches(error, PLAN_STEP_ERROR, PLAN_STEP_ERROR_REFUSED));
  }
  g_autofree char *ends = latest(db);

  ck_assert_msg(strcmp(ends, scripts[_i].ends) == 0, "%d ends as %s", _i, ends);
}
END_TEST

/* Takes it through to publication. */
static gint64 publish(Db *db, const char *eos)
{
  static const struct {
    gint64 user;
    const char *step;
  } steps[] = { { SATO, "set" }, { SATO, "submit" }, { SUZUKI, "approve" }, { SATO, "publish" } };
  g_autoptr(SupportPlan) plan = base_plan("2035-03-31", eos);

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
    assert_done(people_step(db, steps[i].user, steps[i].step, people_open(db), plan, ERR));
  return people_in_force(db);
}

START_TEST(test_what_was_published_never_is_again)
{
  g_autoptr(Db) db = base_installed();

  people_add(db);
  gint64 first = publish(db, "2038-03-31"), second = publish(db, "2039-03-31");
  gint64 plans[] = { first, second, 77 };

  for (gsize i = 0; i < G_N_ELEMENTS(plans); i++) {
    g_autoptr(GError) error = NULL;

    ck_assert(!people_step(db, SATO, "publish", plans[i], NULL, &error));
    ck_assert(g_error_matches(error, PLAN_STEP_ERROR, PLAN_STEP_ERROR_REFUSED));
    ck_assert_msg(strstr(error->message, i == 2 ? "discarded" : "kigen plan set") != NULL, "%s",
                  error->message);
  }
}
END_TEST

START_TEST(test_clock_set_back)
{
  static const char *const steps[] = { "submit", "approve", "publish", "withdraw", "override", "discard" };
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) next = base_plan("2035-03-31", "2040-03-31");

  people_add(db);
  gint64 first = publish(db, "2038-03-31");

  assert_done(people_step(db, SATO, "set", 0, next, ERR));
  base_context.today--;
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autoptr(GError) error = NULL;
    gint64 plan = strcmp(steps[i], "withdraw") == 0 ? first : people_open(db);

    ck_assert(!people_step(db, ABE, steps[i], plan, NULL, &error));
    ck_assert_msg(g_error_matches(error, PLAN_STEP_ERROR, PLAN_STEP_ERROR_CLOCK), "%s: %s", steps[i],
                  error->message);
    ck_assert_ptr_nonnull(strstr(error->message, "2031-03-31"));
  }
  base_context.today++;
  assert_done(people_step(db, SATO, "submit", people_open(db), NULL, ERR));
  assert_done(people_step(db, ABE, "withdraw", first, NULL, ERR));
  base_context.today += 10;
  assert_done(people_step(db, ABE, "approve", people_open(db), NULL, ERR));
}
END_TEST

/* Both have the store open; the second waits for the lock and finds the first one's approval. */
START_TEST(test_two_approvals_at_once)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) plan = base_plan("2035-03-31", "2038-03-31");
  g_autofree char *path = scratch_path("kigen.db");
  int winners = 0;

  people_add(db);
  assert_done(people_step(db, SATO, "set", 0, plan, ERR));
  assert_done(people_step(db, SATO, "submit", people_open(db), NULL, ERR));
  pid_t child = fork();

  ck_assert_int_ge(child, 0);
  if (child == 0) {
    Db *other = NULL;

    if (!db_open(path, DB_WRITE, &other, NULL))
      _exit(2);
    _exit(people_step(other, ABE, "approve", 1, NULL, NULL) ? 1 : 0);
  }
  g_autoptr(Db) mine = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  assert_done(db_open(path, DB_WRITE, &mine, ERR));
  bool won = people_step(mine, SUZUKI, "approve", 1, NULL, &error);

  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFEXITED(status) && WEXITSTATUS(status) < 2);
  winners = won + WEXITSTATUS(status);
  ck_assert_int_eq(winners, 1);
  ck_assert(won || strstr(error->message, "approved by 阿部 三郎") != NULL);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM plan_event WHERE event = 'approve'"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT user FROM plan_event WHERE event = 'approve'"),
                   won ? SUZUKI : ABE);
}
END_TEST

#define MANY 3000

/* A store in which publishing takes a while. */
static Db *big_store(void)
{
  Db *db = base_store();
  g_autoptr(SupportPlan) plan = base_plan("2035-03-31", "2038-03-31");

  people_add(db);
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                  " INSERT INTO organization (id, code, name_ja, role) SELECT i, 'H' || i, '病院' || i, "
                  "'hospital' FROM n");
  scratch_sql(db, "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"
                  " SELECT 1, id, 'user', 1, 1, id, '2025-04-01', 'x' FROM organization");
  assert_done(db_commit(db, ERR));
  assert_done(people_step(db, SATO, "set", 0, plan, ERR));
  assert_done(people_step(db, SATO, "submit", people_open(db), NULL, ERR));
  assert_done(people_step(db, SUZUKI, "approve", people_open(db), NULL, ERR));
  return db;
}

/* All of it or nothing: state, event, notice, messages, audit row. */
static bool is_whole(Db *db)
{
  gint64 published = scratch_number(db, "SELECT count(*) FROM support_plan WHERE state = 'published'");
  static const struct {
    const char *sql;
    gint64 each;
  } parts[] = {
    { "SELECT count(*) FROM plan_event WHERE event = 'publish'", 1 },
    { "SELECT count(*) FROM audit WHERE action = 'plan.publish'", 1 },
    { "SELECT count(*) FROM notice", 1 },
    { "SELECT count(*) FROM outbox", MANY },
    { "SELECT count(*) FROM outbox_notice", MANY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    ck_assert_msg(scratch_number(db, parts[i].sql) == published * parts[i].each, "%s", parts[i].sql);
  return published == 1;
}

static pid_t start_publisher(const char *path)
{
  pid_t child = fork();

  ck_assert_int_ge(child, 0);
  if (child == 0) {
    Db *db = NULL;

    if (!db_open(path, DB_WRITE, &db, NULL))
      _exit(2);
    _exit(people_step(db, SATO, "publish", 1, NULL, NULL) ? 0 : 1);
  }
  return child;
}

/* kill -9 at twenty moments of a publication, spread over what a whole one takes. */
START_TEST(test_kill_during_publication)
{
  g_autofree char *path = scratch_path("kigen.db");
  Db *made = big_store();
  gint64 start = g_get_monotonic_time(), whole;
  AuditContext context = people_context(SATO);
  PlanTelling telling;
  int killed = 0, done = 0;

  assert_done(db_begin(made, ERR));
  assert_done(plan_publish(made, &context, 1, NULL, &telling, ERR));
  db_rollback(made);
  whole = g_get_monotonic_time() - start;
  db_close(made);
  for (int i = 0; i < 20 && done == 0; i++) {
    pid_t child = start_publisher(path);
    int status;

    g_usleep((gulong)(whole * i / 16));
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    killed += WIFSIGNALED(status) != 0;
    g_autoptr(Db) db = NULL;

    assert_done(db_open(path, DB_WRITE, &db, ERR));
    g_autofree char *verdict = scratch_text(db, "SELECT integrity_check FROM pragma_integrity_check");

    ck_assert_str_eq(verdict, "ok");
    done += is_whole(db);
  }
  g_autoptr(Db) db = NULL;

  ck_assert_int_ge(killed, 5);
  assert_done(db_open(path, DB_WRITE, &db, ERR));
  if (done == 0)
    assert_done(people_step(db, SATO, "publish", 1, NULL, ERR));
  ck_assert(is_whole(db));
}
END_TEST

/* Whoever wrote without being a user is compared by name. */
START_TEST(test_wrote_before_there_were_users)
{
  static const struct {
    const char *by;
    bool wrote;
  } cases[] = { { "suzuki", true }, { "Suzuki", true }, { "鈴木 花子", true }, { "somebody", false } };
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) plan = base_plan("2035-03-31", "2038-03-31");
  bool wrote;

  base_context.actor = cases[_i].by;
  assert_done(people_step(db, 0, "set", 0, plan, ERR));
  base_context.actor = "tester";
  people_add(db);
  assert_done(plan_event_store_wrote(db, 1, SUZUKI, &wrote, ERR));
  ck_assert_int_eq(wrote, cases[_i].wrote);
  assert_done(people_step(db, SATO, "submit", 1, NULL, ERR));
  ck_assert_int_eq(people_step(db, SUZUKI, "approve", 1, NULL, NULL), !wrote);
}
END_TEST

/* Withdrawn: its own waiting messages are overtaken, a change of the next revision is not. */
START_TEST(test_withdrawal_overtakes)
{
  g_autoptr(Db) db = base_installed();

  people_add(db);
  gint64 first = publish(db, "2038-03-31");

  assert_done(people_step(db, ABE, "withdraw", first, NULL, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'superseded'"), 7);
  ck_assert_int_eq(scratch_number(db,
                                  "SELECT count(DISTINCT x.organization) FROM outbox_notice x JOIN notice n"
                                  " ON n.id = x.notice JOIN outbox o ON o.id = x.outbox"
                                  " WHERE n.kind = 'withdrawal' AND o.state = 'pending'"),
                   scratch_number(db, "SELECT count(DISTINCT organization) FROM holding WHERE release = 1"
                                      " AND ended_on IS NULL"));
  publish(db, "2039-03-31");
  /* nobody was told the first; the withdrawal is overtaken too */
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM notice n JOIN outbox_notice x ON x.notice = n.id"
                                      " JOIN outbox o ON o.id = x.outbox WHERE o.state = 'pending'"
                                      " AND n.kind <> 'plan-announcement'"),
                   0);
}
END_TEST

/* Events hold what the plan said: equal content, equal digest, and terms count. */
START_TEST(test_content)
{
  g_autoptr(SupportPlan) plan = base_plan("2035-03-31", "2038-03-31");
  g_autoptr(SupportPlan) other = base_plan("2035-03-31", "2038-03-31");
  guint8 a[PLAN_EVENT_CONTENT_SIZE], b[PLAN_EVENT_CONTENT_SIZE];

  plan_event_content(plan, a);
  plan_event_content(other, b);
  ck_assert_mem_eq(a, b, sizeof a);
  g_free(other->limited_support.line[SERVICE_PARTS].terms_en);
  other->limited_support.line[SERVICE_PARTS].terms_en = g_strdup("free of charge");
  plan_event_content(other, b);
  ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("plan_steps");
  TCase *steps = tcase_create("steps");

  tcase_set_timeout(steps, 60);
  tcase_add_checked_fixture(steps, scratch_setup, scratch_teardown);
  tcase_add_loop_test(steps, test_scripts, 0, (int)G_N_ELEMENTS(scripts));
  tcase_add_test(steps, test_what_was_published_never_is_again);
  tcase_add_test(steps, test_clock_set_back);
  tcase_add_test(steps, test_two_approvals_at_once);
  tcase_add_test(steps, test_kill_during_publication);
  tcase_add_loop_test(steps, test_wrote_before_there_were_users, 0, 4);
  tcase_add_test(steps, test_withdrawal_overtakes);
  tcase_add_test(steps, test_content);
  suite_add_tcase(suite, steps);
  return run_suite(suite);
}
