#include "planner/effective.h"

EffectiveDate effective_plan(PlanDate date)
{
  return (EffectiveDate){ .date = date, .surety = date.state };
}

static EffectiveDate extended(Day day, EffectiveBy by)
{
  return (EffectiveDate){ .date = plan_date_known(day), .surety = DATE_KNOWN, .by = by };
}

EffectiveDate effective_eos(PlanDate plan, Day organization, Day device)
{
  if (plan.state != DATE_KNOWN)
    return effective_plan(plan);
  if (device > plan.day)
    return extended(device, EFFECTIVE_DEVICE);
  if (organization > plan.day)
    return extended(organization, EFFECTIVE_ORGANIZATION);
  return effective_plan(plan);
}

/* < 0: `a` ends first, or is all that is known; 0: neither does. */
static int compare(PlanDate a, PlanDate b)
{
  if (a.state != DATE_KNOWN && b.state != DATE_KNOWN)
    return 0;
  if (a.state != DATE_KNOWN || b.state != DATE_KNOWN)
    return a.state == DATE_KNOWN ? -1 : 1;
  return (a.day > b.day) - (a.day < b.day);
}

EffectiveDate effective_first(EffectiveDate hardware, EffectiveDate software)
{
  int order = compare(hardware.date, software.date);
  EffectiveDate first = order > 0 ? software : hardware;

  first.part = order < 0 ? EFFECTIVE_HARDWARE : order > 0 ? EFFECTIVE_SOFTWARE : EFFECTIVE_BOTH;
  first.surety = MIN(hardware.surety, software.surety);
  if (first.date.state != DATE_KNOWN)
    first.date.state = first.surety;
  if (order == 0)
    first.by = MIN(hardware.by, software.by);
  return first;
}

bool effective_is_latest(EffectiveDate date)
{
  return date.date.state == DATE_KNOWN && date.surety != DATE_KNOWN;
}

EffectiveEnd effective_unit(EffectiveEnd hardware, EffectiveEnd software)
{
  EffectiveEnd unit = { effective_first(hardware.eol, software.eol),
                        effective_first(hardware.eos, software.eos) };

  if (unit.eol.date.state == DATE_KNOWN && unit.eos.date.state == DATE_KNOWN &&
      unit.eol.date.day > unit.eos.date.day) {
    unit.eol.date = unit.eos.date;
    unit.eol.part = unit.eos.part;
    unit.eol.surety = MIN(unit.eol.surety, unit.eos.surety);
  }
  return unit;
}
