#ifndef KIGEN_CLI_DUE_H
#define KIGEN_CLI_DUE_H

/* What the published plans still have to tell: the schedule of each, without what was made. */

#include "db/plan_store.h"
#include "planner/calendar.h"
#include "planner/schedule.h"

/* Notices of the published plan `row` that are not made yet, by due day, as of `today`: of several overdue
 * reminders of a kind only the latest, as delivery makes no other. GArray of ScheduledNotice. */
bool due_list(Db *db, const PlanRow *row, const Policy *policy, const BusinessCalendar *calendar, Day today,
              GArray **ret_notices, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for organizations of these budget months (bit 1 = January … bit 12). */
bool due_list_months(Db *db, const PlanRow *row, const Policy *policy, const BusinessCalendar *calendar,
                     Day today, guint budget_months, GArray **ret_notices, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What `row` would still have to tell if it were published today. GArray of ScheduledNotice. */
bool due_if_published(Db *db, const PlanRow *row, const Policy *policy, const BusinessCalendar *calendar,
                      Day today, guint budget_months, GArray **ret_notices, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* "6 months before", "for budget month 4", "", of an EOS that contracts extended "6 months before, EOS
 * extended to 2035-03-31". Own string. */
char *due_lead_text(const ScheduledNotice *notice);

#endif
