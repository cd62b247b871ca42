#include "planner/plan.h"

#include <string.h>

#include "planner/date_text.h"
#include "tests/support/run.h"

static PlanDate date(const char *stored)
{
  PlanDate read;

  ck_assert_msg(plan_date_from_store(stored, &read), "the test's own date %s", stored);
  return read;
}

static Day iso(const char *text)
{
  return date(text).day;
}

START_TEST(test_support_plan_stage_cases)
{
  static const struct {
    const char *ga, *end_of_sale, *eol, *eos, *today;
    Stage want;
  } cases[] = {
    { "2024-04-01", NULL, "2031-03-31", "2033-03-31", "2024-03-31", STAGE_DEVELOPMENT },
    { "2024-04-01", NULL, "2031-03-31", "2033-03-31", "2024-04-01", STAGE_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", "2033-03-31", "2031-03-31", STAGE_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", "2033-03-31", "2031-04-01", STAGE_LIMITED_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", "2033-03-31", "2033-03-31", STAGE_LIMITED_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", "2033-03-31", "2033-04-01", STAGE_END_OF_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", "2031-03-31", "2031-03-31", STAGE_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", "2031-03-31", "2031-04-01", STAGE_END_OF_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", "tba", "2031-04-01", STAGE_LIMITED_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", NULL, "2031-03-31", STAGE_SUPPORT },
    { "2024-04-01", NULL, "2031-03-31", NULL, "2031-04-01", STAGE_UNKNOWN },
    { "2024-04-01", NULL, "tba", "tba", "2031-04-01", STAGE_SUPPORT },
    { "2024-04-01", NULL, "tba", "2033-03-31", "2033-04-01", STAGE_END_OF_SUPPORT },
    { "2024-04-01", NULL, NULL, NULL, "2031-04-01", STAGE_UNKNOWN },
    { "2024-04-01", NULL, NULL, NULL, "2024-03-31", STAGE_DEVELOPMENT },
    { "2024-04-01", NULL, NULL, "2033-03-31", "2031-04-01", STAGE_UNKNOWN },
    { "2024-04-01", NULL, NULL, "2033-03-31", "2033-04-01", STAGE_END_OF_SUPPORT },
    { "tba", NULL, "2031-03-31", "2033-03-31", "2026-04-01", STAGE_DEVELOPMENT },
    { "tba", NULL, NULL, NULL, "2026-04-01", STAGE_DEVELOPMENT },
    { NULL, NULL, "2031-03-31", "2033-03-31", "2026-04-01", STAGE_UNKNOWN },
    { NULL, "2025-03-31", "2031-03-31", "2033-03-31", "2026-04-01", STAGE_SUPPORT },
    { NULL, "2027-03-31", "2031-03-31", "2033-03-31", "2026-04-01", STAGE_UNKNOWN },
    { NULL, NULL, "2031-03-31", "2033-03-31", "2031-04-01", STAGE_LIMITED_SUPPORT },
    { NULL, NULL, NULL, NULL, "2031-04-01", STAGE_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SupportPlan) plan = support_plan_new();

    plan->date[MILESTONE_GENERAL_AVAILABILITY] = date(cases[i].ga);
    plan->date[MILESTONE_END_OF_SALE] = date(cases[i].end_of_sale);
    plan->date[MILESTONE_EOL] = date(cases[i].eol);
    plan->date[MILESTONE_EOS] = date(cases[i].eos);

    Stage got = support_plan_stage(plan, iso(cases[i].today));

    ck_assert_msg(got == cases[i].want, "case %zu on %s: %s", i, cases[i].today, stage_key(got));
  }
}
END_TEST

START_TEST(test_words_round_trip)
{
  for (int i = 0; i < MILESTONE_COUNT; i++) {
    Milestone read = MILESTONE_COUNT;

    ck_assert(milestone_parse(milestone_key((Milestone)i), &read) && (int)read == i);
    ck_assert(*milestone_name((Milestone)i, "ja") != '\0' && *milestone_name((Milestone)i, "en") != '\0');
  }
  for (int i = 0; i < SERVICE_COUNT; i++) {
    ServiceKind read = SERVICE_COUNT;

    ck_assert(service_kind_parse(service_kind_key((ServiceKind)i), &read) && (int)read == i);
    ck_assert(*service_kind_name((ServiceKind)i, "ja") != '\0' &&
              *service_kind_name((ServiceKind)i, "en") != '\0');
  }
  for (int i = STAGE_UNKNOWN; i <= STAGE_END_OF_SUPPORT; i++)
    ck_assert(*stage_key((Stage)i) != '\0' && *stage_name((Stage)i, "ja") != '\0' &&
              *stage_name((Stage)i, "en") != '\0');

  Milestone milestone;
  ServiceKind kind;

  ck_assert(!milestone_parse("EOL", &milestone) && !milestone_parse(NULL, &milestone));
  ck_assert(!service_kind_parse("repair", &kind) && !service_kind_parse(NULL, &kind));
  ck_assert_str_eq(milestone_name(MILESTONE_EOL, "ja"), "製品寿命終了（EOL）");
  ck_assert_str_eq(milestone_name(MILESTONE_EOL, "en"), "End of life (EOL)");
}
END_TEST

