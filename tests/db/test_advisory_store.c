/* Advisories: two people, what no other program can change, and whom they are told. */

#include "db/advisory_event_store.h"
#include "db/advisory_step.h"
#include "db/audience.h"
#include "tests/db/people.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

#define APPROVER SUZUKI

static Policy policy_of_test(void)
{
  Policy policy = *policy_for(PROFILE_JP);

  /* 安全管理責任者 is nobody in people.h: an approver stands in for them */
  policy.approvers[NOTICE_SECURITY_ADVISORY] = ROLE_BIT(ROLE_APPROVER);
  return policy;
}

static Advisory *content_of(const char *title, const char *const *releases)
{
  Advisory *content = advisory_new(NOTICE_SECURITY_ADVISORY);

  advisory_set(content, ADVISORY_TITLE_JA, title);
  advisory_set(content, ADVISORY_BODY_JA, "## 影響\n本文");
  for (gsize i = 0; releases[i] != NULL; i++)
    advisory_add_release(content, releases[i]);
  return content;
}

static const char *const PUMP_1[] = { "PUMP/1.0", NULL };
static const char *const BOTH[] = { "PUMP/1.0", "PUMP/2.0", NULL };
static const char *const VIEW[] = { "VIEW/A", NULL };

/* Drafts `title` over `releases` as `user`: anew, or a change or correction of `number`. */
static gint64 draft(Db *db, gint64 user, const char *number, const char *title, const char *const *releases)
{
  AuditContext context = people_context(user);
  g_autoptr(Advisory) content = content_of(title, releases);
  g_autoptr(AdvisoryRow) row = NULL;
  bool changed = false;
  gint64 id = 0;

  assert_done(db_begin(db, ERR));
  if (number != NULL)
    assert_done(advisory_store_find(db, number, 0, &row, ERR));
  assert_done(advisory_store_put_draft(db, &context, row, content, "理由", &id, &changed, ERR));
  assert_done(db_commit(db, ERR));
  return id;
}

/* Takes a step in a transaction of its own; false and the message when it is refused. */
static bool step(Db *db, gint64 user, const char *what, gint64 id, AdvisoryTelling *telling, char **ret_said)
{
  AuditContext context = people_context(user);
  Policy policy = policy_of_test();
  g_autoptr(GError) error = NULL;
  bool done;

  assert_done(db_begin(db, ERR));
  if (strcmp(what, "approve") == 0)
    done = advisory_step_approve(db, &context, id, &policy, NULL, &error);
  else if (strcmp(what, "publish") == 0)
    done = advisory_step_publish(db, &context, id, NULL, telling, &error);
  else
    done = advisory_step_withdraw(db, &context, id, &policy, "誤り", telling, &error);
  if (done)
    assert_done(db_commit(db, ERR));
  else
    db_rollback(db);
  base_urgent(db);
  if (ret_said != NULL)
    *ret_said = error != NULL ? g_strdup(error->message) : NULL;
  return done;
}

/* What happens between two steps. */
static void change(const char *sql)
{
  g_autofree char *script = g_strconcat(sql, ";", NULL);
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", script, &said) == 0, "%s: %s", sql, said);
}

static AdvisoryTelling publish(Db *db, gint64 id)
{
  AdvisoryTelling telling = { 0 };
  g_autofree char *said = NULL;

  ck_assert_msg(step(db, 0, "publish", id, &telling, &said), "%s", said);
  return telling;
}

START_TEST(test_numbers_and_revisions)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(AdvisoryRow) row = NULL;
  g_autoptr(AdvisoryRow) before = NULL;
  g_autoptr(AdvisoryRow) found = NULL;
  g_autoptr(GPtrArray) all = NULL;

  change("INSERT INTO maker VALUES ('document_series', 'SM')");
  publish(db, draft(db, 0, NULL, "一", PUMP_1));
  gint64 second = draft(db, 0, NULL, "二", BOTH);
  gint64 correction = draft(db, 0, "SM-A0001", "一の訂正", BOTH);

  assert_done(advisory_store_load(db, second, &row, ERR));
  ck_assert_str_eq(row->number, "SM-A0002");
  ck_assert_int_eq(row->revision, 1);
  assert_done(advisory_store_find(db, "SM-A0001", 0, &found, ERR));
  ck_assert_int_eq(found->id, correction);
  ck_assert_int_eq(found->revision, 2);
  ck_assert_uint_eq(found->content->releases->len, 2);
  assert_done(advisory_store_before(db, found, &before, ERR));
  ck_assert_str_eq(before->content->text[ADVISORY_TITLE_JA], "一");
  assert_done(advisory_store_list(db, ADVISORY_EVERY, &all, ERR));
  ck_assert_uint_eq(all->len, 3);
}
END_TEST

