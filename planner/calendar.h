#ifndef KIGEN_PLANNER_CALENDAR_H
#define KIGEN_PLANNER_CALENDAR_H

/* The maker's business days: Saturdays, Sundays, 12-29 to 01-03 and an own list of holidays are closed
 * (domain.md, Notices). Named BusinessCalendar so that nobody takes it for a calendar feed. */

#include "planner/day.h"

/* A maker that is closed for longer has a wrong list of holidays: reminders would move by as much. */
#define CALENDAR_CLOSED_MAX 31

typedef struct BusinessCalendar BusinessCalendar;

/* `holidays` (n of them, copied, any order) come on top of weekends and the year-end days. */
BusinessCalendar *calendar_new(const Day *holidays, gsize n);
void calendar_free(BusinessCalendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BusinessCalendar, calendar_free)

bool calendar_is_business_day(const BusinessCalendar *calendar, Day day);

/* `day` itself when it is a business day, else the nearest one before (a reminder) or after (an on-the-day
 * notice). */
Day calendar_on_or_before(const BusinessCalendar *calendar, Day day);
Day calendar_on_or_after(const BusinessCalendar *calendar, Day day);

/* The first time that the maker is closed for more than CALENDAR_CLOSED_MAX days on end; false: there is
 * none. */
bool calendar_long_closure(const BusinessCalendar *calendar, Day *ret_from, Day *ret_until)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
