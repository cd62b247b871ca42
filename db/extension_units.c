#include "db/extension_units.h"

/* $1: now, $2: today */
#define REFRESH                                                                                              \
  "UPDATE extension SET version = version + 1, changed_at = $1, units = " EXTENSION_UNITS_OF(                \
      "extension") " WHERE device IS NOT NULL AND until IS NOT NULL AND units <> " EXTENSION_UNITS_OF("exte" \
                                                                                                      "nsio" \
                                                                                                      "n")

static bool run(Db *db, const DbQuery *query, const AuditContext *context, gint64 *changed, GError **error)
{
  char today[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_text(statement, 1, context->now);
  db_bind_text(statement, 2, day_format(context->today, today));
  if (!db_run(statement, error))
    return false;
  *changed += db_changes(db);
  return true;
}

bool extension_units_refresh(Db *db, const AuditContext *context, gint64 *changed, GError **error)
{
  static const DbQuery query = { REFRESH " AND EXISTS (SELECT 1 FROM holding_touched t WHERE t.organization ="
                                         " extension.organization AND t.release = extension.release)" };

  return run(db, &query, context, changed, error);
}

bool extension_units_refresh_all(Db *db, const AuditContext *context, gint64 *changed, GError **error)
{
  static const DbQuery query = { REFRESH };

  return run(db, &query, context, changed, error);
}