/* A draft of a correction that is thrown away leaves what is in force in force; its number is used up. */
START_TEST(test_thrown_away)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(AdvisoryRow) row = NULL;
  g_autoptr(AdvisoryRow) again = NULL;
  AdvisoryTelling telling = { 0 };

  publish(db, draft(db, 0, NULL, "一", PUMP_1));
  gint64 thrown = draft(db, 0, "KG-A0001", "訂正", BOTH);

  ck_assert(step(db, 0, "withdraw", thrown, &telling, NULL));
  ck_assert_int_eq(telling.organizations, 0);
  assert_done(advisory_store_find(db, "KG-A0001", 0, &row, ERR));
  ck_assert_str_eq(row->state, "published");
  draft(db, 0, "KG-A0001", "再訂正", BOTH);
  assert_done(advisory_store_find(db, "KG-A0001", 0, &again, ERR));
  ck_assert_int_eq(again->revision, 3);
}
END_TEST

START_TEST(test_the_same_changes_nothing)
{
  g_autoptr(Db) db = base_installed();
  gint64 id = draft(db, 0, NULL, "一", PUMP_1);
  gint64 events = scratch_number(db, "SELECT count(*) FROM advisory_event");

  ck_assert_int_eq(draft(db, 0, "KG-A0001", "一", PUMP_1), id);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM advisory_event"), events);
}
END_TEST

/* Everyone with an open holding of any of the releases, by every route, once: as of a plan. */
START_TEST(test_audience)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(GPtrArray) recipients = NULL;
  gint64 id = draft(db, 0, NULL, "一", BOTH);

  assert_done(advisory_telling_recipients(db, id, base_context.today, &recipients, ERR));
  AdvisoryTelling telling = publish(db, id);

  ck_assert_int_eq(
      telling.organizations,
      scratch_number(db, "SELECT count(DISTINCT organization) FROM holding WHERE ended_on IS NULL"));
  ck_assert_int_eq(recipients->len, telling.organizations);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice"), telling.organizations);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice WHERE organization = 5"), 0);
  /* the distributor (seller) too, through its contact; who has nobody by letter */
  ck_assert_int_eq(scratch_number(db, "SELECT contact FROM outbox WHERE organization = 4"), 4);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM outbox WHERE organization = 3 AND channel = 'letter'"), 1);
}
END_TEST

