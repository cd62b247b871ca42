/* Thousands of generated INSERT, UPDATE, DELETE, REPLACE and UPSERT statements through the real sqlite3
 * shell, with and without foreign keys, recursive triggers and CHECKs: what must never be, never is. A
 * failure prints its seed and the script that did it; KIGEN_RANDOM_SEED runs that store alone. */

#include "tests/db/invariant.h"
#include "tests/support/run.h"

#include <stdio.h>
#include <string.h>

#define STORES 40
#define BATCHES 4
#define STATEMENTS 50
#define FIRST_SEED 9600u

/* People, and what they have written so far; a plan that waits for approval. */
static const char people[] = "INSERT INTO \"user\" (id, name, full_name, created_at) VALUES (1, 'sato', 'A', "
                             "'x'), (2, 'suzuki', 'B', 'x');"
                             "INSERT INTO user_role VALUES (1, 'planner'), (2, 'approver');"
                             "INSERT INTO plan_event (id, plan, event, content, by, \"user\", day, at) VALUES"
                             " (1, 4, 'set', zeroblob(32), 'sato', 1, '2031-03-31', 'x'),"
                             " (2, 5, 'set', zeroblob(32), 'sato', 1, '2031-03-31', 'x'),"
                             " (3, 5, 'submit', zeroblob(32), 'sato', 1, '2031-03-31', 'x');"
                             "UPDATE support_plan SET state = 'submitted' WHERE id = 5;";

static const char *const day_words[] = {
  "NULL",
  "'tba'",
  "'2031-03-31'",
  "'2033-03-31'",
  "'2033-03-31'",
  "'2034-03-31'",
  "'2035-03-31'",
  "'2100-02-28'",
  "'2100-02-29'",
  "'2096-02-29'",
  "'2031-02-29'",
  "'1999-12-31'",
  "'TBA'",
  "''",
  "'2030/01/01'",
  "20330331",
  "2463323.5",
  "x'323033332d30332d3331'",
  "'2033-03-31' || char(0)",
  "' 2033-03-31'",
  "date('2033-03-31')",
  "date('2033-03-31', '+1 day')",
  "CAST(x'323033352d30332d3331' AS TEXT)",
  "(SELECT max(eos) FROM support_plan WHERE eos <> 'tba')",
  "(SELECT min(eol) FROM support_plan)",
};
static const char *const doc_words[] = {
  "NULL",      "''",         "' '",     "'　'",    "char(8203, 65279)",
  "char(0)",   "'LSP-9'",    "'LSP-9'", "'LSP-9'", "char(0) || 'LSP-9'",
  "x'4c5350'", "char(9, 10)"
};
static const char *const state_words[] = { "'draft'",     "'draft'",     "'submitted'",
                                           "'approved'",  "'published'", "'superseded'",
                                           "'withdrawn'", "'nothing'",   "NULL" };
static const char *const ids[] = { "1", "2", "3", "4", "4", "5", "5", "6", "7", "8", "NULL", "99" };
static const char *const releases[] = { "1", "1", "2", "3", "3", "77" };
static const char *const markets[] = { "'*'", "'*'", "'EU'", "'JP'", "NULL" };
static const char *const revisions[] = { "1", "2", "3", "3", "4", "9", "-1" };
static const char *const conflicts[] = {
  "", "", "", " OR REPLACE", " OR IGNORE", " OR ROLLBACK", " OR FAIL", " OR ABORT"
};
static const char *const wheres[] = { "id = 4",
                                      "id = 5",
                                      "id = 2",
                                      "id = 6",
                                      "state = 'draft'",
                                      "id IN (4, 5)",
                                      "eol = eos",
                                      "market = '*'",
                                      "id > 6",
                                      "id BETWEEN 1 AND 9",
                                      "state NOT IN ('published', 'superseded', 'withdrawn')",
                                      "1" };
static const char *const events[] = { "'set'",      "'submit'",  "'approve'", "'approve'",
                                      "'override'", "'publish'", "'x'" };
static const char *const users[] = { "1", "2", "2", "NULL", "9" };
static const char *const line_kinds[] = { "'parts'", "'telephone'", "'nothing'" };

#define PICK(random, words) pick(random, words, G_N_ELEMENTS(words))

static const char *pick(GRand *random, const char *const *words, gsize n)
{
  return words[g_rand_int_range(random, 0, (gint32)n)];
}

static bool chance(GRand *random, int percent)
{
  return g_rand_int_range(random, 0, 100) < percent;
}

