#include "planner/schedule.h"

#include <string.h>

#include "tests/support/run.h"

static Day iso(const char *text)
{
  Day day = DAY_NONE;

  ck_assert_msg(day_parse(text, &day), "the test's own date %s", text);
  return day;
}

static SupportPlan *plan_of(const char *eol, const char *eos)
{
  SupportPlan *plan = support_plan_new();

  ck_assert(plan_date_from_store(eol, &plan->date[MILESTONE_EOL]));
  ck_assert(plan_date_from_store(eos, &plan->date[MILESTONE_EOS]));
  return plan;
}

/* "2029-03-30 eol-reminder 24\n…", budget reminders as "b9". */
static char *write_notices(const GArray *notices)
{
  GString *text = g_string_new(NULL);
  char day[DAY_TEXT_SIZE];

  for (guint i = 0; i < notices->len; i++) {
    const ScheduledNotice *notice = &g_array_index(notices, ScheduledNotice, i);

    g_string_append_printf(text, "%s %s", day_format(notice->due, day), notice_kind_key(notice->kind));
    if (notice->lead_months == SCHEDULE_BUDGET)
      g_string_append_printf(text, " b%d", notice->budget_month);
    else if (notice->lead_months != 0)
      g_string_append_printf(text, " %d", notice->lead_months);
    if (notice->extended_eos != DAY_NONE)
      g_string_append_printf(text, " to %s", day_format(notice->extended_eos, day));
    g_string_append_c(text, '\n');
  }
  return g_string_free(text, FALSE);
}

START_TEST(test_calendar_business_days)
{
  static const struct {
    const char *day, *before, *after;
  } cases[] = {
    { "2026-11-20", "2026-11-20", "2026-11-20" }, /* Friday */
    { "2026-11-21", "2026-11-20", "2026-11-24" }, /* Saturday, and the 23rd is on the list */
    { "2026-11-23", "2026-11-20", "2026-11-24" }, { "2026-12-28", "2026-12-28", "2026-12-28" },
    { "2026-12-29", "2026-12-28", "2027-01-04" }, { "2027-01-03", "2026-12-28", "2027-01-04" },
    { "2031-12-31", "2031-12-26", "2032-01-05" }, /* the days beside it are a weekend */
    { "2026-08-12", "2026-08-10", "2026-08-17" }, /* a company's summer week */
  };
  static const char *const listed[] = { "2026-11-23", "2026-08-14", "2026-08-11", "2026-08-12",
                                        "2026-08-13" };
  Day holidays[G_N_ELEMENTS(listed)];

  for (gsize i = 0; i < G_N_ELEMENTS(listed); i++)
    holidays[i] = iso(listed[i]);

  g_autoptr(BusinessCalendar) calendar = calendar_new(holidays, G_N_ELEMENTS(holidays));

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Day day = iso(cases[i].day);

    ck_assert_msg(calendar_on_or_before(calendar, day) == iso(cases[i].before), "before %s", cases[i].day);
    ck_assert_msg(calendar_on_or_after(calendar, day) == iso(cases[i].after), "after %s", cases[i].day);
    ck_assert_msg(calendar_is_business_day(calendar, day) == (strcmp(cases[i].day, cases[i].before) == 0),
                  "%s", cases[i].day);
  }
}
END_TEST

