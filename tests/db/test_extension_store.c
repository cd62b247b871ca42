#include "db/extension_store.h"

#include "db/extension_day.h"
#include "db/extension_list.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* base_installed: every organization has 2 units of PUMP/1.0 and PUMP/2.0; H1 has devices S1 and S2 of them,
 * L1 is a lessor that owns S1. PUMP/1.0's EOS is 2038-03-31 (base_publish). */
static Db *db;

static void setup(void)
{
  scratch_setup();
  db = base_installed();
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO organization (id, code, name_ja, role) VALUES (20, 'L1', 'リース', 'lessor')");
  scratch_sql(db,
              "INSERT INTO device (id, product, release, software_release, serial, serial_key, organization)"
              " VALUES (1, 1, 1, NULL, 'S-1', 'S-1', 1), (2, 1, 1, 2, 'S-2', 'S-2', 1),"
              " (3, 1, 1, NULL, 'S-3', 'S-3', 3)");
  scratch_sql(db, "INSERT INTO custody (device, role, organization) VALUES (1, 'owner', 20)");
  scratch_sql(
      db,
      "INSERT INTO holding VALUES (1, 20, 'owner', 1, 1, 'l', '2025-04-01', NULL, '2025-04-01T00:00:00Z')");
  assert_done(db_commit(db, ERR));
  base_publish(db, 1, "2036-03-31");
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

static Day iso(const char *text)
{
  Day day;

  ck_assert_msg(day_parse(text, &day), "%s", text);
  return day;
}

/* In a transaction of its own; NULL on success, else the message (own string). */
static char *set(gint64 release, gint64 organization, const char *serial, const char *eos,
                 const char *reference)
{
  ExtensionRequest request = { release, organization, serial, serial, iso(eos), reference, "契約" };
  g_autoptr(GError) error = NULL;
  ExtensionResult result;

  assert_done(db_begin(db, ERR));
  if (!extension_store_set(db, &base_context, &request, &result, &error)) {
    db_rollback(db);
    return g_strdup(error->message);
  }
  assert_done(db_commit(db, ERR));
  return NULL;
}

static void set_done(gint64 organization, const char *serial, const char *eos)
{
  g_autofree char *message = set(1, organization, serial, eos, NULL);

  ck_assert_msg(message == NULL, "%s", message);
}

static char *end(gint64 id)
{
  g_autoptr(GError) error = NULL;

  assert_done(db_begin(db, ERR));
  if (!extension_store_end(db, &base_context, id, "解約", &error)) {
    db_rollback(db);
    return g_strdup(error->message);
  }
  assert_done(db_commit(db, ERR));
  return NULL;
}

/* "id until version ended_on" of all. */
static char *all(void)
{
  return scratch_text(
      db, "SELECT group_concat(line, '; ') FROM (SELECT id || ' ' || coalesce(until, '-') || ' v' ||"
          " version || coalesce(' ended ' || ended_on, '') AS line FROM extension ORDER BY id)");
}

static void assert_all(const char *expected)
{
  g_autofree char *text = all();

  ck_assert_str_eq(text, expected);
}

START_TEST(test_refused_cases)
{
  static const struct {
    gint64 release, organization;
    const char *serial, *eos, *message;
  } cases[] = {
    { 1, 4, NULL, "2040-03-31", "PUMP/1.0 of D4 to 2040-03-31: an extension is for a customer" },
    { 1, 5, NULL, "2040-03-31", "PUMP/1.0 of H5 to 2040-03-31: it has none" },
    { 2, 1, NULL, "2040-03-31", "PUMP/2.0 of H1 to 2040-03-31: no plan is in force" },
    { 1, 1, NULL, "2038-03-31", "never shortens it (EOS is 2038-03-31)" },
    { 1, 1, "S-3", "2040-03-31", "PUMP/1.0 of H1, device S-3 to 2040-03-31: the device is not theirs" },
    { 1, 20, "S-2", "2040-03-31", "the device is not theirs" }, /* the lessor owns only S-1 */
    { 1, 1, "S-9", "2040-03-31", "the device is not theirs" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *message =
        set(cases[i].release, cases[i].organization, cases[i].serial, cases[i].eos, NULL);

    ck_assert_msg(message != NULL && strstr(message, cases[i].message) != NULL, "case %zu: %s", i, message);
  }
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM extension"), 0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action LIKE 'extension%'"), 0);
}
END_TEST

