#include "planner/presentation.h"

#include <string.h>

#include "tests/support/run.h"

static Day day_of(const char *text)
{
  Day day = DAY_NONE;

  ck_assert_msg(strcmp(text, "-") == 0 || day_parse(text, &day), "%s", text);
  return day;
}

START_TEST(test_judge)
{
  static const struct {
    const char *eol, *since, *day;
    bool reason;
    const char *state;
  } cases[] = {
    { "2031-03-31", "-", "-", false, "missing" },
    { "2031-03-31", "-", "-", true, "missing" },
    { "2031-03-31", "-", "2026-04-01", false, "in-time" },
    { "2031-03-31", "2020-04-01", "2031-03-31", false, "in-time" },
    { "2031-03-31", "2020-04-01", "2031-04-01", false, "late" },
    { "2031-03-31", "2020-04-01", "2031-04-01", true, "late-with-reason" },
    /* who holds it later: 30 days, never less than until EOL */
    { "2031-03-31", "2031-03-01", "2031-03-31", false, "in-time" },
    { "2031-03-31", "2031-03-02", "2031-04-01", false, "in-time" },
    { "2031-03-31", "2031-03-02", "2031-04-02", false, "late" },
    { "2031-03-31", "2033-05-01", "2033-05-31", false, "in-time" },
    { "2031-03-31", "2033-05-01", "2033-06-01", false, "late" },
    { "2031-03-31", "2033-05-01", "2033-06-01", true, "late-with-reason" },
    { "2031-03-31", "2033-05-01", "2026-04-01", false, "in-time" },
    /* nothing to be late for */
    { "-", "2033-05-01", "2040-01-01", false, "in-time" },
    { "tba", "-", "2040-01-01", false, "in-time" },
    { "tba", "-", "-", false, "missing" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    PlanDate eol = { 0 };

    ck_assert(plan_date_from_store(strcmp(cases[i].eol, "-") == 0 ? NULL : cases[i].eol, &eol));

    PresentationState state =
        presentation_judge(eol, day_of(cases[i].since), day_of(cases[i].day), cases[i].reason);

    ck_assert_msg(strcmp(presentation_state_key(state), cases[i].state) == 0, "case %zu: %s", i,
                  presentation_state_key(state));
  }
}
END_TEST

START_TEST(test_due)
{
  PlanDate eol = plan_date_known(day_of("2031-03-31")), none = { 0 };

  ck_assert_uint_eq(presentation_due(eol, DAY_NONE), day_of("2031-03-31"));
  ck_assert_uint_eq(presentation_due(eol, day_of("2031-03-01")), day_of("2031-03-31"));
  ck_assert_uint_eq(presentation_due(eol, day_of("2031-03-15")), day_of("2031-04-14"));
  ck_assert_uint_eq(presentation_due(none, day_of("2031-03-15")), DAY_NONE);
}
END_TEST

START_TEST(test_ways)
{
  PresentationWay way;

  for (int i = 0; i < PRESENTATION_WAY_COUNT; i++) {
    ck_assert(presentation_way_parse(presentation_way_key((PresentationWay)i), true, &way));
    ck_assert_int_eq(way, i);
    ck_assert_int_eq(presentation_way_parse(presentation_way_key((PresentationWay)i), false, &way),
                     i != PRESENTATION_PAGE);
  }
  ck_assert(!presentation_way_parse("mail", true, &way));
  ck_assert(!presentation_way_parse("", true, &way));
  ck_assert(!presentation_way_parse(NULL, true, &way));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("presentation");
  TCase *tcase = tcase_create("presentation");

  tcase_add_test(tcase, test_judge);
  tcase_add_test(tcase, test_due);
  tcase_add_test(tcase, test_ways);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
