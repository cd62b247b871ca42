/* The invariant against any program: statements through the real sqlite3 shell, foreign keys off. After each
 * of them no row has EOL = EOS without a declared plan or EOL after EOS, and what was published is as it was.
 */

#include "tests/db/invariant.h"
#include "tests/support/run.h"

#include <string.h>

typedef enum { REFUSED, TAKEN } Verdict;

typedef struct {
  const char *sql;
  Verdict verdict;
} Attempt;

#define NEW_PLAN                                                                                             \
  "support_plan (release, market, revision, state, author, created_at, eol, eos, limited_support_doc)"
#define SAME "'2033-03-31', '2033-03-31'"

/* EOL, EOS and what declares: every verb and every conflict clause. */
static const Attempt dates[] = {
  { "INSERT INTO " NEW_PLAN " VALUES (2, '*', 2, 'draft', 'a', 'x', " SAME ", NULL)", REFUSED },
  { "INSERT OR ABORT INTO " NEW_PLAN " VALUES (2, '*', 2, 'draft', 'a', 'x', " SAME ", NULL)", REFUSED },
  { "INSERT OR REPLACE INTO " NEW_PLAN " VALUES (2, '*', 2, 'draft', 'a', 'x', " SAME ", NULL)", REFUSED },
  { "REPLACE INTO " NEW_PLAN " VALUES (3, '*', 1, 'draft', 'a', 'x', " SAME ", NULL)", REFUSED },
  { "INSERT OR IGNORE INTO " NEW_PLAN " VALUES (2, '*', 2, 'draft', 'a', 'x', " SAME ", NULL)", TAKEN },
  { "INSERT OR FAIL INTO " NEW_PLAN " VALUES (2, '*', 2, 'draft', 'a', 'x', " SAME ", NULL)", REFUSED },
  { "BEGIN; INSERT OR ROLLBACK INTO " NEW_PLAN " VALUES (2, '*', 2, 'draft', 'a', 'x', " SAME
    ", NULL); COMMIT",
    REFUSED },
  { "INSERT INTO " NEW_PLAN " VALUES (2, '*', 2, 'draft', 'a', 'x', '2033-03-31', '2033-03-30', 'LSP-9')",
    REFUSED },
  { "INSERT INTO " NEW_PLAN " VALUES (2, '*', 2, 'draft', 'a', 'x', '2033-03-31', '2035-03-31', NULL),"
    " (2, 'EU', 1, 'draft', 'a', 'x', " SAME ", NULL)",
    REFUSED },
  { "INSERT OR FAIL INTO " NEW_PLAN
    " VALUES (2, 'US', 1, 'draft', 'a', 'x', '2033-03-31', '2035-03-31', NULL),"
    " (2, 'EU', 1, 'draft', 'a', 'x', " SAME ", NULL)",
    REFUSED },
  { "INSERT INTO " NEW_PLAN
    " SELECT release, 'JP', 1, 'draft', author, created_at, eol, eol, '' FROM support_plan",
    REFUSED },
  { "WITH d (day) AS (VALUES ('2033-03-31')) INSERT INTO " NEW_PLAN
    " SELECT 2, 'JP', 1, 'draft', 'a', 'x', day, day, ' ' FROM d",
    REFUSED },
  { "INSERT INTO " NEW_PLAN " VALUES (3, '*', 1, 'draft', 'a', 'x', NULL, NULL, NULL)"
    " ON CONFLICT (release, market, revision) DO UPDATE SET eos = eol",
    REFUSED },
  { "INSERT INTO " NEW_PLAN " VALUES (3, '*', 1, 'draft', 'a', 'x', " SAME ", 'LSP-9')"
    " ON CONFLICT (release, market, revision) DO UPDATE SET eol = excluded.eol, eos = excluded.eos",
    REFUSED },
  { "INSERT INTO " NEW_PLAN " VALUES (3, '*', 1, 'draft', 'a', 'x', " SAME ", NULL)"
    " ON CONFLICT DO NOTHING",
    REFUSED },
  { "UPDATE support_plan SET eos = eol WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = eol", REFUSED },
  { "UPDATE OR REPLACE support_plan SET eos = eol WHERE id = 4", REFUSED },
  { "UPDATE OR IGNORE support_plan SET eos = eol WHERE id = 4", TAKEN },
  { "UPDATE OR FAIL support_plan SET eos = eol WHERE id = 4", REFUSED },
  { "UPDATE OR ROLLBACK support_plan SET eol = eos WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2036-01-01' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET (eol, eos) = ('2036-01-01', '2035-01-01') WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = p.eol FROM support_plan p WHERE p.id = support_plan.id AND p.id = 4",
    REFUSED },
  { "UPDATE support_plan SET eol = d.day, eos = d.day FROM (SELECT '2040-01-01' AS day) d WHERE id = 4",
    REFUSED },
  { "UPDATE support_plan SET eol = x'323033332d30332d3331' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = CAST(x'323033352d30332d3331' AS TEXT) WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = 20330331 WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = 2463323.5, eos = 2463323.5 WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2030-02-31' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2030-02-30', eos = '2030-03-02' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2031-02-29' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = ' 2030-01-01' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2030-01-01 ' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2030-1-01' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2030-1-1  ' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '0000-01-01' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2030/01/01' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '２０３０-01-01' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2030-01-01' || char(0) WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '2030-01-01' || char(0) || 'x', eos = '2030-01-01' WHERE id = 4",
    REFUSED },
  { "UPDATE support_plan SET eol = 'tba' || char(0) WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = 'TBA' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = 'now', eos = 'now' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eol = '12:00:00.0' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = '   ' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = char(9, 10, 13) WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = '　' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = char(8203, 65279, 8204, 8205, 8288) WHERE id = "
    "4",
    REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = char(160, 173, 12644, 10240) WHERE id = 4",
    REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = char(0) WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = char(0) || 'LSP-9' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = ' ' || char(0) || 'LSP-9' WHERE id = 4",
    REFUSED },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = x'4c53502d39' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET limited_support_doc = NULL WHERE eol = eos", REFUSED },
  /* What the invariant lets through. */
  { "UPDATE support_plan SET eol = 'tba', eos = 'tba' WHERE id = 5", TAKEN },
  { "UPDATE support_plan SET eos = eol, limited_support_doc = '　LSP-9　' WHERE id = 4", TAKEN },
  { "UPDATE support_plan SET eos = '2040-02-29', limited_support_doc = NULL WHERE id = 4", TAKEN },
  { "INSERT OR REPLACE INTO " NEW_PLAN
    " VALUES (3, '*', 1, 'draft', 'a', 'x', '2033-03-31', '2033-04-01', NULL)",
    TAKEN },
};

