#ifndef KIGEN_PLANNER_ADVISORY_LIFE_H
#define KIGEN_PLANNER_ADVISORY_LIFE_H

/* The life of one revision of an advisory as a pure state machine: (state, event) → state. Shorter than a
 * plan's (planner/revision.h), because somebody may come to harm meanwhile: who writes it hands it to who
 * approves it without a step between, and no rule stands before its publication. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  ADVISORY_DRAFT,
  ADVISORY_APPROVED,
  ADVISORY_PUBLISHED,
  ADVISORY_SUPERSEDED,
  ADVISORY_WITHDRAWN,
  ADVISORY_STATE_COUNT
} AdvisoryState;

typedef enum {
  ADVISORY_SET,       /* its content changes: what was approved is a draft again */
  ADVISORY_APPROVE,   /* by somebody who wrote nothing of it */
  ADVISORY_PUBLISH,   /* told, from now on */
  ADVISORY_SUPERSEDE, /* the next revision, a correction, was published */
  ADVISORY_WITHDRAW,  /* it holds no more; of one never published: it was thrown away */
  ADVISORY_EVENT_COUNT
} AdvisoryEventKind;

/* "draft", "approved", "published", "superseded", "withdrawn". */
const char *advisory_state_key(AdvisoryState state);
bool advisory_state_parse(const char *key, AdvisoryState *ret_state) G_GNUC_WARN_UNUSED_RESULT;
/* "set", "approve", "publish", "supersede", "withdraw". */
const char *advisory_event_kind_key(AdvisoryEventKind event);

/* A draft or approved one: there is at most one of each number. */
bool advisory_state_is_open(AdvisoryState state);

/* What `event` makes of `state`. False: not possible, *ret_next untouched. `two_people`: the store has users,
 * so that only an approved revision can be published; without users a draft is published straight away, and
 * nobody approves. */
bool advisory_life_next(AdvisoryState state, AdvisoryEventKind event, bool two_people,
                        AdvisoryState *ret_next) G_GNUC_WARN_UNUSED_RESULT;

/* What to do instead of an `event` that is not possible, one line in English for an error message. Static. */
const char *advisory_life_remedy(AdvisoryState state, AdvisoryEventKind event);

#endif
