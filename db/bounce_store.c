#include "db/bounce_store.h"

#include <jansson.h>

#include "db/outbox_move.h"

bool bounce_store_message_id(Db *db, gint64 message, char **ret_message_id, GError **error)
{
  static const DbQuery query = { "SELECT message_id FROM outbox WHERE id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, message);
  if (!db_step(statement, &row, error))
    return false;
  *ret_message_id = row ? db_dup_text(statement, 0) : NULL;
  db_reset(statement);
  return true;
}

static bool is_known(Db *db, gint64 message, OutboxState state, const char *detail, bool *ret_known,
                     GError **error)
{
  static const DbQuery query = {
    "SELECT 1 FROM outbox_event e WHERE e.outbox = $1 AND e.state = $2"
    " AND e.detail = $3 AND e.attempt = (SELECT attempt FROM outbox WHERE id = $1)"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, message);
  db_bind_text(statement, 2, outbox_state_key(state));
  db_bind_text(statement, 3, detail);
  if (!db_step(statement, &row, error))
    return false;
  db_reset(statement);
  *ret_known = row;
  return true;
}

static bool audit(Db *db, const AuditContext *context, gint64 message, OutboxInput input, const char *status,
                  GError **error)
{
  json_t *object = json_pack("{s:I}", "message", (json_int_t)message);

  if (status != NULL)
    json_object_set_new(object, "status", json_string(status));

  g_autofree char *payload = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);
  const char *action = input == OUTBOX_INPUT_BOUNCE  ? "outbox.bounce"
                       : input == OUTBOX_INPUT_DELAY ? "outbox.delay"
                                                     : "outbox.arrive";

  json_decref(object);
  return audit_append(db, context, action, payload, error);
}

/* What `input` makes of the message. One that was put off without ever having been taken, as far as anybody
 * knows, since a person wanted it tried can only be told of what was before that. */
static BounceStoreResult next_of(const OutboxMove *message, OutboxInput input, OutboxState *ret_next)
{
  OutboxState state = message->state;

  if (state == OUTBOX_DEFERRED && message->unknowns == 0)
    return BOUNCE_STORE_PAST;
  if (state == OUTBOX_SENDING)
    return BOUNCE_STORE_TOO_EARLY;
  if (state == OUTBOX_BOUNCED)
    return BOUNCE_STORE_KNOWN;
  if (input == OUTBOX_INPUT_ACCEPT && (state == OUTBOX_ACCEPTED || state == OUTBOX_UNKNOWN)) {
    *ret_next = state;
    return BOUNCE_STORE_DONE;
  }
  return outbox_life_next(state, input, state, ret_next) ? BOUNCE_STORE_DONE : BOUNCE_STORE_PAST;
}

bool bounce_store_record(Db *db, const AuditContext *context, gint64 message, OutboxInput input,
                         const char *status, const char *detail, BounceStoreResult *ret_result,
                         GError **error)
{
  g_autoptr(OutboxMove) row = NULL;
  OutboxState next = OUTBOX_BOUNCED;
  BounceStoreResult result;
  bool known = false;

  if (!outbox_move_load(db, message, &row, error))
    return false;
  result = row != NULL ? next_of(row, input, &next) : BOUNCE_STORE_PAST;
  if (result == BOUNCE_STORE_DONE && !is_known(db, message, next, detail, &known, error))
    return false;
  if (known)
    result = BOUNCE_STORE_KNOWN;
  if (result == BOUNCE_STORE_DONE &&
      (!outbox_move(db, context, row, next, row->attempt, context->today, detail, error) ||
       !audit(db, context, message, input, status, error)))
    return false;
  *ret_result = result;
  return true;
}
