#ifndef KIGEN_PLANNER_PUBLISHED_DATE_H
#define KIGEN_PLANNER_PUBLISHED_DATE_H

/* Every date that publishing a plan promises: its milestones, and the last days of the service lines of its
 * limited-support plan. What the rules about changes and the impact of a draft go through. Pure. */

#include "planner/plan.h"

/* Numbered 0 to PUBLISHED_DATES - 1: first the milestones, each under its own number. */
#define PUBLISHED_DATES (MILESTONE_COUNT + SERVICE_COUNT)

/* "eol", "parts": as milestone_key and service_kind_key. */
const char *published_date_key(int i);
/* A line that there is not is unknown. */
PlanDate published_date_of(const SupportPlan *plan, int i);

/* True when date `i` that customers count on comes earlier by `now` than by `was`; *ret_day is then the day
 * it comes to. One that begins something, or ends only its sale, takes nothing from a customer when it comes
 * earlier; a milestone that is taken back ends at no day; a service line that is dropped ends today. */
bool published_date_moves_earlier(const SupportPlan *was, const SupportPlan *now, int i, Day today,
                                  Day *ret_day);

#endif
