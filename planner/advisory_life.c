#include "planner/advisory_life.h"

#include <string.h>

static const char *const states[ADVISORY_STATE_COUNT] = {
  [ADVISORY_DRAFT] = "draft",         [ADVISORY_APPROVED] = "approved",
  [ADVISORY_PUBLISHED] = "published", [ADVISORY_SUPERSEDED] = "superseded",
  [ADVISORY_WITHDRAWN] = "withdrawn",
};

static const char *const events[ADVISORY_EVENT_COUNT] = {
  [ADVISORY_SET] = "set",           [ADVISORY_APPROVE] = "approve",
  [ADVISORY_PUBLISH] = "publish",   [ADVISORY_SUPERSEDE] = "supersede",
  [ADVISORY_WITHDRAW] = "withdraw",
};

typedef enum { ALWAYS, BY_ONE, BY_TWO } People;

/* Every event that is possible, and with how many people about. */
static const struct {
  AdvisoryState state;
  AdvisoryEventKind event;
  AdvisoryState next;
  People people;
} transitions[] = {
  { ADVISORY_DRAFT, ADVISORY_SET, ADVISORY_DRAFT, ALWAYS },
  { ADVISORY_DRAFT, ADVISORY_APPROVE, ADVISORY_APPROVED, BY_TWO },
  { ADVISORY_DRAFT, ADVISORY_PUBLISH, ADVISORY_PUBLISHED, BY_ONE },
  { ADVISORY_DRAFT, ADVISORY_WITHDRAW, ADVISORY_WITHDRAWN, ALWAYS },
  { ADVISORY_APPROVED, ADVISORY_SET, ADVISORY_DRAFT, ALWAYS },
  { ADVISORY_APPROVED, ADVISORY_PUBLISH, ADVISORY_PUBLISHED, ALWAYS },
  { ADVISORY_APPROVED, ADVISORY_WITHDRAW, ADVISORY_WITHDRAWN, ALWAYS },
  { ADVISORY_PUBLISHED, ADVISORY_SUPERSEDE, ADVISORY_SUPERSEDED, ALWAYS },
  { ADVISORY_PUBLISHED, ADVISORY_WITHDRAW, ADVISORY_WITHDRAWN, ALWAYS },
};

const char *advisory_state_key(AdvisoryState state)
{
  g_assert(state < ADVISORY_STATE_COUNT);
  return states[state];
}

bool advisory_state_parse(const char *key, AdvisoryState *ret_state)
{
  for (int i = 0; key != NULL && i < ADVISORY_STATE_COUNT; i++) {
    if (strcmp(states[i], key) == 0) {
      *ret_state = (AdvisoryState)i;
      return true;
    }
  }
  return false;
}

const char *advisory_event_kind_key(AdvisoryEventKind event)
{
  g_assert(event < ADVISORY_EVENT_COUNT);
  return events[event];
}

bool advisory_state_is_open(AdvisoryState state)
{
  return state == ADVISORY_DRAFT || state == ADVISORY_APPROVED;
}

bool advisory_life_next(AdvisoryState state, AdvisoryEventKind event, bool two_people,
                        AdvisoryState *ret_next)
{
  for (gsize i = 0; i < G_N_ELEMENTS(transitions); i++) {
    People people = transitions[i].people;

    if (transitions[i].state != state || transitions[i].event != event || (people == BY_ONE && two_people) ||
        (people == BY_TWO && !two_people))
      continue;
    *ret_next = transitions[i].next;
    return true;
  }
  return false;
}

const char *advisory_life_remedy(AdvisoryState state, AdvisoryEventKind event)
{
  if (state == ADVISORY_WITHDRAWN)
    return "what was withdrawn never comes back: draft a new one (kigen advisory draft KIND …)";
  if (state == ADVISORY_SUPERSEDED)
    return "a later revision took its place (kigen advisory show)";
  if (state == ADVISORY_PUBLISHED)
    return "a published one never changes: kigen advisory draft NUMBER … begins its correction";
  if (event == ADVISORY_APPROVE && state == ADVISORY_APPROVED)
    return "it is approved already: kigen advisory publish";
  if (event == ADVISORY_APPROVE)
    return "this store has no users, so nobody needs to approve it: kigen advisory publish, or kigen user "
           "add "
           "NAME first";
  return "somebody else has to approve it first: kigen advisory approve";
}
