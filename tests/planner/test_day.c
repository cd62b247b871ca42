#include "planner/day.h"
#include "planner/plan_date.h"
#include "tests/support/run.h"

static Day iso(const char *text)
{
  Day day = DAY_NONE;

  ck_assert_msg(day_parse(text, &day), "the test's own date %s", text);
  return day;
}

START_TEST(test_day_from_ymd_refuses)
{
  static const int cases[][3] = { { 2031, 2, 29 }, { 2100, 2, 29 }, { 2031, 4, 31 }, { 2031, 13, 1 },
                                  { 2031, 0, 1 },  { 2031, 1, 0 },  { 0, 1, 1 },     { 10000, 1, 1 },
                                  { -1, 1, 1 },    { 2031, 1, 32 }, { 2031, -3, 1 }, { 67567, 3, 31 } };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    ck_assert_msg(day_from_ymd(cases[i][0], cases[i][1], cases[i][2]) == DAY_NONE, "case %zu", i);
}
END_TEST

START_TEST(test_day_parse_cases)
{
  static const struct {
    const char *text;
    int y, m, d; /* 0: refused */
  } cases[] = {
    { "2031-03-31", 2031, 3, 31 },  { "2024-02-29", 2024, 2, 29 },
    { "2000-02-29", 2000, 2, 29 },  { "0001-01-01", 1, 1, 1 },
    { "9999-12-31", 9999, 12, 31 }, { "2031-02-29", 0, 0, 0 },
    { "1900-02-29", 0, 0, 0 },      { "2031-3-31", 0, 0, 0 },
    { "2031/03/31", 0, 0, 0 },      { "2031-03-31 ", 0, 0, 0 },
    { " 2031-03-31", 0, 0, 0 },     { "2031-03-3", 0, 0, 0 },
    { "2031-03", 0, 0, 0 },         { "2031-", 0, 0, 0 },
    { "20310331", 0, 0, 0 },        { "", 0, 0, 0 },
    { "0000-00-00", 0, 0, 0 },      { "-031-03-31", 0, 0, 0 },
    { "2031-+3-31", 0, 0, 0 },      { "2031-03-311", 0, 0, 0 },
    { "２０３１-03-31", 0, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Day day = 7;
    bool parsed = day_parse(cases[i].text, &day);

    ck_assert_msg(parsed == (cases[i].y != 0), "\"%s\"", cases[i].text);
    ck_assert_msg(day == (parsed ? day_from_ymd(cases[i].y, cases[i].m, cases[i].d) : 7), "\"%s\"",
                  cases[i].text);
  }

  Day untouched = 7;

  ck_assert(!day_parse(NULL, &untouched));
  ck_assert_uint_eq(untouched, 7);
}
END_TEST

START_TEST(test_day_round_trip)
{
  char text[DAY_TEXT_SIZE];

  for (Day day = iso("1900-01-01"); day <= iso("2200-12-31"); day++) {
    Day parsed = DAY_NONE;
    int y, m, d;

    ck_assert_msg(day_parse(day_format(day, text), &parsed) && parsed == day, "%s", text);
    day_to_ymd(day, &y, &m, &d);
    ck_assert_msg(day_from_ymd(y, m, d) == day, "%s", text);
    ck_assert_int_eq(day_weekday(day + 1), day_weekday(day) % 7 + 1);
  }
}
END_TEST

START_TEST(test_day_add_months_cases)
{
  static const struct {
    const char *from;
    int months;
    const char *to; /* NULL: DAY_NONE */
  } cases[] = {
    { "2031-03-31", -1, "2031-02-28" }, { "2032-03-31", -1, "2032-02-29" },
    { "2031-03-31", -6, "2030-09-30" }, { "2031-03-31", -24, "2029-03-31" },
    { "2031-01-31", 1, "2031-02-28" },  { "2031-12-15", 1, "2032-01-15" },
    { "2032-02-29", 12, "2033-02-28" }, { "2032-02-29", -12, "2031-02-28" },
    { "2031-03-30", -1, "2031-02-28" }, { "2031-03-31", 0, "2031-03-31" },
    { "2031-01-15", -1, "2030-12-15" }, { "2031-03-31", -36, "2028-03-31" },
    { "0001-01-31", -1, NULL },         { "9999-12-01", 1, NULL },
    { "9999-11-30", 1, "9999-12-30" },  { "2031-03-31", G_MAXINT, NULL },
    { "2031-03-31", G_MININT, NULL },   { "0001-02-01", -1, "0001-01-01" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Day want = cases[i].to == NULL ? DAY_NONE : iso(cases[i].to);

    ck_assert_msg(day_add_months(iso(cases[i].from), cases[i].months) == want, "%s %+d", cases[i].from,
                  cases[i].months);
  }
}
END_TEST

START_TEST(test_day_months_between_cases)
{
  static const struct {
    const char *from, *to;
    int months;
  } cases[] = {
    { "2029-03-31", "2031-03-31", 24 }, { "2029-04-01", "2031-03-31", 23 },
    { "2031-03-31", "2031-03-31", 0 },  { "2031-03-31", "2031-04-29", 0 },
    { "2031-03-31", "2031-04-30", 1 },  { "2031-01-31", "2031-02-28", 1 },
    { "2031-03-31", "2031-03-30", -1 }, { "2031-03-31", "2029-03-31", -24 },
    { "2028-02-29", "2030-02-28", 24 }, { "2031-03-31", "2031-02-28", -1 },
    { "2031-03-31", "2031-02-27", -2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    ck_assert_msg(day_months_between(iso(cases[i].from), iso(cases[i].to)) == cases[i].months, "%s %s: %d",
                  cases[i].from, cases[i].to, day_months_between(iso(cases[i].from), iso(cases[i].to)));
}
END_TEST

/* The definition, on every pair of a spread of days. */
START_TEST(test_day_months_between_is_the_largest)
{
  for (Day from = iso("2027-12-25"); from < iso("2028-04-05"); from++) {
    for (Day to = iso("2026-11-01"); to < iso("2030-03-05"); to += 3) {
      int n = day_months_between(from, to);

      ck_assert(day_add_months(from, n) <= to);
      ck_assert(day_add_months(from, n + 1) > to);
    }
  }
}
END_TEST

START_TEST(test_day_weekday_and_month_end)
{
  static const struct {
    const char *day;
    int weekday;
    const char *end;
  } cases[] = {
    { "2031-03-31", 1, "2031-03-31" }, { "2026-11-22", 7, "2026-11-30" }, { "2024-02-10", 6, "2024-02-29" },
    { "2031-02-01", 6, "2031-02-28" }, { "1970-01-01", 4, "1970-01-31" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    ck_assert_msg(day_weekday(iso(cases[i].day)) == cases[i].weekday, "%s", cases[i].day);
    ck_assert_msg(day_month_end(iso(cases[i].day)) == iso(cases[i].end), "%s", cases[i].day);
  }
}
END_TEST

START_TEST(test_plan_date_three_states)
{
  PlanDate unknown = { DATE_UNKNOWN, DAY_NONE }, tba = { DATE_TBA, DAY_NONE };
  PlanDate day = plan_date_known(iso("2031-03-31")), other = plan_date_known(iso("2031-04-01"));
  PlanDate all[] = { unknown, tba, day, other };

  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS(all); j++) {
      ck_assert_msg(plan_date_equal(all[i], all[j]) == (i == j), "equal %zu %zu", i, j);
      ck_assert_msg(plan_date_coincide(all[i], all[j]) == (i == j && all[i].state == DATE_KNOWN),
                    "coincide %zu %zu", i, j);
    }
  }
}
END_TEST

START_TEST(test_plan_date_store_round_trip)
{
  PlanDate all[] = { { DATE_UNKNOWN, DAY_NONE }, { DATE_TBA, DAY_NONE }, plan_date_known(iso("2031-03-31")) };
  const char *stored[] = { NULL, "tba", "2031-03-31" };
  static const char *const refused[] = { "", "TBA", "2031-02-29", "unknown", "2031-3-31" };

  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    char buffer[DAY_TEXT_SIZE];
    PlanDate read = { DATE_TBA, 1 };

    ck_assert_msg(g_strcmp0(plan_date_to_store(all[i], buffer), stored[i]) == 0, "%zu", i);
    ck_assert_msg(plan_date_from_store(stored[i], &read) && plan_date_equal(read, all[i]), "%zu", i);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
    PlanDate read = { DATE_TBA, DAY_NONE };

    ck_assert_msg(!plan_date_from_store(refused[i], &read) && read.state == DATE_TBA, "\"%s\"", refused[i]);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("day");
  TCase *day = tcase_create("day"), *plan_date = tcase_create("plan_date");

  tcase_add_test(day, test_day_from_ymd_refuses);
  tcase_add_test(day, test_day_parse_cases);
  tcase_add_test(day, test_day_round_trip);
  tcase_add_test(day, test_day_add_months_cases);
  tcase_add_test(day, test_day_months_between_cases);
  tcase_add_test(day, test_day_months_between_is_the_largest);
  tcase_add_test(day, test_day_weekday_and_month_end);
  tcase_add_test(plan_date, test_plan_date_three_states);
  tcase_add_test(plan_date, test_plan_date_store_round_trip);
  suite_add_tcase(suite, day);
  suite_add_tcase(suite, plan_date);
  return run_suite(suite);
}
