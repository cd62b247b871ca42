#include "planner/published_date.h"

const char *published_date_key(int i)
{
  return i < MILESTONE_COUNT ? milestone_key((Milestone)i)
                             : service_kind_key((ServiceKind)(i - MILESTONE_COUNT));
}

PlanDate published_date_of(const SupportPlan *plan, int i)
{
  if (i < MILESTONE_COUNT)
    return plan->date[i];

  Day until = plan->limited_support.line[i - MILESTONE_COUNT].until;

  return until == DAY_NONE ? (PlanDate){ DATE_UNKNOWN, DAY_NONE } : plan_date_known(until);
}

bool published_date_moves_earlier(const SupportPlan *was, const SupportPlan *now, int i, Day today,
                                  Day *ret_day)
{
  PlanDate before = published_date_of(was, i), after = published_date_of(now, i);
  bool starts = i == MILESTONE_GENERAL_AVAILABILITY || i == MILESTONE_END_OF_SALE;
  bool dropped = i >= MILESTONE_COUNT && after.state != DATE_KNOWN;
  Day day = dropped ? today : after.day;

  if (before.state != DATE_KNOWN || starts || (after.state != DATE_KNOWN && !dropped) || day >= before.day)
    return false;
  *ret_day = day;
  return true;
}