START_TEST(test_set_replace_end)
{
  gint64 change = scratch_number(db, "SELECT coalesce(sum(n), 0) FROM change");

  set_done(1, NULL, "2040-03-31");
  assert_all("1 2040-03-31 v1");
  /* the same again: nothing */
  set_done(1, NULL, "2040-03-31");
  assert_all("1 2040-03-31 v1");
  ck_assert_int_eq(scratch_number(db, "SELECT sum(n) FROM change"), change + 1);
  /* only the contract's number: the customer's events show nothing of it */
  g_autofree char *message = set(1, 1, NULL, "2040-03-31", "C-7");

  ck_assert_ptr_null(message);
  assert_all("1 - v1 ended 2031-03-31; 2 2040-03-31 v0");
  set_done(1, NULL, "2039-03-31"); /* shorter than before, but not than the plan's */
  assert_all("1 - v1 ended 2031-03-31; 2 - v0 ended 2031-03-31; 3 2039-03-31 v1");
  g_autofree char *ended = end(3);

  ck_assert_ptr_null(ended);
  assert_all("1 - v1 ended 2031-03-31; 2 - v0 ended 2031-03-31; 3 2031-03-31 v2 ended 2031-03-31");
  g_autofree char *again = end(3);

  ck_assert_msg(strstr(again, "extension 3 was ended or replaced already") != NULL, "%s", again);
  set_done(1, NULL, "2041-03-31"); /* takes the place of the one that was ended */
  assert_all("1 - v1 ended 2031-03-31; 2 - v0 ended 2031-03-31; 3 - v2 ended 2031-03-31; 4 2041-03-31 v1");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'extension.set'"), 4);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'extension.end'"), 1);
}
END_TEST

START_TEST(test_end_what_ends_by_itself)
{
  base_context.today = iso("2031-03-31");
  set_done(1, NULL, "2040-03-31");
  base_context.today = iso("2040-03-31");
  g_autofree char *message = end(1);

  ck_assert_msg(strstr(message, "extension 1 ends by itself on 2040-03-31") != NULL, "%s", message);
  g_autofree char *none = end(2);

  ck_assert_msg(strstr(none, "no extension 2") != NULL, "%s", none);
}
END_TEST

/* Each scope has its own; a device's may not be shorter than that of all. */
START_TEST(test_scopes)
{
  set_done(1, NULL, "2040-03-31");
  set_done(1, "S-1", "2041-03-31");
  set_done(20, "S-1", "2039-03-31"); /* the owner's contract is another one */
  set_done(3, NULL, "2040-03-31");
  assert_all("1 2040-03-31 v1; 2 2041-03-31 v1; 3 2039-03-31 v1; 4 2040-03-31 v1");
  g_autofree char *message = set(1, 1, "S-2", "2040-03-31", NULL);

  ck_assert_msg(strstr(message, "would shorten it") != NULL, "%s", message);
}
END_TEST

/* A new revision, another day, a withdrawal: extensions stay with release and organization. */
START_TEST(test_list_states)
{
  static const struct {
    const char *change, *states; /* of H1's two, by `on` */
    const char *on;
  } steps[] = {
    { NULL, "all holds 2040-03-31, S-1 holds 2042-03-31", "2031-03-31" },
    { "UPDATE extension SET units = 0 WHERE device = 1", "all holds 2040-03-31, S-1 idle 2042-03-31",
      "2031-03-31" },
    { "UPDATE extension SET units = 1 WHERE device = 1", "all run out 2040-03-31, S-1 holds 2042-03-31",
      "2040-04-01" },
    { "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2031-04-01' WHERE state = 'published'",
      "all waits 2040-03-31, S-1 waits 2042-03-31", "2031-04-01" },
  };

  set_done(1, NULL, "2040-03-31");
  set_done(1, "S-1", "2042-03-31");
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GString) got = g_string_new(NULL);
    char day[DAY_TEXT_SIZE];

    if (steps[i].change != NULL) {
      assert_done(db_begin(db, ERR));
      scratch_sql(db, steps[i].change);
      assert_done(db_commit(db, ERR));
    }
    assert_done(extension_list_rows(db, "H1", "PUMP", iso(steps[i].on), true, &rows, ERR));
    for (guint j = 0; j < rows->len; j++) {
      const ExtensionRow *row = rows->pdata[j];

      g_string_append_printf(got, "%s%s %s %s", j > 0 ? ", " : "", row->serial != NULL ? row->serial : "all",
                             extension_state_key(row->state), day_format(row->eos, day));
    }
    ck_assert_msg(strcmp(got->str, steps[i].states) == 0, "step %zu: %s", i, got->str);
  }
}
END_TEST