/* What was published, and the trails. */
static const Attempt published[] = {
  { "UPDATE support_plan SET eol = '2032-01-01' WHERE id = 2", REFUSED },
  { "UPDATE support_plan SET eos = 'tba' WHERE state = 'published'", REFUSED },
  { "UPDATE support_plan SET limited_support_doc = 'X' WHERE id = 1", REFUSED },
  { "UPDATE support_plan SET state = 'draft' WHERE id = 2", REFUSED },
  { "UPDATE support_plan SET state = 'published' WHERE id = 1", REFUSED },
  { "UPDATE support_plan SET state = 'published' WHERE id = 3", REFUSED },
  { "UPDATE support_plan SET reason = 'another' WHERE id = 2", REFUSED },
  { "UPDATE support_plan SET id = 77 WHERE id = 2", REFUSED },
  { "UPDATE support_plan SET rowid = 77 WHERE id = 2", REFUSED },
  { "UPDATE support_plan SET release = 3 WHERE id = 2", REFUSED },
  { "UPDATE support_plan SET market = 'EU' WHERE id = 2", REFUSED },
  { "UPDATE support_plan SET id = -id", REFUSED },
  { "DELETE FROM support_plan WHERE id = 2", REFUSED },
  { "DELETE FROM support_plan", REFUSED },
  { "REPLACE INTO support_plan SELECT * FROM support_plan", REFUSED },
  { "INSERT OR REPLACE INTO support_plan (id, release, market, revision, state, author, created_at)"
    " VALUES (2, 3, 'US', 9, 'draft', 'a', 'x')",
    REFUSED },
  { "INSERT OR REPLACE INTO " NEW_PLAN " VALUES (1, '*', 2, 'draft', 'a', 'x', NULL, NULL, NULL)", REFUSED },
  { "INSERT OR REPLACE INTO " NEW_PLAN " VALUES (1, NULL, 2, 'draft', 'a', 'x', NULL, NULL, NULL)", REFUSED },
  { "INSERT OR REPLACE INTO support_plan (release, revision, state, author, created_at) VALUES (1, 2, "
    "'draft', 'a', 'x')",
    REFUSED },
  { "INSERT OR REPLACE INTO support_plan (release, market, revision, state, author, created_at, published_on)"
    " VALUES (1, '*', 9, 'published', 'a', 'x', '2031-01-01')",
    REFUSED },
  { "INSERT OR REPLACE INTO support_plan (release, market, revision, state, author, created_at, published_on)"
    " VALUES (1, NULL, 9, 'published', 'a', 'x', '2031-01-01')",
    REFUSED },
  { "INSERT OR IGNORE INTO support_plan (release, market, revision, state, author, created_at, published_on)"
    " VALUES (1, '*', 9, 'published', 'a', 'x', '2031-01-01')",
    REFUSED },
  { "INSERT INTO " NEW_PLAN " VALUES (1, '*', 2, 'draft', 'a', 'x', NULL, NULL, NULL)"
    " ON CONFLICT (release, market, revision) DO UPDATE SET eol = NULL",
    REFUSED },
  { "UPDATE OR REPLACE support_plan SET state = 'published', published_on = '2031-01-01' WHERE id = 4",
    REFUSED },
  { "UPDATE OR REPLACE support_plan SET id = 2 WHERE id = 4", REFUSED },
  { "UPDATE OR REPLACE support_plan SET rowid = 1 WHERE id = 5", REFUSED },
  { "UPDATE OR REPLACE support_plan SET revision = 2 WHERE id = 4", REFUSED },
  { "UPDATE OR REPLACE support_plan SET release = 2 , revision = 1 WHERE id = 4", REFUSED },
  { "UPDATE OR REPLACE support_plan SET market = NULL, revision = 2 WHERE id = 4", REFUSED },
  { "UPDATE OR REPLACE support_plan SET market = 'EU' WHERE id = 5", REFUSED },
  { "UPDATE OR IGNORE support_plan SET state = 'published', published_on = '2031-01-01' WHERE id = 4",
    REFUSED },
  { "INSERT INTO service_line (plan, kind, until) VALUES (2, 'telephone', '2035-03-31')", REFUSED },
  { "UPDATE service_line SET until = '2036-03-31' WHERE plan = 6", REFUSED },
  { "UPDATE service_line SET plan = 2 WHERE plan = 4", REFUSED },
  { "UPDATE OR REPLACE service_line SET plan = 6 WHERE plan = 4", REFUSED },
  { "INSERT OR REPLACE INTO service_line (plan, kind, until) VALUES (6, 'parts', '2036-03-31')", REFUSED },
  { "DELETE FROM service_line WHERE plan = 6", REFUSED },
  { "DELETE FROM service_line", REFUSED },
  { "UPDATE audit SET action = 'nothing'", REFUSED },
  { "UPDATE OR REPLACE audit SET id = 1 WHERE id = 2", REFUSED },
  { "DELETE FROM audit WHERE id = 2", REFUSED },
  { "INSERT OR REPLACE INTO audit VALUES (1, 1, 'y', 'y', 'forged', zeroblob(32), zeroblob(32))", REFUSED },
  { "INSERT INTO audit VALUES (9, 1, 'y', 'y', 'forged', zeroblob(32), zeroblob(32))", REFUSED },
  { "INSERT INTO audit (version, at, day, action, digest, hash) VALUES (1, 'y', 'y', 'x', zeroblob(32), "
    "zeroblob(32))",
    REFUSED },
  { "REPLACE INTO audit_payload VALUES (1, zeroblob(32), '{\"forged\":1}')", REFUSED },
  { "UPDATE audit_payload SET payload = '{\"forged\":1}'", REFUSED },
  { "BEGIN; DELETE FROM audit_payload WHERE audit = 1; INSERT INTO audit_payload VALUES (1, zeroblob(32), "
    "'{\"forged\":1}'); COMMIT",
    REFUSED },
  { "UPDATE outbox_event SET state = 'failed'", REFUSED },
  { "UPDATE outbox_event SET detail = NULL", REFUSED },
  { "DELETE FROM outbox_event", REFUSED },
  { "INSERT OR REPLACE INTO outbox_event VALUES (1, 1, 'x', '2031-03-31', 1, 'failed', NULL)", REFUSED },
  /* An erased person has no address, and no context. */
  { "INSERT INTO contact (organization, name, email, erased_on) VALUES (1, 'x', 'a@b.example', '2031-03-31')",
    REFUSED },
  { "INSERT INTO contact (organization, name, channel, erased_on) VALUES (1, 'x', 'fax', '2031-03-31')",
    REFUSED },
  { "INSERT INTO contact (organization, name, erased_key) VALUES (1, 'x', zeroblob(32))", REFUSED },
  { "INSERT INTO message_context (outbox, context, date, boundary_seed, template_set, renderer, sha256,"
    " erased_on) VALUES (1, '{}', 'x', 'x', 'x', 'x', 'x', '2031-03-31')",
    REFUSED },
  /* What may be: a draft is anybody's. */
  { "UPDATE support_plan SET reason = 'why' WHERE id = 4", TAKEN },
  { "DELETE FROM support_plan WHERE id = 5", TAKEN },
};

