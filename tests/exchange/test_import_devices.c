#include <string.h>

#include "db/holding_store.h"
#include "tests/exchange/importing.h"
#include "tests/support/run.h"

static Db *store(void)
{
  Db *db = scratch_store("kigen.db");

  importing_all(db, IMPORT_LIFECYCLES,
                "product,name,release,kind\nP-1,装置一,1.0,\nP-1,装置一,2.0,\nP-2,装置二,A,software\n");
  importing_all(
      db, IMPORT_ORGANIZATIONS,
      "organization,name_ja,role\nH-1,第一病院,hospital\nH-2,第二病院,hospital\nD-1,販売,distributor\n"
      "L-1,リース,lessor\n");
  return db;
}

/* "release organization role count version ended" of every holding, by codes. */
static char *holdings(Db *db)
{
  return scratch_text(
      db, "SELECT coalesce(group_concat(line, '; '), '') FROM (SELECT r.name || ' ' || o.code || ' ' "
          "|| h.role || ' ' || h.count || ' v' || h.version || coalesce(' ended ' || h.ended_on, '') "
          "AS line FROM holding h JOIN release r ON r.id = h.release JOIN organization o ON o.id = "
          "h.organization ORDER BY r.name, o.code, h.role)");
}

static void assert_holdings(Db *db, const char *expected)
{
  g_autofree char *text = holdings(db);

  ck_assert_str_eq(text, expected);
}

static char *schema(Db *db)
{
  return scratch_text(
      db, "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema WHERE tbl_name = "
          "'device' AND sql IS NOT NULL ORDER BY name)");
}

#define FIRST                                                                                                \
  "product,release,serial,lot,quantity,software_product,software_release,organization,status\n"              \
  "P-1,1.0,S1,,,P-2,A,H-1,\n"                                                                                \
  "P-1,1.0,S2,,,,,H-1,予備\n"                                                                              \
  "P-1,1.0,S3,,,,,H-2,disposed\n"                                                                            \
  "P-1,2.0,,L1,10,,,H-2,\n"                                                                                  \
  "P-1,2.0,,L2,5,,,H-2,\n"

START_TEST(test_import_devices_first)
{
  g_autoptr(Db) db = store();
  g_autofree char *before = schema(db);
  g_autoptr(ImportReport) report = importing(db, IMPORT_DEVICES, FIRST, NULL);
  g_autofree char *after = schema(db);

  ck_assert(report->stored);
  ck_assert_int_eq(report->added, 5);
  ck_assert_int_eq(report->holdings_changed, 3);
  ck_assert_str_eq(before, after);
  assert_holdings(db, "1.0 H-1 user 2 v1; 2.0 H-2 user 15 v1; A H-1 user 1 v1");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM holding WHERE length(uid) = 32 AND since = "
                                      "'2026-04-01' AND changed_at = '2026-04-01T00:00:00Z'"),
                   3);
  ck_assert_int_eq(scratch_number(db, "SELECT n FROM change WHERE scope = 'installed-base'"), 1);
}
END_TEST

/* The second import updates: the same devices by serial key and by lot. */
START_TEST(test_import_devices_again)
{
  g_autoptr(Db) db = store();

  importing_all(db, IMPORT_DEVICES, FIRST);
  g_autoptr(ImportReport) same = importing(db, IMPORT_DEVICES, FIRST, NULL);

  ck_assert_int_eq(same->unchanged, 5);
  ck_assert_int_eq(same->holdings_changed, 0);
  ck_assert_int_eq(scratch_number(db, "SELECT n FROM change WHERE scope = 'installed-base'"), 1);
  assert_holdings(db, "1.0 H-1 user 2 v1; 2.0 H-2 user 15 v1; A H-1 user 1 v1");
  /* without the column organization a known device keeps its own */
  g_autoptr(ImportReport) status =
      importing(db, IMPORT_DEVICES, "product,release,serial,department\nP-1,1.0,ｓ １,放射線科\n", NULL);

  ck_assert_int_eq(status->changed, 1);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM device WHERE serial_key = 'S1' AND department = "
                         "'放射線科' AND software_release IS NOT NULL AND organization = (SELECT id FROM "
                         "organization WHERE code = 'H-1')"),
      1);
  assert_holdings(db, "1.0 H-1 user 2 v1; 2.0 H-2 user 15 v1; A H-1 user 1 v1");
}
END_TEST

