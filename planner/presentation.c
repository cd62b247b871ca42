#include "planner/presentation.h"

#include <string.h>

static const char *const ways[PRESENTATION_WAY_COUNT] = {
  [PRESENTATION_HAND_OVER] = "hand-over",
  [PRESENTATION_LETTER] = "letter",
  [PRESENTATION_FAX] = "fax",
  [PRESENTATION_PAGE] = "page",
};

static const char *const states[] = {
  [PRESENTATION_MISSING] = "missing",
  [PRESENTATION_LATE] = "late",
  [PRESENTATION_CURED] = "late-with-reason",
  [PRESENTATION_IN_TIME] = "in-time",
};

const char *presentation_way_key(PresentationWay way)
{
  g_assert(way < PRESENTATION_WAY_COUNT);
  return ways[way];
}

bool presentation_way_parse(const char *key, bool any, PresentationWay *ret_way)
{
  for (int i = 0; key != NULL && i < PRESENTATION_WAY_COUNT; i++) {
    if (strcmp(ways[i], key) == 0 && (any || i != PRESENTATION_PAGE)) {
      *ret_way = (PresentationWay)i;
      return true;
    }
  }
  return false;
}

const char *presentation_state_key(PresentationState state)
{
  g_assert(state < G_N_ELEMENTS(states));
  return states[state];
}

Day presentation_due(PlanDate eol, Day since)
{
  if (eol.state != DATE_KNOWN)
    return DAY_NONE;
  return since == DAY_NONE ? eol.day : MAX(eol.day, since + PRESENTATION_LATE_HOLDER_DAYS);
}

PresentationState presentation_judge(PlanDate eol, Day since, Day day, bool reason)
{
  Day due = presentation_due(eol, since);

  if (day == DAY_NONE)
    return PRESENTATION_MISSING;
  if (due == DAY_NONE || day <= due)
    return PRESENTATION_IN_TIME;
  return reason ? PRESENTATION_CURED : PRESENTATION_LATE;
}
