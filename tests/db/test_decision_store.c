#include "db/decision_store.h"
#include "tests/db/contact_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

static Db *db;

static void setup(void)
{
  scratch_setup();
  db = contact_base_store();
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

static bool add(const DecisionEntry *entry, gint64 *id, GError **error)
{
  bool done;

  assert_done(db_begin(db, ERR));
  done = decision_store_add(db, &base_context, entry, id, error);
  if (done)
    assert_done(db_commit(db, ERR));
  else
    db_rollback(db);
  return done;
}

static gint64 added(DecisionEntry entry)
{
  gint64 id = 0;

  assert_done(add(&entry, &id, ERR));
  return id;
}

static DecisionEntry entry(gint64 organization, gint64 device, DecisionKind kind, const char *person)
{
  return (DecisionEntry){ organization,
                          1,
                          device,
                          kind,
                          kind == DECISION_REPLACE ? base_context.today + 365 : DAY_NONE,
                          kind == DECISION_CONTINUE ? "院内網から分離" : NULL,
                          person,
                          NULL };
}

/* The kinds of the rows listed, "replace*" where in force. */
static char *listed(const char *pattern, bool history)
{
  g_autoptr(GPtrArray) rows = NULL;
  GString *text = g_string_new(NULL);

  assert_done(decision_store_list(db, 0, pattern, history, &rows, ERR));
  for (guint i = 0; i < rows->len; i++) {
    const DecisionRow *row = rows->pdata[i];

    g_string_append_printf(text, "%s%s:%s:%d%s", i > 0 ? " " : "", row->organization,
                           decision_kind_key(row->kind), (int)row->units, row->in_force ? "*" : "");
  }
  return g_string_free(text, FALSE);
}

static void assert_listed(const char *pattern, bool history, const char *expected)
{
  g_autofree char *text = listed(pattern, history);

  ck_assert_str_eq(text, expected);
}

START_TEST(test_last_one_counts)
{
  gint64 first = added(entry(1, 0, DECISION_ISOLATE, "佐々木 望"));

  ck_assert_int_eq(added(entry(1, 0, DECISION_ISOLATE, "佐々木 望")), first);
  added(entry(1, 1, DECISION_REPLACE, "佐々木 望"));
  added(entry(1, 0, DECISION_CONTINUE, "佐々木 望"));
  added(entry(1, 0, DECISION_ISOLATE, "佐々木 望"));
  added(entry(3, 3, DECISION_ISOLATE, "田中 実"));
  assert_listed(NULL, false, "KITA:isolate:3* KITA:replace:1* SITE:isolate:1*");
  assert_listed("PUMP/1.0", true,
                "KITA:isolate:3 KITA:continue:3 KITA:isolate:3* KITA:replace:1* SITE:isolate:1*");
  assert_listed("PUMP/2.*", true, "");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'decision.add'"), 5);
}
END_TEST

START_TEST(test_units_gone)
{
  added(entry(1, 1, DECISION_ISOLATE, "佐々木 望"));
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "UPDATE device SET status = 'disposed' WHERE id = 1");
  assert_done(db_commit(db, ERR));
  assert_listed(NULL, false, "");
  assert_listed(NULL, true, "KITA:isolate:0");
}
END_TEST

START_TEST(test_not_theirs)
{
  const DecisionEntry rows[] = {
    entry(1, 3, DECISION_ISOLATE, "x"), entry(1, 99, DECISION_ISOLATE, "x"),
    entry(5, 0, DECISION_ISOLATE, "x"), entry(4, 4, DECISION_ISOLATE, "x"),
    entry(4, 0, DECISION_ISOLATE, "x"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    gint64 id;

    ck_assert_msg(!add(&rows[i], &id, &error), "row %zu", i);
    ck_assert_msg(g_error_matches(error, DECISION_STORE_ERROR, DECISION_STORE_ERROR_HELD), "row %zu", i);
  }
}
END_TEST

/* The history stays, whatever program writes. */
START_TEST(test_append_only)
{
  const char *const refused[] = {
    "UPDATE decision SET kind = 'isolate', replace_by = NULL;",
    "UPDATE decision SET day = '2020-01-01';",
    "DELETE FROM decision;",
    "INSERT OR REPLACE INTO decision (id, organization, release, kind, person, day, at)"
    " VALUES (1, 1, 1, 'isolate', 'x', '2031-03-31', 'x');",
    "INSERT INTO decision (organization, release, kind, person, day, at) VALUES (1, 1, 'replace', 'x', "
    "'2031-03-31', 'x');",
    "INSERT INTO decision (organization, release, kind, controls, person, day, at)"
    " VALUES (1, 1, 'continue', ' ', 'x', '2031-03-31', 'x');",
  };

  added(entry(1, 1, DECISION_REPLACE, "佐々木 望"));
  for (gsize i = 0; i < G_N_ELEMENTS(refused); i++)
    ck_assert_msg(scratch_shell("kigen.db", refused[i], NULL) != 0, "row %zu", i);
  assert_listed(NULL, true, "KITA:replace:1*");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("decision_store");
  TCase *tcase = tcase_create("decision_store");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_last_one_counts);
  tcase_add_test(tcase, test_units_gone);
  tcase_add_test(tcase, test_not_theirs);
  tcase_add_test(tcase, test_append_only);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
