#ifndef KIGEN_DB_BOUNCE_STORE_H
#define KIGEN_DB_BOUNCE_STORE_H

/* What mail systems report of a message after it was accepted, kept as an event of it, with an audit row.
 * planner/outbox_life.h says what it makes of the message. Who reports it has proved to be meant
 * (notifier/mail/verp.h) before this is called. */

#include "db/audit.h"
#include "planner/outbox_life.h"

typedef enum {
  BOUNCE_STORE_DONE,
  BOUNCE_STORE_KNOWN,     /* that was reported before */
  BOUNCE_STORE_TOO_EARLY, /* the message is being sent, or was and nobody has written it down yet */
  BOUNCE_STORE_PAST /* the message has failed or was overtaken, or is to be sent anew: it changes nothing */
} BounceStoreResult;

/* The Message-ID of message `message` (own string), or NULL: there is none. */
bool bounce_store_message_id(Db *db, gint64 message, char **ret_message_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Keeps a report of message `message`: OUTBOX_INPUT_BOUNCE, OUTBOX_INPUT_DELAY, or OUTBOX_INPUT_ACCEPT where
 * it has arrived. `detail`: what the system said, for the event alone (it may name a person); `status`:
 * "5.1.1" or NULL, for the trail. Inside the open write transaction. */
bool bounce_store_record(Db *db, const AuditContext *context, gint64 message, OutboxInput input,
                         const char *status, const char *detail, BounceStoreResult *ret_result,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
