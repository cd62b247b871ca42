#include <stdio.h>
#include <string.h>

#include "db/plan_publish.h"
#include "tests/exchange/importing.h"
#include "tests/support/run.h"

#define ENDOFLIFE "data/lifecycles/endoflife-date.csv"
#define ENDOFLIFE_ROWS 8351
#define ENDOFLIFE_REFUSED 547 /* rows whose EOL and EOS are the same day */

/* Imports the real file; NULL where it is absent. */
static ImportReport *import_endoflife(Db *db, bool keep_going)
{
  g_autofree char *path = run_shared_path(ENDOFLIFE);
  ImportOptions options = importing_options();
  ImportReport *report = NULL;

  if (path == NULL) {
    printf("# SKIP ../shared/%s is absent: real lifecycles were not imported\n", ENDOFLIFE);
    return NULL;
  }
  options.keep_going = keep_going;
  assert_done(import_run(db, IMPORT_LIFECYCLES, path, &options, &report, ERR));
  return report;
}

START_TEST(test_import_lifecycles_endoflife)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(ImportReport) report = import_endoflife(db, true);

  if (report == NULL)
    return;
  ck_assert_int_eq(report->rows, ENDOFLIFE_ROWS);
  ck_assert_int_eq(report->refused, ENDOFLIFE_REFUSED);
  ck_assert_int_eq(report->added, ENDOFLIFE_ROWS - ENDOFLIFE_REFUSED);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM support_plan"),
                   ENDOFLIFE_ROWS - ENDOFLIFE_REFUSED);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM release"), ENDOFLIFE_ROWS - ENDOFLIFE_REFUSED);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM support_plan WHERE eol = eos"), 0);
  ck_assert_int_eq(report->problems->len, ENDOFLIFE_REFUSED);
  guint line = 1;

  for (guint i = 0; i < report->problems->len; i++) {
    const ImportProblem *problem = g_ptr_array_index(report->problems, i);

    ck_assert_str_eq(problem->rule, "LSP-1");
    ck_assert_str_eq(problem->column, "eos");
    ck_assert_uint_gt(problem->line, line);
    line = problem->line;
  }
  g_autoptr(ImportReport) again = import_endoflife(db, true);

  ck_assert_int_eq(again->unchanged, ENDOFLIFE_ROWS - ENDOFLIFE_REFUSED);
  ck_assert_int_eq(again->added + again->changed, 0);
}
END_TEST

START_TEST(test_import_lifecycles_endoflife_all_or_nothing)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(ImportReport) report = import_endoflife(db, false);

  if (report == NULL)
    return;
  ck_assert_int_eq(report->refused, ENDOFLIFE_REFUSED);
  ck_assert(!report->stored);
  ck_assert_int_eq(scratch_number(db, "SELECT (SELECT count(*) FROM support_plan) + (SELECT count(*) FROM "
                                      "product) + (SELECT count(*) FROM audit)"),
                   0);
}
END_TEST

#define FULL                                                                                                                 \
  "product,name,release,kind,udi_di,general_availability,end_of_sale,security_support_end,eol,eos,"                          \
  "parts_until,repair_until,limited_support_doc,limited_support_duties,limited_support_lines,announced_on,"                  \
  "presented_on,market\n"                                                                                                    \
  "P,装置,2.0,ソフトウェア,=\"04912345678904\",2020/4/1,令和10年3月末,20310331,2031年3月31日,2032年度末," \
  "R15.3.31,99991231,LSP-7,\"外部接続を\n遮断\",security-updates:2033-03-31;parts:2031-03-31,2026-01-31,"             \
  "00000000,JP\n"

START_TEST(test_import_lifecycles_full)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  importing_all(db, IMPORT_LIFECYCLES, FULL);
  g_autofree char *plan = scratch_text(
      db,
      "SELECT general_availability || ' ' || end_of_sale || ' ' || security_support_end || ' ' || eol || ' ' "
      "|| eos || ' ' || parts_until || ' ' || repair_until || ' ' || limited_support_doc || ' ' || "
      "limited_support_duties || ' ' || announced_on || ' ' || coalesce(presented_on, '-') || ' ' || market "
      "|| "
      "' ' || state || ' ' || reason FROM support_plan");
  g_autofree char *release =
      scratch_text(db, "SELECT p.code || ' ' || p.name_ja || ' ' || r.name || ' ' || r.kind "
                       "|| ' ' || r.udi_di FROM release r JOIN product p ON p.id = r.product");
  g_autofree char *lines = scratch_text(
      db, "SELECT group_concat(kind || ' ' || until) FROM (SELECT * FROM service_line ORDER BY kind)");

  ck_assert_str_eq(
      plan, "2020-04-01 2028-03-31 2031-03-31 2031-03-31 2033-03-31 2033-03-31 tba LSP-7 外部接続を\n遮断 "
            "2026-01-31 - JP draft import of lifecycles.csv");
  ck_assert_str_eq(release, "P 装置 2.0 software 04912345678904");
  ck_assert_str_eq(lines, "parts 2031-03-31,security-updates 2033-03-31");
  g_autoptr(ImportReport) again = importing(db, IMPORT_LIFECYCLES, FULL, NULL);

  ck_assert_int_eq(again->unchanged, 1);
}
END_TEST

/* The record in one row; and what another file says of the lines later takes no terms away, unless their line
 * goes. */
