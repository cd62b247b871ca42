#ifndef KIGEN_DB_NOTICE_SCHEDULE_H
#define KIGEN_DB_NOTICE_SCHEDULE_H

/* The schedule of a published plan as the store has it: with the budget months of those it concerns, and the
 * EOS that contracts extended for some of them. Who only has the plan's EOS, and who another one, is told of
 * that (db/audience.h): one set of notices for each day. */

#include "db/plan_store.h"
#include "planner/schedule.h"

/* Every notice that the published plan `row` has to give (*ret_all), and those that are made (*ret_made;
 * nominal is DAY_NONE); both GArrays of ScheduledNotice. Reads several times. Errors: DB_ERROR. */
bool notice_schedule_load(Db *db, const PlanRow *row, const Policy *policy, const BusinessCalendar *calendar,
                          GArray **ret_all, GArray **ret_made, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every notice that the plan `row`, stored or not, has to give if it is published on `published` and its own
 * EOS concerns organizations of `budget_months`. GArray of ScheduledNotice. */
bool notice_schedule_imagine(Db *db, const PlanRow *row, Day published, const Policy *policy,
                             const BusinessCalendar *calendar, guint budget_months, GArray **ret_all,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when `notice` is among `notices`. */
bool notice_schedule_has(const GArray *notices, const ScheduledNotice *notice);

#endif
