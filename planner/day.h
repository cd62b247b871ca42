#ifndef KIGEN_PLANNER_DAY_H
#define KIGEN_PLANNER_DAY_H

/* Civil dates. A Day is a calendar day without time or zone, kept as GLib's Julian day number (1 =
 * 0001-01-01); 0 is "no day". It is a plain value: compare with < and ==, add days with +. Everything here is
 * pure. */

#include <glib.h>
#include <stdbool.h>

typedef guint32 Day;

#define DAY_NONE ((Day)0)
#define DAY_TEXT_SIZE 11 /* "YYYY-MM-DD" and its NUL */

/* The day of year 1..9999, month 1..12, day 1..31; DAY_NONE when there is no such day. */
Day day_from_ymd(int year, int month, int day);

/* Takes `day` (not DAY_NONE) apart. Any of the pointers may be NULL. */
void day_to_ymd(Day day, int *ret_year, int *ret_month, int *ret_day);

/* Parses strict ISO "YYYY-MM-DD" (ten ASCII characters, a real day). False, and *ret_day untouched,
 * otherwise. */
bool day_parse(const char *text, Day *ret_day) G_GNUC_WARN_UNUSED_RESULT;

/* Writes "YYYY-MM-DD" into `buffer` and returns it. `day` is not DAY_NONE. */
const char *day_format(Day day, char buffer[static DAY_TEXT_SIZE]);

/* `day` plus `months` (negative: back). From the 31st it lands on the last day of a shorter month (domain.md,
 * Notices). DAY_NONE when that lies outside years 1..9999. */
Day day_add_months(Day day, int months);

/* 1 = Monday … 7 = Sunday. */
int day_weekday(Day day);

/* Last day of the month that `day` is in. */
Day day_month_end(Day day);

/* Whole months from `from` to `to`: the largest n for which day_add_months(from, n) is not after `to`. 0 when
 * `to` is less than a month later, always negative when it is earlier. */
int day_months_between(Day from, Day to);

#endif
