#ifndef KIGEN_PLANNER_SCHEDULE_H
#define KIGEN_PLANNER_SCHEDULE_H

/* The notice schedule: which notices of a published plan fall due on which day (domain.md, Notices). Pure. */

#include "planner/calendar.h"
#include "planner/notice_kind.h"
#include "planner/plan.h"
#include "planner/policy.h"

typedef struct {
  NoticeKind kind;
  int lead_months;  /* reminders: months before; 0 otherwise; SCHEDULE_BUDGET for the budget-month reminder */
  int budget_month; /* budget-month reminder: concerns organizations of this budget month (1..12); 0 otherwise
                     */
  Day nominal;      /* as counted, before moving to a business day */
  Day due;          /* the day it goes out */
  Day extended_eos; /* of EOS: concerns those whose EOS a contract extended to that day; DAY_NONE: those who
                       have the plan's */
} ScheduledNotice;

#define SCHEDULE_BUDGET (-1)

/* Every notice that `plan`, published on `published`, has to give, sorted by due day: reminders by the
 * policy's lead times (on a closed day the business day before), one reminder more in the budget month of the
 * fiscal year (April to March) before that of EOL and of EOS for each month set in `budget_months` (bit 1 =
 * January … bit 12), limited support begins and EOS reached (the day after, moved to the business day after).
 * What would have been due before `published` is left out; the announcement itself is not in the list (it
 * goes at once). No "limited support begins" where EOL = EOS. Returns a GArray of ScheduledNotice. */
GArray *schedule_for_plan(const SupportPlan *plan, Day published, const Policy *policy,
                          const BusinessCalendar *calendar, guint budget_months);

/* Adds to `notices` (from schedule_for_plan; stays sorted) those of an EOS that contracts extended to `eos`:
 * reminders as above, and EOS reached; of EOL it moves nothing. Left out is what would have been due before
 * `from`, when the first of these contracts was entered (or the plan published, if that was later). */
void schedule_add_extended(GArray *notices, Day eos, Day from, const Policy *policy,
                           const BusinessCalendar *calendar, guint budget_months);

/* True when both are one notice: whatever day each was counted from. */
bool schedule_is_same(const ScheduledNotice *a, const ScheduledNotice *b);

/* Of `notices` (from schedule_for_plan) those due on `today` or overdue, with only the latest of several
 * overdue reminders of one kind and budget month left (after downtime nobody gets five at once), and no
 * reminder of a day that is over: once limited support has begun none of EOL, once EOS is reached none at
 * all; an extended EOS counts for itself alone. A new GArray. */
GArray *schedule_due(const GArray *notices, Day today);

#endif
