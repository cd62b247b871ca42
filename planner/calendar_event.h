#ifndef KIGEN_PLANNER_CALENDAR_EVENT_H
#define KIGEN_PLANNER_CALENDAR_EVENT_H

/* The event of a milestone in the calendars of those who hold a release: what of a plan it says, and so what
 * another plan changes of it. Pure: whom it is shown to and since when it is as it is, says
 * notifier/feed/feed_history.h. */

#include "planner/plan.h"

/* True when an event on `day` can be written: from 1583 (Gregorian years only) to 3000-12-30, where libical
 * ends. */
bool calendar_event_day_fits(Day day);

/* True when `plan` has a day for the event of `milestone`. */
bool calendar_event_is_there(const SupportPlan *plan, Milestone milestone);

/* The day of the event of `milestone` by a plan that says `planned`, which is there: of EOS the last day of
 * an extension for all that the customer has (DAY_NONE: none), where that is later and a calendar can hold
 * it. */
Day calendar_event_day(PlanDate planned, Milestone milestone, Day extended);

/* True when the event says the same by both plans: its own date, EOL and EOS, the successor, and for the
 * events of these two the limited-support plan but for its rationale, which no event shows. A revision that
 * changes none of these moves nothing. */
bool calendar_event_says_the_same(const SupportPlan *a, const SupportPlan *b, Milestone milestone);

typedef enum {
  CALENDAR_EVENT_NONE, /* there is none, before and after */
  CALENDAR_EVENT_STAYS,
  CALENDAR_EVENT_APPEARS,
  CALENDAR_EVENT_MOVES,     /* to another day */
  CALENDAR_EVENT_CHANGES,   /* on its day: something else that it says */
  CALENDAR_EVENT_CANCELLED, /* its date is gone */
  CALENDAR_EVENT_CHANGE_COUNT
} CalendarEventChange;

/* What becomes of it when `now` takes the place of `was` (NULL: nothing was in force), for a customer without
 * an extension. */
CalendarEventChange calendar_event_compare(const SupportPlan *was, const SupportPlan *now,
                                           Milestone milestone);

/* "none", "stays", "appears", "moves", "changes", "cancelled". */
const char *calendar_event_change_key(CalendarEventChange change);

#endif
