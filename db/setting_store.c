#include "db/setting_store.h"

void setting_clear(Setting *setting)
{
  g_clear_pointer(&setting->uid_domain, g_free);
}

bool setting_store_init(Db *db, const AuditContext *context, bool simulation, const char *uid_domain,
                        GError **error)
{
  static const DbQuery query = { "INSERT INTO setting (id, created_at, simulation, uid_domain)"
                                 " VALUES (1, $1, $2, $3)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 1, context->now);
  db_bind_int(statement, 2, simulation);
  db_bind_text(statement, 3, uid_domain);
  return db_run(statement, error) && audit_append(db, context, "init", "{}", error);
}

bool setting_store_load(Db *db, Setting *ret_setting, GError **error)
{
  static const DbQuery query = { "SELECT simulation, uid_domain FROM setting WHERE id = 1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error)) {
    return false;
  }
  if (!row) {
    g_autofree char *shown = g_filename_display_name(db_path(db));

    g_set_error(
        error, DB_ERROR, DB_ERROR_NOT_A_STORE,
        "store %s has no settings: its 'kigen init' was interrupted; remove it and run 'kigen init' again",
        shown);
    return false;
  }
  ret_setting->simulation = db_int(statement, 0) != 0;
  ret_setting->uid_domain = db_dup_text(statement, 1);
  db_reset(statement);
  return true;
}

bool change_bump(Db *db, const char *scope, GError **error)
{
  static const DbQuery query = { "INSERT INTO change (scope, n) VALUES ($1, 1)"
                                 " ON CONFLICT (scope) DO UPDATE SET n = change.n + 1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 1, scope);
  return db_run(statement, error);
}

bool change_read(Db *db, gint64 *ret_n, GError **error)
{
  static const DbQuery query = { "SELECT coalesce(sum(n), 0) FROM change" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error)) {
    return false;
  }
  *ret_n = db_int(statement, 0);
  db_reset(statement);
  return true;
}
