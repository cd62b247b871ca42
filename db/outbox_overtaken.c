#include "db/outbox_overtaken.h"

#include <jansson.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* An overtaken row of outbox_notice. */
typedef struct {
  gint64 notice, organization;
} Overtaken;

static bool find(Db *db, gint64 id, GArray *rows, GError **error)
{
  static const DbQuery query = {
    "SELECT x.notice, x.organization FROM outbox_notice x JOIN notice n ON n.id = x.notice"
    " LEFT JOIN support_plan s ON s.id = n.plan LEFT JOIN advisory v ON v.id = n.advisory"
    " WHERE x.outbox = $1 AND n.kind <> 'withdrawal' AND coalesce(s.state, v.state) <> 'published'"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    Overtaken found = { db_int(statement, 0), db_int(statement, 1) };

    g_array_append_val(rows, found);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

static gint64 id_of(const json_t *object)
{
  return json_integer_value(json_object_get(object, "id"));
}

static bool is_said(const json_t *notices, const Overtaken *row)
{
  for (gsize i = 0; i < json_array_size(notices); i++) {
    const json_t *notice = json_array_get(notices, i);

    if (id_of(notice) == row->notice && id_of(json_object_get(notice, "organization")) == row->organization)
      return true;
  }
  return false;
}

static bool take_out(Db *db, gint64 id, const Overtaken *row, GError **error)
{
  static const DbQuery query = {
    "DELETE FROM outbox_notice WHERE notice = $1 AND organization = $2 AND outbox = $3"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->notice);
  db_bind_int(statement, 2, row->organization);
  db_bind_int(statement, 3, id);
  return db_run(statement, error);
}

bool outbox_overtaken_leave_out(Db *db, gint64 id, const OutboxContext *context, GError **error)
{
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Overtaken));
  g_autoptr(json_t) object = NULL;

  if (!find(db, id, rows, error))
    return false;
  if (rows->len == 0)
    return true;
  object = json_loads(context->context, 0, NULL);
  for (guint i = 0; i < rows->len; i++) {
    const Overtaken *row = &g_array_index(rows, Overtaken, i);

    if (!is_said(json_object_get(object, "notices"), row) && !take_out(db, id, row, error))
      return false;
  }
  return true;
}
