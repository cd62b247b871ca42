#include "notifier/template/plan_context.h"

#include <string.h>

#include "tests/support/run.h"

START_TEST(test_choose)
{
  static const struct {
    const char *language, *ja, *en, *chosen;
  } cases[] = {
    { "ja", "有償", "charged", "有償" },  { "en", "有償", "charged", "charged" },
    { "ja", NULL, "charged", "charged" }, { "en", "有償", NULL, "有償" },
    { "ja", "", "charged", "charged" },   { "en", "有償", " 　\n", "有償" },
    { "en", NULL, NULL, NULL },           { "ja", "　", "\t", NULL },
    { "en", "\xff", NULL, "\xff" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    ck_assert_msg(
        g_strcmp0(plan_context_choose(cases[i].language, cases[i].ja, cases[i].en), cases[i].chosen) == 0,
        "case %zu", i);
}
END_TEST

START_TEST(test_lines)
{
  static const struct {
    const char *text, *json;
  } cases[] = {
    { NULL, "[]" },
    { "", "[]" },
    { "分離する", "[\"分離する\"]" },
    { "　分離する \r\n\r\n 　\n交換する\r更新する\n", "[\"分離する\",\"交換する\",\"更新する\"]" },
    { "a\xff", "[\"a\xef\xbf\xbd\"]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    json_t *lines = plan_context_lines(cases[i].text);
    char *got = json_dumps(lines, JSON_COMPACT);

    ck_assert_str_eq(got, cases[i].json);
    free(got);
    json_decref(lines);
  }
}
END_TEST

/* Japanese only for parts, English only for telephone, both for repair, neither for migration. */
static SupportPlan *declared(void)
{
  SupportPlan *support = support_plan_new();
  LimitedSupport *plan = &support->limited_support;
  Day day = day_from_ymd(2033, 3, 31);

  *plan = (LimitedSupport){ .doc = g_strdup("LS-1"),
                            .url = g_strdup("https://maker.example/ls?a=1&b=2"),
                            .duties_ja = g_strdup("分離する\n交換する"),
                            .rationale = g_strdup("社内の理由"),
                            .successor = g_strdup("NEXT") };
  plan->line[SERVICE_PARTS] = (ServiceLine){ day, g_strdup("有償。\n在庫の限り"), NULL };
  plan->line[SERVICE_ON_SITE_REPAIR] = (ServiceLine){ day, g_strdup("有償"), g_strdup("charged") };
  plan->line[SERVICE_TELEPHONE] = (ServiceLine){ day, g_strdup(" "), g_strdup("weekdays") };
  plan->line[SERVICE_MIGRATION_PATH].until = day;
  support->date[MILESTONE_EOL] = plan_date_known(day_from_ymd(2031, 3, 31));
  support->date[MILESTONE_EOS] = plan_date_known(day);
  return support;
}

static const struct {
  const char *language, *json;
} contexts[] = {
  { "ja",
    "{\"doc\":\"LS-1\",\"duties\":[\"分離する\",\"交換する\"],\"lines\":["
    "{\"key\":\"parts\",\"name\":\"部品・消耗品の供給\",\"terms\":[{\"first_line\":true,\"text\":\"有償。\"},"
    "{\"first_line\":false,\"text\":\"在庫の限り\"}],\"until\":\"2033年3月31日（令和15年3月31日・木）\"},"
    "{\"key\":\"on-site-repair\",\"name\":\"訪問修理\",\"terms\":[{\"first_line\":true,\"text\":\"有償\"}],"
    "\"until\":\"2033年3月31日（令和15年3月31日・木）\"},"
    "{\"key\":\"telephone\",\"name\":\"電話サポート\",\"terms\":[{\"first_line\":true,\"text\":\"weekdays\"}]"
    ","
    "\"until\":\"2033年3月31日（令和15年3月31日・木）\"},"
    "{\"key\":\"migration-path\",\"name\":\"移行の支援\",\"until\":\"2033年3月31日（令和15年3月31日・木）\"}]"
    ","
    "\"url\":\"https://maker.example/ls?a=1&b=2\"}" },
  { "en", "{\"doc\":\"LS-1\",\"duties\":[\"分離する\",\"交換する\"],\"lines\":["
          "{\"key\":\"parts\",\"name\":\"Parts and "
          "consumables\",\"terms\":[{\"first_line\":true,\"text\":\"有償。\"},"
          "{\"first_line\":false,\"text\":\"在庫の限り\"}],\"until\":\"Thursday, 31 March 2033\"},"
          "{\"key\":\"on-site-repair\",\"name\":\"On-site repair\","
          "\"terms\":[{\"first_line\":true,\"text\":\"charged\"}],\"until\":\"Thursday, 31 March 2033\"},"
          "{\"key\":\"telephone\",\"name\":\"Telephone support\","
          "\"terms\":[{\"first_line\":true,\"text\":\"weekdays\"}],\"until\":\"Thursday, 31 March 2033\"},"
          "{\"key\":\"migration-path\",\"name\":\"Migration path\",\"until\":\"Thursday, 31 March 2033\"}],"
          "\"url\":\"https://maker.example/ls?a=1&b=2\"}" },
};

START_TEST(test_limited_support)
{
  g_autoptr(SupportPlan) plan = declared();
  json_t *context = plan_context_limited_support(plan, contexts[_i].language);
  char *got = json_dumps(context, JSON_COMPACT | JSON_SORT_KEYS);

  ck_assert_str_eq(got, contexts[_i].json);
  free(got);
  json_decref(context);
}
END_TEST

START_TEST(test_limited_support_without_a_period)
{
  g_autoptr(SupportPlan) plan = declared();

  plan->date[MILESTONE_EOL] = plan->date[MILESTONE_EOS];

  json_t *context = plan_context_limited_support(plan, "en");

  ck_assert(json_is_true(json_object_get(context, "no_period")));
  json_decref(context);
  plan->date[MILESTONE_EOL].state = plan->date[MILESTONE_EOS].state = DATE_TBA; /* two such do not coincide */
  context = plan_context_limited_support(plan, "en");
  ck_assert_ptr_null(json_object_get(context, "no_period"));
  json_decref(context);
}
END_TEST

START_TEST(test_limited_support_not_declared)
{
  g_autoptr(SupportPlan) plan = declared(), none = support_plan_new();

  g_free(plan->limited_support.doc);
  plan->limited_support.doc = g_strdup("未定");
  ck_assert_ptr_null(plan_context_limited_support(plan, "ja"));
  ck_assert_ptr_null(plan_context_limited_support(none, "en"));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("plan_context");
  TCase *tcase = tcase_create("plan_context");

  tcase_add_test(tcase, test_choose);
  tcase_add_test(tcase, test_lines);
  tcase_add_loop_test(tcase, test_limited_support, 0, G_N_ELEMENTS(contexts));
  tcase_add_test(tcase, test_limited_support_without_a_period);
  tcase_add_test(tcase, test_limited_support_not_declared);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