/* "eol = …, state = …" of one to four columns. */
static void add_assignments(GString *sql, GRand *random)
{
  static const char *const columns[] = { "eol",    "eol",      "eos",
                                         "eos",    "state",    "limited_support_doc",
                                         "reason", "revision", "release",
                                         "id",     "market",   "published_on" };
  gint32 n = g_rand_int_range(random, 1, 5);

  for (gint32 i = 0; i < n; i++) {
    const char *column = PICK(random, columns);
    const char *value = strcmp(column, "state") == 0                       ? PICK(random, state_words)
                        : strcmp(column, "limited_support_doc") == 0       ? PICK(random, doc_words)
                        : strcmp(column, "revision") == 0                  ? PICK(random, revisions)
                        : strcmp(column, "release") == 0                   ? PICK(random, releases)
                        : strcmp(column, "market") == 0                    ? PICK(random, markets)
                        : strcmp(column, "id") == 0                        ? PICK(random, ids)
                        : strcmp(column, "eol") == 0 && chance(random, 25) ? "eos"
                        : strcmp(column, "eos") == 0 && chance(random, 25) ? "eol"
                                                                           : PICK(random, day_words);

    g_string_append_printf(sql, "%s%s = %s", i > 0 ? ", " : "", column, value);
  }
}

static void add_plan_row(GString *sql, GRand *random)
{
  g_string_append_printf(sql, "(%s, %s, %s, %s, %s, 'a', 'x', %s, %s, %s, %s)",
                         chance(random, 50) ? "NULL" : PICK(random, ids), PICK(random, releases),
                         PICK(random, markets), PICK(random, revisions), PICK(random, state_words),
                         PICK(random, day_words), PICK(random, day_words), PICK(random, doc_words),
                         chance(random, 50) ? "NULL" : "'2031-01-01'");
}

static void insert_plan(GString *sql, GRand *random)
{
  static const char *const upserts[] = { "",
                                         "",
                                         "",
                                         " ON CONFLICT DO NOTHING",
                                         " ON CONFLICT (release, market, revision) DO UPDATE SET ",
                                         " ON CONFLICT (id) DO UPDATE SET " };
  const char *upsert = PICK(random, upserts);

  g_string_append_printf(
      sql,
      "%s INTO support_plan (id, release, market, revision, state, author, created_at, eol,"
      " eos, limited_support_doc, published_on) VALUES ",
      chance(random, 15) ? "REPLACE" : "INSERT");
  if (sql->str[0] == 'I')
    g_string_insert(sql, 6, PICK(random, conflicts));
  add_plan_row(sql, random);
  if (chance(random, 15)) {
    g_string_append(sql, ", ");
    add_plan_row(sql, random);
  }
  if (sql->str[0] == 'I')
    g_string_append(sql, upsert);
  if (sql->str[0] == 'I' && g_str_has_suffix(upsert, "SET "))
    add_assignments(sql, random);
}

static void update_plan(GString *sql, GRand *random)
{
  g_string_append_printf(sql, "UPDATE%s support_plan SET ", PICK(random, conflicts));
  add_assignments(sql, random);
  g_string_append_printf(sql, " WHERE %s", PICK(random, wheres));
}

static void delete_plan(GString *sql, GRand *random)
{
  g_string_append_printf(sql, "DELETE FROM support_plan WHERE %s", PICK(random, wheres));
}

static void change_lines(GString *sql, GRand *random)
{
  switch (g_rand_int_range(random, 0, 3)) {
  case 0:
    g_string_append_printf(sql, "INSERT%s INTO service_line (plan, kind, until) VALUES (%s, %s, %s)",
                           PICK(random, conflicts), PICK(random, ids), PICK(random, line_kinds),
                           PICK(random, day_words));
    return;
  case 1:
    g_string_append_printf(sql, "UPDATE%s service_line SET plan = %s, until = %s WHERE plan = %s",
                           PICK(random, conflicts), PICK(random, ids), PICK(random, day_words),
                           PICK(random, ids));
    return;
  default:
    g_string_append_printf(sql, "DELETE FROM service_line WHERE plan = %s", PICK(random, ids));
  }
}

