#ifndef KIGEN_NOTIFIER_MAIL_INCOMING_H
#define KIGEN_NOTIFIER_MAIL_INCOMING_H

/* Mail that comes back or in, and what becomes of it: a bounce moves its message on (and, where the notice is
 * urgent, to the next contact at once), a reply with a short code acknowledges. What is neither, or leaves a
 * doubt, is left for a person. A bounce counts only when it came to a return path that this store has made
 * (verp.h), so that nobody who does not know it can have a mail taken for lost. */

#include "db/audit.h"
#include "db/link_key.h"
#include "planner/acknowledgement.h"
#include "planner/policy.h"

#define INCOMING_SIZE_MAX (16 * 1024 * 1024) /* bytes of one mail */

typedef enum {
  INCOMING_BOUNCED,
  INCOMING_DELAYED,      /* still on its way */
  INCOMING_ARRIVED,      /* a report of success */
  INCOMING_ACKNOWLEDGED, /* a reply confirmed it */
  INCOMING_KNOWN,        /* nothing new */
  INCOMING_LEFT,         /* for a person; nothing was written */
  INCOMING_LATER,        /* its message is being sent: to be handled again */
  INCOMING_COUNT
} IncomingOutcome;

/* "bounced", "delayed", "arrived", "acknowledged", "known", "left", "later". */
const char *incoming_key(IncomingOutcome outcome);

/* Nothing is owned. */
typedef struct {
  const LinkKey *key;
  const char *mailbox;   /* mail.bounces, or NULL: no bounce is known */
  const char *recipient; /* whom the mail was for, as the mail system says; NULL: its headers tell */
  const Policy *policy;
} IncomingOptions;

typedef struct {
  IncomingOutcome outcome;
  gint64 message;   /* that it is about; 0: none */
  char *detail;     /* what was said, or why it is left */
  gint64 escalated; /* notices that the next contact gets now */
} IncomingResult;

void incoming_result_clear(IncomingResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IncomingResult, incoming_result_clear)

/* Handles one mail, in a write transaction of its own where there is something to write. Errors: DB_ERROR. */
bool incoming_handle(Db *db, const AuditContext *context, const IncomingOptions *options, const void *bytes,
                     gsize size, IncomingResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
