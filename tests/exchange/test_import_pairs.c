/* Pairs and the units of extensions, as imports keep them. */

#include "db/holding_store.h"
#include "tests/exchange/importing.h"
#include "tests/support/run.h"

#include <string.h>

static Db *store(void)
{
  Db *db = scratch_store("kigen.db");

  importing_all(db, IMPORT_LIFECYCLES,
                "product,name,release,kind\nP-1,装置一,1.0,\nP-1,装置一,2.0,\nP-2,装置二,A,software\n"
                "P-2,装置二,B,software\n");
  importing_all(
      db, IMPORT_ORGANIZATIONS,
      "organization,name_ja,role\nH-1,第一病院,hospital\nH-2,第二病院,hospital\nL-1,リース,lessor\n");
  return db;
}

/* "organization role hardware+software count version" of every pair, by codes. */
static char *pairs(Db *db)
{
  return scratch_text(
      db,
      "SELECT coalesce(group_concat(line, '; '), '') FROM (SELECT o.code || ' ' || p.role || ' ' || h.name"
      " || '+' || s.name || ' ' || p.count || ' v' || p.version AS line FROM holding_pair p"
      " JOIN organization o ON o.id = p.organization JOIN release h ON h.id = p.hardware"
      " JOIN release s ON s.id = p.software ORDER BY o.code, p.role, h.name, s.name)");
}

#define COLUMNS "product,release,serial,software_product,software_release,organization,status\n"

/* Steps on one store, each with the pairs after it. */
START_TEST(test_import_pairs_steps)
{
  static const struct {
    ImportKind kind;
    const char *csv;
    const char *pairs;
  } steps[] = {
    { IMPORT_DEVICES,
      COLUMNS "P-1,1.0,S1,P-2,A,H-1,\nP-1,1.0,S2,P-2,A,H-1,\nP-1,1.0,S3,,,H-1,\n"
              "P-1,2.0,S4,P-2,A,H-1,disposed\nP-1,2.0,S5,P-2,A,H-2,\n",
      "H-1 user 1.0+A 2 v1; H-2 user 2.0+A 1 v1" },
    /* the same again */
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-1,\n", "H-1 user 1.0+A 2 v1; H-2 user 2.0+A 1 v1" },
    /* an upgrade of the software: no plan was ever published, so that a pair's end moves the version by one
     */
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,B,H-1,\n",
      "H-1 user 1.0+A 1 v2; H-1 user 1.0+B 1 v1; H-2 user 2.0+A 1 v1" },
    /* and back */
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-1,\n",
      "H-1 user 1.0+A 2 v3; H-1 user 1.0+B 0 v2; H-2 user 2.0+A 1 v1" },
    { IMPORT_CUSTODY, "product,serial,role,organization\nP-1,S1,owner,L-1\nP-1,S5,owner,L-1\n",
      "H-1 user 1.0+A 2 v3; H-1 user 1.0+B 0 v2; H-2 user 2.0+A 1 v1; L-1 owner 1.0+A 1 v1;"
      " L-1 owner 2.0+A 1 v1" },
    /* a second term of the same custody counts no unit twice */
    { IMPORT_CUSTODY, "product,serial,role,organization,since\nP-1,S1,owner,L-1,2025-01-01\n",
      "H-1 user 1.0+A 2 v3; H-1 user 1.0+B 0 v2; H-2 user 2.0+A 1 v1; L-1 owner 1.0+A 1 v1;"
      " L-1 owner 2.0+A 1 v1" },
    /* it moves to the other hospital */
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-2,\n",
      "H-1 user 1.0+A 1 v4; H-1 user 1.0+B 0 v2; H-2 user 1.0+A 1 v1; H-2 user 2.0+A 1 v1;"
      " L-1 owner 1.0+A 1 v1; L-1 owner 2.0+A 1 v1" },
    /* gone from use: everyone loses it */
    { IMPORT_DEVICES, COLUMNS "P-1,2.0,S5,P-2,A,H-2,disposed\n",
      "H-1 user 1.0+A 1 v4; H-1 user 1.0+B 0 v2; H-2 user 1.0+A 1 v1; H-2 user 2.0+A 0 v2;"
      " L-1 owner 1.0+A 1 v1; L-1 owner 2.0+A 0 v2" },
    /* software that is taken off: holdings of the hardware stay as they are, the pair goes */
    { IMPORT_DEVICES, "product,release,serial,software_product,software_release\nP-1,1.0,S2,,\n",
      "H-1 user 1.0+A 0 v5; H-1 user 1.0+B 0 v2; H-2 user 1.0+A 1 v1; H-2 user 2.0+A 0 v2;"
      " L-1 owner 1.0+A 1 v1; L-1 owner 2.0+A 0 v2" },
  };
  g_autoptr(Db) db = store();

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    importing_all(db, steps[i].kind, steps[i].csv);
    g_autofree char *text = pairs(db);

    ck_assert_msg(strcmp(text, steps[i].pairs) == 0, "step %zu: %s", i, text);
  }
}
END_TEST

/* Two units that change their software with each other: no holding changes, no pair either; with other
 * hardware, two pairs and no holding. */
