#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_ITEM_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_ITEM_H

/* A message in the queue manager's hands, from its lease to the commit of its outcome. */

#include "db/outbox_lease.h"
#include "db/outbox_store.h"

typedef struct {
  OutboxLease *lease;
  OutboxContext *context; /* what it was rendered from, until that is in the store */
  GBytes *bytes;          /* NULL: not rendered, or it does not go */
  char *sender, *recipient;
  bool has_slot; /* on the sheet: while a sender has it, and until its outcome is written */
  guint slot;
  guint lost;       /* how often a sender ended with it, not begun */
  bool has_outcome; /* it waits for the commit of: */
  OutboxInput input;
  char *reply;         /* or NULL */
  bool relay_failed;   /* transport.h */
  gint64 wait_seconds; /* likewise */
} DeliverItem;

/* Takes `lease`. */
DeliverItem *deliver_item_new(OutboxLease *lease);
void deliver_item_free(DeliverItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeliverItem, deliver_item_free)

/* Gives it the outcome that waits for its commit. Takes `reply`. */
void deliver_item_settle(DeliverItem *item, OutboxInput input, char *reply);

#endif
