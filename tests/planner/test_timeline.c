#include "planner/timeline.h"

#include <string.h>

#include "tests/support/run.h"

static Day iso(const char *text)
{
  Day day = DAY_NONE;

  ck_assert_msg(day_parse(text, &day), "the test's own date %s", text);
  return day;
}

static SupportPlan *plan_of(const char *ga, const char *sale, const char *eol, const char *eos)
{
  SupportPlan *plan = support_plan_new();

  ck_assert(plan_date_from_store(ga, &plan->date[MILESTONE_GENERAL_AVAILABILITY]));
  ck_assert(plan_date_from_store(sale, &plan->date[MILESTONE_END_OF_SALE]));
  ck_assert(plan_date_from_store(eol, &plan->date[MILESTONE_EOL]));
  ck_assert(plan_date_from_store(eos, &plan->date[MILESTONE_EOS]));
  return plan;
}

/* "support 2024-04-01 2031-03-31\n…" */
static char *write_spans(const GArray *spans)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < spans->len; i++) {
    const StageSpan *span = &g_array_index(spans, StageSpan, i);
    char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE];

    g_string_append_printf(text, "%s %s %s\n", stage_key(span->stage), day_format(span->from, from),
                           day_format(span->to, to));
  }
  return g_string_free(text, FALSE);
}

START_TEST(test_timeline_spans_cases)
{
  static const struct {
    const char *ga, *sale, *eol, *eos, *want;
  } cases[] = {
    { "2024-04-01", NULL, "2031-03-31", "2033-03-31",
      "development 2020-01-01 2024-03-31\nsupport 2024-04-01 2031-03-31\n"
      "limited-support 2031-04-01 2033-03-31\nend-of-support 2033-04-01 2039-12-31\n" },
    { "2024-04-01", "2029-03-31", "2031-03-31", "2031-03-31",
      "development 2020-01-01 2024-03-31\nsupport 2024-04-01 2031-03-31\nend-of-support 2031-04-01 "
      "2039-12-31\n" },
    { "2024-04-01", NULL, "2031-03-31", NULL,
      "development 2020-01-01 2024-03-31\nsupport 2024-04-01 2031-03-31\nunknown 2031-04-01 2039-12-31\n" },
    { NULL, "2029-03-31", "2031-03-31", "tba",
      "unknown 2020-01-01 2029-03-31\nsupport 2029-04-01 2031-03-31\nlimited-support 2031-04-01 "
      "2039-12-31\n" },
    { "2010-04-01", NULL, "2018-03-31", "2019-03-31", "end-of-support 2020-01-01 2039-12-31\n" },
    { "2010-04-01", NULL, "2019-12-31", "2039-12-31", "limited-support 2020-01-01 2039-12-31\n" },
    { "2010-04-01", NULL, "2039-12-30", "2050-01-01",
      "support 2020-01-01 2039-12-30\nlimited-support 2039-12-31 2039-12-31\n" },
    { NULL, NULL, NULL, NULL, "unknown 2020-01-01 2039-12-31\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SupportPlan) plan = plan_of(cases[i].ga, cases[i].sale, cases[i].eol, cases[i].eos);
    g_autoptr(GArray) spans = timeline_spans(plan, iso("2020-01-01"), iso("2039-12-31"));
    g_autofree char *got = write_spans(spans);

    ck_assert_msg(strcmp(got, cases[i].want) == 0, "case %zu:\n%swanted:\n%s", i, got, cases[i].want);
  }
}
END_TEST

/* Every day of a window is in exactly one span, and in the stage that the plan gives it. */
START_TEST(test_timeline_spans_cover_every_day)
{
  static const char *const dates[] = { NULL, "tba", "2030-02-10", "2030-02-20", "2030-03-01" };
  Day from = iso("2030-02-01"), to = iso("2030-03-10");

  for (int i = 0; i < 5 * 5 * 5 * 5; i++) {
    g_autoptr(SupportPlan) plan = plan_of(dates[i % 5], dates[i / 5 % 5], dates[i / 25 % 5], dates[i / 125]);
    g_autoptr(GArray) spans = timeline_spans(plan, from, to);
    Day day = from;

    for (guint s = 0; s < spans->len; s++) {
      const StageSpan *span = &g_array_index(spans, StageSpan, s);

      ck_assert_msg(span->from == day && span->to >= day, "plan %d, span %u", i, s);
      ck_assert_msg(s == 0 || span[-1].stage != span->stage, "plan %d, span %u", i, s);
      for (; day <= span->to; day++)
        ck_assert_msg(support_plan_stage(plan, day) == span->stage, "plan %d, span %u", i, s);
    }
    ck_assert_uint_eq(day, to + 1);
  }
}
END_TEST

START_TEST(test_timeline_widen)
{
  g_autoptr(SupportPlan) first = plan_of("2024-04-01", NULL, "2031-03-31", "tba");
  g_autoptr(SupportPlan) second = plan_of(NULL, NULL, NULL, "2035-03-31");
  g_autoptr(SupportPlan) nothing = plan_of(NULL, NULL, "tba", NULL);
  Day from = DAY_NONE, to = DAY_NONE;

  timeline_widen(nothing, &from, &to);
  ck_assert(from == DAY_NONE && to == DAY_NONE);
  timeline_widen(first, &from, &to);
  ck_assert(from == iso("2024-04-01") && to == iso("2031-03-31"));
  timeline_widen(second, &from, &to);
  ck_assert(from == iso("2024-04-01") && to == iso("2035-03-31"));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("timeline");
  TCase *timeline = tcase_create("timeline");

  tcase_add_test(timeline, test_timeline_spans_cases);
  tcase_add_test(timeline, test_timeline_spans_cover_every_day);
  tcase_add_test(timeline, test_timeline_widen);
  suite_add_tcase(suite, timeline);
  return run_suite(suite);
}
