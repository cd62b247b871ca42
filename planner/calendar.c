#include "planner/calendar.h"

#include <stdlib.h>
#include <string.h>

struct BusinessCalendar {
  gsize n;
  Day *holidays; /* ascending */
};

static int compare_days(const void *a, const void *b)
{
  const Day *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

BusinessCalendar *calendar_new(const Day *holidays, gsize n)
{
  BusinessCalendar *calendar = g_new0(BusinessCalendar, 1);

  calendar->n = n;
  calendar->holidays = g_new(Day, n);
  if (n > 0) {
    memcpy(calendar->holidays, holidays, n * sizeof *holidays);
    qsort(calendar->holidays, n, sizeof *holidays, compare_days);
  }
  return calendar;
}

void calendar_free(BusinessCalendar *calendar)
{
  if (calendar == NULL)
    return;
  g_free(calendar->holidays);
  g_free(calendar);
}

/* 29 December to 3 January: when offices in Japan are closed. */
static bool is_year_end(Day day)
{
  int month, d;

  day_to_ymd(day, NULL, &month, &d);
  return (month == 12 && d >= 29) || (month == 1 && d <= 3);
}

bool calendar_is_business_day(const BusinessCalendar *calendar, Day day)
{
  if (day_weekday(day) >= 6 || is_year_end(day))
    return false;
  return calendar->n == 0 || bsearch(&day, calendar->holidays, calendar->n, sizeof day, compare_days) == NULL;
}

Day calendar_on_or_before(const BusinessCalendar *calendar, Day day)
{
  while (day != DAY_NONE && !calendar_is_business_day(calendar, day))
    day--;
  return day;
}

Day calendar_on_or_after(const BusinessCalendar *calendar, Day day)
{
  while (!calendar_is_business_day(calendar, day))
    day++;
  return day;
}

bool calendar_long_closure(const BusinessCalendar *calendar, Day *ret_from, Day *ret_until)
{
  Day after = DAY_NONE; /* the first business day behind the holidays looked at */

  for (gsize i = 0; i < calendar->n; i++) {
    if (calendar->holidays[i] < after)
      continue;
    after = calendar_on_or_after(calendar, calendar->holidays[i]);

    Day before = calendar_on_or_before(calendar, calendar->holidays[i]);

    if (after - before - 1 > CALENDAR_CLOSED_MAX) {
      *ret_from = before + 1;
      *ret_until = after - 1;
      return true;
    }
  }
  return false;
}
