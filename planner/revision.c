#include "planner/revision.h"

#include <string.h>

static const char *const states[REVISION_STATE_COUNT] = {
  [REVISION_DRAFT] = "draft",           [REVISION_SUBMITTED] = "submitted",
  [REVISION_APPROVED] = "approved",     [REVISION_PUBLISHED] = "published",
  [REVISION_SUPERSEDED] = "superseded", [REVISION_WITHDRAWN] = "withdrawn",
  [REVISION_DISCARDED] = "discarded",
};

static const char *const events[REVISION_EVENT_COUNT] = {
  [REVISION_SET] = "set",           [REVISION_SUBMIT] = "submit",   [REVISION_APPROVE] = "approve",
  [REVISION_REJECT] = "reject",     [REVISION_PUBLISH] = "publish", [REVISION_SUPERSEDE] = "supersede",
  [REVISION_WITHDRAW] = "withdraw", [REVISION_DISCARD] = "discard",
};

/* Every event that is possible. `alone`: only where one person publishes. */
static const struct {
  RevisionState state;
  RevisionEvent event;
  RevisionState next;
  bool alone;
} transitions[] = {
  { REVISION_DRAFT, REVISION_SET, REVISION_DRAFT },
  { REVISION_DRAFT, REVISION_SUBMIT, REVISION_SUBMITTED },
  { REVISION_DRAFT, REVISION_PUBLISH, REVISION_PUBLISHED, .alone = true },
  { REVISION_DRAFT, REVISION_DISCARD, REVISION_DISCARDED },
  { REVISION_SUBMITTED, REVISION_SET, REVISION_DRAFT },
  { REVISION_SUBMITTED, REVISION_APPROVE, REVISION_APPROVED },
  { REVISION_SUBMITTED, REVISION_REJECT, REVISION_DRAFT },
  { REVISION_SUBMITTED, REVISION_PUBLISH, REVISION_PUBLISHED, .alone = true },
  { REVISION_SUBMITTED, REVISION_DISCARD, REVISION_DISCARDED },
  { REVISION_APPROVED, REVISION_SET, REVISION_DRAFT },
  { REVISION_APPROVED, REVISION_REJECT, REVISION_DRAFT },
  { REVISION_APPROVED, REVISION_PUBLISH, REVISION_PUBLISHED },
  { REVISION_APPROVED, REVISION_DISCARD, REVISION_DISCARDED },
  { REVISION_PUBLISHED, REVISION_SUPERSEDE, REVISION_SUPERSEDED },
  { REVISION_PUBLISHED, REVISION_WITHDRAW, REVISION_WITHDRAWN },
};

const char *revision_state_key(RevisionState state)
{
  g_assert(state < REVISION_STATE_COUNT);
  return states[state];
}

bool revision_state_parse(const char *key, RevisionState *ret_state)
{
  for (int i = 0; key != NULL && i < REVISION_STATE_COUNT; i++) {
    if (strcmp(states[i], key) == 0) {
      *ret_state = (RevisionState)i;
      return true;
    }
  }
  return false;
}

const char *revision_event_key(RevisionEvent event)
{
  g_assert(event < REVISION_EVENT_COUNT);
  return events[event];
}

bool revision_is_open(RevisionState state)
{
  return state == REVISION_DRAFT || state == REVISION_SUBMITTED || state == REVISION_APPROVED;
}

bool revision_next(RevisionState state, RevisionEvent event, bool two_people, RevisionState *ret_next)
{
  for (gsize i = 0; i < G_N_ELEMENTS(transitions); i++) {
    if (transitions[i].state != state || transitions[i].event != event ||
        (transitions[i].alone && two_people))
      continue;
    *ret_next = transitions[i].next;
    return true;
  }
  return false;
}

const char *revision_remedy(RevisionState state, RevisionEvent event)
{
  if (!revision_is_open(state))
    return "a revision that was published never changes: begin the next one with kigen plan set";
  if (event == REVISION_WITHDRAW)
    return "it was never published: kigen plan discard throws it away";
  if (event == REVISION_SUBMIT)
    return state == REVISION_APPROVED ? "it is approved already: kigen plan publish"
                                      : "it waits for approval already";
  if (event == REVISION_APPROVE && state == REVISION_APPROVED)
    return "it is approved already: kigen plan publish";
  if (event == REVISION_PUBLISH && state == REVISION_SUBMITTED)
    return "somebody else has to approve it first: kigen plan approve";
  return "submit it first: kigen plan submit";
}
