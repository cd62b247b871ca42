#include "db/holding_store.h"

/* Units that count. */
#define COUNTS " d.status IN ('in-use', 'spare', 'isolated', 'unknown')"

static bool exec_all(Db *db, const DbQuery *query, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    if (!db_exec(db, &query[i], error))
      return false;
  }
  return true;
}

bool holding_store_begin(Db *db, GError **error)
{
  static const DbQuery queries[] = {
    { "CREATE TEMP TABLE IF NOT EXISTS holding_touched (release INTEGER, organization INTEGER,"
      " PRIMARY KEY (release, organization)) WITHOUT ROWID" },
    { "CREATE TEMP TABLE IF NOT EXISTS holding_now (release INTEGER, organization INTEGER, role TEXT,"
      " count INTEGER, PRIMARY KEY (release, organization, role)) WITHOUT ROWID" },
    { "DELETE FROM holding_touched" },
    { "DELETE FROM holding_now" },
  };

  return exec_all(db, queries, G_N_ELEMENTS(queries), error);
}

bool holding_store_touch(Db *db, gint64 device, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO holding_touched (release, organization)"
    " SELECT r.release, o.organization FROM"
    " (SELECT release FROM device WHERE id = $1"
    "  UNION SELECT software_release FROM device WHERE id = $1 AND software_release IS NOT NULL) r,"
    " (SELECT organization FROM device WHERE id = $1 UNION SELECT organization FROM custody WHERE device = "
    "$1) o"
    " WHERE true ON CONFLICT DO NOTHING"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  return db_run(statement, error);
}

/* What holds now, of the marked pairs ($1: today). CROSS JOIN (this order is meant) and the + (not by that
 * column's index: a release may be everywhere) keep SQLite from walking through every device. */
static const DbQuery touched_users = {
  "INSERT INTO holding_now (release, organization, role, count)"
  " SELECT u.release, u.organization, 'user', sum(u.quantity) FROM ("
  "  SELECT t.release, t.organization, d.quantity FROM holding_touched t CROSS JOIN device d"
  "   WHERE d.organization = t.organization AND d.release = t.release AND" COUNTS
  "  UNION ALL SELECT t.release, t.organization, d.quantity FROM holding_touched t CROSS JOIN device d"
  "   WHERE d.organization = t.organization AND +d.software_release = t.release AND" COUNTS
  " ) u GROUP BY u.release, u.organization"
};
static const DbQuery touched_others = {
  "INSERT INTO holding_now (release, organization, role, count)"
  " SELECT u.release, u.organization, u.role, sum(u.quantity) FROM ("
  "  SELECT DISTINCT t.release, t.organization, c.role, d.id, d.quantity"
  "   FROM holding_touched t CROSS JOIN custody c CROSS JOIN device d"
  "   WHERE c.organization = t.organization AND c.role IN ('owner', 'seller', 'repairer')"
  "    AND (c.until IS NULL OR c.until >= $1) AND d.id = c.device"
  "    AND (d.release = t.release OR d.software_release = t.release) AND" COUNTS
  " ) u GROUP BY u.release, u.organization, u.role"
};

/* The same of all pairs. */
static const DbQuery all_users = {
  "INSERT INTO holding_now (release, organization, role, count)"
  " SELECT u.release, u.organization, 'user', sum(u.quantity) FROM ("
  "  SELECT d.release, d.organization, d.quantity FROM device d WHERE" COUNTS
  "  UNION ALL SELECT d.software_release, d.organization, d.quantity FROM device d"
  "   WHERE d.software_release IS NOT NULL AND" COUNTS " ) u GROUP BY u.release, u.organization"
};
static const DbQuery all_others = {
  "INSERT INTO holding_now (release, organization, role, count)"
  " SELECT u.release, u.organization, u.role, sum(u.quantity) FROM ("
  "  SELECT DISTINCT d.release, c.organization, c.role, d.id, d.quantity FROM custody c"
  "   JOIN device d ON d.id = c.device"
  "   WHERE c.role IN ('owner', 'seller', 'repairer') AND (c.until IS NULL OR c.until >= $1) AND" COUNTS
  "  UNION ALL SELECT DISTINCT d.software_release, c.organization, c.role, d.id, d.quantity FROM custody c"
  "   JOIN device d ON d.id = c.device"
  "   WHERE d.software_release IS NOT NULL"
  "    AND c.role IN ('owner', 'seller', 'repairer') AND (c.until IS NULL OR c.until >= $1) AND" COUNTS
  " ) u GROUP BY u.release, u.organization, u.role"
};

/* $1: now, $2: today */
static const DbQuery change = {
  "UPDATE holding SET version = version + 1, changed_at = $1,"
  " since = CASE WHEN ended_on IS NULL THEN since ELSE $2 END, ended_on = NULL,"
  " count = (SELECT n.count FROM holding_now n WHERE n.release = holding.release"
  "  AND n.organization = holding.organization AND n.role = holding.role)"
  " WHERE (release, organization, role) IN ("
  "  SELECT n.release, n.organization, n.role FROM holding_now n CROSS JOIN holding h"
  "   WHERE h.release = n.release AND h.organization = n.organization AND h.role = n.role"
  "    AND (h.count <> n.count OR h.ended_on IS NOT NULL))"
};
#define GONE                                                                                                 \
  "UPDATE holding SET count = 0, version = version + 1, changed_at = $1, ended_on = $2"                      \
  " WHERE ended_on IS NULL AND NOT EXISTS (SELECT 1 FROM holding_now n WHERE n.release = holding.release"    \
  "  AND n.organization = holding.organization AND n.role = holding.role)"
static const DbQuery all_gone = { GONE };
static const DbQuery touched_gone = {
  GONE " AND (release, organization) IN (SELECT t.release, t.organization FROM holding_touched t)"
};
static const DbQuery begin = {
  "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"
  " SELECT n.release, n.organization, n.role, n.count, 1, lower(hex(randomblob(16))), $2, $1"
  " FROM holding_now n WHERE NOT EXISTS (SELECT 1 FROM holding h WHERE h.release = n.release"
  "  AND h.organization = n.organization AND h.role = n.role)"
};

static bool find_now(Db *db, const DbQuery *query, const char *today, GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error))
    return false;
  if (today != NULL)
    db_bind_text(statement, 1, today);
  return db_run(statement, error);
}

static bool apply(Db *db, const DbQuery *query, const AuditContext *context, const char *today,
                  gint64 *changed, GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_text(statement, 1, context->now);
  db_bind_text(statement, 2, today);
  if (!db_run(statement, error))
    return false;
  *changed += db_changes(db);
  return true;
}

static bool refresh(Db *db, const AuditContext *context, bool all, gint64 *ret_changed, GError **error)
{
  char today[DAY_TEXT_SIZE];
  gint64 changed = 0;

  day_format(context->today, today);
  if (!find_now(db, all ? &all_users : &touched_users, NULL, error) ||
      !find_now(db, all ? &all_others : &touched_others, today, error) ||
      !apply(db, &change, context, today, &changed, error) ||
      !apply(db, all ? &all_gone : &touched_gone, context, today, &changed, error) ||
      !apply(db, &begin, context, today, &changed, error) || !holding_store_begin(db, error))
    return false;
  *ret_changed = changed;
  return true;
}

bool holding_store_refresh(Db *db, const AuditContext *context, gint64 *ret_changed, GError **error)
{
  return refresh(db, context, false, ret_changed, error);
}

bool holding_store_refresh_all(Db *db, const AuditContext *context, gint64 *ret_changed, GError **error)
{
  return holding_store_begin(db, error) && refresh(db, context, true, ret_changed, error);
}
