#ifndef KIGEN_DB_ESCALATION_STORE_H
#define KIGEN_DB_ESCALATION_STORE_H

/* Escalation: where a notice came back, or nobody has confirmed one that asks for it, the organization's next
 * contact gets it too, in the order of db/contact_reach.h (its own, then those above it), each once; when
 * nobody is left, a letter to the organization, as publishing makes for who has no contact. Whoever has
 * confirmed, by whatever way and person, is left alone. */

#include "db/audit.h"
#include "planner/policy.h"

/* How long after its day a notice is still escalated. */
#define ESCALATION_HORIZON_DAYS 370

/* In SQL: the kinds of notices that ask for an acknowledgement, as acknowledgement_is_asked says. */
#define ESCALATION_ASKING_KINDS                                                                              \
  "('plan-announcement', 'plan-change', 'eos-reminder', 'eos-reached', 'component-notice',"                  \
  " 'security-advisory', 'stop-use-recommendation')"

/* What was made. */
typedef struct {
  gint64 notices;  /* (notice, organization) that somebody else gets now */
  gint64 messages; /* new outbox rows: a notice can join a message that waits */
  gint64 letters;  /* of those notices, the ones for whom nobody was left */
} Escalated;

/* The notices of which something is to be escalated on `today`, by id: GArray of gint64. A look at all that
 * was told within the horizon. Reads only. */
bool escalation_store_due(Db *db, const Policy *policy, Day today, GArray **ret_notices, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  ESCALATION_OF_NOTICE, /* to whomever it went */
  ESCALATION_OF_MESSAGE /* what that one carries */
} EscalationScope;

/* Of notice or message `id`: makes the messages, due on context->today, with an event of each message before
 * them and one audit row. What is silent waits policy_escalation_days of its kind from the day that it went;
 * what came back too, unless it is urgent or never left: then at once. Idempotent: what waits to be sent is
 * not silent. Inside the open write transaction, which is no longer than one notice needs. */
bool escalation_store_make(Db *db, const AuditContext *context, const Policy *policy, EscalationScope scope,
                           gint64 id, Escalated *ret_escalated, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A notice that went to another contact of the organization before. */
typedef struct {
  gint64 notice, organization;
} EscalatedNotice;

/* Those of message `message`: GArray of EscalatedNotice. */
bool escalation_store_of_message(Db *db, gint64 message, GArray **ret_notices, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
