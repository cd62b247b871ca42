#ifndef KIGEN_DB_OUTBOX_MOVE_H
#define KIGEN_DB_OUTBOX_MOVE_H

/* One message's state, and its move to the next with an event, as people make it. For stores of db/ and for
 * what prints. planner/outbox_life.h has been asked before. */

#include "db/audit.h"
#include "planner/outbox_life.h"

typedef struct {
  gint64 id;
  char *channel;
  OutboxState state;
  int attempt;
  int unknowns; /* as in OutboxTries */
} OutboxMove;

void outbox_move_free(OutboxMove *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxMove, outbox_move_free)

/* Message `id`, or NULL. */
bool outbox_move_load(Db *db, gint64 id, OutboxMove **ret_message, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes `next` and `attempt`, and the event of `day` that says `detail` (or NULL), inside the open write
 * transaction. */
bool outbox_move(Db *db, const AuditContext *context, const OutboxMove *message, OutboxState next,
                 int attempt, Day day, const char *detail, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