START_TEST(test_import_pairs_swap)
{
  g_autoptr(Db) db = store();

  importing_all(db, IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-1,\nP-1,2.0,S2,P-2,B,H-1,\n");
  g_autoptr(ImportReport) report =
      importing(db, IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,B,H-1,\nP-1,2.0,S2,P-2,A,H-1,\n", NULL);
  g_autofree char *text = pairs(db);

  ck_assert_int_eq(report->holdings_changed, 0);
  ck_assert_str_eq(text,
                   "H-1 user 1.0+A 0 v2; H-1 user 1.0+B 1 v1; H-1 user 2.0+A 1 v1; H-1 user 2.0+B 0 v2");
  ck_assert_int_eq(scratch_number(db, "SELECT n FROM change WHERE scope = 'installed-base'"), 2);
}
END_TEST

/* When a pair goes, its version moves by more than what its releases' plans can have moved. */
START_TEST(test_import_pairs_gone)
{
  g_autoptr(Db) db = store();

  importing_all(db, IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-1,\nP-1,2.0,S2,P-2,A,H-1,\n");
  assert_done(db_begin(db, ERR));
  scratch_sql(db,
              "INSERT INTO support_plan (release, revision, state, author, created_at, published_on)"
              " SELECT id, 2, 'superseded', 'x', '', '2026-01-01' FROM release WHERE name IN ('1.0', 'A')"
              " UNION ALL SELECT id, 3, 'published', 'x', '', '2026-02-01' FROM release WHERE name = 'A'");
  assert_done(db_commit(db, ERR));
  importing_all(db, IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-1,disposed\n");
  g_autofree char *text = pairs(db);

  ck_assert_str_eq(text, "H-1 user 1.0+A 0 v14; H-1 user 2.0+A 1 v1"); /* 1 + 1 + 4 * (1 + 2) */
}
END_TEST

/* What random imports kept is what a count of everything finds. */
START_TEST(test_import_pairs_random)
{
  static const char *const software[] = { ",", "P-2,A", "P-2,B" };
  g_autoptr(Db) db = store();
  ImportOptions options = importing_options();

  g_random_set_seed(3);
  for (int step = 0; step < 60; step++) {
    g_autoptr(GString) csv = g_string_new(COLUMNS);
    gint64 changed = 0, besides = 0;

    for (int serial = 0; serial < 6; serial++)
      if (step == 0 || g_random_int_range(0, 2) == 0)
        g_string_append_printf(csv, "P-1,%d.0,S%d,%s,H-%d,%s\n", g_random_int_range(1, 3), serial,
                               software[g_random_int_range(0, 3)], g_random_int_range(1, 3),
                               g_random_int_range(0, 4) == 0 ? "disposed" : "in-use");
    importing_all(db, IMPORT_DEVICES, csv->str);
    g_string_assign(csv, "product,serial,role,organization,until\n");
    g_string_append_printf(csv, "P-1,S%d,owner,L-1,%s\n", g_random_int_range(0, 6),
                           g_random_int_range(0, 2) == 0 ? "2026-03-31" : "");
    importing_all(db, IMPORT_CUSTODY, csv->str);
    g_autofree char *before = pairs(db);

    assert_done(db_begin(db, ERR));
    assert_done(holding_store_refresh_all(db, &options.audit, &changed, &besides, ERR));
    assert_done(db_commit(db, ERR));
    ck_assert_msg(changed == 0 && besides == 0, "step %d: %s", step, before);
    ck_assert_int_eq(
        scratch_number(db, "SELECT coalesce(sum(count), 0) FROM holding_pair WHERE role = 'user'"),
        scratch_number(db, "SELECT coalesce(sum(quantity), 0) FROM device WHERE software_release > 0 AND"
                           " status = 'in-use'"));
  }
}
END_TEST

/* An extension of one device stands for it as long as it is that customer's and of that release. */
START_TEST(test_import_pairs_extension_units)
{
  static const struct {
    ImportKind kind;
    const char *csv;
    const char *units; /* of H-1's extension for S1's hardware, its software, and L-1's: units and version */
  } steps[] = {
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S2,,,H-1,\n", "1 v1, 1 v1, 0 v1" },
    { IMPORT_CUSTODY, "product,serial,role,organization\nP-1,S1,owner,L-1\n", "1 v1, 1 v1, 1 v2" },
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,B,H-1,\n", "1 v1, 0 v2, 1 v2" },
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,B,H-2,\n", "0 v2, 0 v2, 1 v2" },
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-1,\n", "1 v3, 1 v3, 1 v2" },
    { IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-1,disposed\n", "0 v4, 0 v4, 0 v3" },
  };
  g_autoptr(Db) db = store();

  importing_all(db, IMPORT_DEVICES, COLUMNS "P-1,1.0,S1,P-2,A,H-1,\n");
  assert_done(db_begin(db, ERR));
  scratch_sql(db,
              "INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at,"
              " reason, created_by, created_on, created_at) SELECT r.id, o.id, 1, '2035-03-31', '2035-03-31',"
              " o.code = 'H-1', 1, '', 'x', 'x', '2026-04-01', '' FROM release r, organization o"
              " WHERE r.name || o.code IN ('1.0H-1', 'AH-1', '1.0L-1') ORDER BY o.code, r.name");
  assert_done(db_commit(db, ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    importing_all(db, steps[i].kind, steps[i].csv);
    g_autofree char *text = scratch_text(
        db, "SELECT group_concat(line, ', ') FROM (SELECT units || ' v' || version AS line FROM extension"
            " ORDER BY id)");

    ck_assert_msg(strcmp(text, steps[i].units) == 0, "step %zu: %s", i, text);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("import_pairs");
  TCase *tcase = tcase_create("import_pairs");

  tcase_add_checked_fixture(tcase, scratch_setup, scratch_teardown);
  tcase_add_test(tcase, test_import_pairs_steps);
  tcase_add_test(tcase, test_import_pairs_swap);
  tcase_add_test(tcase, test_import_pairs_gone);
  tcase_add_test(tcase, test_import_pairs_random);
  tcase_add_test(tcase, test_import_pairs_extension_units);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