static void change_events(GString *sql, GRand *random)
{
  switch (g_rand_int_range(random, 0, 6)) {
  case 0:
    g_string_append_printf(sql, "UPDATE%s plan_event SET \"user\" = %s WHERE plan = %s",
                           PICK(random, conflicts), PICK(random, users), PICK(random, ids));
    return;
  case 1:
    g_string_append_printf(sql, "DELETE FROM plan_event WHERE plan = %s", PICK(random, ids));
    return;
  default: {
    const char *event = PICK(random, events);

    g_string_append_printf(sql,
                           "INSERT%s INTO plan_event (id, plan, event, rule, content, by, \"user\", day, at)"
                           " VALUES (%s, %s, %s, %s, zeroblob(32), 'z', %s, '2031-03-31', 'x')",
                           PICK(random, conflicts), chance(random, 80) ? "NULL" : PICK(random, ids),
                           PICK(random, ids), event, strcmp(event, "'override'") == 0 ? "'LSP-3'" : "NULL",
                           PICK(random, users));
  }
  }
}

static void change_people(GString *sql, GRand *random)
{
  static const char *const texts[] = {
    "DELETE FROM \"user\"",
    "DELETE FROM \"user\" WHERE id = 2",
    "UPDATE \"user\" SET id = 9 WHERE id = 1",
    "REPLACE INTO \"user\" (id, name, full_name, created_at) VALUES (1, 'n', 'N', 'x')",
    "UPDATE \"user\" SET disabled_at = 'x' WHERE id = 2",
    "DELETE FROM user_role"
  };

  g_string_append(sql, PICK(random, texts));
}

/* What kigen itself does, on the way to an approved and a published plan: nothing would ever come that far by
 * chance. */
static void follow_the_way(GString *sql, GRand *random)
{
  const char *plan = PICK(random, ids);

  if (chance(random, 60))
    g_string_append_printf(sql,
                           "INSERT INTO plan_event (plan, event, content, by, \"user\", day, at) VALUES (%s,"
                           " 'approve', zeroblob(32), 'suzuki', 2, '2031-03-31', 'x');"
                           " UPDATE support_plan SET state = 'approved' WHERE id = %s",
                           plan, plan);
  else
    g_string_append(sql, "UPDATE support_plan SET state = 'superseded' WHERE state = 'published' AND id > 6;"
                         " UPDATE OR IGNORE support_plan SET state = 'published', published_on = '2031-01-01'"
                         " WHERE state = 'approved'");
}

static void add_statement(GString *script, GRand *random)
{
  static void (*const verbs[])(GString * sql, GRand * random) = {
    insert_plan,  insert_plan,   update_plan,   update_plan,    update_plan,    delete_plan,
    change_lines, change_events, change_events, follow_the_way, follow_the_way, change_people
  };
  g_autoptr(GString) sql = g_string_new(NULL);
  bool transaction = chance(random, 8);

  verbs[g_rand_int_range(random, 0, G_N_ELEMENTS(verbs))](sql, random);
  g_string_append_printf(script, "%s%s;%s\n", transaction ? "BEGIN; " : "", sql->str,
                         !transaction         ? ""
                         : chance(random, 70) ? " COMMIT;"
                                              : " ROLLBACK;");
}

/* A row each: what may never be different later. What is published may only be superseded or withdrawn. */
static const char frozen_plans[] =
    "SELECT group_concat(json_array(id, release, market, revision, general_availability, eol, eos,"
    " limited_support_doc, announced_on, author, reason, created_at, published_on,"
    " (SELECT group_concat(kind || until) FROM service_line l WHERE l.plan = p.id)), char(10))"
    " FROM (SELECT * FROM support_plan WHERE id IN (1, 2, 3, 6) ORDER BY id) p"
    " WHERE p.state IN ('published', 'superseded', 'withdrawn')";