START_TEST(test_schedule_for_plan_cases)
{
  static const struct {
    const char *eol, *eos, *published;
    guint budget_months;
    const char *want;
  } cases[] = {
    /* 2031-03-31 is a Monday, 2033-03-31 a Thursday. */
    { "2031-03-31", "2033-03-31", "2026-11-22", 0,
      "2029-03-30 eol-reminder 24\n" /* 31st a Saturday */
      "2030-03-29 eol-reminder 12\n" /* a Sunday */
      "2030-03-29 eos-reminder 36\n"
      "2030-09-30 eol-reminder 6\n"
      "2030-12-27 eol-reminder 3\n" /* 31 December, and the 28th is a Saturday */
      "2031-02-28 eol-reminder 1\n"
      "2031-03-31 eos-reminder 24\n"
      "2031-04-01 limited-support-begins\n"
      "2032-03-31 eos-reminder 12\n"
      "2032-09-30 eos-reminder 6\n"
      "2032-12-28 eos-reminder 3\n" /* 31 December */
      "2033-02-28 eos-reminder 1\n"
      "2033-04-01 eos-reached\n" },
    { "2031-03-31", "2033-03-31", "2032-10-01", 0,
      "2032-12-28 eos-reminder 3\n"
      "2033-02-28 eos-reminder 1\n"
      "2033-04-01 eos-reached\n" },
    { "2031-03-31", "2033-03-31", "2032-09-30", 0,
      "2032-09-30 eos-reminder 6\n"
      "2032-12-28 eos-reminder 3\n"
      "2033-02-28 eos-reminder 1\n"
      "2033-04-01 eos-reached\n" },
    { "2031-03-31", "2033-03-31", "2033-04-02", 0, "" },
    /* EOL = EOS: no limited support; one Monday. */
    { "2031-03-31", "2031-03-31", "2031-01-01", 0,
      "2031-02-28 eol-reminder 1\n"
      "2031-02-28 eos-reminder 1\n"
      "2031-04-01 eos-reached\n" },
    { "2031-03-31", "tba", "2031-01-01", 0,
      "2031-02-28 eol-reminder 1\n2031-04-01 limited-support-begins\n" },
    { "2031-03-31", NULL, "2031-01-01", 0, "2031-02-28 eol-reminder 1\n2031-04-01 limited-support-begins\n" },
    { NULL, "2031-03-31", "2031-01-01", 0, "2031-02-28 eos-reminder 1\n2031-04-01 eos-reached\n" },
    { "tba", "tba", "2026-01-01", 1u << 9, "" },
    { NULL, NULL, "2026-01-01", 1u << 9, "" },
    /* The day after EOL is a Saturday: Monday. */
    { "2032-04-30", "tba", "2032-04-29", 0, "2032-05-03 limited-support-begins\n" },
    /* EOL in fiscal 2030 (April 2030 to March 2031): the budget months of fiscal 2029. EOL a day later: of
       2030. */
    { "2031-03-31", "tba", "2029-04-01", 1u << 4 | 1u << 9 | 1u << 1 | 1u << 3,
      "2029-04-02 eol-reminder b4\n" /* 1 April a Sunday */
      "2029-09-03 eol-reminder b9\n" /* a Saturday */
      "2030-01-04 eol-reminder b1\n" /* New Year */
      "2030-03-01 eol-reminder b3\n"
      "2030-03-29 eol-reminder 12\n"
      "2030-09-30 eol-reminder 6\n"
      "2030-12-27 eol-reminder 3\n"
      "2031-02-28 eol-reminder 1\n"
      "2031-04-01 limited-support-begins\n" },
    { "2031-04-01", "tba", "2030-04-01", 1u << 9,
      "2030-04-01 eol-reminder 12\n"
      "2030-09-02 eol-reminder b9\n"
      "2030-10-01 eol-reminder 6\n"
      "2030-12-27 eol-reminder 3\n" /* 1 January */
      "2031-02-28 eol-reminder 1\n" /* 1 March a Saturday */
      "2031-04-02 limited-support-begins\n" },
    { NULL, "2031-03-31", "2029-09-01", 1u << 9,
      "2029-09-03 eos-reminder b9\n"
      "2030-03-29 eos-reminder 12\n"
      "2030-09-30 eos-reminder 6\n"
      "2030-12-27 eos-reminder 3\n"
      "2031-02-28 eos-reminder 1\n"
      "2031-04-01 eos-reached\n" },
  };
  g_autoptr(BusinessCalendar) calendar = calendar_new(NULL, 0);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SupportPlan) plan = plan_of(cases[i].eol, cases[i].eos);
    g_autoptr(GArray) notices = schedule_for_plan(plan, iso(cases[i].published), policy_for(PROFILE_JP),
                                                  calendar, cases[i].budget_months);
    g_autofree char *got = write_notices(notices);

    ck_assert_msg(strcmp(got, cases[i].want) == 0, "case %zu:\n%swanted:\n%s", i, got, cases[i].want);
  }
}
END_TEST

