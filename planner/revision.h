#ifndef KIGEN_PLANNER_REVISION_H
#define KIGEN_PLANNER_REVISION_H

/* The life of one revision of a support plan as a pure state machine: (state, event) → state. Who may cause
 * an event is the policy's and the store's business; which event is possible at all is said here alone. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  REVISION_DRAFT,
  REVISION_SUBMITTED,
  REVISION_APPROVED,
  REVISION_PUBLISHED,
  REVISION_SUPERSEDED,
  REVISION_WITHDRAWN,
  REVISION_DISCARDED, /* an open revision that was thrown away: its row is gone, its number free again */
  REVISION_STATE_COUNT
} RevisionState;

typedef enum {
  REVISION_SET,       /* its content changes: whatever was submitted or approved is a draft again */
  REVISION_SUBMIT,    /* the author asks for approval */
  REVISION_APPROVE,   /* by somebody who wrote nothing of it */
  REVISION_REJECT,    /* back to the author, with a reason */
  REVISION_PUBLISH,   /* in force from now on */
  REVISION_SUPERSEDE, /* the next revision was published */
  REVISION_WITHDRAW,  /* it holds no more, and nothing replaces it */
  REVISION_DISCARD,   /* never published, thrown away */
  REVISION_EVENT_COUNT
} RevisionEvent;

/* "draft", "submitted", "approved", "published", "superseded", "withdrawn", "discarded". */
const char *revision_state_key(RevisionState state);
bool revision_state_parse(const char *key, RevisionState *ret_state) G_GNUC_WARN_UNUSED_RESULT;
/* "set", "submit", "approve", "reject", "publish", "supersede", "withdraw", "discard". */
const char *revision_event_key(RevisionEvent event);

/* A draft, submitted or approved one: there is at most one a release and market. */
bool revision_is_open(RevisionState state);

/* What `event` makes of `state`. False: not possible, *ret_next untouched. `two_people`: the store has users,
 * so that only an approved revision can be published; without users a draft is published straight away. */
bool revision_next(RevisionState state, RevisionEvent event, bool two_people, RevisionState *ret_next)
    G_GNUC_WARN_UNUSED_RESULT;

/* What has to happen before `event` is possible, one line in English ("submit it first: kigen plan submit"),
 * for an error message. Static string. */
const char *revision_remedy(RevisionState state, RevisionEvent event);

#endif