START_TEST(test_list_as_it_stood)
{
  g_autoptr(GPtrArray) before = NULL, meanwhile = NULL, after = NULL;
  g_autofree char *ended = NULL;

  set_done(1, NULL, "2040-03-31");
  base_context.today = iso("2033-01-01");
  ended = end(1);
  ck_assert_ptr_null(ended);
  assert_done(extension_list_rows(db, NULL, NULL, iso("2031-03-30"), false, &before, ERR));
  assert_done(extension_list_rows(db, NULL, NULL, iso("2032-12-31"), false, &meanwhile, ERR));
  assert_done(extension_list_rows(db, NULL, NULL, iso("2033-01-01"), false, &after, ERR));
  ck_assert_int_eq(before->len, 0);
  ck_assert_int_eq(meanwhile->len, 1);
  ck_assert_int_eq(after->len, 0);
}
END_TEST

/* On which days units of H1 end, of its two. */
START_TEST(test_days)
{
  static const struct {
    const char *scope, *eos; /* one more extension of H1; NULL of what is there is ended */
    const char *days;        /* "plan", and those by extension */
  } steps[] = {
    { NULL, NULL, "plan" },
    { "S-1", "2040-03-31", "plan 2040-03-31" },
    { "S-2", "2041-03-31", "2040-03-31 2041-03-31" },
    { "S-2", "2040-03-31", "2040-03-31" },
    { "", "2039-03-31", "2040-03-31" }, /* no unit is left for it */
  };

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    static const char *const days[] = { "2039-03-31", "2040-03-31", "2041-03-31" };
    g_autoptr(GString) got = g_string_new(NULL);

    if (steps[i].eos != NULL)
      set_done(1, steps[i].scope[0] != '\0' ? steps[i].scope : NULL, steps[i].eos);
    if (scratch_number(db, "SELECT " EXTENSION_DAY_PLAN("1", "1", "'2038-03-31'")) == 1)
      g_string_append(got, "plan ");
    for (gsize j = 0; j < G_N_ELEMENTS(days); j++) {
      g_autofree char *sql = g_strdup_printf(
          "SELECT " EXTENSION_DAY_EXTENDED("1", "1", "'2038-03-31'", "'%s'"), days[j], days[j]);

      if (scratch_number(db, sql) == 1)
        g_string_append_printf(got, "%s ", days[j]);
    }
    g_strchomp(got->str);
    ck_assert_msg(strcmp(got->str, steps[i].days) == 0, "step %zu: %s", i, got->str);
    ck_assert_int_eq(scratch_number(db, "SELECT " EXTENSION_DAY_PLAN("1", "3", "'2038-03-31'")), 1);
  }
  /* the plan has moved past them: all end with it */
  ck_assert_int_eq(scratch_number(db, "SELECT " EXTENSION_DAY_PLAN("1", "1", "'2045-03-31'")), 1);
}
END_TEST

/* Rows are never changed, removed or replaced, by any program. */
START_TEST(test_rows_stay)
{
  static const char *const harm[] = {
    "DELETE FROM extension;",
    "UPDATE extension SET eos = '2045-03-31';",
    "UPDATE extension SET until = '2045-03-31';",
    "UPDATE extension SET until = '2039-03-31';", /* nobody ended it */
    "UPDATE extension SET reason = 'x';",
    "UPDATE extension SET version = 0;",
    "INSERT OR REPLACE INTO extension SELECT * FROM extension;",
    "INSERT OR REPLACE INTO extension SELECT 9, release, organization, device, '2045-03-31', '2045-03-31', "
    "units,"
    " version, changed_at, reference, reason, created_by, created_on, created_at, NULL, NULL, NULL, NULL FROM"
    " extension;",
  };

  set_done(1, NULL, "2040-03-31");
  for (gsize i = 0; i < G_N_ELEMENTS(harm); i++) {
    ck_assert_msg(scratch_shell("kigen.db", harm[i], NULL) != 0, "%s", harm[i]);
    assert_all("1 2040-03-31 v1");
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("extension_store");
  TCase *tcase = tcase_create("extension_store");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_refused_cases);
  tcase_add_test(tcase, test_set_replace_end);
  tcase_add_test(tcase, test_end_what_ends_by_itself);
  tcase_add_test(tcase, test_scopes);
  tcase_add_test(tcase, test_list_states);
  tcase_add_test(tcase, test_list_as_it_stood);
  tcase_add_test(tcase, test_days);
  tcase_add_test(tcase, test_rows_stay);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
