#include "db/outbox_store.h"

/* The ids that `statement` (bound) selects. */
static bool read_ids(DbStatement *statement, GArray **ret_ids, GError **error)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    gint64 id = db_int(statement, 0);

    g_array_append_val(ids, id);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_ids = g_steal_pointer(&ids);
  return true;
}

/* What may be leased; the same words in both queries. */
#define WAITING "(state IN ('pending', 'deferred') OR (state = 'unknown' AND attempt < $1))"

bool outbox_store_list_due(Db *db, const char *channel, Day today, const char *now, GArray **ret_ids,
                           GError **error)
{
  static const DbQuery query = {
    "SELECT id FROM outbox WHERE " WAITING " AND state IN ('pending', 'sending', 'deferred', 'unknown')"
    " AND channel = $2 AND due_on <= $3 AND (not_before IS NULL OR not_before <= $4)"
    " ORDER BY due_on, id"
  };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, OUTBOX_ATTEMPTS_MAX);
  db_bind_text(statement, 2, channel);
  db_bind_text(statement, 3, day_format(today, day));
  db_bind_text(statement, 4, now);
  return read_ids(statement, ret_ids, error);
}

bool outbox_store_list_sending(Db *db, GArray **ret_ids, GError **error)
{
  static const DbQuery query = { "SELECT id FROM outbox WHERE state = 'sending' ORDER BY id" };
  DbStatement *statement;

  return db_prepare(db, &query, &statement, error) && read_ids(statement, ret_ids, error);
}

static bool append_event(Db *db, const AuditContext *context, gint64 id, const char *detail, GError **error)
{
  static const DbQuery query = { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
                                 " SELECT id, $2, $3, attempt, state, $4 FROM outbox WHERE id = $1" };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, context->now);
  db_bind_text(statement, 3, day_format(context->today, day));
  db_bind_text(statement, 4, detail);
  return db_run(statement, error);
}

static bool lease_row(Db *db, gint64 id, int *ret_attempt, GError **error)
{
  static const DbQuery query = {
    "UPDATE outbox SET state = 'sending', attempt = attempt + 1, not_before = NULL"
    " WHERE id = $2 AND " WAITING " RETURNING attempt"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, OUTBOX_ATTEMPTS_MAX);
  db_bind_int(statement, 2, id);
  if (!db_step(statement, &row, error))
    return false;
  *ret_attempt = row ? (int)db_int(statement, 0) : 0;
  db_reset(statement);
  return true;
}

bool outbox_store_lease(Db *db, const AuditContext *context, gint64 id, int *ret_attempt, GError **error)
{
  int attempt = 0;

  if (!lease_row(db, id, &attempt, error) || (attempt > 0 && !append_event(db, context, id, NULL, error)))
    return false;
  *ret_attempt = attempt;
  return true;
}

bool outbox_store_record(Db *db, const AuditContext *context, gint64 id, OutboxState state,
                         const char *detail, const char *not_before, GError **error)
{
  static const DbQuery query = { "UPDATE outbox SET state = $2, not_before = $3 WHERE id = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, outbox_state_key(state));
  db_bind_text(statement, 3, not_before);
  return db_run(statement, error) && append_event(db, context, id, detail, error);
}

bool outbox_store_pretend(Db *db, const AuditContext *context, GError **error)
{
  static const DbQuery query = { "UPDATE outbox SET state = 'accepted', attempt = attempt + 1"
                                 " WHERE state = 'pending' AND due_on <= $1" };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, day_format(context->today, day));
  return db_run(statement, error);
}

void outbox_context_free(OutboxContext *context)
{
  if (context == NULL)
    return;
  g_free(context->context);
  g_free(context->date);
  g_free(context->boundary_seed);
  g_free(context->template_set);
  g_free(context->renderer);
  g_free(context->sha256);
  g_free(context);
}

static bool put_template_set(Db *db, const char *hash, GBytes *bytes, GError **error)
{
  static const DbQuery query = { "INSERT INTO template_set (hash, bytes) VALUES ($1, $2)"
                                 " ON CONFLICT (hash) DO NOTHING" };
  gsize size = 0;
  const void *data = g_bytes_get_data(bytes, &size);
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, hash);
  db_bind_blob(statement, 2, data, size);
  return db_run(statement, error);
}

bool outbox_store_put_context(Db *db, gint64 id, const OutboxContext *context, GBytes *set_bytes,
                              GError **error)
{
  static const DbQuery query = { "INSERT INTO message_context"
                                 " (outbox, context, date, boundary_seed, template_set, renderer, sha256)"
                                 " VALUES ($1, $2, $3, $4, $5, $6, $7)"
                                 " ON CONFLICT (outbox) DO UPDATE SET context = excluded.context,"
                                 " date = excluded.date, boundary_seed = excluded.boundary_seed,"
                                 " template_set = excluded.template_set, renderer = excluded.renderer,"
                                 " sha256 = excluded.sha256" };
  DbStatement *statement;

  if (!put_template_set(db, context->template_set, set_bytes, error) ||
      !db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, context->context);
  db_bind_text(statement, 3, context->date);
  db_bind_text(statement, 4, context->boundary_seed);
  db_bind_text(statement, 5, context->template_set);
  db_bind_text(statement, 6, context->renderer);
  db_bind_text(statement, 7, context->sha256);
  return db_run(statement, error);
}

static OutboxContext *read_context(DbStatement *statement)
{
  OutboxContext *context = g_new0(OutboxContext, 1);

  context->context = db_dup_text(statement, 0);
  context->date = db_dup_text(statement, 1);
  context->boundary_seed = db_dup_text(statement, 2);
  context->template_set = db_dup_text(statement, 3);
  context->renderer = db_dup_text(statement, 4);
  context->sha256 = db_dup_text(statement, 5);

  const char *erased_on = db_text(statement, 6);

  if (erased_on == NULL || !day_parse(erased_on, &context->erased_on))
    context->erased_on = DAY_NONE;
  return context;
}

bool outbox_store_load_context(Db *db, gint64 id, OutboxContext **ret_context, GError **error)
{
  static const DbQuery query = {
    "SELECT context, date, boundary_seed, template_set, renderer, sha256, erased_on"
    " FROM message_context WHERE outbox = $1"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  *ret_context = row ? read_context(statement) : NULL;
  db_reset(statement);
  return true;
}

bool outbox_store_load_template_set(Db *db, const char *hash, GBytes **ret_bytes, GError **error)
{
  static const DbQuery query = { "SELECT bytes FROM template_set WHERE hash = $1" };
  DbStatement *statement;
  gsize size = 0;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, hash);
  if (!db_step(statement, &row, error))
    return false;

  const void *data = row ? db_blob(statement, 0, &size) : NULL;

  *ret_bytes = row ? g_bytes_new(data, size) : NULL;
  db_reset(statement);
  return true;
}
