#ifndef KIGEN_PLANNER_PLAN_DATE_H
#define KIGEN_PLANNER_PLAN_DATE_H

/* A date of a support plan: known, not announced (tba) or unknown (no data). Three different things
 * everywhere (domain.md). A plain value; {0} is "unknown". Every date is the LAST day of what it ends. */

#include "planner/day.h"

typedef enum { DATE_UNKNOWN, DATE_TBA, DATE_KNOWN } DateState;

typedef struct {
  DateState state;
  Day day; /* set only when DATE_KNOWN */
} PlanDate;

/* A known date. */
PlanDate plan_date_known(Day day);

/* True when both are known and the same day. Two tba do not coincide. */
bool plan_date_coincide(PlanDate a, PlanDate b);

/* True when state and day are equal. */
bool plan_date_equal(PlanDate a, PlanDate b);

/* The stored form: NULL (unknown), "tba", or ISO written into `buffer`. */
const char *plan_date_to_store(PlanDate date, char buffer[static DAY_TEXT_SIZE]);

/* Reads the stored form; false when it is none. */
bool plan_date_from_store(const char *text, PlanDate *ret_date) G_GNUC_WARN_UNUSED_RESULT;

#endif
