#include "planner/calendar_event.h"

#include "planner/effective.h"

bool calendar_event_day_fits(Day day)
{
  return day >= day_from_ymd(1583, 1, 1) && day <= day_from_ymd(3000, 12, 30);
}

bool calendar_event_is_there(const SupportPlan *plan, Milestone milestone)
{
  PlanDate date = plan->date[milestone];

  return date.state == DATE_KNOWN && calendar_event_day_fits(date.day);
}

/* What an event shows of it: everything but the rationale. */
static bool shows_the_same(const LimitedSupport *a, const LimitedSupport *b)
{
  LimitedSupport x = *a, y = *b;

  x.rationale = y.rationale = NULL;
  return limited_support_equal(&x, &y);
}

Day calendar_event_day(PlanDate planned, Milestone milestone, Day extended)
{
  Day day = milestone == MILESTONE_EOS ? effective_eos(planned, extended, DAY_NONE).date.day : planned.day;

  return calendar_event_day_fits(day) ? day : planned.day;
}

bool calendar_event_says_the_same(const SupportPlan *a, const SupportPlan *b, Milestone milestone)
{
  const Milestone said[] = { milestone, MILESTONE_EOL, MILESTONE_EOS };

  for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
    if (!plan_date_equal(a->date[said[i]], b->date[said[i]]))
      return false;
  }
  /* Every event names the successor; the plan stands at those of EOL and EOS. */
  if (milestone == MILESTONE_EOL || milestone == MILESTONE_EOS)
    return shows_the_same(&a->limited_support, &b->limited_support);
  return g_strcmp0(a->limited_support.successor, b->limited_support.successor) == 0;
}

CalendarEventChange calendar_event_compare(const SupportPlan *was, const SupportPlan *now,
                                           Milestone milestone)
{
  bool before = was != NULL && calendar_event_is_there(was, milestone);
  bool after = calendar_event_is_there(now, milestone);

  if (!before)
    return after ? CALENDAR_EVENT_APPEARS : CALENDAR_EVENT_NONE;
  if (!after)
    return CALENDAR_EVENT_CANCELLED;
  if (!plan_date_equal(was->date[milestone], now->date[milestone]))
    return CALENDAR_EVENT_MOVES;
  return calendar_event_says_the_same(was, now, milestone) ? CALENDAR_EVENT_STAYS : CALENDAR_EVENT_CHANGES;
}

const char *calendar_event_change_key(CalendarEventChange change)
{
  static const char *const keys[CALENDAR_EVENT_CHANGE_COUNT] = { "none",  "stays",   "appears",
                                                                 "moves", "changes", "cancelled" };

  g_assert(change < CALENDAR_EVENT_CHANGE_COUNT);
  return keys[change];
}
