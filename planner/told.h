#ifndef KIGEN_PLANNER_TOLD_H
#define KIGEN_PLANNER_TOLD_H

/* Since when customers know a date: what LEAD-1 and EU-1 count from. A date that is put off leaves them the
 * time they had; one that comes earlier, or was taken back in between, is told anew. Pure. */

#include "planner/plan.h"

/* A revision that customers were told of, or, last of them, the one that is judged. */
typedef struct {
  Day published_on;      /* the one that is judged and not published yet: today */
  PlanDate announced_on; /* customers were told before kigen (imported history) */
  PlanDate date[MILESTONE_COUNT];
  bool withdrawn; /* customers were told that it holds no more */
} ToldRevision;

/* The day since when customers know `milestone` of the last of `revisions` (n, oldest first), or an earlier
 * day for it. DAY_NONE when it has no day. */
Day told_since(const ToldRevision *revisions, gsize n, Milestone milestone);

#endif
