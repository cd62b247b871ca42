#ifndef KIGEN_PLANNER_PRESENTATION_H
#define KIGEN_PLANNER_PRESENTATION_H

/* When a hospital was shown a limited-support plan, and whether that was in time (domain.md, LSP-4). Pure. */

#include "planner/plan_date.h"

/* How it was shown, beside mail. */
typedef enum {
  PRESENTATION_HAND_OVER, /* in person */
  PRESENTATION_LETTER,    /* on paper, by post */
  PRESENTATION_FAX,
  PRESENTATION_PAGE, /* the hospital's page was opened: the web service records it, nobody else */
  PRESENTATION_WAY_COUNT
} PresentationWay;

/* The word in store, CSV and command line: "hand-over", "letter", "fax", "page". */
const char *presentation_way_key(PresentationWay way);
/* False also for "page" unless `any`: people record the other ways. */
bool presentation_way_parse(const char *key, bool any, PresentationWay *ret_way) G_GNUC_WARN_UNUSED_RESULT;

/* From worst to best. */
typedef enum {
  PRESENTATION_MISSING, /* there is none */
  PRESENTATION_LATE,  /* there is one, too late, and nobody said why: the hospital counts as not presented to
                       */
  PRESENTATION_CURED, /* too late, but recorded with the reason */
  PRESENTATION_IN_TIME
} PresentationState;

/* "missing", "late", "late-with-reason", "in-time". */
const char *presentation_state_key(PresentationState state);

/* Days after it got its first unit within which a hospital is told, where that is later than EOL. */
#define PRESENTATION_LATE_HOLDER_DAYS 30

/* The last day on which it is in time: EOL itself (QA2 Q10 「あらかじめ」), or 30 days after `since`, the day
 * since when the hospital holds a unit (DAY_NONE: unknown, then EOL counts); DAY_NONE while no EOL is known:
 * every day is. */
Day presentation_due(PlanDate eol, Day since);

/* What a presentation on `day` (DAY_NONE: there is none) is worth; `reason`: why it is late was said. */
PresentationState presentation_judge(PlanDate eol, Day since, Day day, bool reason);

#endif
