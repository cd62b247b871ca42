#include "db/document_store.h"
#include "db/plan_store.h"
#include "planner/conformity.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* Names `document` for what `pattern` means; how many targets changed. */
static guint set(Db *db, const char *pattern, const char *item, const char *document, const char *title)
{
  g_autoptr(GPtrArray) targets = NULL;
  guint changed = 0;

  assert_done(db_begin(db, ERR));
  assert_done(document_store_targets(db, pattern, &targets, ERR));
  for (guint i = 0; i < targets->len; i++) {
    bool moved;

    assert_done(
        document_store_set(db, &base_context, targets->pdata[i], item, document, title, "理由", &moved, ERR));
    changed += moved ? 1 : 0;
  }
  assert_done(db_commit(db, ERR));
  return changed;
}

/* "PUMP/1.0 1(3) D-1; …" of what `pattern` lists; own string. */
static char *listed(Db *db, const char *pattern)
{
  g_autoptr(GPtrArray) rows = NULL;
  GString *text = g_string_new(NULL);

  assert_done(document_store_list(db, pattern, &rows, ERR));
  for (guint i = 0; i < rows->len; i++) {
    const DocumentRow *row = rows->pdata[i];

    ck_assert_str_eq(row->changed_by, "tester");
    ck_assert_uint_eq(row->changed_on, base_context.today);
    g_string_append_printf(text, "%s%s%s%s %s %s%s%s", text->len > 0 ? "; " : "", row->target->product_code,
                           row->target->release_name != NULL ? "/" : "",
                           row->target->release_name != NULL ? row->target->release_name : "", row->item,
                           row->document, row->title != NULL ? " " : "",
                           row->title != NULL ? row->title : "");
  }
  return g_string_free(text, FALSE);
}

START_TEST(test_targets)
{
  static const struct {
    const char *pattern, *means;
  } cases[] = {
    { "PUMP", "PUMP/-" },
    { "PUMP/1.0", "PUMP/1.0" },
    { "*", "PUMP/- VIEW/-" },
    { "P*", "PUMP/-" },
    { "PUMP/*", "PUMP/1.0 PUMP/2.0" },
    { "*/?", "VIEW/A" },
    { "PUM", "" },
    { "PUMP/3", "" },
    { "pump", "" },
  };
  g_autoptr(Db) db = base_store();

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) targets = NULL;
    g_autoptr(GString) text = g_string_new(NULL);

    assert_done(document_store_targets(db, cases[i].pattern, &targets, ERR));
    for (guint t = 0; t < targets->len; t++) {
      const DocumentTarget *target = targets->pdata[t];

      ck_assert((target->release == 0) == (target->release_name == NULL));
      g_string_append_printf(text, "%s%s/%s", t > 0 ? " " : "", target->product_code,
                             target->release_name != NULL ? target->release_name : "-");
    }
    ck_assert_msg(strcmp(text->str, cases[i].means) == 0, "%s: %s", cases[i].pattern, text->str);
  }
}
END_TEST

START_TEST(test_set_list_remove)
{
  g_autoptr(Db) db = base_store();

  ck_assert_uint_eq(set(db, "PUMP", "1(3)", "D-1", "保守計画"), 1);
  ck_assert_uint_eq(set(db, "PUMP/2.0", "1(3)", "D-2", NULL), 1);
  ck_assert_uint_eq(set(db, "VIEW", "2(1)", "D-3", NULL), 1);

  g_autofree char *all = listed(db, NULL), *pump = listed(db, "PUMP"), *one = listed(db, "PUMP/2.0"),
                  *glob = listed(db, "V*");

  ck_assert_str_eq(all, "PUMP 1(3) D-1 保守計画; PUMP/2.0 1(3) D-2; VIEW 2(1) D-3");
  ck_assert_str_eq(pump, "PUMP 1(3) D-1 保守計画; PUMP/2.0 1(3) D-2");
  ck_assert_str_eq(one, "PUMP/2.0 1(3) D-2");
  ck_assert_str_eq(glob, "VIEW 2(1) D-3");
  ck_assert_uint_eq(set(db, "PUMP", "1(3)", NULL, NULL), 1);
  ck_assert_uint_eq(set(db, "PUMP", "1(3)", NULL, NULL), 0);

  g_autofree char *left = listed(db, "PUMP");

  ck_assert_str_eq(left, "PUMP/2.0 1(3) D-2");
}
END_TEST

/* A title stays with its number, and goes with it. */
START_TEST(test_title)
{
  g_autoptr(Db) db = base_store();

  set(db, "PUMP", "1(3)", "D-1", "保守計画");
  ck_assert_uint_eq(set(db, "PUMP", "1(3)", "D-1", NULL), 0);
  ck_assert_uint_eq(set(db, "PUMP", "1(3)", "D-1", "計画書"), 1);

  g_autofree char *titled = listed(db, NULL);

  ck_assert_str_eq(titled, "PUMP 1(3) D-1 計画書");
  ck_assert_uint_eq(set(db, "PUMP", "1(3)", "D-9", NULL), 1);

  g_autofree char *plain = listed(db, NULL);

  ck_assert_str_eq(plain, "PUMP 1(3) D-9");
}
END_TEST