START_TEST(test_market)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(Advisory) content = content_of("一", PUMP_1);
  bool changed;
  gint64 id;

  change("UPDATE organization SET country = 'US' WHERE id = 1");
  advisory_set(content, ADVISORY_MARKET, "US");
  assert_done(db_begin(db, ERR));
  assert_done(advisory_store_put_draft(db, &base_context, NULL, content, NULL, &id, &changed, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(publish(db, id).organizations, 1);
}
END_TEST

/* Who comes to hold a release while it is in force is told then, once. */
START_TEST(test_newcomers)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(GArray) before = NULL;
  g_autoptr(GArray) after = NULL;
  g_autoptr(GArray) done = NULL;
  AdvisoryTelling telling;
  gint64 id = draft(db, 0, NULL, "一", PUMP_1);

  publish(db, id);
  assert_done(advisory_telling_with_newcomers(db, &before, ERR));
  ck_assert_uint_eq(before->len, 0);
  change("UPDATE holding SET ended_on = NULL WHERE organization = 5 AND release = 1");
  base_context.today += 3;
  assert_done(advisory_telling_with_newcomers(db, &after, ERR));
  ck_assert_uint_eq(after->len, 1);
  assert_done(db_begin(db, ERR));
  assert_done(advisory_telling_make_newcomers(db, &base_context, id, &telling, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(telling.organizations, 1);
  ck_assert_int_eq(telling.messages, 1);
  assert_done(advisory_telling_with_newcomers(db, &done, ERR));
  ck_assert_uint_eq(done->len, 0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM notice"), 1);
}
END_TEST

/* Who was told the old revision gets the new one, hold it or not; what waits is overtaken. */
START_TEST(test_correction)
{
  g_autoptr(Db) db = base_installed();

  publish(db, draft(db, 0, NULL, "一", BOTH));
  change("UPDATE outbox SET state = 'accepted' WHERE organization IN (1, 4)");
  change("UPDATE holding SET ended_on = '2031-03-30' WHERE organization = 4");

  AdvisoryTelling telling = publish(db, draft(db, 0, "KG-A0001", "訂正", PUMP_1));

  ck_assert_int_eq(telling.corrected, 2);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice x JOIN notice n ON n.id = x.notice"
                                      " WHERE x.organization = 4 AND n.advisory = 2"),
                   1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox o JOIN outbox_notice x ON x.outbox = o.id"
                                      " JOIN notice n ON n.id = x.notice WHERE n.advisory = 1"
                                      " AND o.state IN ('pending', 'deferred')"),
                   0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM advisory WHERE state = 'superseded'"), 1);
}
END_TEST

/* A withdrawal goes to whoever was told any revision, and to nobody else. */
START_TEST(test_withdrawal)
{
  g_autoptr(Db) db = base_installed();
  AdvisoryTelling telling = { 0 };

  publish(db, draft(db, 0, NULL, "一", BOTH));
  change("UPDATE outbox SET state = 'accepted' WHERE organization = 1");
  change("UPDATE outbox SET state = 'bounced' WHERE organization = 4");
  ck_assert(step(db, 0, "withdraw", 1, &telling, NULL));
  ck_assert_int_eq(telling.organizations, 2);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice x JOIN notice n ON n.id = x.notice"
                                      " WHERE n.kind = 'withdrawal' AND x.organization IN (1, 4)"),
                   2);
  ck_assert_int_eq(
      scratch_number(db,
                     "SELECT count(*) FROM outbox WHERE state = 'pending' AND organization NOT IN (1, 4)"),
      0);
}
END_TEST

/* A reminder that waits for the same contact on the same day goes with it, and stays when it is withdrawn. */
START_TEST(test_digest)
{
  g_autoptr(Db) db = base_installed();
  AdvisoryTelling telling = { 0 };

  base_publish(db, 1, "2035-03-31");
  gint64 messages = scratch_number(db, "SELECT count(*) FROM outbox");

  ck_assert_int_eq(publish(db, draft(db, 0, NULL, "一", PUMP_1)).messages, 0);
  ck_assert_int_eq(base_urgent(db), messages);
  ck_assert(step(db, 0, "withdraw", 1, &telling, NULL));
  ck_assert_int_eq(base_urgent(db), 0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'pending'"), messages);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_notice x JOIN notice n ON n.id = x.notice"
                                      " WHERE n.advisory IS NOT NULL"),
                   0);
}
END_TEST

/* Who may take which step once there are users: refusals name the remedy. */
static const struct {
  gint64 user;
  const char *what, *before; /* "": a draft by SATO; "approve": approved by SUZUKI */
  const char *said;          /* NULL: it is done */
} people[] = {
  { SATO, "publish", "", "somebody else has to approve it" },
  { SATO, "approve", "", "may not approve it" },
  { MORI, "approve", "", "one of the roles approver" },
  { TANAKA, "approve", "", NULL },
  { SUZUKI, "approve", "approve", "approved already" },
  { SATO, "publish", "approve", NULL },
  { SATO, "withdraw", "", NULL },
  { SATO, "withdraw", "approve", NULL },
};

START_TEST(test_two_people)
{
  g_autoptr(Db) db = base_installed();
  g_autofree char *said = NULL;
  AdvisoryTelling telling;

  people_add(db);
  gint64 id = draft(db, SATO, NULL, "一", PUMP_1);

  if (people[_i].before[0] != '\0')
    ck_assert(step(db, APPROVER, people[_i].before, id, &telling, NULL));
  bool done = step(db, people[_i].user, people[_i].what, id, &telling, &said);

  ck_assert_msg(done == (people[_i].said == NULL), "%s", said);
  ck_assert_msg(done || strstr(said, people[_i].said) != NULL, "%s", said);
}
END_TEST

