#include "planner/impact.h"
#include "planner/told.h"

#include <string.h>

#include "tests/support/run.h"

/* What would change if `now` were published on 2031-03-31 in place of `was` (NULL: nothing in force), which
 * was published a year before. Plans are "KEY=DATE …", service lines too. Of each date that moves, has an
 * event or is short: "KEY [±days] [event] [short YYYY-MM-DD]". */
typedef struct {
  const char *name, *was, *now;
  const char *expected;
} Case;

static const Case cases[] = {
  { "the first plan", NULL, "eol=2034-03-31 eos=2036-03-31", "eol appears, eos appears" },
  { "the first plan, late", NULL, "eol=2033-03-30 eos=2036-03-31",
    "eol appears short 2033-03-30, eos appears" },
  { "two years are enough", NULL, "eol=2033-03-31 eos=2036-03-31", "eol appears, eos appears" },
  { "announced before kigen", NULL, "eol=2032-03-31 eos=2036-03-31 announced_on=2029-03-31",
    "eol appears, eos appears" },
  { "nothing", "eol=2032-03-31 eos=2036-03-31", "eol=2032-03-31 eos=2036-03-31",
    "nothing: eol stays, eos stays" },
  { "later, however near", "eol=2031-06-30 eos=2032-03-31", "eol=2031-07-31 eos=2032-03-31",
    "eol +31 moves, eos changes" },
  { "earlier, far away", "eol=2036-03-31 eos=2038-03-31", "eol=2035-03-31 eos=2038-03-31",
    "eol -366 moves, eos changes" },
  { "earlier and near", "eol=2032-03-31 eos=2034-03-31", "eol=2032-03-30 eos=2033-03-30",
    "eol -1 moves short 2032-03-30, eos -366 moves short 2033-03-30" },
  { "already over", "eol=2032-03-31 eos=2034-03-31", "eol=2031-03-30 eos=2034-03-31",
    "eol -367 moves short 2031-03-30, eos changes" },
  { "EOS announced for the first time", "eol=2032-03-31 eos=tba", "eol=2032-03-31 eos=2032-12-31",
    "eol changes, eos appears short 2032-12-31" },
  { "taken back", "eol=2032-03-31 eos=2034-03-31", "eol=2032-03-31 eos=tba", "eol changes, eos cancelled" },
  { "end of sale takes nothing", "end_of_sale=2032-03-31", "end_of_sale=2031-04-01",
    "end_of_sale -365 moves" },
  { "a line is cut", "parts=2034-03-31", "parts=2032-03-31", "parts -730 short 2032-03-31" },
  { "a line is dropped", "eos=2034-03-31 parts=2034-03-31", "eos=2034-03-31",
    "eos changes, parts short 2031-03-31" },
  { "a new line", "eos=2034-03-31", "eos=2034-03-31 parts=2032-03-31", "eos changes" },
};

#define TODAY day_from_ymd(2031, 3, 31)

static void set(SupportPlan *plan, const char *key, const char *value)
{
  Milestone milestone;
  ServiceKind kind;
  PlanDate date;

  ck_assert_msg(plan_date_from_store(value, &date), "the test's own %s", value);
  if (strcmp(key, "announced_on") == 0)
    plan->announced_on = date;
  else if (service_kind_parse(key, &kind))
    plan->limited_support.line[kind].until = date.day;
  else if (milestone_parse(key, &milestone))
    plan->date[milestone] = date;
  else
    ck_abort_msg("the test's own %s", key);
}

static SupportPlan *parse(const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, " ", 0);
  SupportPlan *plan = support_plan_new();

  for (guint i = 0; words[i] != NULL; i++) {
    g_auto(GStrv) pair = g_strsplit(words[i], "=", 2);

    set(plan, pair[0], pair[1]);
  }
  return plan;
}

/* `was` was published a year before today. */
static RuleFacts facts_of(const SupportPlan *was, const SupportPlan *now)
{
  RuleFacts facts = { .today = TODAY, .plan = now, .in_force = was };
  ToldRevision revisions[2] = { { .published_on = day_from_ymd(2030, 3, 31) }, { .published_on = TODAY } };

  if (was != NULL) {
    revisions[0].announced_on = was->announced_on;
    memcpy(revisions[0].date, was->date, sizeof was->date);
  }
  revisions[1].announced_on = now->announced_on;
  memcpy(revisions[1].date, now->date, sizeof now->date);
  for (int i = 0; i < MILESTONE_COUNT; i++)
    facts.told[i] = told_since(was != NULL ? revisions : revisions + 1, was != NULL ? 2 : 1, (Milestone)i);
  return facts;
}

static char *format(const Impact *impact)
{
  GString *text = g_string_new(impact->nothing ? "nothing: " : "");
  const char *comma = "";
  char day[DAY_TEXT_SIZE];

  for (int i = 0; i < PUBLISHED_DATES; i++) {
    const ImpactDate *date = &impact->date[i];

    if (date->moves == 0 && date->event == CALENDAR_EVENT_NONE && !date->is_short)
      continue;
    g_string_append_printf(text, "%s%s", comma, published_date_key(i));
    comma = ", ";
    if (date->moves != 0)
      g_string_append_printf(text, " %+d", date->moves);
    if (date->event != CALENDAR_EVENT_NONE)
      g_string_append_printf(text, " %s", calendar_event_change_key(date->event));
    if (date->is_short)
      g_string_append_printf(text, " short %s", day_format(date->ends, day));
  }
  return g_string_free(text, FALSE);
}

