#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_MESSAGE_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_MESSAGE_H

/* One message on its way: leased and frozen in one transaction, handed over, its outcome recorded in another.
 * A crash between the two leaves it `sending`, for deliver_once to find. Only deliver.c calls this. */

#include "notifier/mail/letter.h"
#include "notifier/mail/transport.h"

/* What all messages of a run share. Nothing is owned. */
typedef struct {
  Db *db;
  Transport *transport;
  const TemplateSet *templates;
  const AuditContext *audit;
  const char *from_address; /* From, and envelope sender */
  const char *reply_to;     /* or NULL */
  const char *uid_domain;
  GHashTable *maker;
  const char *audit_head; /* as letter_context.h */
} DeliverRun;

/* What became of a message. */
typedef struct {
  bool skipped; /* another took it, or it is not due any more: nothing was done */
  OutboxState state;
  bool relay_failed; /* transport.h */
  char *reply;       /* what stands in the event; NULL when there is nothing to say */
} DeliverOutcome;

void deliver_outcome_clear(DeliverOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DeliverOutcome, deliver_outcome_clear)

/* Delivers message `id`. A message whose notices are all overtaken becomes superseded; one that cannot be
 * composed becomes failed. False when the store, the templates or this machine failed: the message is then
 * due again, and the others are not tried. */
bool deliver_message(const DeliverRun *run, gint64 id, DeliverOutcome *ret_outcome, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