/* What happened to a draft belongs to it: an event of plan 4 stands in the store. */
static const char history[] =
    "INSERT INTO plan_event (id, plan, event, content, by, day, at) SELECT 1, 4, 'set',"
    " zeroblob(32), 'a', '2031-03-31', 'x' WHERE NOT EXISTS (SELECT 1 FROM plan_event);";
#define NEW_EVENT "plan_event (plan, event, content, by, day, at)"
static const Attempt histories[] = {
  { "REPLACE INTO " NEW_PLAN " VALUES (1, '*', 3, 'draft', 'a', 'x', NULL, NULL, NULL)", REFUSED },
  { "INSERT INTO " NEW_PLAN " VALUES (1, '*', 3, 'draft', 'a', 'x', NULL, NULL, NULL)"
    " ON CONFLICT (release, market, revision) DO UPDATE SET eol = NULL",
    REFUSED },
  { "REPLACE INTO " NEW_PLAN " VALUES (1, '*', 8, 'draft', 'a', 'x', NULL, NULL, NULL)", REFUSED },
  { "INSERT OR REPLACE INTO support_plan (id, release, revision, state, author, created_at)"
    " VALUES (4, 2, 7, 'draft', 'a', 'x')",
    REFUSED },
  { "UPDATE OR REPLACE support_plan SET id = 4 WHERE id = 5", REFUSED },
  { "UPDATE support_plan SET id = 44 WHERE id = 4", REFUSED },
  { "UPDATE OR REPLACE support_plan SET release = 1, revision = 3 WHERE id = 5", REFUSED },
  { "UPDATE OR REPLACE support_plan SET release = 1, revision = 9 WHERE id = 5", REFUSED },
  { "UPDATE plan_event SET by = 'b'", REFUSED },
  { "DELETE FROM plan_event", REFUSED },
  { "INSERT OR REPLACE INTO plan_event (id, plan, event, content, by, day, at) VALUES"
    " (1, 4, 'set', zeroblob(32), 'b', '2031-03-31', 'x')",
    REFUSED },
  { "INSERT INTO " NEW_EVENT " VALUES (2, 'set', zeroblob(32), 'b', '2031-03-31', 'x')", REFUSED },
  { "INSERT INTO " NEW_EVENT " VALUES (2, 'approve', zeroblob(32), 'b', '2031-03-31', 'x')", REFUSED },
  { "INSERT INTO " NEW_EVENT " VALUES (4, 'set', zeroblob(31), 'b', '2031-03-31', 'x')", REFUSED },
  { "UPDATE support_plan SET state = 'approved' WHERE id = 4", REFUSED },
  { "UPDATE support_plan SET eos = 'tba' WHERE id = 4", TAKEN },
  { "DELETE FROM support_plan WHERE id = 4", TAKEN },
};

