#ifndef KIGEN_DB_OUTBOX_STORE_H
#define KIGEN_DB_OUTBOX_STORE_H

/* The outbox: one message to one contact over one channel, and what it was rendered from. notice_store_make
 * puts messages in; db/outbox_lease.h moves them on. What a letter says is db/outbox_letter.h. */

#include "db/audit.h"
#include "db/outbox_part.h"
#include "planner/outbox_life.h"

/* For a simulation on a copy of the store: everything pending and due by context->today, over any channel,
 * counts as accepted, without having gone anywhere. Inside the open write transaction. */
bool outbox_store_pretend(Db *db, const AuditContext *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a message was rendered from, and the digest of what came out (architecture.md, Data model). */
typedef struct {
  char *context;       /* JSON, compact: what is the message's own */
  GPtrArray *parts;    /* OutboxPart: those that `context` names; NULL or empty: none */
  char *date;          /* UTC instant of its Date header */
  char *boundary_seed; /* of compose.h */
  char *template_set;  /* hash; the set's bytes are in the store */
  char *renderer;      /* version of the program that rendered it */
  char *sha256;        /* of the bytes, lower-case hexadecimal */
  Day erased_on;       /* not DAY_NONE: `context` is "", for who it went to was erased then */
} OutboxContext;

void outbox_context_free(OutboxContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxContext, outbox_context_free)

/* Keeps the bytes of the template set with `hash`, once. Inside the open write transaction. */
bool outbox_store_put_template_set(Db *db, const char *hash, GBytes *bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Keeps `context` for message `id` (replacing what was kept); its template set is kept already. What is
 * overtaken and not in it is no longer the message's (db/outbox_overtaken.h). Inside the open write
 * transaction. */
bool outbox_store_put_context(Db *db, gint64 id, const OutboxContext *context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* What is kept for message `id`, or NULL. */
bool outbox_store_load_context(Db *db, gint64 id, OutboxContext **ret_context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Bytes of the template set with `hash`, or NULL. */
bool outbox_store_load_template_set(Db *db, const char *hash, GBytes **ret_bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
