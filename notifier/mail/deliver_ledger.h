#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_LEDGER_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_LEDGER_H

/* What the queue manager writes into the store: outcomes, what messages were rendered from, and new leases,
 * as many as there are in one transaction. */

#include "notifier/mail/deliver_render.h"

/* What became of messages. */
typedef struct {
  gint64 accepted, deferred, failed, unknown, superseded;
  gint64 returned; /* given back as they were */
  gint64 foreign;  /* outcomes of leases that are no more: the store was restored meanwhile */
} DeliverCounts;

/* Adds `more` to `counts`. */
void deliver_counts_add(DeliverCounts *counts, const DeliverCounts *more);

typedef struct {
  const AuditContext *audit;
  const char *owner;   /* of the leases */
  const char *channel; /* of new leases */
  DeliverStyle *style; /* for what has to be rendered again; NULL where `rendered` is empty */
  GBytes *set_bytes;   /* of the template set of `style`, and its hash; likewise */
  const char *set_hash;
  GQueue *settled;   /* DeliverItem with outcomes */
  GQueue *rendered;  /* DeliverItem, for the first time: their contexts are kept from here on */
  gint64 version;    /* db_data_version when they were given to be rendered */
  guint lease_limit; /* new leases to take at most */
  guint32 (*chance)(gpointer data);
  gpointer data;
  const char *relay;         /* URL; NULL: nothing to say of it */
  const char *relay_failure; /* its last words, or NULL: it took messages */
} DeliverEntry;

/* Writes `entry`. What another connection has changed since `version` is rendered once more, so that nothing
 * goes that is not so any more; a rendered message that does not go has its outcome in the store afterwards
 * (`has_outcome`). After an error nothing was written, and the same can be tried again. *ret_leases:
 * GPtrArray of OutboxLease; *ret_again: something is due again at once. */
bool deliver_ledger_write(Db *db, const DeliverEntry *entry, DeliverCounts *ret_counts,
                          GPtrArray **ret_leases, bool *ret_again, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