/* Steps on one store, each with the holdings after it. */
START_TEST(test_import_devices_holdings)
{
  static const struct {
    ImportKind kind;
    const char *csv;
    const char *holdings;
  } steps[] = {
    { IMPORT_DEVICES, FIRST, "1.0 H-1 user 2 v1; 2.0 H-2 user 15 v1; A H-1 user 1 v1" },
    { IMPORT_DEVICES, "product,release,lot,quantity,organization\nP-1,2.0,L1,11,H-2\n",
      "1.0 H-1 user 2 v1; 2.0 H-2 user 16 v2; A H-1 user 1 v1" },
    /* an upgrade closes one holding and opens another */
    { IMPORT_DEVICES, "product,release,serial,organization\nP-1,2.0,S1,H-1\nP-1,2.0,S2,H-1\n",
      "1.0 H-1 user 0 v2 ended 2026-04-01; 2.0 H-1 user 2 v1; 2.0 H-2 user 16 v2; A H-1 user 1 v1" },
    /* and back: the same holding goes on */
    { IMPORT_DEVICES, "product,release,serial,organization\nP-1,1.0,S1,H-1\n",
      "1.0 H-1 user 1 v3; 2.0 H-1 user 1 v2; 2.0 H-2 user 16 v2; A H-1 user 1 v1" },
    { IMPORT_CUSTODY,
      "product,serial,role,organization\nP-1,S1,owner,L-1\nP-1,S1,seller,D-1\nP-1,S2,seller,D-1\n",
      "1.0 D-1 seller 1 v1; 1.0 H-1 user 1 v3; 1.0 L-1 owner 1 v1; 2.0 D-1 seller 1 v1; 2.0 H-1 user 1 v2; "
      "2.0 H-2 user 16 v2; A D-1 seller 1 v1; A H-1 user 1 v1; A L-1 owner 1 v1" },
    /* a lease that is over */
    { IMPORT_CUSTODY, "product,serial,role,organization,until\nP-1,S1,owner,L-1,2026-03-31\n",
      "1.0 D-1 seller 1 v1; 1.0 H-1 user 1 v3; 1.0 L-1 owner 0 v2 ended 2026-04-01; 2.0 D-1 seller 1 v1; "
      "2.0 H-1 user 1 v2; 2.0 H-2 user 16 v2; A D-1 seller 1 v1; A H-1 user 1 v1; A L-1 owner 0 v2 ended "
      "2026-04-01" },
    /* disposed: those in its custody lose it too */
    { IMPORT_DEVICES, "product,release,serial,organization,disposed_on\nP-1,2.0,S2,H-1,2026-03-01\n",
      "1.0 D-1 seller 1 v1; 1.0 H-1 user 1 v3; 1.0 L-1 owner 0 v2 ended 2026-04-01; 2.0 D-1 seller 0 v2 "
      "ended "
      "2026-04-01; 2.0 H-1 user 0 v3 ended 2026-04-01; 2.0 H-2 user 16 v2; A D-1 seller 1 v1; A H-1 user 1 "
      "v1; "
      "A L-1 owner 0 v2 ended 2026-04-01" },
    /* sold second-hand: the user changes */
    { IMPORT_CUSTODY, "product,serial,role,organization,since\nP-1,S1,使用者,H-2,2026-02-01\n",
      "1.0 D-1 seller 1 v1; 1.0 H-1 user 0 v4 ended 2026-04-01; 1.0 H-2 user 1 v1; 1.0 L-1 owner 0 v2 ended "
      "2026-04-01; 2.0 D-1 seller 0 v2 ended 2026-04-01; 2.0 H-1 user 0 v3 ended 2026-04-01; 2.0 H-2 user 16 "
      "v2; "
      "A D-1 seller 1 v1; A H-1 user 0 v2 ended 2026-04-01; A H-2 user 1 v1; A L-1 owner 0 v2 ended "
      "2026-04-01" },
  };
  g_autoptr(Db) db = store();

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    importing_all(db, steps[i].kind, steps[i].csv);
    g_autofree char *text = holdings(db);

    ck_assert_msg(strcmp(text, steps[i].holdings) == 0, "step %zu: %s", i, text);
  }
  g_autofree char *history =
      scratch_text(db, "SELECT group_concat(o.code || ' ' || c.since || '-' || coalesce(c.until, "
                       "''), '; ') FROM custody c JOIN organization o ON o.id = c.organization "
                       "WHERE c.role = 'user' ORDER BY c.id");

  ck_assert_str_eq(history, "H-2 2026-02-01-; H-1 -2026-01-31");
}
END_TEST