/* Over a spread of plans: nothing before publication, every day a business day, sorted, reminders not after
 * what they remind of, no two the same. */
START_TEST(test_schedule_for_plan_properties)
{
  g_autoptr(BusinessCalendar) calendar = calendar_new(NULL, 0);

  for (Day eol = iso("2028-02-20"); eol < iso("2029-04-10"); eol += 3) {
    g_autoptr(SupportPlan) plan = support_plan_new();

    plan->date[MILESTONE_EOL] = plan_date_known(eol);
    plan->date[MILESTONE_EOS] = plan_date_known(eol + eol % 900);
    for (Day published = iso("2024-12-01"); published < iso("2032-01-01"); published += 97) {
      g_autoptr(GArray) notices =
          schedule_for_plan(plan, published, policy_for(PROFILE_JP), calendar, 0x1ffe);
      const ScheduledNotice *before = NULL;

      for (guint i = 0; i < notices->len; i++) {
        const ScheduledNotice *notice = &g_array_index(notices, ScheduledNotice, i);
        Day end = plan->date[notice->kind == NOTICE_EOS_REMINDER || notice->kind == NOTICE_EOS_REACHED
                                 ? MILESTONE_EOS
                                 : MILESTONE_EOL]
                      .day;

        ck_assert_uint_ge(notice->due, published);
        ck_assert(calendar_is_business_day(calendar, notice->due));
        ck_assert(before == NULL || before->due <= notice->due);
        ck_assert(before == NULL || before->due != notice->due || before->kind != notice->kind ||
                  before->lead_months != notice->lead_months || before->budget_month != notice->budget_month);
        ck_assert_msg(notice->lead_months == 0 ? notice->due > end : notice->due < end, "%s",
                      notice_kind_key(notice->kind));
        before = notice;
      }
    }
  }
}
END_TEST

START_TEST(test_schedule_due_cases)
{
  static const struct {
    const char *today;
    const char *want;
  } cases[] = {
    { "2029-03-29", "" },
    { "2029-03-30", "2029-03-30 eol-reminder 24\n" },
    { "2030-03-28", "2029-03-30 eol-reminder 24\n2029-09-03 eol-reminder b9\n" },
    { "2030-03-29", "2029-09-03 eol-reminder b9\n2030-03-29 eol-reminder 12\n2030-03-29 eos-reminder 36\n" },
    { "2031-03-30", "2029-09-03 eol-reminder b9\n2030-03-29 eos-reminder 36\n2031-02-28 eol-reminder 1\n" },
    { "2031-04-01", "2031-03-31 eos-reminder 24\n2031-04-01 limited-support-begins\n" },
    { "2033-03-31",
      "2031-04-01 limited-support-begins\n2031-09-01 eos-reminder b9\n2033-02-28 eos-reminder 1\n" },
    { "2033-04-01", "2031-04-01 limited-support-begins\n2033-04-01 eos-reached\n" },
  };
  g_autoptr(BusinessCalendar) calendar = calendar_new(NULL, 0);
  g_autoptr(SupportPlan) plan = plan_of("2031-03-31", "2033-03-31");
  g_autoptr(GArray) notices =
      schedule_for_plan(plan, iso("2026-11-22"), policy_for(PROFILE_JP), calendar, 1u << 9);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GArray) due = schedule_due(notices, iso(cases[i].today));
    g_autofree char *got = write_notices(due);

    ck_assert_msg(strcmp(got, cases[i].want) == 0, "%s:\n%swanted:\n%s", cases[i].today, got, cases[i].want);
  }
}
END_TEST

