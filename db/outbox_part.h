#ifndef KIGEN_DB_OUTBOX_PART_H
#define KIGEN_DB_OUTBOX_PART_H

/* What many messages were rendered from in the same words (notifier/template/context_part.h): kept once, by
 * its hash, however many messages name it. db/outbox_store.h puts and loads it with a message's context. */

#include "db/db.h"

/* Counts its references, from several threads. */
typedef struct {
  char *hash; /* BLAKE2b-256 of json, lower-case hexadecimal */
  char *json;
} OutboxPart;

/* Takes `json`. */
OutboxPart *outbox_part_new(char *json);
OutboxPart *outbox_part_ref(OutboxPart *part);
void outbox_part_unref(OutboxPart *part);
/* For parts, with free function. */
GPtrArray *outbox_part_array_new(void);

/* Keeps `parts` (OutboxPart; NULL: none) as those of message `id`, in place of what was kept. One that was
 * changed in the store, so that it is not its hash's any more, is put right. Inside the open write
 * transaction. */
bool outbox_part_put(Db *db, gint64 id, const GPtrArray *parts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The parts of message `id`, in the order in which they were first kept. */
bool outbox_part_load(Db *db, gint64 id, GPtrArray **ret_parts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