/* What the small steps kept is what a count of everything finds. */
START_TEST(test_import_devices_holdings_all)
{
  g_autoptr(Db) db = store();
  ImportOptions options = importing_options();
  gint64 changed;

  importing_all(db, IMPORT_DEVICES, FIRST);
  importing_all(
      db, IMPORT_CUSTODY,
      "product,serial,role,organization,since\nP-1,S1,owner,L-1,2020-01-01\nP-1,S1,owner,L-1,2024-01-01\n"
      "P-1,S2,repairer,D-1,\nP-1,S1,user,H-2,2025-01-01\n");
  g_autofree char *before = holdings(db);

  assert_done(db_begin(db, ERR));
  assert_done(holding_store_refresh_all(db, &options.audit, &changed, NULL, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(changed, 0);
  assert_holdings(db, before);
  ck_assert_msg(strstr(before, "1.0 L-1 owner 1 v1") != NULL, "%s", before); /* one device, two terms */
  /* time ends a custody: nothing is imported */
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "UPDATE custody SET until = '2026-03-31' WHERE role = 'repairer'");
  assert_done(holding_store_refresh_all(db, &options.audit, &changed, NULL, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(changed, 1);
}
END_TEST

START_TEST(test_import_devices_moved)
{
  g_autoptr(Db) db = store();

  importing_all(db, IMPORT_DEVICES, FIRST);
  importing_all(db, IMPORT_DEVICES, "product,release,serial,organization\nP-1,1.0,S1,H-2\n");
  assert_holdings(
      db, "1.0 H-1 user 1 v2; 1.0 H-2 user 1 v1; 2.0 H-2 user 15 v1; A H-1 user 0 v2 ended 2026-04-01; "
          "A H-2 user 1 v1");
  g_autofree char *history = scratch_text(
      db, "SELECT o.code || ' ' || c.role || ' ' || c.until FROM custody c JOIN organization o ON o.id = "
          "c.organization");

  ck_assert_str_eq(history, "H-1 user 2026-04-01");
}
END_TEST

/* An earlier user without an end does not take the device back; a later one's term is closed by the next. */
START_TEST(test_import_devices_users)
{
  g_autoptr(Db) db = store();

  importing_all(db, IMPORT_DEVICES, FIRST);
  importing_all(db, IMPORT_CUSTODY,
                "product,serial,role,organization,since\n"
                "P-1,S1,user,H-2,2025-04-01\n"
                "P-1,S1,user,H-1,2020-04-01\n"
                "P-1,S1,user,D-1,2025-10-01\n");
  g_autofree char *user =
      scratch_text(db, "SELECT o.code FROM device d JOIN organization o ON o.id = d.organization "
                       "WHERE serial_key = 'S1'");
  g_autofree char *until = scratch_text(db, "SELECT until FROM custody WHERE since = '2025-04-01'");

  ck_assert_str_eq(user, "D-1");
  ck_assert_str_eq(until, "2025-09-30");
  g_autoptr(ImportReport) future = importing(
      db, IMPORT_CUSTODY, "product,serial,role,organization,since\nP-1,S1,user,H-2,2026-04-02\n", NULL);

  ck_assert_int_eq(future->warnings, 1);
  ck_assert_int_eq(future->added, 1);
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM device d JOIN organization o ON o.id = d.organization "
                         "WHERE serial_key = 'S1' AND o.code = 'D-1'"),
      1);
}
END_TEST

START_TEST(test_import_devices_custody_term)
{
  g_autoptr(Db) db = store();

  importing_all(db, IMPORT_DEVICES, FIRST);
  g_autoptr(ImportReport) report =
      importing(db, IMPORT_CUSTODY,
                "product,serial,role,organization,since,until\nP-1,S1,owner,L-1,2025-04-01,2025-03-31\n"
                "P-1,S1,owner,L-1,2025-04-01,\n",
                NULL);
  g_autofree char *problems = importing_problems(report);

  ck_assert_int_eq(report->refused, 1);
  ck_assert_msg(g_str_has_prefix(problems, "custody.csv:2: until \"2025-03-31\": before since, 2025-04-01"),
                "%s", problems);
}
END_TEST

/* A refused first load leaves the table as it was, indexes and all. */
START_TEST(test_import_devices_first_refused)
{
  g_autoptr(Db) db = store();
  g_autofree char *before = schema(db);
  g_autoptr(ImportReport) report = importing(
      db, IMPORT_DEVICES, "product,release,serial,organization\nP-1,1.0,S1,H-1\nP-1,1.0,S2,H-9\n", NULL);
  g_autofree char *after = schema(db);

  ck_assert(!report->stored);
  ck_assert_str_eq(before, after);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM device"), 0);
  ck_assert_int_eq(scratch_number(db, "SELECT foreign_keys FROM pragma_foreign_keys"), 1);
}
END_TEST

START_TEST(test_import_devices_keep_going)
{
  g_autoptr(Db) db = store();
  ImportOptions options = importing_options();

  options.keep_going = true;
  g_autoptr(ImportReport) report = importing(
      db, IMPORT_DEVICES,
      "product,release,serial,organization\nP-1,1.0,S1,H-1\nP-1,1.0,s1,H-2\nP-1,1.0,S3,H-2\n", &options);

  ck_assert(report->stored);
  ck_assert_int_eq(report->added, 2);
  ck_assert_int_eq(report->refused, 1);
  assert_holdings(db, "1.0 H-1 user 1 v1; 1.0 H-2 user 1 v1");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("import_devices");
  TCase *tests = tcase_create("import_devices");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_test(tests, test_import_devices_first);
  tcase_add_test(tests, test_import_devices_again);
  tcase_add_test(tests, test_import_devices_holdings);
  tcase_add_test(tests, test_import_devices_holdings_all);
  tcase_add_test(tests, test_import_devices_moved);
  tcase_add_test(tests, test_import_devices_users);
  tcase_add_test(tests, test_import_devices_custody_term);
  tcase_add_test(tests, test_import_devices_first_refused);
  tcase_add_test(tests, test_import_devices_keep_going);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