/* Contracts until 2035-03-31 (a Saturday) and 2033-04-01, the day after the plan's: each EOS for itself. */
START_TEST(test_schedule_extended)
{
  static const struct {
    const char *today, *due;
  } cases[] = {
    { "2033-03-31", "2031-04-01 limited-support-begins\n2033-02-28 eos-reminder 1\n"
                    "2033-03-01 eos-reminder 1 to 2033-04-01\n2033-03-31 eos-reminder 24 to 2035-03-31\n" },
    { "2033-04-04", "2031-04-01 limited-support-begins\n2033-03-31 eos-reminder 24 to 2035-03-31\n"
                    "2033-04-01 eos-reached\n2033-04-04 eos-reached to 2033-04-01\n" },
    { "2035-04-02", "2031-04-01 limited-support-begins\n2033-04-01 eos-reached\n"
                    "2033-04-04 eos-reached to 2033-04-01\n2035-04-02 eos-reached to 2035-03-31\n" },
  };
  g_autoptr(BusinessCalendar) calendar = calendar_new(NULL, 0);
  g_autoptr(SupportPlan) plan = plan_of("2031-03-31", "2033-03-31");
  g_autoptr(GArray) notices = schedule_for_plan(plan, iso("2026-11-22"), policy_for(PROFILE_JP), calendar, 0);

  schedule_add_extended(notices, iso("2035-03-31"), iso("2032-06-01"), policy_for(PROFILE_JP), calendar, 0);
  schedule_add_extended(notices, iso("2033-04-01"), iso("2033-01-01"), policy_for(PROFILE_JP), calendar, 0);
  for (guint i = 1; i < notices->len; i++) {
    const ScheduledNotice *notice = &g_array_index(notices, ScheduledNotice, i);

    ck_assert_uint_le((notice - 1)->due, notice->due);
    ck_assert(!schedule_is_same(notice - 1, notice) && schedule_is_same(notice, notice));
    ck_assert(notice->extended_eos == DAY_NONE || notice->due >= iso("2032-06-01"));
  }
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GArray) due = schedule_due(notices, iso(cases[i].today));
    g_autofree char *got = write_notices(due);

    ck_assert_msg(strcmp(got, cases[i].due) == 0, "%s:\n%swanted:\n%s", cases[i].today, got, cases[i].due);
  }
}
END_TEST

START_TEST(test_notice_kinds)
{
  static const char *const keys[] = {
    "plan-announcement", "plan-change",      "eol-reminder",      "limited-support-begins",  "eos-reminder",
    "eos-reached",       "component-notice", "security-advisory", "stop-use-recommendation", "withdrawal"
  };

  ck_assert_uint_eq(G_N_ELEMENTS(keys), NOTICE_KIND_COUNT);
  for (int i = 0; i < NOTICE_KIND_COUNT; i++) {
    NoticeKind kind = NOTICE_KIND_COUNT;

    ck_assert_str_eq(notice_kind_key((NoticeKind)i), keys[i]);
    ck_assert(notice_kind_parse(keys[i], &kind) && (int)kind == i);
    ck_assert(*notice_kind_name((NoticeKind)i, "ja") != '\0');
    ck_assert(*notice_kind_name((NoticeKind)i, "en") != '\0');
  }

  NoticeKind kind;

  ck_assert(!notice_kind_parse("eol", &kind) && !notice_kind_parse(NULL, &kind));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("schedule");
  TCase *calendar = tcase_create("calendar"), *schedule = tcase_create("schedule");

  tcase_add_test(calendar, test_calendar_business_days);
  tcase_set_timeout(schedule, 60);
  tcase_add_test(schedule, test_schedule_for_plan_cases);
  tcase_add_test(schedule, test_schedule_for_plan_properties);
  tcase_add_test(schedule, test_schedule_due_cases);
  tcase_add_test(schedule, test_schedule_extended);
  tcase_add_test(schedule, test_notice_kinds);
  suite_add_tcase(suite, calendar);
  suite_add_tcase(suite, schedule);
  return run_suite(suite);
}
