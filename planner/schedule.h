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

/* Of `notices` (from schedule_for_plan) those due on `today` or overdue, with only the latest of several
 * overdue reminders of one kind and budget month left (after downtime nobody gets five at once), and no
 * reminder of a day that is over: once limited support has begun none of EOL, once EOS is reached none at
 * all. A new GArray. */
GArray *schedule_due(const GArray *notices, Day today);

#endif
