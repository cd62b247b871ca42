#include "db/upsert.h"

static const char *filled(const Upsert *upsert, const char *const *value, int field)
{
  if (value[field] != NULL || upsert->fallback == NULL)
    return value[field];
  return upsert->fallback[field];
}

void upsert_row_clear(UpsertRow *row)
{
  for (int i = 0; i < UPSERT_FIELDS_MAX; i++) {
    g_clear_pointer(&row->stored[i], g_free);
    g_clear_pointer(&row->written[i], g_free);
  }
}

/* Looks for the row; *ret_found tells whether the statement stands on it (reset it then). */
static bool find(Db *db, const Upsert *upsert, const char *const *value, DbStatement **ret_statement,
                 bool *ret_found, GError **error)
{
  DbStatement *statement;
  int parameter = 1;

  if (!db_prepare(db, &upsert->find, &statement, error))
    return false;
  for (int i = 0; i < upsert->fields; i++) {
    if ((upsert->key & (1u << i)) != 0)
      db_bind_text_static(statement, parameter++, filled(upsert, value, i), -1);
  }
  *ret_statement = statement;
  return db_step(statement, ret_found, error);
}

bool upsert_find(Db *db, const Upsert *upsert, const char *const *value, gint64 *ret_id, GError **error)
{
  DbStatement *statement;
  bool found;

  if (!find(db, upsert, value, &statement, &found, error))
    return false;
  *ret_id = found ? db_int(statement, 0) : 0;
  db_reset(statement);
  return true;
}

bool upsert_insert(Db *db, const Upsert *upsert, const char *const *value, gint64 *ret_id, GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, &upsert->insert, &statement, error))
    return false;
  for (int i = 0; i < upsert->fields; i++)
    db_bind_text_static(statement, i + 1, filled(upsert, value, i), -1);
  if (!db_run(statement, error))
    return false;
  *ret_id = db_last_id(db);
  return true;
}

bool upsert_look(Db *db, const Upsert *upsert, const char *const *value, guint32 given, UpsertRow *ret_row,
                 GError **error)
{
  DbStatement *statement;
  bool found;

  g_assert(upsert->fields <= UPSERT_FIELDS_MAX);
  if (!find(db, upsert, value, &statement, &found, error))
    return false;
  ret_row->id = found ? db_int(statement, 0) : 0;
  for (int i = 0; i < upsert->fields; i++) {
    bool counts = !found || (given & (1u << i)) != 0;

    ret_row->stored[i] = found ? db_dup_text(statement, i + 1) : NULL;
    ret_row->written[i] = g_strdup(counts ? filled(upsert, value, i) : ret_row->stored[i]);
    if (g_strcmp0(ret_row->stored[i], ret_row->written[i]) != 0)
      ret_row->changed |= 1u << i;
  }
  ret_row->differs = !found || ret_row->changed != 0;
  db_reset(statement);
  return true;
}

static bool update(Db *db, const Upsert *upsert, const UpsertRow *row, GError **error)
{
  bool rest = upsert->indexed != 0 && (row->changed & upsert->indexed) == 0;
  DbStatement *statement;
  int parameter = 1;

  if (!db_prepare(db, rest ? &upsert->update_rest : &upsert->update, &statement, error))
    return false;
  for (int i = 0; i < upsert->fields; i++) {
    if (!rest || (upsert->indexed & (1u << i)) == 0)
      db_bind_text_static(statement, parameter++, row->written[i], -1);
  }
  db_bind_int(statement, parameter, row->id);
  return db_run(statement, error);
}

bool upsert_write(Db *db, const Upsert *upsert, UpsertRow *row, GError **error)
{
  if (!row->differs)
    return true;
  return row->id != 0 ? update(db, upsert, row, error)
                      : upsert_insert(db, upsert, (const char *const *)row->written, &row->id, error);
}

bool upsert_put(Db *db, const Upsert *upsert, const char *const *value, guint32 given, gint64 *ret_id,
                UpsertResult *ret_result, GError **error)
{
  g_auto(UpsertRow) row = { 0 };

  if (!upsert_look(db, upsert, value, given, &row, error))
    return false;
  UpsertResult result = row.id == 0 ? UPSERT_ADDED : row.differs ? UPSERT_CHANGED : UPSERT_UNCHANGED;

  if (!upsert_write(db, upsert, &row, error))
    return false;
  *ret_id = row.id;
  *ret_result = result;
  return true;
}
