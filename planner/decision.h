#ifndef KIGEN_PLANNER_DECISION_H
#define KIGEN_PLANNER_DECISION_H

/* What a customer decides to do with what reaches its end of support: the device is theirs, and so is the
 * decision (N60 §5.4, N70 §8.3). Pure. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  DECISION_REPLACE,  /* by a day */
  DECISION_ISOLATE,  /* it goes on without a network */
  DECISION_CONTINUE, /* it goes on as it is, with compensating controls that are named */
  DECISION_KIND_COUNT
} DecisionKind;

/* The word in store, form and report: "replace", "isolate", "continue". */
const char *decision_kind_key(DecisionKind kind);
bool decision_kind_parse(const char *key, DecisionKind *ret_kind) G_GNUC_WARN_UNUSED_RESULT;

#endif