START_TEST(test_import_lifecycles_limited_support)
{
  static const char whole[] =
      "product,name,release,limited_support_duties_en,limited_support_lines,limited_support_terms,"
      "limited_support_terms_en,limited_support_url,limited_support_rationale,successor\n"
      "P,装置,1,Unplug it,parts:2033-03-31;telephone:2032-03-31,parts:有償;telephone:平日9:00-17:00,"
      "parts:charged,https://maker.example/ls,全数を交換する,Q\n";
  static const struct {
    const char *file, *lines;
  } files[] = {
    { whole, "parts 2033-03-31 有償 charged,telephone 2032-03-31 平日9:00-17:00 -" },
    { "product,name,release,limited_support_lines\nP,装置,1,parts:2034-03-31;telephone:2032-03-31\n",
      "parts 2034-03-31 有償 charged,telephone 2032-03-31 平日9:00-17:00 -" },
    { "product,name,release,limited_support_lines\nP,装置,1,telephone:2032-03-31;on-site-repair:2033-03-31\n",
      "on-site-repair 2033-03-31 - -,telephone 2032-03-31 平日9:00-17:00 -" },
    { "product,name,release,limited_support_terms_en\nP,装置,1,on-site-repair:charged\n",
      "on-site-repair 2033-03-31 - charged,telephone 2032-03-31 平日9:00-17:00 -" },
    { "product,name,release,limited_support_terms\nP,装置,1,\n",
      "on-site-repair 2033-03-31 - charged,telephone 2032-03-31 - -" },
  };
  g_autoptr(Db) db = scratch_store("kigen.db");

  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    importing_all(db, IMPORT_LIFECYCLES, files[i].file);

    g_autofree char *lines = scratch_text(
        db, "SELECT group_concat(kind || ' ' || until || ' ' || coalesce(terms_ja, '-') || ' ' ||"
            " coalesce(terms_en, '-')) FROM (SELECT * FROM service_line ORDER BY kind)");
    g_autoptr(ImportReport) again = importing(db, IMPORT_LIFECYCLES, files[i].file, NULL);

    ck_assert_msg(strcmp(lines, files[i].lines) == 0, "file %zu: %s", i, lines);
    ck_assert_int_eq(again->unchanged, 1);
  }
  g_autofree char *plan =
      scratch_text(db, "SELECT limited_support_duties_en || '|' || limited_support_url || '|' ||"
                       " limited_support_rationale || '|' || successor FROM support_plan");

  ck_assert_str_eq(plan, "Unplug it|https://maker.example/ls|全数を交換する|Q");
}
END_TEST

/* EOL = EOS with a declared plan enters the store: LSP-3 is asked at publication. */
START_TEST(test_import_lifecycles_declared)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  importing_all(
      db, IMPORT_LIFECYCLES,
      "product,name,release,eol,eos,limited_support_doc,limited_support_duties,limited_support_lines\n"
      "P,装置,1,2031-03-31,2031-03-31,LSP-7,交換,parts:2031-03-31\n");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM support_plan WHERE eol = eos"), 1);
}
END_TEST

START_TEST(test_import_lifecycles_warning)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(ImportReport) report =
      importing(db, IMPORT_LIFECYCLES, "product,name,release,eol\nP,装置,1,平成43年3月31日\n", NULL);
  g_autofree char *problems = importing_problems(report);
  g_autofree char *eol = scratch_text(db, "SELECT eol FROM support_plan");

  ck_assert(report->stored);
  ck_assert_int_eq(report->warnings, 1);
  ck_assert_int_eq(report->refused, 0);
  ck_assert_str_eq(eol, "2031-03-31");
  ck_assert_msg(g_str_has_prefix(problems, "lifecycles.csv:2: warning: eol \"平成43年3月31日\""), "%s",
                problems);
}
END_TEST

/* Against a published plan: equal makes nothing, a difference a new draft; what the file lacks stays. */
START_TEST(test_import_lifecycles_in_force)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  ImportOptions options = importing_options();
  PlanTelling telling;

  importing_all(db, IMPORT_LIFECYCLES, FULL);
  assert_done(db_begin(db, ERR));
  assert_done(plan_publish(db, &options.audit, scratch_number(db, "SELECT id FROM support_plan"), "first",
                           &telling, ERR));
  assert_done(db_commit(db, ERR));
  g_autoptr(ImportReport) same = importing(db, IMPORT_LIFECYCLES, FULL, NULL);

  ck_assert_int_eq(same->unchanged, 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM support_plan"), 1);
  g_autoptr(ImportReport) other =
      importing(db, IMPORT_LIFECYCLES, "product,name,release,market,eos\nP,別の名,2.0,JP,2034-03-31\n", NULL);

  ck_assert_int_eq(other->changed, 1);
  g_autofree char *draft =
      scratch_text(db, "SELECT revision || ' ' || eol || ' ' || eos || ' ' || limited_support_doc "
                       "|| ' ' || (SELECT count(*) FROM service_line l WHERE l.plan = s.id) "
                       "FROM support_plan s WHERE state = 'draft'");
  g_autofree char *name = scratch_text(db, "SELECT name_ja FROM product");

  ck_assert_str_eq(draft, "2 2031-03-31 2034-03-31 LSP-7 2");
  ck_assert_str_eq(name, "装置"); /* products.csv names products */
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("import_lifecycles");
  TCase *tests = tcase_create("import_lifecycles");

  tcase_set_timeout(tests, 100);
  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_test(tests, test_import_lifecycles_endoflife);
  tcase_add_test(tests, test_import_lifecycles_endoflife_all_or_nothing);
  tcase_add_test(tests, test_import_lifecycles_full);
  tcase_add_test(tests, test_import_lifecycles_limited_support);
  tcase_add_test(tests, test_import_lifecycles_declared);
  tcase_add_test(tests, test_import_lifecycles_warning);
  tcase_add_test(tests, test_import_lifecycles_in_force);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
