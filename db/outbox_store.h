#ifndef KIGEN_DB_OUTBOX_STORE_H
#define KIGEN_DB_OUTBOX_STORE_H

/* The outbox: one message to one contact over one channel, its state, its events and what it was rendered
 * from. notice_store_make puts messages in; whoever delivers moves them on: pending → sending → accepted |
 * deferred | failed | unknown; superseded when a newer revision overtakes it. What a letter says is
 * db/outbox_letter.h. */

#include "db/audit.h"
#include "planner/outbox_life.h"

#define OUTBOX_ATTEMPTS_MAX 5

/* Messages of `channel` to hand over now, oldest first: pending and deferred ones, unknown ones with attempts
 * left; due by `today`, not held back beyond `now` (UTC instant). GArray of gint64 row ids. */
bool outbox_store_list_due(Db *db, const char *channel, Day today, const char *now, GArray **ret_ids,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Messages that a crash left in `sending`, oldest first: GArray of gint64 row ids. Only who alone delivers
 * may call this, and then outbox_store_record each. */
bool outbox_store_list_sending(Db *db, GArray **ret_ids, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Leases message `id`: state sending, one attempt more, an event. *ret_attempt = number of this attempt, from
 * 1; 0: it is not to be sent any more (another took it, or it was superseded). Inside the open write
 * transaction. */
bool outbox_store_lease(Db *db, const AuditContext *context, gint64 id, int *ret_attempt, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Moves message `id` to `state` with an event that says `detail` (the relay's answer, or why; NULL for
 * nothing); `not_before`: UTC instant before which it is not due again, or NULL. Inside the open write
 * transaction. */
bool outbox_store_record(Db *db, const AuditContext *context, gint64 id, OutboxState state,
                         const char *detail, const char *not_before, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* For a simulation on a copy of the store: everything pending and due by context->today, over any channel,
 * counts as accepted, without having gone anywhere. Inside the open write transaction. */
bool outbox_store_pretend(Db *db, const AuditContext *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a message was rendered from, and the digest of what came out (architecture.md, Data model). */
typedef struct {
  char *context;       /* JSON, keys sorted, compact */
  char *date;          /* UTC instant of its Date header */
  char *boundary_seed; /* of compose.h */
  char *template_set;  /* hash; the set's bytes are in the store */
  char *renderer;      /* version of the program that rendered it */
  char *sha256;        /* of the bytes, lower-case hexadecimal */
  Day erased_on;       /* not DAY_NONE: `context` is "", for who it went to was erased then */
} OutboxContext;

void outbox_context_free(OutboxContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxContext, outbox_context_free)

/* Keeps `context` for message `id` (replacing what was kept), and `set_bytes` under its hash once. Inside the
 * open write transaction. */
bool outbox_store_put_context(Db *db, gint64 id, const OutboxContext *context, GBytes *set_bytes,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is kept for message `id`, or NULL. */
bool outbox_store_load_context(Db *db, gint64 id, OutboxContext **ret_context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Bytes of the template set with `hash`, or NULL. */
bool outbox_store_load_template_set(Db *db, const char *hash, GBytes **ret_bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
