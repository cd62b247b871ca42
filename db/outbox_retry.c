#include "db/outbox_retry.h"

#include <jansson.h>

/* A message that is meant. */
typedef struct {
  gint64 id;
  OutboxState state;
} Row;

/* Whether a retry is possible, and without a word about states meant. */
static bool is_meant(const OutboxFilter *filter, OutboxState state, OutboxState *ret_next)
{
  bool ended = state == OUTBOX_FAILED || state == OUTBOX_BOUNCED || state == OUTBOX_RETURNED;

  return outbox_life_next(state, OUTBOX_INPUT_RETRY, state, ret_next) &&
         (ended || filter->state != NULL || filter->id != 0);
}

static bool find_rows(Db *db, const OutboxFilter *filter, GArray **ret_rows, GError **error)
{
  static const DbQuery query = { "SELECT x.id, x.state FROM outbox x WHERE x.state IN ('deferred', 'failed',"
                                 " 'unknown', 'bounced', 'printed', 'returned') AND " OUTBOX_FILTER_SQL
                                 " ORDER BY x.id" };
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  outbox_filter_bind(filter, statement);
  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    Row row = { .id = db_int(statement, 0) };
    OutboxState next;

    if (outbox_state_parse(db_text(statement, 1), &row.state) && is_meant(filter, row.state, &next))
      g_array_append_val(rows, row);
    if (!db_step(statement, &more, error))
      return false;
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

static bool retry_one(Db *db, const AuditContext *context, const Row *row, const char *detail, GError **error)
{
  static const DbQuery update = { "UPDATE outbox SET state = $2, not_before = $3, tried_since = NULL,"
                                  " deferrals = 0, unknowns = 0 WHERE id = $1" };
  static const DbQuery event = { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
                                 " SELECT id, $2, $3, attempt, state, $4 FROM outbox WHERE id = $1" };
  OutboxState next = row->state;
  bool possible = outbox_life_next(row->state, OUTBOX_INPUT_RETRY, row->state, &next);
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  g_assert(possible);
  if (!db_prepare(db, &update, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, outbox_state_key(next));
  db_bind_text(statement, 3, next == OUTBOX_PENDING ? NULL : context->now);
  if (!db_run(statement, error) || !db_prepare(db, &event, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, context->now);
  db_bind_text(statement, 3, day_format(context->today, day));
  db_bind_text(statement, 4, detail);
  return db_run(statement, error);
}

static bool audit(Db *db, const AuditContext *context, const GArray *rows, const char *reason, GError **error)
{
  json_t *messages = json_array();
  json_t *object = json_pack("{s:o}", "messages", messages);

  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(messages, json_integer(g_array_index(rows, Row, i).id));
  if (reason != NULL)
    json_object_set_new(object, "reason", json_string(reason));

  g_autofree char *payload = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);

  json_decref(object);
  return audit_append(db, context, "outbox.retry", payload, error);
}

bool outbox_retry(Db *db, const AuditContext *context, const OutboxFilter *filter, const char *reason,
                  bool dry_run, OutboxRetried *ret_retried, GError **error)
{
  g_autofree char *detail =
      reason != NULL ? g_strdup_printf("to be tried again: %s", reason) : g_strdup("to be tried again");
  g_autoptr(GArray) rows = NULL;
  OutboxRetried retried = { 0 };

  if (!find_rows(db, filter, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = &g_array_index(rows, Row, i);

    if (!dry_run && !retry_one(db, context, row, detail, error))
      return false;
    retried.count[row->state]++;
    retried.total++;
  }
  if (!dry_run && rows->len > 0 && !audit(db, context, rows, reason, error))
    return false;
  *ret_retried = retried;
  return true;
}
