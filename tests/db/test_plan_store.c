#include "db/plan_payload.h"
#include "db/plan_store.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static bool put(Db *db, gint64 release, const char *market, const SupportPlan *plan)
{
  bool changed;

  assert_done(db_begin(db, ERR));
  assert_done(plan_store_put_draft(db, &base_context, release, market, plan, "理由", &changed, ERR));
  assert_done(db_commit(db, ERR));
  return changed;
}

static GPtrArray *list(Db *db, const char *pattern, PlanWhich which)
{
  GPtrArray *rows = NULL;

  assert_done(plan_store_list(db, pattern, which, &rows, ERR));
  return rows;
}

/* "PUMP/1.0#1 draft, …" */
static char *describe(Db *db, const char *pattern, PlanWhich which)
{
  g_autoptr(GPtrArray) rows = list(db, pattern, which);
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];

    g_string_append_printf(text, "%s%s/%s#%d %s", i == 0 ? "" : ", ", row->product, row->name, row->revision,
                           row->state != NULL ? row->state : "none");
  }
  return g_string_free(text, FALSE);
}

START_TEST(test_put_draft_round_trip)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(SupportPlan) plan = base_plan("2031-03-31", "2034-03-31");

  plan->date[MILESTONE_GENERAL_AVAILABILITY] = plan_date_known(day_from_ymd(2020, 2, 29));
  plan->date[MILESTONE_END_OF_SALE].state = DATE_TBA;
  plan->announced_on = plan_date_known(day_from_ymd(2029, 1, 1));
  ck_assert(put(db, 1, "*", plan));
  g_autoptr(GPtrArray) rows = list(db, "PUMP/1.0", PLAN_LATEST);
  const PlanRow *row = rows->pdata[0];

  ck_assert_uint_eq(rows->len, 1);
  ck_assert(support_plan_equal(row->dates, plan));
  ck_assert_str_eq(row->product_name_ja, "輸液ポンプ");
  ck_assert_str_eq(row->product_name_en, "Infusion pump");
  ck_assert_str_eq(row->market, "*");
  ck_assert_str_eq(row->state, "draft");
  ck_assert_str_eq(row->author, "tester");
  ck_assert_str_eq(row->reason, "理由");
  ck_assert_ptr_null(row->published_by);
  ck_assert_uint_eq(row->published_on, DAY_NONE);
  ck_assert_int_eq(row->revision, 1);
}
END_TEST

START_TEST(test_put_draft_equal_changes_nothing)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(SupportPlan) plan = base_plan("2031-03-31", "2034-03-31");

  ck_assert(put(db, 1, "*", plan));
  ck_assert(!put(db, 1, "*", plan));
  plan->date[MILESTONE_EOS] = plan_date_known(day_from_ymd(2035, 3, 31));
  plan->limited_support.line[SERVICE_PARTS].until = DAY_NONE;
  g_clear_pointer(&plan->limited_support.line[SERVICE_PARTS].terms_ja, g_free);
  g_clear_pointer(&plan->limited_support.line[SERVICE_PARTS].terms_en, g_free);
  ck_assert(put(db, 1, "*", plan));
  ck_assert(!put(db, 1, "*", plan));
  g_autoptr(GPtrArray) rows = list(db, "PUMP/1.0", PLAN_OPEN);

  ck_assert_uint_eq(rows->len, 1);
  ck_assert(support_plan_equal(((PlanRow *)rows->pdata[0])->dates, plan));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM support_plan"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM service_line"), 1);
}
END_TEST

START_TEST(test_put_draft_markets_apart)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(SupportPlan) plan = base_plan("2031-03-31", "2034-03-31");

  ck_assert(put(db, 1, "*", plan));
  ck_assert(put(db, 1, "EU", plan));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM support_plan WHERE revision = 1"), 2);
}
END_TEST

START_TEST(test_put_draft_after_publication)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(SupportPlan) plan = base_plan("2031-03-31", "2034-03-31");

  ck_assert(put(db, 1, "*", plan));
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "UPDATE support_plan SET state = 'published', published_on = '2029-04-01';",
                                 NULL),
                   0);
  ck_assert(!put(db, 1, "*", plan));
  plan->date[MILESTONE_EOS].state = DATE_TBA;
  plan->date[MILESTONE_EOS].day = DAY_NONE;
  ck_assert(put(db, 1, "*", plan));
  g_autofree char *latest = describe(db, "PUMP/1.0", PLAN_LATEST);
  g_autofree char *in_force = describe(db, "PUMP/1.0", PLAN_IN_FORCE);

  ck_assert_str_eq(latest, "PUMP/1.0#2 draft");
  ck_assert_str_eq(in_force, "PUMP/1.0#1 published");
}
END_TEST

START_TEST(test_put_draft_refused_by_the_store)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(SupportPlan) plan = base_plan("2031-03-31", "2031-03-31");
  g_autoptr(GError) error = NULL;
  bool changed;

  g_clear_pointer(&plan->limited_support.doc, g_free);
  assert_done(db_begin(db, ERR));
  ck_assert(!plan_store_put_draft(db, &base_context, 1, "*", plan, NULL, &changed, &error));
  ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_CONSTRAINT));
  ck_assert_ptr_nonnull(strstr(error->message, "LSP-1"));
  db_rollback(db);
}
END_TEST

