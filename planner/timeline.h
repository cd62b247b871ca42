#ifndef KIGEN_PLANNER_TIMELINE_H
#define KIGEN_PLANNER_TIMELINE_H

/* A plan as bars of a chart: which stage it is in from when to when. The terminal's and the SVG chart draw
 * these, and nobody computes a stage twice (plan.h, support_plan_stage). */

#include "planner/plan.h"

typedef struct {
  Stage stage;
  Day from, to; /* first and last day */
} StageSpan;

/* The stages of `plan` from `from` to `to` (both included, from ≤ to): spans without gaps, no two neighbours
 * of one stage. Days about which no date says anything are STAGE_UNKNOWN. Returns a GArray of StageSpan. */
GArray *timeline_spans(const SupportPlan *plan, Day from, Day to);

/* Widens *from and *to (DAY_NONE: nothing yet) so that every known date from general availability to EOS lies
 * inside: the window of a chart is found by calling this for each of its plans. */
void timeline_widen(const SupportPlan *plan, Day *from, Day *to);

#endif
