#include "planner/day.h"

#define LAST_YEAR 9999

Day day_from_ymd(int year, int month, int day)
{
  if (year < 1 || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > 31)
    return DAY_NONE;
  if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
    return DAY_NONE;

  GDate date;

  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  return g_date_get_julian(&date);
}

void day_to_ymd(Day day, int *ret_year, int *ret_month, int *ret_day)
{
  GDate date;

  g_assert(day != DAY_NONE);
  g_date_clear(&date, 1);
  g_date_set_julian(&date, day);
  if (ret_year != NULL)
    *ret_year = g_date_get_year(&date);
  if (ret_month != NULL)
    *ret_month = (int)g_date_get_month(&date);
  if (ret_day != NULL)
    *ret_day = g_date_get_day(&date);
}

/* The number in `n` ASCII digits at `text`, or -1. Stops at the NUL. */
static int digits(const char *text, int n)
{
  int value = 0;

  for (int i = 0; i < n; i++) {
    if (!g_ascii_isdigit(text[i]))
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool day_parse(const char *text, Day *ret_day)
{
  int year, month, day;

  if (text == NULL || (year = digits(text, 4)) < 0 || text[4] != '-')
    return false;
  if ((month = digits(text + 5, 2)) < 0 || text[7] != '-')
    return false;
  if ((day = digits(text + 8, 2)) < 0 || text[10] != '\0')
    return false;

  Day parsed = day_from_ymd(year, month, day);

  if (parsed == DAY_NONE)
    return false;
  *ret_day = parsed;
  return true;
}

static void put_digits(char *at, int n, int value)
{
  while (n-- > 0) {
    at[n] = (char)('0' + value % 10);
    value /= 10;
  }
}

const char *day_format(Day day, char buffer[static DAY_TEXT_SIZE])
{
  int y, m, d;

  day_to_ymd(day, &y, &m, &d);
  put_digits(buffer, 4, y);
  buffer[4] = '-';
  put_digits(buffer + 5, 2, m);
  buffer[7] = '-';
  put_digits(buffer + 8, 2, d);
  buffer[10] = '\0';
  return buffer;
}

Day day_add_months(Day day, int months)
{
  int y, m, d;

  day_to_ymd(day, &y, &m, &d);

  gint64 count = (gint64)y * 12 + (m - 1) + months;

  if (count < 12 || count >= (gint64)(LAST_YEAR + 1) * 12)
    return DAY_NONE;
  y = (int)(count / 12);
  m = (int)(count % 12) + 1;
  return day_from_ymd(y, m, MIN(d, g_date_get_days_in_month((GDateMonth)m, (GDateYear)y)));
}

int day_weekday(Day day)
{
  /* Julian day 1, 0001-01-01, is a Monday in the proleptic Gregorian calendar. */
  g_assert(day != DAY_NONE);
  return (int)((day - 1) % 7) + 1;
}

Day day_month_end(Day day)
{
  int y, m;

  day_to_ymd(day, &y, &m, NULL);
  return day_from_ymd(y, m, g_date_get_days_in_month((GDateMonth)m, (GDateYear)y));
}

int day_months_between(Day from, Day to)
{
  int from_year, from_month, to_year, to_month;

  day_to_ymd(from, &from_year, &from_month, NULL);
  day_to_ymd(to, &to_year, &to_month, NULL);

  int months = (to_year - from_year) * 12 + (to_month - from_month);

  return day_add_months(from, months) <= to ? months : months - 1;
}