/* Each change, and only a change, is audited: what it was, what it is, why. */
START_TEST(test_audit)
{
  g_autoptr(Db) db = base_store();
  gint64 rows, bad;

  set(db, "PUMP/1.0", "F.3a", "D-1", NULL);
  set(db, "PUMP/1.0", "F.3a", "D-1", NULL);
  set(db, "PUMP/1.0", "F.3a", "D-2", NULL);
  set(db, "PUMP/1.0", "F.3a", NULL, NULL);

  g_autofree char *actions = scratch_text(
      db, "SELECT group_concat(action || ' ' || coalesce(json_extract(payload, '$.from.document'),"
          " '-') || ' ' || coalesce(json_extract(payload, '$.to.document'), '-') || ' ' ||"
          " json_extract(payload, '$.what') || ' ' || json_extract(payload, '$.why'), '; ')"
          " FROM audit a JOIN audit_payload p ON p.audit = a.id WHERE action LIKE 'document%'");

  ck_assert_str_eq(actions, "document.set - D-1 PUMP/1.0 理由; document.set D-1 D-2 PUMP/1.0 理由; "
                            "document.remove D-2 - PUMP/1.0 理由");
  assert_done(audit_verify(db, &rows, &bad, ERR));
  ck_assert_int_eq(bad, 0);
}
END_TEST

/* Which items count for which release: the facts of DOC-2 and TRN-1. */
START_TEST(test_named)
{
  static const struct {
    const char *pattern, *item, *document;
    const char *first, *second; /* named then in PUMP/1.0, in PUMP/2.0 */
  } cases[] = {
    { "PUMP", "1(3)", "D-1", "1(3)", "1(3)" },
    { "PUMP/1.0", "2(1)", "D-2", "1(3) 2(1)", "1(3)" },
    { "PUMP/1.0", "1(3)", "D-3", "1(3) 2(1)", "1(3)" },
    { "PUMP", "F.3a", "D-4", "1(3) 2(1)", "1(3)" }, /* each version needs its own */
    { "PUMP/2.0", "F.3a", "D-4", "1(3) 2(1)", "1(3) F.3a" },
    { "PUMP", "2(2)", "未定", "1(3) 2(1)", "1(3) F.3a" }, /* by another program: does not count */
    { "PUMP", "9(9)", "D-5", "1(3) 2(1)", "1(3) F.3a" },
    { "VIEW", "2(4)", "D-6", "1(3) 2(1)", "1(3) F.3a" },
  };
  g_autoptr(Db) db = base_store();
  gsize n;
  const ConformityItem *items = conformity_table(&n);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    set(db, cases[i].pattern, cases[i].item, cases[i].document, NULL);
    for (gint64 release = 1; release <= 2; release++) {
      g_autoptr(GString) text = g_string_new(NULL);
      guint32 named;

      assert_done(document_store_named(db, release, &named, ERR));
      for (gsize item = 0; item < n; item++) {
        if ((named & 1u << item) != 0)
          g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", items[item].id);
      }
      ck_assert_msg(strcmp(text->str, release == 1 ? cases[i].first : cases[i].second) == 0,
                    "case %zu, release %d: %s", i, (int)release, text->str);
    }
  }
}
END_TEST

START_TEST(test_facts)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(PlanFacts) facts = NULL;

  set(db, "PUMP", "2(3)", "D-1", NULL);
  assert_done(plan_store_list(db, "PUMP/1.0", PLAN_LATEST, &rows, ERR));
  assert_done(plan_store_facts(db, rows->pdata[0], base_context.today, true, &facts, ERR));
  ck_assert_uint_eq(plan_facts_get(facts)->documents, conformity_parse("2(3)"));
}
END_TEST

/* What the table itself refuses, from any program. */
START_TEST(test_schema_refuses)
{
  static const char *const bad[] = {
    "INSERT INTO document (product, item, document, changed_by, changed_on) VALUES (1, '', 'D', 'x', "
    "'2031-03-31')",
    "INSERT INTO document (product, item, document, changed_by, changed_on) VALUES (1, '1(3)', ' ', 'x', "
    "'2031-03-31')",
    "INSERT INTO document (product, item, document, changed_by, changed_on) VALUES (1, '1(3)', 'D', 'x', "
    "'2031-02-30')",
    "INSERT INTO document (product, item, document, changed_by, changed_on) VALUES (1, '2(1)', 'D', 'x', "
    "'2031-03-31')",
  };
  g_autoptr(Db) db = base_store();

  set(db, "PUMP", "2(1)", "D-1", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    ck_assert_msg(scratch_shell("kigen.db", bad[i], NULL) != 0, "%s", bad[i]);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM document"), 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("document_store");
  TCase *documents = tcase_create("documents");

  tcase_add_checked_fixture(documents, scratch_setup, scratch_teardown);
  tcase_add_test(documents, test_targets);
  tcase_add_test(documents, test_set_list_remove);
  tcase_add_test(documents, test_title);
  tcase_add_test(documents, test_audit);
  tcase_add_test(documents, test_named);
  tcase_add_test(documents, test_facts);
  tcase_add_test(documents, test_schema_refuses);
  suite_add_tcase(suite, documents);
  return run_suite(suite);
}