/* An author never approves, not even a part of it; what changes after the approval is a draft again. */
START_TEST(test_author_never_approves)
{
  g_autoptr(Db) db = base_installed();
  g_autofree char *said = NULL;
  g_autofree char *late = NULL;
  AdvisoryTelling telling;

  people_add(db);
  gint64 id = draft(db, SATO, NULL, "一", PUMP_1);

  ck_assert(step(db, APPROVER, "approve", id, &telling, NULL));
  draft(db, TANAKA, "KG-A0001", "二", PUMP_1);
  ck_assert(!step(db, SATO, "publish", id, &telling, &late));
  ck_assert(!step(db, TANAKA, "approve", id, &telling, &said));
  ck_assert_ptr_nonnull(strstr(said, "佐藤 一郎, 田中"));
  ck_assert(step(db, APPROVER, "approve", id, &telling, NULL));
  ck_assert(step(db, SATO, "publish", id, &telling, NULL));
  /* withdrawn by another one as well */
  g_free(g_steal_pointer(&said));
  ck_assert(!step(db, TANAKA, "withdraw", id, &telling, &said));
  ck_assert(step(db, APPROVER, "withdraw", id, &telling, NULL));
}
END_TEST

/* What no program gets past, users or not: each after SATO's draft, 1, was approved (and published). */
static const struct {
  const char *sql, *said;
  bool published;
} statements[] = {
  { "INSERT INTO advisory (serial, number, revision, kind, state, title_ja, body_ja, author, created_at,"
    " published_on) VALUES (9, 'X', 1, 'security-advisory', 'published', 't', 'b', 'a', 'x', '2031-01-01')",
    "begins as a draft", false },
  { "INSERT OR REPLACE INTO advisory (id, serial, number, revision, kind, state, title_ja, body_ja, author,"
    " created_at) VALUES (1, 1, 'KG-A0001', 1, 'security-advisory', 'draft', 't', 'b', 'a', 'x')",
    "none is ever replaced", false },
  { "INSERT OR REPLACE INTO advisory (serial, number, revision, kind, state, title_ja, body_ja, author,"
    " created_at) VALUES (1, 'KG-A0001', 1, 'security-advisory', 'draft', 't', 'b', 'a', 'x')",
    "none is ever replaced", true },
  { "INSERT INTO advisory (serial, number, revision, kind, state, title_ja, body_ja, author, created_at)"
    " VALUES (1, 'KG-A0001', 1, 'security-advisory', 'draft', 't', 'b', 'a', 'x') ON CONFLICT DO UPDATE SET"
    " title_ja = 'u'",
    "none is ever replaced", true },
  { "UPDATE advisory SET title_ja = 'anders'", "changes only by being a draft again", false },
  { "UPDATE advisory SET body_en = 'anders'", "a published one never", true },
  { "UPDATE advisory SET state = 'draft'", "a published one never", true },
  { "UPDATE advisory SET state = 'approved'", "a published one never", true },
  { "UPDATE advisory SET kind = 'stop-use-recommendation'", "stays what it is", false },
  { "UPDATE advisory SET revision = 7", "stays what it is", true },
  { "UPDATE advisory SET published_on = '2030-01-01'", "a published one never", true },
  { "UPDATE advisory SET state = 'superseded'", "changes only by being a draft again", false },
  { "DELETE FROM advisory", "never removed", true },
  { "INSERT INTO advisory_release VALUES (1, 3)", "never changes", false },
  { "UPDATE advisory_release SET release = 3", "taken off and put on", false },
  { "DELETE FROM advisory_release", "never changes", true },
  { "DELETE FROM advisory_event", "never removed", true },
  { "UPDATE advisory_event SET by = 'x'", "never change", true },
  { "INSERT INTO advisory_event (advisory, event, content, by, \"user\", day, at)"
    " VALUES (1, 'approve', zeroblob(32), 'a', 3, '2031-01-01', 'x')",
    "has its history", true },
  { "INSERT INTO notice (kind, due_on, created_at) VALUES ('withdrawal', '2031-01-01', 'x')",
    "CHECK constraint failed", true },
  { "INSERT INTO notice (kind, plan, due_on, created_at) VALUES ('security-advisory', 1, '2031-01-01', 'x')",
    "of an advisory where a person writes it", true },
  { "INSERT INTO notice (kind, advisory, due_on, created_at) VALUES ('security-advisory', 1, '2032-01-01', "
    "'x')",
    "UNIQUE constraint failed", true },
};

