#include "notifier/web/http_date.h"

#include <stdio.h>
#include <string.h>

static const char *const month_names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const day_names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

typedef struct {
  int year, month, day, hour, minute, second;
  char month_name[4];
} Parts;

const char *http_date_format(gint64 seconds, char buffer[static HTTP_DATE_SIZE])
{
  g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(seconds);

  g_assert(at != NULL);
  g_snprintf(buffer, HTTP_DATE_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT",
             day_names[g_date_time_get_day_of_week(at) - 1], g_date_time_get_day_of_month(at),
             month_names[g_date_time_get_month(at) - 1], g_date_time_get_year(at), g_date_time_get_hour(at),
             g_date_time_get_minute(at), g_date_time_get_second(at));
  return buffer;
}

static int month_number(const char *name)
{
  for (int i = 0; i < 12; i++) {
    if (g_str_equal(name, month_names[i]))
      return i + 1;
  }
  return 0;
}

/* Each form after the name of the day, which is not looked at; *ret_end: where reading ended, 0: too soon. */
static void scan_fixdate(const char *text, Parts *parts, int *ret_end)
{
  sscanf(text, " %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &parts->day, parts->month_name, &parts->year,
         &parts->hour, &parts->minute, &parts->second, ret_end);
}

static void scan_rfc850(const char *text, Parts *parts, int *ret_end)
{
  sscanf(text, " %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &parts->day, parts->month_name, &parts->year,
         &parts->hour, &parts->minute, &parts->second, ret_end);
  parts->year += parts->year < 70 ? 2000 : 1900;
}

static void scan_asctime(const char *text, Parts *parts, int *ret_end)
{
  sscanf(text, " %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", parts->month_name, &parts->day, &parts->hour,
         &parts->minute, &parts->second, &parts->year, ret_end);
}

bool http_date_parse(const char *text, gint64 *ret_seconds)
{
  static void (*const scans[])(const char *, Parts *, int *) = { scan_fixdate, scan_rfc850, scan_asctime };
  const char *space = strchr(text, ' ');

  for (gsize i = 0; space != NULL && i < G_N_ELEMENTS(scans); i++) {
    Parts parts = { 0 };
    int end = 0;

    scans[i](space, &parts, &end);
    if (end == 0 || space[end] != '\0')
      continue;

    g_autoptr(GDateTime) at = g_date_time_new_utc(parts.year, month_number(parts.month_name), parts.day,
                                                  parts.hour, parts.minute, parts.second);

    if (at == NULL)
      return false;
    *ret_seconds = g_date_time_to_unix(at);
    return true;
  }
  return false;
}
