#include "planner/calendar_event.h"

#include <string.h>

#include "tests/support/run.h"

/* What becomes of each event when `now` takes the place of `was` (NULL: nothing). Plans are "KEY=DATE …";
 * doc= is the document of the limited-support plan. */
typedef struct {
  const char *name, *was, *now;
  const char *expected; /* "KEY change …", without those that there are not */
} Case;

static const Case cases[] = {
  { "the first plan", NULL, "eol=2031-03-31 eos=tba", "eol appears" },
  { "nothing new", "eol=2031-03-31 eos=2034-03-31", "eol=2031-03-31 eos=2034-03-31", "eol stays eos stays" },
  { "EOS moves: EOL says it too", "eol=2031-03-31 eos=2034-03-31 parts_until=2034-03-31",
    "eol=2031-03-31 eos=2035-03-31 parts_until=2034-03-31", "eol changes eos moves parts_until changes" },
  { "another date moves alone", "eol=2031-03-31 eos=2034-03-31 parts_until=2034-03-31",
    "eol=2031-03-31 eos=2034-03-31 parts_until=2035-03-31", "eol stays eos stays parts_until moves" },
  { "limited support is said by EOL and EOS", "eol=2031-03-31 eos=2034-03-31 end_of_sale=2029-03-31 doc=A",
    "eol=2031-03-31 eos=2034-03-31 end_of_sale=2029-03-31 doc=B",
    "end_of_sale stays eol changes eos changes" },
  { "the successor is named by every event", "eol=2031-03-31 end_of_sale=2029-03-31 successor=A",
    "eol=2031-03-31 end_of_sale=2029-03-31 successor=B", "end_of_sale changes eol changes" },
  { "the rationale by none", "eol=2031-03-31 end_of_sale=2029-03-31 rationale=A",
    "eol=2031-03-31 end_of_sale=2029-03-31 rationale=B", "end_of_sale stays eol stays" },
  { "taken back", "eol=2031-03-31 eos=2034-03-31", "eol=2031-03-31 eos=tba", "eol changes eos cancelled" },
  { "announced at last", "eol=2031-03-31 eos=tba", "eol=2031-03-31 eos=2034-03-31",
    "eol changes eos appears" },
  { "no day that a calendar holds", "eol=2031-03-31 eos=9999-12-31", "eol=2031-03-31 eos=9999-12-30",
    "eol changes" },
  { "out of the calendar", "eos=2999-12-31", "eos=3000-12-31", "eos cancelled" },
};

static SupportPlan *parse(const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, " ", 0);
  SupportPlan *plan = support_plan_new();

  for (guint i = 0; words[i] != NULL; i++) {
    g_auto(GStrv) pair = g_strsplit(words[i], "=", 2);
    Milestone milestone;

    if (strcmp(pair[0], "doc") == 0)
      plan->limited_support.doc = g_strdup(pair[1]);
    else if (strcmp(pair[0], "successor") == 0)
      plan->limited_support.successor = g_strdup(pair[1]);
    else if (strcmp(pair[0], "rationale") == 0)
      plan->limited_support.rationale = g_strdup(pair[1]);
    else
      ck_assert_msg(milestone_parse(pair[0], &milestone) &&
                        plan_date_from_store(pair[1], &plan->date[milestone]),
                    "the test's own %s", words[i]);
  }
  return plan;
}

START_TEST(test_compare)
{
  const Case *row = &cases[_i];
  g_autoptr(SupportPlan) was = row->was != NULL ? parse(row->was) : NULL;
  g_autoptr(SupportPlan) now = parse(row->now);
  g_autoptr(GString) found = g_string_new(NULL);

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    CalendarEventChange change = calendar_event_compare(was, now, (Milestone)i);

    if (change != CALENDAR_EVENT_NONE)
      g_string_append_printf(found, "%s%s %s", found->len > 0 ? " " : "", milestone_key((Milestone)i),
                             calendar_event_change_key(change));
  }
  ck_assert_msg(strcmp(found->str, row->expected) == 0, "%s: %s", row->name, found->str);
}
END_TEST

/* EOS alone is extended, and only to a later day that a calendar can hold. */
START_TEST(test_day)
{
  static const struct {
    const char *planned, *extended, *expected;
    Milestone milestone;
  } rows[] = {
    { "2034-03-31", NULL, "2034-03-31", MILESTONE_EOS },
    { "2034-03-31", "2035-03-31", "2035-03-31", MILESTONE_EOS },
    { "2034-03-31", "2033-03-31", "2034-03-31", MILESTONE_EOS },
    { "2034-03-31", "3001-03-31", "2034-03-31", MILESTONE_EOS },
    { "2034-03-31", "2035-03-31", "2034-03-31", MILESTONE_EOL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    PlanDate planned, extended;
    char day[DAY_TEXT_SIZE];

    ck_assert(plan_date_from_store(rows[i].planned, &planned) &&
              plan_date_from_store(rows[i].extended, &extended));
    ck_assert_str_eq(day_format(calendar_event_day(planned, rows[i].milestone, extended.day), day),
                     rows[i].expected);
  }
}
END_TEST

START_TEST(test_day_fits)
{
  ck_assert(!calendar_event_day_fits(day_from_ymd(1582, 12, 31)));
  ck_assert(calendar_event_day_fits(day_from_ymd(1583, 1, 1)));
  ck_assert(calendar_event_day_fits(day_from_ymd(3000, 12, 30)));
  ck_assert(!calendar_event_day_fits(day_from_ymd(3000, 12, 31)));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("calendar_event");
  TCase *events = tcase_create("events");

  tcase_add_loop_test(events, test_compare, 0, G_N_ELEMENTS(cases));
  tcase_add_test(events, test_day);
  tcase_add_test(events, test_day_fits);
  suite_add_tcase(suite, events);
  return run_suite(suite);
}