START_TEST(test_other_programs)
{
  g_autoptr(Db) db = base_installed();
  g_autofree char *script = g_strconcat(statements[_i].sql, ";", NULL);
  g_autofree char *said = NULL;
  AdvisoryTelling telling;

  people_add(db);
  gint64 id = draft(db, SATO, NULL, "一", PUMP_1);

  ck_assert(step(db, APPROVER, "approve", id, &telling, NULL));
  if (statements[_i].published)
    ck_assert(step(db, SATO, "publish", id, &telling, NULL));
  ck_assert_int_ne(scratch_shell("kigen.db", script, &said), 0);
  ck_assert_msg(strstr(said, statements[_i].said) != NULL, "%s: %s", statements[_i].sql, said);
}
END_TEST

/* A draft cannot be passed off as approved, nor one that was changed behind its approval published. */
START_TEST(test_forged_approval)
{
  g_autoptr(Db) db = base_installed();
  g_autofree char *said = NULL;
  g_autofree char *refused = NULL;
  AdvisoryTelling telling;

  people_add(db);
  gint64 id = draft(db, SATO, NULL, "一", PUMP_1);

  ck_assert_int_ne(scratch_shell("kigen.db", "UPDATE advisory SET state = 'approved';", &said), 0);
  ck_assert_int_ne(
      scratch_shell("kigen.db",
                    "INSERT INTO advisory_event (advisory, event, content, by, \"user\", day, at)"
                    " VALUES (1, 'approve', zeroblob(32), 's', 1, '2031-01-01', 'x');",
                    NULL),
      0);
  ck_assert(step(db, APPROVER, "approve", id, &telling, NULL));
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "DROP TRIGGER advisory_update; UPDATE advisory SET title_ja = 'anders';",
                                 NULL),
                   0);
  ck_assert(!step(db, SATO, "publish", id, &telling, &refused));
  ck_assert_ptr_nonnull(strstr(refused, "is not what"));
}
END_TEST

START_TEST(test_unknown_release_is_refused)
{
  g_autoptr(Db) db = base_installed();
  const char *const releases[] = { "PUMP/9.9", NULL };
  g_autoptr(Advisory) content = content_of("一", releases);
  g_autoptr(GError) error = NULL;
  bool changed;
  gint64 id;

  assert_done(db_begin(db, ERR));
  ck_assert(!advisory_store_put_draft(db, &base_context, NULL, content, NULL, &id, &changed, &error));
  db_rollback(db);
  ck_assert(g_error_matches(error, ADVISORY_STORE_ERROR, ADVISORY_STORE_ERROR_RELEASE));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM advisory"), 0);
}
END_TEST

/* Nobody holds it: it is published all the same, and whoever comes later is told. */
START_TEST(test_nobody_yet)
{
  g_autoptr(Db) db = base_installed();
  AdvisoryTelling telling = publish(db, draft(db, 0, NULL, "一", VIEW));

  ck_assert_int_eq(telling.organizations, 0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM notice WHERE advisory = 1"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action LIKE 'advisory.%'"), 2);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("advisory_store");
  TCase *tests = tcase_create("advisory_store");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_test(tests, test_numbers_and_revisions);
  tcase_add_test(tests, test_thrown_away);
  tcase_add_test(tests, test_the_same_changes_nothing);
  tcase_add_test(tests, test_audience);
  tcase_add_test(tests, test_market);
  tcase_add_test(tests, test_newcomers);
  tcase_add_test(tests, test_correction);
  tcase_add_test(tests, test_withdrawal);
  tcase_add_test(tests, test_digest);
  tcase_add_loop_test(tests, test_two_people, 0, (int)G_N_ELEMENTS(people));
  tcase_add_test(tests, test_author_never_approves);
  tcase_add_loop_test(tests, test_other_programs, 0, (int)G_N_ELEMENTS(statements));
  tcase_add_test(tests, test_forged_approval);
  tcase_add_test(tests, test_unknown_release_is_refused);
  tcase_add_test(tests, test_nobody_yet);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
