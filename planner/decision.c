#include "planner/decision.h"

#include <string.h>

static const char *const kinds[DECISION_KIND_COUNT] = {
  [DECISION_REPLACE] = "replace",
  [DECISION_ISOLATE] = "isolate",
  [DECISION_CONTINUE] = "continue",
};

const char *decision_kind_key(DecisionKind kind)
{
  g_assert(kind < DECISION_KIND_COUNT);
  return kinds[kind];
}

bool decision_kind_parse(const char *key, DecisionKind *ret_kind)
{
  for (int i = 0; key != NULL && i < DECISION_KIND_COUNT; i++) {
    if (strcmp(kinds[i], key) == 0) {
      *ret_kind = (DecisionKind)i;
      return true;
    }
  }
  return false;
}
