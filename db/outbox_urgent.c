#include "db/outbox_urgent.h"

#define MARK "UPDATE outbox SET urgent = 1 WHERE urgent = 0 AND id IN "

/* With $1. */
static bool run(Db *db, const DbQuery *query, gint64 id, GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  return db_run(statement, error);
}

bool outbox_urgent_mark_audience(Db *db, gint64 notice, GError **error)
{
  static const DbQuery query = { MARK
                                 "(SELECT x.outbox FROM notice n CROSS JOIN audience a JOIN outbox_notice x"
                                 " ON x.notice = n.id AND x.organization = a.organization"
                                 " WHERE n.id = $1 AND n.kind IN " OUTBOX_URGENT_KINDS ")" };

  return run(db, &query, notice, error);
}

bool outbox_urgent_mark_alike(Db *db, gint64 outbox, GError **error)
{
  static const DbQuery query = { MARK "(SELECT y.outbox FROM outbox_notice x JOIN notice n ON n.id = x.notice"
                                      " AND n.kind IN " OUTBOX_URGENT_KINDS
                                      " JOIN outbox_notice y ON y.notice = x.notice"
                                      " AND y.organization = x.organization WHERE x.outbox = $1)" };

  return run(db, &query, outbox, error);
}

bool outbox_urgent_recount(Db *db, gint64 *ret_changed, GError **error)
{
  static const DbQuery queries[] = {
    { "UPDATE outbox SET urgent = 1 WHERE " OUTBOX_URGENT_UNMARKED("outbox") },
    { "UPDATE outbox SET urgent = 0 WHERE " OUTBOX_URGENT_MISMARKED("outbox") },
  };
  gint64 changed = 0;

  for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
    if (!db_exec(db, &queries[i], error))
      return false;
    changed += db_changes(db);
  }
  *ret_changed = changed;
  return true;
}
