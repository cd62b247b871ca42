#include "db/outbox_store.h"

#include "db/outbox_overtaken.h"

bool outbox_store_pretend(Db *db, const AuditContext *context, GError **error)
{
  /* with the event that says when it went, which escalation goes by */
  static const DbQuery event = { "INSERT INTO outbox_event (outbox, at, day, attempt, state)"
                                 " SELECT id, $2, $1, attempt + 1, 'accepted' FROM outbox"
                                 " WHERE state = 'pending' AND due_on <= $1" };
  static const DbQuery query = { "UPDATE outbox SET state = 'accepted', attempt = attempt + 1"
                                 " WHERE state = 'pending' AND due_on <= $1" };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  day_format(context->today, day);
  if (!db_prepare(db, &event, &statement, error))
    return false;
  db_bind_text(statement, 1, day);
  db_bind_text(statement, 2, context->now);
  if (!db_run(statement, error) || !db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, day);
  return db_run(statement, error);
}

void outbox_context_free(OutboxContext *context)
{
  if (context == NULL)
    return;
  g_free(context->context);
  g_clear_pointer(&context->parts, g_ptr_array_unref);
  g_free(context->date);
  g_free(context->boundary_seed);
  g_free(context->template_set);
  g_free(context->renderer);
  g_free(context->sha256);
  g_free(context);
}

static bool has_template_set(Db *db, const char *hash, bool *ret_has, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM template_set WHERE hash = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, hash);
  if (!db_step(statement, ret_has, error))
    return false;
  db_reset(statement);
  return true;
}

/* Nearly always it is there, and its bytes are many. */
bool outbox_store_put_template_set(Db *db, const char *hash, GBytes *bytes, GError **error)
{
  static const DbQuery query = { "INSERT INTO template_set (hash, bytes) VALUES ($1, $2)" };
  gsize size = 0;
  const void *data = g_bytes_get_data(bytes, &size);
  DbStatement *statement;
  bool has = false;

  if (!has_template_set(db, hash, &has, error) || has)
    return has;
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, hash);
  db_bind_blob(statement, 2, data, size);
  return db_run(statement, error);
}

bool outbox_store_put_context(Db *db, gint64 id, const OutboxContext *context, GError **error)
{
  static const DbQuery query = { "INSERT INTO message_context"
                                 " (outbox, context, date, boundary_seed, template_set, renderer, sha256)"
                                 " VALUES ($1, $2, $3, $4, $5, $6, $7)"
                                 " ON CONFLICT (outbox) DO UPDATE SET context = excluded.context,"
                                 " date = excluded.date, boundary_seed = excluded.boundary_seed,"
                                 " template_set = excluded.template_set, renderer = excluded.renderer,"
                                 " sha256 = excluded.sha256" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, context->context);
  db_bind_text(statement, 3, context->date);
  db_bind_text(statement, 4, context->boundary_seed);
  db_bind_text(statement, 5, context->template_set);
  db_bind_text(statement, 6, context->renderer);
  db_bind_text(statement, 7, context->sha256);
  return db_run(statement, error) && outbox_part_put(db, id, context->parts, error) &&
         outbox_overtaken_leave_out(db, id, context, error);
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
  g_autoptr(OutboxContext) context = NULL;
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  context = row ? read_context(statement) : NULL;
  db_reset(statement);
  if (context != NULL && !outbox_part_load(db, id, &context->parts, error))
    return false;
  *ret_context = g_steal_pointer(&context);
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