START_TEST(test_compare)
{
  const Case *row = &cases[_i];
  g_autoptr(SupportPlan) was = row->was != NULL ? parse(row->was) : NULL;
  g_autoptr(SupportPlan) now = parse(row->now);
  RuleFacts facts = facts_of(was, now);
  Impact impact;

  impact_compare(&facts, policy_for(PROFILE_JP), &impact);

  g_autofree char *found = format(&impact);

  ck_assert_msg(strcmp(found, row->expected) == 0, "%s: %s", row->name, found);
}
END_TEST

/* A customer whose own EOS is later is hurt by the other dates only. */
START_TEST(test_short_but_eos)
{
  static const struct {
    const char *was, *now;
    bool all, but_eos;
  } rows[] = {
    { "eol=2036-03-31 eos=2038-03-31", "eol=2036-03-31 eos=2036-03-31", false, false },
    { "eol=2031-06-30 eos=2034-03-31", "eol=2031-06-30 eos=2032-03-31", true, false },
    { "eol=2032-06-30 eos=2034-03-31", "eol=2031-06-30 eos=2032-03-31", true, true },
    { "eos=2034-03-31 parts=2034-03-31", "eos=2034-03-31 parts=2032-03-31", true, true },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(SupportPlan) was = parse(rows[i].was), now = parse(rows[i].now);
    RuleFacts facts = facts_of(was, now);
    Impact impact;

    impact_compare(&facts, policy_for(PROFILE_JP), &impact);
    ck_assert_msg(impact_is_short(&impact, false) == rows[i].all, "%s", rows[i].now);
    ck_assert_msg(impact_is_short(&impact, true) == rows[i].but_eos, "%s", rows[i].now);
  }
}
END_TEST

/* Every profile asks for its own lead time. */
START_TEST(test_lead_of_the_policy)
{
  g_autoptr(SupportPlan) now = parse("eol=2032-03-31 eos=2034-03-31");
  RuleFacts facts = { .today = TODAY, .plan = now };
  Policy policy = *policy_for(PROFILE_JP);
  Impact impact;

  policy.lead_months = 12;
  impact_compare(&facts, &policy, &impact);
  ck_assert(!impact_is_short(&impact, false));
  policy.lead_months = 13;
  impact_compare(&facts, &policy, &impact);
  ck_assert(impact_is_short(&impact, false));
}
END_TEST

static GArray *schedule(const char *plan, Day published, guint budget_months)
{
  g_autoptr(SupportPlan) parsed = parse(plan);
  g_autoptr(BusinessCalendar) calendar = calendar_new(NULL, 0);

  return schedule_for_plan(parsed, published, policy_for(PROFILE_JP), calendar, budget_months);
}

START_TEST(test_reminders)
{
  static const struct {
    const char *was, *now; /* was NULL: no plan */
    guint budget_months;
    const char *expected;
  } rows[] = {
    { NULL, "eol=2031-06-30", 0,
      "eol-reminder 1 comes 2031-05-30, limited-support-begins 0 comes 2031-07-01" },
    { "eol=2031-06-30", "eol=2031-06-30", 0,
      "eol-reminder 1 stays 2031-05-30, limited-support-begins 0 stays 2031-07-01" },
    { "eol=2031-06-30", "eol=2031-09-30", 0,
      "eol-reminder 1 moves 2031-05-30 → 2031-08-29, eol-reminder 3 comes 2031-06-30,"
      " limited-support-begins 0 moves 2031-07-01 → 2031-10-01" },
    { "eol=2031-06-30", "eol=tba", 0,
      "eol-reminder 1 goes 2031-05-30, limited-support-begins 0 goes 2031-07-01" },
    { "eol=2031-05-01", "eol=2032-05-01", 1u << 9,
      "eol-reminder 1 moves 2031-04-01 → 2032-04-01, eol-reminder 12 comes 2031-05-01,"
      " limited-support-begins 0 moves 2031-05-02 → 2032-05-03, eol-reminder b9 comes 2031-09-01,"
      " eol-reminder 6 comes 2031-10-31, eol-reminder 3 comes 2032-01-30" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GArray) before = rows[i].was != NULL ? schedule(rows[i].was, TODAY, rows[i].budget_months)
                                                   : g_array_new(FALSE, FALSE, sizeof(ScheduledNotice));
    g_autoptr(GArray) after = schedule(rows[i].now, TODAY, rows[i].budget_months);
    g_autoptr(GArray) reminders = impact_reminders(before, after);
    g_autoptr(GString) found = g_string_new(NULL);

    for (guint k = 0; k < reminders->len; k++) {
      const ImpactReminder *reminder = &g_array_index(reminders, ImpactReminder, k);
      char was[DAY_TEXT_SIZE], due[DAY_TEXT_SIZE];

      g_string_append_printf(
          found, "%s%s %s%d %s ", k > 0 ? ", " : "", notice_kind_key(reminder->notice.kind),
          reminder->notice.budget_month != 0 ? "b" : "",
          reminder->notice.budget_month != 0 ? reminder->notice.budget_month : reminder->notice.lead_months,
          impact_reminder_change_key(reminder->change));
      if (reminder->change == IMPACT_REMINDER_MOVES)
        g_string_append_printf(found, "%s → ", day_format(reminder->was, was));
      g_string_append(found, day_format(reminder->notice.due, due));
    }
    ck_assert_msg(strcmp(found->str, rows[i].expected) == 0, "%s: %s", rows[i].now, found->str);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("impact");
  TCase *impact = tcase_create("impact");

  tcase_add_loop_test(impact, test_compare, 0, G_N_ELEMENTS(cases));
  tcase_add_test(impact, test_short_but_eos);
  tcase_add_test(impact, test_lead_of_the_policy);
  tcase_add_test(impact, test_reminders);
  suite_add_tcase(suite, impact);
  return run_suite(suite);
}