START_TEST(test_list_patterns)
{
  static const struct {
    const char *pattern;
    const char *expected;
  } cases[] = {
    { NULL, "PUMP/1.0#0 none, PUMP/2.0#1 draft, VIEW/A#0 none" },
    { "*", "PUMP/1.0#0 none, PUMP/2.0#1 draft, VIEW/A#0 none" },
    { "PUMP", "PUMP/1.0#0 none, PUMP/2.0#1 draft" },
    { "P*P", "PUMP/1.0#0 none, PUMP/2.0#1 draft" },
    { "PUMP/*", "PUMP/1.0#0 none, PUMP/2.0#1 draft" },
    { "PUMP/2.?", "PUMP/2.0#1 draft" },
    { "*/A", "VIEW/A#0 none" },
    { "VIEW/A", "VIEW/A#0 none" },
    { "pump", "" },
    { "PUMP/", "" },
    { "", "" },
    { "NONE/*", "" },
  };
  g_autoptr(Db) db = base_store();
  g_autoptr(SupportPlan) plan = base_plan("2031-03-31", "2034-03-31");

  /* No general availability sorts last, so PUMP/2.0 with none stays behind 1.0 by name. */
  ck_assert(put(db, 2, "*", plan));
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *found = describe(db, cases[i].pattern, PLAN_LATEST);

    ck_assert_msg(strcmp(found, cases[i].expected) == 0, "'%s': %s", cases[i].pattern, found);
  }
  g_autofree char *open = describe(db, NULL, PLAN_OPEN);
  g_autofree char *in_force = describe(db, NULL, PLAN_IN_FORCE);

  ck_assert_str_eq(open, "PUMP/2.0#1 draft");
  ck_assert_str_eq(in_force, "");
}
END_TEST

START_TEST(test_list_sorts_by_general_availability)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(SupportPlan) plan = base_plan("2031-03-31", "2034-03-31");

  plan->date[MILESTONE_GENERAL_AVAILABILITY] = plan_date_known(day_from_ymd(2022, 1, 1));
  ck_assert(put(db, 1, "*", plan));
  plan->date[MILESTONE_GENERAL_AVAILABILITY] = plan_date_known(day_from_ymd(2021, 1, 1));
  ck_assert(put(db, 2, "*", plan));
  g_autofree char *found = describe(db, "PUMP", PLAN_LATEST);

  ck_assert_str_eq(found, "PUMP/2.0#1 draft, PUMP/1.0#1 draft");
}
END_TEST

START_TEST(test_find_release)
{
  g_autoptr(Db) db = base_store();
  gint64 release = -1;

  assert_done(plan_store_find_release(db, "PUMP", "2.0", &release, ERR));
  ck_assert_int_eq(release, 2);
  assert_done(plan_store_find_release(db, "PUMP", "3.0", &release, ERR));
  ck_assert_int_eq(release, 0);
}
END_TEST

/* The trail of an older kigen says nothing of fields that it did not know: doctor compares with it. */
START_TEST(test_payload_of_a_plan_without_later_fields)
{
  g_autoptr(SupportPlan) plan = support_plan_new();
  g_autofree char *none = plan_payload_plan(plan);

  ck_assert_str_eq(none, "{\"announced_on\":null,\"end_of_sale\":null,\"eol\":null,\"eos\":null,"
                         "\"general_availability\":null,\"limited_support_doc\":null,"
                         "\"limited_support_duties\":null,\"limited_support_duties_en\":null,"
                         "\"limited_support_lines\":\"\",\"parts_until\":null,\"presented_on\":null,"
                         "\"repair_until\":null,\"security_support_end\":null}");
}
END_TEST

START_TEST(test_payload_tells_every_field)
{
  g_autoptr(SupportPlan) plan = base_plan("2031-03-31", "2034-03-31");
  ServiceLine *parts = &plan->limited_support.line[SERVICE_PARTS];
  char **texts[] = { &plan->limited_support.url, &plan->limited_support.successor,
                     &plan->limited_support.rationale, &parts->terms_ja, &parts->terms_en };
  g_autofree char *before = plan_payload_plan(plan);

  ck_assert_ptr_nonnull(strstr(before, "\"limited_support_terms\":{\"parts\":\"有償\"}"));
  ck_assert_ptr_nonnull(strstr(before, "\"limited_support_terms_en\":{\"parts\":\"charged\"}"));
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(*texts[i]);
    *texts[i] = g_strdup("another");

    g_autofree char *after = plan_payload_plan(plan);

    ck_assert_msg(strcmp(before, after) != 0, "text %zu", i);
    g_free(before);
    before = g_steal_pointer(&after);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("plan_store");
  TCase *drafts = tcase_create("drafts");

  tcase_add_checked_fixture(drafts, scratch_setup, scratch_teardown);
  tcase_add_test(drafts, test_put_draft_round_trip);
  tcase_add_test(drafts, test_put_draft_equal_changes_nothing);
  tcase_add_test(drafts, test_put_draft_markets_apart);
  tcase_add_test(drafts, test_put_draft_after_publication);
  tcase_add_test(drafts, test_put_draft_refused_by_the_store);
  tcase_add_test(drafts, test_list_patterns);
  tcase_add_test(drafts, test_list_sorts_by_general_availability);
  tcase_add_test(drafts, test_find_release);
  tcase_add_test(drafts, test_payload_of_a_plan_without_later_fields);
  tcase_add_test(drafts, test_payload_tells_every_field);
  suite_add_tcase(suite, drafts);
  return run_suite(suite);
}
