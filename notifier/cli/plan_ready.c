#include "notifier/cli/plan_ready.h"

#include "db/plan_event_store.h"
#include "planner/revision.h"

#include <string.h>

bool plan_ready_reason_given(Db *db, const PlanRow *row, const char *reason, bool *ret_given, GError **error)
{
  g_autoptr(GPtrArray) events = NULL;
  bool submitted_with = false;

  if (!plan_event_store_list(db, row->plan, &events, error))
    return false;
  for (guint i = 0; i < events->len; i++) {
    const PlanEvent *event = events->pdata[i];

    if (strcmp(event->event, revision_event_key(REVISION_SUBMIT)) == 0)
      submitted_with = event->reason != NULL;
  }
  *ret_given = submitted_with || reason != NULL;
  return true;
}

const char *plan_ready_problem(const PlanRow *row, bool two_people)
{
  RevisionState state, next;

  if (!revision_state_parse(row->state, &state))
    return "it has no state that kigen knows: kigen doctor";
  return revision_next(state, REVISION_PUBLISH, two_people, &next) ? NULL
                                                                   : revision_remedy(state, REVISION_PUBLISH);
}