/* With PRAGMA ignore_check_constraints = ON there is no violated CHECK for OR IGNORE to skip: the triggers
 * refuse. */
static bool refused_without_checks(const Attempt *attempt)
{
  return strstr(attempt->sql, "IGNORE") == NULL && strstr(attempt->sql, "DO NOTHING") == NULL;
}

/* All that must never change, as one text. */
static char *frozen(Db *db)
{
  return scratch_text(
      db,
      "SELECT (SELECT group_concat(json_array(id, release, market, revision, state, general_availability, "
      "end_of_sale,"
      " security_support_end, eol, eos, parts_until, repair_until, limited_support_doc, "
      "limited_support_duties,"
      " limited_support_duties_en, announced_on, presented_on, author, reason, created_at, published_by, "
      "published_on,"
      " published_at, withdrawn_on, withdrawn_at)) FROM (SELECT * FROM support_plan WHERE id IN (1, 2, 3, 6) "
      "ORDER BY id))"
      " || (SELECT count(*) FROM support_plan WHERE state IN ('published', 'superseded', 'withdrawn'))"
      " || (SELECT group_concat(json_array(plan, kind, until, terms_ja)) FROM service_line WHERE plan IN (1, "
      "2, 3, 6))"
      " || (SELECT group_concat(json_array(id, version, at, day, action, hex(digest), hex(hash))) FROM audit)"
      " || (SELECT group_concat(json_array(audit, hex(salt), payload)) FROM audit_payload)"
      " || (SELECT group_concat(json_array(id, outbox, at, day, attempt, state, detail)) FROM outbox_event)");
}

