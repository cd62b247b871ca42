#include "planner/plan_date.h"

#include <string.h>

#define STORED_TBA "tba"

PlanDate plan_date_known(Day day)
{
  g_assert(day != DAY_NONE);
  return (PlanDate){ DATE_KNOWN, day };
}

bool plan_date_coincide(PlanDate a, PlanDate b)
{
  return a.state == DATE_KNOWN && b.state == DATE_KNOWN && a.day == b.day;
}

bool plan_date_equal(PlanDate a, PlanDate b)
{
  return a.state == b.state && (a.state != DATE_KNOWN || a.day == b.day);
}

const char *plan_date_to_store(PlanDate date, char buffer[static DAY_TEXT_SIZE])
{
  switch (date.state) {
  case DATE_TBA:
    return STORED_TBA;
  case DATE_KNOWN:
    return day_format(date.day, buffer);
  case DATE_UNKNOWN:
    break;
  }
  return NULL;
}

bool plan_date_from_store(const char *text, PlanDate *ret_date)
{
  PlanDate date = { DATE_UNKNOWN, DAY_NONE };

  if (text == NULL) {
    *ret_date = date;
    return true;
  }
  if (strcmp(text, STORED_TBA) == 0)
    date.state = DATE_TBA;
  else if (day_parse(text, &date.day))
    date.state = DATE_KNOWN;
  else
    return false;
  *ret_date = date;
  return true;
}