static SupportPlan *full_plan(void)
{
  SupportPlan *plan = support_plan_new();

  for (int i = 0; i < MILESTONE_COUNT; i++)
    plan->date[i] = plan_date_known(day_from_ymd(2031, i + 1, 1));
  plan->announced_on = date("2026-01-01");
  plan->presented_on = date("tba");
  plan->limited_support.doc = g_strdup("LS-0042");
  plan->limited_support.url = g_strdup("https://maker.example/ls-0042");
  plan->limited_support.successor = g_strdup("PUMP-2");
  plan->limited_support.rationale = g_strdup("同じ日に全数を交換する");
  plan->limited_support.duties_ja = g_strdup("ネットワークから切り離す");
  plan->limited_support.duties_en = g_strdup("Take it off the network");
  plan->limited_support.line[SERVICE_PARTS] =
      (ServiceLine){ iso("2033-03-31"), g_strdup("在庫の限り"), g_strdup("while stock lasts") };
  return plan;
}

#define PLAN_TEXTS 8

static void clear_field(SupportPlan *plan, int field)
{
  LimitedSupport *limited = &plan->limited_support;
  char **texts[PLAN_TEXTS] = { &limited->doc,
                               &limited->url,
                               &limited->duties_ja,
                               &limited->duties_en,
                               &limited->successor,
                               &limited->rationale,
                               &limited->line[SERVICE_PARTS].terms_ja,
                               &limited->line[SERVICE_PARTS].terms_en };
  PlanDate *dates[] = { &plan->announced_on, &plan->presented_on };

  if (field < MILESTONE_COUNT)
    plan->date[field] = (PlanDate){ DATE_UNKNOWN, DAY_NONE };
  else if (field < MILESTONE_COUNT + 2)
    *dates[field - MILESTONE_COUNT] = (PlanDate){ DATE_UNKNOWN, DAY_NONE };
  else if (field < MILESTONE_COUNT + 2 + PLAN_TEXTS)
    g_clear_pointer(texts[field - MILESTONE_COUNT - 2], g_free);
  else
    limited->line[SERVICE_PARTS].until = DAY_NONE;
}

START_TEST(test_support_plan_copy_and_equal)
{
  g_autoptr(SupportPlan) plan = full_plan();
  g_autoptr(SupportPlan) copy = support_plan_copy(plan);

  ck_assert(support_plan_equal(plan, copy));
  ck_assert_ptr_ne(plan->limited_support.doc, copy->limited_support.doc);
  for (int field = 0; field <= MILESTONE_COUNT + 2 + PLAN_TEXTS; field++) {
    g_autoptr(SupportPlan) changed = support_plan_copy(plan);

    clear_field(changed, field);
    ck_assert_msg(!support_plan_equal(plan, changed), "field %d", field);
  }
}
END_TEST

START_TEST(test_limited_support_doc_counts_cases)
{
  static const char *const counts[] = { "LS-0042", "文書123", "ＬＳ－１", " 1 ", "予定表 12", "N/A-7" };
  static const char *const blank[] = { "",       " ",    "　",       "-",    "－",     "なし",     "未定",
                                       "調整中", "予定", "N/A",      "n/a",  "Ｎ／Ａ", "TBD",      "tbd",
                                       "ＴＢＤ", " - ",  "　なし　", "\t\n", "\u200b", "\ufeff -", "\u00a0",
                                       "―",      "ー",   "--",       "…",    "（　）", "\xff" };

  for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
    ck_assert_msg(limited_support_doc_counts(counts[i]), "\"%s\"", counts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS(blank); i++)
    ck_assert_msg(!limited_support_doc_counts(blank[i]), "\"%s\"", blank[i]);
  ck_assert(!limited_support_doc_counts(NULL));
}
END_TEST

START_TEST(test_limited_support_is_declared_cases)
{
  static const struct {
    const char *doc, *duties_ja, *duties_en, *lines;
    bool declared;
  } cases[] = {
    { "LS-1", "切り離す", NULL, "parts:2033-03-31", true },
    { "LS-1", NULL, "Unplug it", "parts:2033-03-31", true },
    { NULL, "切り離す", NULL, "parts:2033-03-31", false },
    { "－", "切り離す", NULL, "parts:2033-03-31", false },
    { "LS-1", NULL, NULL, "parts:2033-03-31", false },
    { "LS-1", "　", " ", "parts:2033-03-31", false },
    { "LS-1", "切り離す", NULL, "", false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SupportPlan) plan = support_plan_new();
    LimitedSupport *limited = &plan->limited_support;

    limited->doc = g_strdup(cases[i].doc);
    limited->duties_ja = g_strdup(cases[i].duties_ja);
    limited->duties_en = g_strdup(cases[i].duties_en);
    ck_assert(limited_support_parse_lines(cases[i].lines, limited, NULL));
    ck_assert_msg(limited_support_is_declared(limited) == cases[i].declared, "case %zu", i);
  }
}
END_TEST

