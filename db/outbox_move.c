#include "db/outbox_move.h"

void outbox_move_free(OutboxMove *message)
{
  if (message == NULL)
    return;
  g_free(message->channel);
  g_free(message);
}

bool outbox_move_load(Db *db, gint64 id, OutboxMove **ret_message, GError **error)
{
  static const DbQuery query = { "SELECT channel, state, attempt, unknowns FROM outbox WHERE id = $1" };
  DbStatement *statement;
  OutboxMove *message = NULL;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  if (row) {
    message = g_new0(OutboxMove, 1);
    message->id = id;
    message->channel = db_dup_text(statement, 0);
    message->attempt = (int)db_int(statement, 2);
    message->unknowns = (int)db_int(statement, 3);
    if (!outbox_state_parse(db_text(statement, 1), &message->state))
      message->state = OUTBOX_FAILED; /* a CHECK holds it */
  }
  db_reset(statement);
  *ret_message = message;
  return true;
}

bool outbox_move(Db *db, const AuditContext *context, const OutboxMove *message, OutboxState next,
                 int attempt, Day day, const char *detail, GError **error)
{
  static const DbQuery update = { "UPDATE outbox SET state = $2, attempt = $3 WHERE id = $1" };
  static const DbQuery event = { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
                                 " VALUES ($1, $2, $3, $4, $5, $6)" };
  char text[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &update, &statement, error))
    return false;
  db_bind_int(statement, 1, message->id);
  db_bind_text(statement, 2, outbox_state_key(next));
  db_bind_int(statement, 3, attempt);
  if (!db_run(statement, error) || !db_prepare(db, &event, &statement, error))
    return false;
  db_bind_int(statement, 1, message->id);
  db_bind_text(statement, 2, context->now);
  db_bind_text(statement, 3, day_format(day, text));
  db_bind_int(statement, 4, attempt);
  db_bind_text(statement, 5, outbox_state_key(next));
  db_bind_text(statement, 6, detail);
  return db_run(statement, error);
}
