#include "notifier/page/page_date.h"
#include "notifier/page/page_plan.h"
#include "tests/support/run.h"

#include <string.h>

/* Around a last day: itself is still the last day. */
static const struct {
  int days;
  const char *ja, *en;
  bool past;
} lefts[] = {
  { 1222, "あと1,222日", "1,222 days left", false },
  { 2, "あと2日", "2 days left", false },
  { 1, "あと1日", "1 day left", false },
  { 0, "本日まで", "today is the last day", false },
  { -1, "1日前に終了", "ended 1 day ago", true },
  { -1000, "1,000日前に終了", "ended 1,000 days ago", true },
};

START_TEST(test_left)
{
  Day last = day_from_ymd(2031, 3, 31), today = (Day)((int)last - lefts[_i].days);
  g_autofree char *ja = page_date_left(today, last, "ja");
  g_autofree char *en = page_date_left(today, last, "en");
  json_t *object = page_date_json(plan_date_known(last), today, "ja");

  ck_assert_str_eq(ja, lefts[_i].ja);
  ck_assert_str_eq(en, lefts[_i].en);
  ck_assert_str_eq(json_string_value(json_object_get(object, "text")), "2031年3月31日");
  ck_assert_str_eq(json_string_value(json_object_get(object, "long")),
                   "2031年3月31日（令和13年3月31日・月）");
  ck_assert_str_eq(json_string_value(json_object_get(object, "iso")), "2031-03-31");
  ck_assert((json_object_get(object, "past") != NULL) == lefts[_i].past);
  json_decref(object);
}
END_TEST

START_TEST(test_not_a_day)
{
  json_t *tba = page_date_json((PlanDate){ .state = DATE_TBA }, day_from_ymd(2026, 4, 1), "ja");
  json_t *unknown = page_date_json((PlanDate){ 0 }, day_from_ymd(2026, 4, 1), "en");

  ck_assert_str_eq(json_string_value(json_object_get(tba, "text")), "未定");
  ck_assert_ptr_nonnull(json_object_get(tba, "tba"));
  ck_assert_ptr_null(json_object_get(tba, "iso"));
  ck_assert_str_eq(json_string_value(json_object_get(unknown, "text")), "unknown");
  ck_assert_ptr_nonnull(json_object_get(unknown, "unknown"));
  ck_assert_ptr_null(json_object_get(unknown, "left"));
  json_decref(tba);
  json_decref(unknown);
}
END_TEST

/* What has a part of which nothing is known is never shown as supported. */
START_TEST(test_stage)
{
  const Day eol = day_from_ymd(2029, 3, 31), eos = day_from_ymd(2031, 3, 31);
  SupportPlan plan = { 0 };
  HeldRevision revision = { .plan = &plan };
  EffectiveEnd known = { effective_plan(plan_date_known(eol)), effective_plan(plan_date_known(eos)) };
  EffectiveEnd doubtful = effective_unit(known, (EffectiveEnd){ 0 });

  plan.date[MILESTONE_GENERAL_AVAILABILITY] = plan_date_known(day_from_ymd(2020, 4, 1));
  ck_assert_int_eq(page_plan_stage(&revision, known, eol), STAGE_SUPPORT);
  ck_assert_int_eq(page_plan_stage(&revision, known, eol + 1), STAGE_LIMITED_SUPPORT);
  ck_assert_int_eq(page_plan_stage(&revision, known, eos), STAGE_LIMITED_SUPPORT);
  ck_assert_int_eq(page_plan_stage(&revision, known, eos + 1), STAGE_END_OF_SUPPORT);
  ck_assert_int_eq(page_plan_stage(&revision, doubtful, eol), STAGE_UNKNOWN);
  ck_assert_int_eq(page_plan_stage(&revision, doubtful, eol + 1), STAGE_LIMITED_SUPPORT);
  ck_assert_int_eq(page_plan_stage(NULL, (EffectiveEnd){ 0 }, eol), STAGE_UNKNOWN);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("page_date");
  TCase *tcase = tcase_create("page_date");

  tcase_add_loop_test(tcase, test_left, 0, G_N_ELEMENTS(lefts));
  tcase_add_test(tcase, test_not_a_day);
  tcase_add_test(tcase, test_stage);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