START_TEST(test_limited_support_lines_accepted)
{
  static const struct {
    const char *text, *want;
  } cases[] = {
    { "security-updates:2033-03-31;parts:2031-03-31", "security-updates:2033-03-31;parts:2031-03-31" },
    { "parts:2031-03-31;security-updates:2033-03-31", "security-updates:2033-03-31;parts:2031-03-31" },
    { " parts : 2031/3/31 ; ", "parts:2031-03-31" },
    { "telephone：令和13年3月末；migration-path：2032年度末",
      "telephone:2031-03-31;migration-path:2033-03-31" },
    { "", "" },
    { " ; ;", "" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SupportPlan) plan = full_plan();
    g_autoptr(GError) error = NULL;

    ck_assert_msg(limited_support_parse_lines(cases[i].text, &plan->limited_support, &error), "\"%s\": %s",
                  cases[i].text, error != NULL ? error->message : "");

    g_autofree char *got = limited_support_format_lines(&plan->limited_support);

    ck_assert_str_eq(got, cases[i].want);
    ck_assert_msg((plan->limited_support.line[SERVICE_PARTS].terms_ja != NULL) ==
                      (strstr(got, "parts") != NULL),
                  "\"%s\": terms", cases[i].text);
  }
}
END_TEST

START_TEST(test_limited_support_lines_refused)
{
  static const struct {
    const char *text, *says;
  } cases[] = {
    { "parts", "colon" },
    { "repairs:2031-03-31", "on-site-repair" },
    { "parts:2031-02-29", "28 days" },
    { "parts:48304", "Excel" },
    { "parts:", "last day" },
    { "parts:未定", "last day" },
    { "parts:2031-03-31;parts:2032-03-31", "twice" },
    { "security-updates:2033-03-31,parts:2031-03-31", "2031-03-31" },
    { ":2031-03-31", "no such kind" },
    { "\xff", "UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SupportPlan) plan = full_plan();
    g_autoptr(SupportPlan) before = support_plan_copy(plan);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(!limited_support_parse_lines(cases[i].text, &plan->limited_support, &error), "\"%s\"",
                  cases[i].text);
    ck_assert_msg(error != NULL && error->domain == DATE_TEXT_ERROR, "\"%s\"", cases[i].text);
    ck_assert_msg(strstr(error->message, cases[i].says) != NULL, "\"%s\": %s", cases[i].text, error->message);
    ck_assert_msg(support_plan_equal(plan, before), "\"%s\" changed the plan", cases[i].text);
  }
}
END_TEST

START_TEST(test_limited_support_lines_foreign_bytes)
{
  static const char *const odd[] = { "\xed\xb9\xb3 43", "parts:\xff", "parts:2031-03-31;\xe5\xb9" };
  g_autofree char *megabytes = g_strnfill(10 * 1000 * 1000, ';');
  g_autoptr(GString) wide = g_string_new(NULL);
  LimitedSupport plan = { 0 };

  for (int i = 0; i < 100; i++)
    g_string_append(wide, "部品");

  const char *const long_ones[] = { megabytes, wide->str };

  for (gsize i = 0; i < G_N_ELEMENTS(odd) + G_N_ELEMENTS(long_ones); i++) {
    const char *text = i < G_N_ELEMENTS(odd) ? odd[i] : long_ones[i - G_N_ELEMENTS(odd)];
    g_autoptr(GError) error = NULL;

    ck_assert_msg(!limited_support_parse_lines(text, &plan, &error), "case %zu", i);
    ck_assert_msg(g_utf8_validate(error->message, -1, NULL), "case %zu", i);
    ck_assert_uint_lt(strlen(error->message), 500);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("plan");
  TCase *plan = tcase_create("plan"), *limited = tcase_create("limited_support");

  tcase_add_test(plan, test_support_plan_stage_cases);
  tcase_add_test(plan, test_words_round_trip);
  tcase_add_test(plan, test_support_plan_copy_and_equal);
  tcase_add_test(limited, test_limited_support_doc_counts_cases);
  tcase_add_test(limited, test_limited_support_is_declared_cases);
  tcase_add_test(limited, test_limited_support_lines_accepted);
  tcase_add_test(limited, test_limited_support_lines_refused);
  tcase_add_test(limited, test_limited_support_lines_foreign_bytes);
  suite_add_tcase(suite, plan);
  suite_add_tcase(suite, limited);
  return run_suite(suite);
}
