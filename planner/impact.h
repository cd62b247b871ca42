#ifndef KIGEN_PLANNER_IMPACT_H
#define KIGEN_PLANNER_IMPACT_H

/* What a plan would change if it were published today: its dates beside those in force, the events that
 * follow them, who would learn of an end too late, and the reminders that come or go. Pure; how many that
 * concerns counts db/impact_store.h. */

#include "planner/calendar_event.h"
#include "planner/published_date.h"
#include "planner/rule.h"
#include "planner/schedule.h"

/* One promised date. */
typedef struct {
  PlanDate was, now;         /* was: unknown where nothing is in force */
  int moves;                 /* by so many days, later > 0; 0: not, or not from a day to a day */
  CalendarEventChange event; /* what becomes of its event; CALENDAR_EVENT_NONE for a service line */
  bool is_short;             /* customers learn now of an end that is nearer than the policy's lead time */
  Day ends;                  /* that end; not set otherwise */
} ImpactDate;

typedef struct {
  bool nothing; /* the plan in force says all of it already */
  ImpactDate date[PUBLISHED_DATES];
} Impact;

/* Compares facts->plan with facts->in_force. Short is what LEAD-1 and CHG-2 count: an EOL or EOS that is told
 * for the first time, and any end that comes earlier, less than policy->lead_months from facts->today. */
void impact_compare(const RuleFacts *facts, const Policy *policy, Impact *ret_impact);

/* True when a date of `impact` is short, whatever becomes of EOS (`but_eos`: a customer's own EOS is a later
 * one). */
bool impact_is_short(const Impact *impact, bool but_eos);

typedef enum {
  IMPACT_REMINDER_STAYS,
  IMPACT_REMINDER_COMES,
  IMPACT_REMINDER_MOVES,
  IMPACT_REMINDER_GOES,
  IMPACT_REMINDER_CHANGE_COUNT
} ImpactReminderChange;

/* "stays", "comes", "moves", "goes". */
const char *impact_reminder_change_key(ImpactReminderChange change);

/* A notice of the schedule. */
typedef struct {
  ImpactReminderChange change;
  ScheduledNotice notice; /* the new one; where it goes, the one that there was */
  Day was;                /* due day with the plan in force; DAY_NONE: none */
} ImpactReminder;

/* The schedules of the plan in force (what it has not told yet) and of the one that takes its place, side by
 * side: notices of one kind, lead time, budget month and extended EOS are the same one. The next first, by
 * the earlier of its two days. A GArray of ImpactReminder. */
GArray *impact_reminders(const GArray *before, const GArray *after);

#endif
