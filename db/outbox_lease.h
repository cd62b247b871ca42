#ifndef KIGEN_DB_OUTBOX_LEASE_H
#define KIGEN_DB_OUTBOX_LEASE_H

/* Who has which message: a manager leases what is due, and settles each lease with what became of it. What is
 * possible planner/outbox_life.h says. Every call belongs into the open write transaction, so that many
 * leases and many outcomes are one commit; those that only read say so. */

#include "db/audit.h"
#include "planner/outbox_life.h"

/* A message in somebody's hands. */
typedef struct {
  gint64 id;
  int attempt; /* number of this lease, from 1; never the same twice */
  OutboxTries tries;
  char *message_id;
  char *tried_since; /* UTC instant of its first lease */
  char *owner;       /* whose it is: from outbox_lease_list; NULL otherwise, or where nobody said */
} OutboxLease;

void outbox_lease_free(OutboxLease *lease);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxLease, outbox_lease_free)

/* In SQL: `what` of the messages of channel $1 never tried that are due on day $2. `urgent`: "1", "0" or
 * both. The words of the partial index stand in it, so that it answers alone. */
#define OUTBOX_LEASE_PENDING_SQL(what, urgent)                                                               \
  "SELECT " what " FROM outbox WHERE state = 'pending'"                                                      \
  " AND state IN ('pending', 'sending', 'deferred', 'unknown') AND channel = $1 AND due_on <= $2"            \
  " AND urgent IN (" urgent ")"

/* Of "mail" everything here means what goes as one: mails, and requests to pass something on (relay). */

/* Leases up to `limit` messages of `channel` that are due to `owner`, each with an event: what is to be tried
 * again first, but at most half as long as new ones wait; each kind oldest first, and of the new ones those
 * with an urgent notice (notice_kind_is_urgent) before all others. Due: pending by
 * context->today, deferred and unknown by context->now, or with an instant beyond any wait, which a clock set
 * back has left. *ret_leases: GPtrArray of OutboxLease with free function. The cost does not grow with what
 * waits. */
bool outbox_lease_take(Db *db, const AuditContext *context, const char *owner, const char *channel,
                       guint limit, GPtrArray **ret_leases, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Settles `lease` of `owner` (NULL: of nobody): state and tries as in `verdict`, with an event that says
 * `detail` (the relay's answer, or why; NULL for nothing). *ret_ours false: it is not that lease any more
 * (the store was restored, say), and nothing was written. */
bool outbox_lease_settle(Db *db, const AuditContext *context, const char *owner, const OutboxLease *lease,
                         const OutboxVerdict *verdict, const char *detail, bool *ret_ours, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Everything of `channel` that is leased, to whomever: GPtrArray of OutboxLease with free function. Reads
 * only. */
bool outbox_lease_list(Db *db, const char *channel, GPtrArray **ret_leases, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* How many messages outbox_lease_take would take without a limit. Reads only. */
bool outbox_lease_count_due(Db *db, const AuditContext *context, const char *channel, gint64 *ret_count,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The instant at which the next deferred or unknown message of `channel` is due (own string), NULL: none
 * waits for one. Reads only. */
bool outbox_lease_next(Db *db, const char *channel, char **ret_instant, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
