#include "planner/service_terms.h"

#include <string.h>

#include "tests/support/run.h"

/* Six lines, of which parts and telephone go on and have terms in both languages. */
static void fill(LimitedSupport *plan)
{
  *plan = (LimitedSupport){ 0 };
  plan->line[SERVICE_PARTS] = (ServiceLine){ 739000, g_strdup("有償"), g_strdup("charged") };
  plan->line[SERVICE_TELEPHONE] = (ServiceLine){ 739000, g_strdup("平日"), g_strdup("weekdays") };
}

START_TEST(test_set_cases)
{
  static const struct {
    const char *text, *stored; /* NULL: none */
  } cases[] = {
    { "有償", "有償" },
    { "　有償 \n", "有償" },
    { "有償\r\n在庫の限り\rまで", "有償\n在庫の限り\nまで" },
    { "a;b:c\\d", "a;b:c\\d" },
    { "", NULL },
    { " 　\n\xe2\x80\x8b", NULL },
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    LimitedSupport plan;

    fill(&plan);
    ck_assert_msg(service_terms_set(&plan.line[SERVICE_PARTS], "en", cases[i].text, NULL), "case %zu", i);
    ck_assert_msg(g_strcmp0(plan.line[SERVICE_PARTS].terms_en, cases[i].stored) == 0, "case %zu: %s", i,
                  plan.line[SERVICE_PARTS].terms_en);
    ck_assert_str_eq(plan.line[SERVICE_PARTS].terms_ja, "有償");
    limited_support_clear(&plan);
  }
}
END_TEST

START_TEST(test_set_refused)
{
  g_autofree char *most = g_strnfill(SERVICE_TERMS_MAX, 'x');
  g_autofree char *over = g_strconcat(most, "y", NULL);
  const struct {
    const char *text, *says;
  } cases[] = { { "a\001b", "control character" },
                { "a\302\205b", "control character" },
                { "\xff", "UTF-8" },
                { over, "1000 characters" } };
  LimitedSupport plan;

  fill(&plan);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;

    ck_assert_msg(!service_terms_set(&plan.line[SERVICE_PARTS], "ja", cases[i].text, &error), "case %zu", i);
    ck_assert(g_error_matches(error, SERVICE_TERMS_ERROR, SERVICE_TERMS_ERROR_FORM));
    ck_assert_msg(strstr(error->message, cases[i].says) != NULL, "case %zu: %s", i, error->message);
    ck_assert_str_eq(plan.line[SERVICE_PARTS].terms_ja, "有償");
  }
  ck_assert(service_terms_set(&plan.line[SERVICE_PARTS], "ja", most, NULL));
  limited_support_clear(&plan);
}
END_TEST

START_TEST(test_parse_and_format)
{
  static const struct {
    const char *text, *formatted; /* NULL: as written */
  } cases[] = {
    { "parts:有償;telephone:平日9-17時", NULL },
    { "telephone:平日9:00-17:00;parts:有償", "parts:有償;telephone:平日9:00-17:00" },
    { "ｐａｒｔｓ：有償；telephone：平日", "parts:有償;telephone:平日" },
    { " parts : 有償 ; ", "parts:有償" },
    { "parts:有償\\; 在庫の限り", NULL },
    { "parts:有償\\；在庫の限り", NULL },
    { "parts:a\\b\\\\c", "parts:a\\\\b\\\\c" },
    { "parts:有償\n在庫の限り", NULL },
    { "", "" },
    { ";；;", "" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *want = cases[i].formatted != NULL ? cases[i].formatted : cases[i].text;
    g_autoptr(GError) error = NULL;
    LimitedSupport plan;

    fill(&plan);
    ck_assert_msg(service_terms_parse(cases[i].text, "ja", &plan, &error), "case %zu: %s", i,
                  error != NULL ? error->message : "");

    g_autofree char *got = service_terms_format(&plan, "ja");
    g_autofree char *english = service_terms_format(&plan, "en");

    ck_assert_str_eq(got, want);
    ck_assert_str_eq(english, "parts:charged;telephone:weekdays");
    ck_assert(service_terms_parse(got, "ja", &plan, NULL));

    g_autofree char *again = service_terms_format(&plan, "ja");

    ck_assert_str_eq(again, got);
    limited_support_clear(&plan);
  }
}
END_TEST

START_TEST(test_parse_refused)
{
  g_autofree char *over = g_strnfill(SERVICE_TERMS_MAX + 1, 'x');
  g_autofree char *long_terms = g_strconcat("parts:", over, NULL);
  g_autofree char *megabytes = g_strnfill(1000 * 1000, ';');
  const struct {
    const char *text, *says;
  } cases[] = {
    { "有償", "no colon" },
    { "spares:有償", "no such kind" },
    { "spares:有償", "security-updates, parts, on-site-repair" },
    { ":有償", "no such kind" },
    { "parts:有償;在庫の限り", "\"在庫の限り\": there is no colon" },
    { "parts:有償;在庫の限り", "\\;" },
    { "parts:有償;parts:無償", "parts stands there twice" },
    { "parts:", "missing" },
    { "parts:　;telephone:平日", "missing" },
    { "parts:a\001b", "control character" },
    { "\xff", "UTF-8" },
    { "parts:\xe5\xb9", "UTF-8" },
    { long_terms, "1000 characters" },
    { megabytes, "too long" },
  };
  LimitedSupport plan, before;

  fill(&plan);
  limited_support_copy(&before, &plan);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;

    ck_assert_msg(!service_terms_parse(cases[i].text, "ja", &plan, &error), "case %zu", i);
    ck_assert(g_error_matches(error, SERVICE_TERMS_ERROR, SERVICE_TERMS_ERROR_FORM));
    ck_assert_msg(strstr(error->message, cases[i].says) != NULL, "case %zu: %s", i, error->message);
    ck_assert_msg(limited_support_equal(&plan, &before), "case %zu changed the plan", i);
  }
  limited_support_clear(&plan);
  limited_support_clear(&before);
}
END_TEST

START_TEST(test_stray)
{
  LimitedSupport plan;

  fill(&plan);
  ck_assert_int_eq(service_terms_stray(&plan), SERVICE_COUNT);
  plan.line[SERVICE_TELEPHONE].until = DAY_NONE;
  ck_assert_int_eq(service_terms_stray(&plan), SERVICE_TELEPHONE);
  ck_assert(service_terms_set(&plan.line[SERVICE_TELEPHONE], "ja", "", NULL));
  ck_assert_int_eq(service_terms_stray(&plan), SERVICE_TELEPHONE);
  ck_assert(service_terms_set(&plan.line[SERVICE_TELEPHONE], "en", "", NULL));
  ck_assert_int_eq(service_terms_stray(&plan), SERVICE_COUNT);
  limited_support_clear(&plan);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service_terms");
  TCase *terms = tcase_create("terms");

  tcase_add_test(terms, test_set_cases);
  tcase_add_test(terms, test_set_refused);
  tcase_add_test(terms, test_parse_and_format);
  tcase_add_test(terms, test_parse_refused);
  tcase_add_test(terms, test_stray);
  suite_add_tcase(suite, terms);
  return run_suite(suite);
}