/* Rows are faults. */
static const char *const faults[] = {
  "SELECT 'two published ' || release FROM support_plan WHERE state = 'published' GROUP BY release, market"
  " HAVING count(*) > 1",
  "SELECT 'came back ' || id FROM support_plan WHERE (id IN (1, 3) AND state IN ('published', 'draft', "
  "'submitted',"
  " 'approved')) OR (id IN (2, 6) AND state IN ('draft', 'submitted', 'approved'))",
  "SELECT 'approved by nobody else ' || s.id FROM support_plan s WHERE s.id NOT IN (1, 2, 3, 6)"
  " AND s.state IN ('approved', 'published', 'superseded', 'withdrawn') AND NOT EXISTS (SELECT 1 FROM "
  "plan_event a"
  "  JOIN \"user\" u ON u.id = a.\"user\" WHERE a.plan = s.id AND a.event = 'approve' AND NOT EXISTS (SELECT "
  "1"
  "  FROM plan_event w WHERE w.plan = s.id AND w.event IN ('set', 'submit') AND w.\"user\" = a.\"user\"))",
  "SELECT 'people are gone' WHERE (SELECT count(*) FROM \"user\" WHERE (id, name) IN (VALUES (1, 'sato'),"
  " (2, 'suzuki'))) <> 2",
  "SELECT 'an event is gone or another ' || x.id FROM (SELECT 1 AS id, 4 AS plan, 'set' AS event UNION ALL"
  " SELECT 2, 5, 'set' UNION ALL SELECT 3, 5, 'submit') x JOIN support_plan p ON p.id = x.plan AND p.author "
  "= 'a'"
  " AND p.reason IS NULL AND p.created_at = 'x' WHERE p.revision = (CASE x.plan WHEN 4 THEN 3 ELSE 1 END)"
  " AND p.release = (CASE x.plan WHEN 4 THEN 1 ELSE 3 END) AND EXISTS (SELECT 1 FROM plan_event e"
  "  WHERE e.id = x.id AND (e.event <> x.event OR e.\"user\" <> 1))",
};

/* What broke, or NULL. Own string. */
static char *find_fault(Db *db, const char *expected)
{
  g_autofree char *now = scratch_text(db, frozen_plans);
  char *fault = invariant_fault(db);

  if (fault == NULL && g_strcmp0(now, expected) != 0)
    fault = g_strdup_printf("%s\nwas\n%s", now, expected);
  for (gsize i = 0; fault == NULL && i < G_N_ELEMENTS(faults); i++)
    fault = scratch_text(db, faults[i]);
  return fault;
}

/* Longer than what check can carry in a message. */
static void give_up(guint32 seed, const char *script, const char *fault)
{
  fprintf(stderr, "%s\n", script);
  ck_abort_msg("KIGEN_RANDOM_SEED=%u, after the statements on standard error: %s", seed, fault);
}

/* Returns how many rows the statements changed. */
static gint64 attack(guint32 seed)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(seed);
  g_autofree char *name = g_strdup_printf("store-%u.db", seed);
  g_autoptr(Db) db = scratch_store(name);
  g_autofree char *expected = NULL;
  gint64 changed = 0;

  ck_assert_int_eq(scratch_shell(name, invariant_fill, NULL), 0);
  ck_assert_int_eq(scratch_shell(name, people, NULL), 0);
  expected = scratch_text(db, frozen_plans);
  for (int i = 0; i < BATCHES; i++) {
    g_autoptr(GString) script = g_string_new(NULL);
    g_autofree char *output = NULL;

    g_string_printf(
        script,
        "PRAGMA foreign_keys = %s; PRAGMA recursive_triggers = %s; PRAGMA ignore_check_constraints = %s;\n",
        chance(random, 50) ? "ON" : "OFF", chance(random, 50) ? "ON" : "OFF",
        chance(random, 30) ? "ON" : "OFF");
    for (int k = 0; k < STATEMENTS; k++)
      add_statement(script, random);
    g_string_append(script, "SELECT 'changed ' || total_changes();\n");
    scratch_shell(name, script->str, &output);
    const char *counted = strstr(output, "changed ");

    ck_assert_ptr_nonnull(counted);
    changed += g_ascii_strtoll(counted + strlen("changed "), NULL, 10);
    g_autofree char *fault = find_fault(db, expected);

    if (fault != NULL)
      give_up(seed, script->str, fault);
  }
  return changed;
}

START_TEST(test_random_statements)
{
  const char *one = g_getenv("KIGEN_RANDOM_SEED");
  guint64 seed = 0;
  gint64 changed = 0;

  if (one != NULL) {
    ck_assert(g_ascii_string_to_unsigned(one, 10, 0, G_MAXUINT32, &seed, NULL));
    attack((guint32)seed);
    return;
  }
  for (guint32 i = 0; i < STORES; i++)
    changed += attack(FIRST_SEED + i);
  /* it would prove nothing if all were refused */
  ck_assert_int_ge(changed, STORES * 15);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("invariant_random");
  TCase *shell = tcase_create("shell");

  /* thousands of transactions: kept in memory, they need no disk to prove anything */
  if (g_file_test("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv("TMPDIR", "/dev/shm", FALSE);
  tcase_set_timeout(shell, 300);
  tcase_add_checked_fixture(shell, scratch_setup, scratch_teardown);
  tcase_add_test(shell, test_random_statements);
  suite_add_tcase(suite, shell);
  return run_suite(suite);
}