static void try_all(const char *before, const Attempt *attempts, gsize n, bool (*picks)(const Attempt *))
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", invariant_fill, &said) == 0, "%s", said);
  g_autofree char *expected = frozen(db);

  ck_assert_ptr_nonnull(expected);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *script = g_strconcat("PRAGMA foreign_keys = OFF;", before, attempts[i].sql, ";\n", NULL);
    g_autofree char *output = NULL;

    if (picks != NULL && !picks(&attempts[i])) {
      continue;
    }
    bool refused = scratch_shell("kigen.db", script, &output) != 0;
    g_autofree char *now = frozen(db);

    ck_assert_msg(refused == (attempts[i].verdict == REFUSED), "%s was %s: %s", attempts[i].sql,
                  refused ? "refused" : "taken", output);
    g_autofree char *fault = invariant_fault(db);

    ck_assert_msg(fault == NULL, "after %s: %s", attempts[i].sql, fault);
    ck_assert_msg(g_strcmp0(now, expected) == 0, "after %s:\n%s\nwas:\n%s", attempts[i].sql, now, expected);
  }
}

START_TEST(test_dates)
{
  ck_assert_uint_ge(G_N_ELEMENTS(dates), 40);
  try_all("", dates, G_N_ELEMENTS(dates), NULL);
}
END_TEST

START_TEST(test_published)
{
  try_all("", published, G_N_ELEMENTS(published), NULL);
}
END_TEST

START_TEST(test_histories)
{
  try_all(history, histories, G_N_ELEMENTS(histories), NULL);
}
END_TEST

START_TEST(test_recursive_triggers)
{
  try_all("PRAGMA recursive_triggers = ON;", published, G_N_ELEMENTS(published), NULL);
}
END_TEST

START_TEST(test_ignored_checks)
{
  try_all("PRAGMA ignore_check_constraints = ON;", dates, G_N_ELEMENTS(dates), refused_without_checks);
}
END_TEST

START_TEST(test_message_names_the_rule)
{
  static const struct {
    const char *before;
    const char *sql;
    const char *word;
  } cases[] = {
    { "", "UPDATE support_plan SET eos = eol WHERE id = 4",
      "LSP-1: EOL and EOS coincide without a declared" },
    { "", "UPDATE support_plan SET eol = '2036-01-01' WHERE id = 4", "ORD-1: EOL after EOS" },
    { "PRAGMA ignore_check_constraints = ON;", "UPDATE support_plan SET eos = eol WHERE id = 4", "LSP-1" },
    { "", "DELETE FROM support_plan WHERE id = 2", "withdraw it" },
  };
  g_autoptr(Db) db = scratch_store("kigen.db");

  ck_assert_int_eq(scratch_shell("kigen.db", invariant_fill, NULL), 0);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *script = g_strconcat(cases[i].before, cases[i].sql, ";", NULL);
    g_autofree char *output = NULL;

    ck_assert_msg(scratch_shell("kigen.db", script, &output) != 0, "%s", cases[i].sql);
    ck_assert_msg(strstr(output, cases[i].word) != NULL, "%s: %s", cases[i].sql, output);
  }
}
END_TEST

START_TEST(test_deleted_draft_leaves_no_lines)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  ck_assert_int_eq(scratch_shell("kigen.db", invariant_fill, NULL), 0);
  ck_assert_int_eq(
      scratch_shell("kigen.db", "PRAGMA foreign_keys = OFF; DELETE FROM support_plan WHERE id = 4;", NULL),
      0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM service_line WHERE plan = 4"), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("invariant");
  TCase *shell = tcase_create("shell");

  tcase_set_timeout(shell, 60);
  tcase_add_checked_fixture(shell, scratch_setup, scratch_teardown);
  tcase_add_test(shell, test_dates);
  tcase_add_test(shell, test_published);
  tcase_add_test(shell, test_histories);
  tcase_add_test(shell, test_recursive_triggers);
  tcase_add_test(shell, test_ignored_checks);
  tcase_add_test(shell, test_message_names_the_rule);
  tcase_add_test(shell, test_deleted_draft_leaves_no_lines);
  suite_add_tcase(suite, shell);
  return run_suite(suite);
}
