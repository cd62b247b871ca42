#include "db/plan_revisions.h"

#include "db/plan_row.h"

bool plan_revisions_published(Db *db, gint64 release, const char *market, GPtrArray **ret_rows,
                              GError **error)
{
  static const DbQuery query = {
    "SELECT " PLAN_ROW_COLUMNS " FROM support_plan s JOIN release r ON r.id = s.release"
    " JOIN product p ON p.id = r.product WHERE s.release = $1 AND s.market = $2"
    " AND s.state IN ('published', 'superseded', 'withdrawn') ORDER BY s.revision"
  };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)plan_row_free);
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, market);
  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    PlanRow *row;

    if (!plan_row_read(db, statement, &row, error)) {
      db_reset(statement);
      return false;
    }
    g_ptr_array_add(rows, row);
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}
