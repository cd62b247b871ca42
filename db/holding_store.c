#include "db/holding_store.h"

#include "db/extension_units.h"
#include "db/holding_pair.h"
#include "db/holding_units.h"

#define COUNTS HOLDING_UNITS_COUNT

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

  return exec_all(db, queries, G_N_ELEMENTS(queries), error) && holding_pair_begin(db, error);
}

#define RELEASES                                                                                             \
  "(SELECT release FROM device WHERE id = $1"                                                                \
  " UNION SELECT software_release FROM device WHERE id = $1 AND software_release IS NOT NULL) r"

bool holding_store_touch(Db *db, gint64 device, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO holding_touched (release, organization) SELECT r.release, o.organization FROM " RELEASES ","
    " (SELECT organization FROM device WHERE id = $1"
    "  UNION SELECT organization FROM custody WHERE device = $1) o"
    " WHERE true ON CONFLICT DO NOTHING"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  return db_run(statement, error);
}

bool holding_store_touch_organization(Db *db, gint64 device, gint64 organization, GError **error)
{
  static const DbQuery query = { "INSERT INTO holding_touched (release, organization)"
                                 " SELECT r.release, $2 FROM " RELEASES
                                 " WHERE true ON CONFLICT DO NOTHING" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  db_bind_int(statement, 2, organization);
  return db_run(statement, error);
}

/* What holds now, of the marked pairs ($2: today). CROSS JOIN (this order is meant) and the + (not by that
 * column's index: a release may be everywhere) keep SQLite from walking through every device. Of an
 * organization's devices of one release an index tells; all else it has is looked at once, not once a pair.
 */
#define LASTING HOLDING_UNITS_LASTING
#define TOUCHED                                                                                              \
  "EXISTS (SELECT 1 FROM holding_touched t WHERE t.organization = o.organization AND t.release = "
#define TOUCHED_ORGANIZATIONS "(SELECT DISTINCT organization FROM holding_touched) o"
#define TOUCHED_CUSTODY                                                                                      \
  " FROM " TOUCHED_ORGANIZATIONS " CROSS JOIN custody c CROSS JOIN device d"                                 \
  " WHERE c.organization = o.organization AND d.id = c.device AND " LASTING " AND "
static const DbQuery touched_users = {
  "INSERT INTO holding_now (release, organization, role, count)"
  " SELECT u.release, u.organization, 'user', sum(u.quantity) FROM ("
  "  SELECT t.release, t.organization, d.quantity FROM holding_touched t CROSS JOIN device d"
  "   WHERE d.organization = t.organization AND d.release = t.release AND" COUNTS
  "  UNION ALL SELECT d.software_release, d.organization, d.quantity"
  "   FROM " TOUCHED_ORGANIZATIONS " CROSS JOIN device d"
  "   WHERE d.organization = o.organization AND +d.software_release IS NOT NULL AND" COUNTS "    AND " TOUCHED
  "d.software_release)"
  " ) u GROUP BY u.release, u.organization"
};
static const DbQuery touched_others = {
  "INSERT INTO holding_now (release, organization, role, count)"
  " SELECT u.release, u.organization, u.role, sum(u.quantity) FROM ("
  "  SELECT DISTINCT d.release, o.organization, c.role, d.id, d.quantity"
  "  " TOUCHED_CUSTODY TOUCHED "d.release)"
  "  UNION ALL SELECT DISTINCT d.software_release, o.organization, c.role, d.id, d.quantity"
  "  " TOUCHED_CUSTODY TOUCHED "d.software_release)"
  " ) u GROUP BY u.release, u.organization, u.role"
};

/* The same of all pairs ($2: today). */
#define ALL_USERS                                                                                            \
  " FROM (SELECT d.release, d.organization, 'user' AS role, d.quantity FROM device d WHERE" COUNTS           \
  "  UNION ALL SELECT d.software_release, d.organization, 'user', d.quantity FROM device d"                  \
  "   WHERE +d.software_release IS NOT NULL AND" COUNTS " ) u GROUP BY u.release, u.organization"
#define ALL_OTHERS                                                                                           \
  " FROM (SELECT DISTINCT d.release, c.organization, c.role, d.id, d.quantity FROM custody c"                \
  "   JOIN device d ON d.id = c.device WHERE " LASTING                                                       \
  "  UNION ALL SELECT DISTINCT d.software_release, c.organization, c.role, d.id, d.quantity FROM custody c"  \
  "   JOIN device d ON d.id = c.device WHERE d.software_release IS NOT NULL AND " LASTING                    \
  " ) u GROUP BY u.release, u.organization, u.role"
#define INTO_NOW                                                                                             \
  "INSERT INTO holding_now (release, organization, role, count)"                                             \
  " SELECT u.release, u.organization, u.role, sum(u.quantity)"
static const DbQuery all_users = { INTO_NOW ALL_USERS };
static const DbQuery all_others = { INTO_NOW ALL_OTHERS };

/* A first load needs no comparing ($1: now). */
#define INTO_HOLDING                                                                                         \
  "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"                \
  " SELECT u.release, u.organization, u.role, sum(u.quantity), 1, lower(hex(randomblob(16))), $2, $1"
static const DbQuery first_users = { INTO_HOLDING ALL_USERS };
static const DbQuery first_others = { INTO_HOLDING ALL_OTHERS };

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

/* Runs a query of the above; what it does not name of $1 and $2 is not bound. */
static bool run(Db *db, const DbQuery *query, const char *now, const char *today, gint64 *changed,
                GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error))
    return false;
  if (now != NULL)
    db_bind_text(statement, 1, now);
  if (today != NULL)
    db_bind_text(statement, 2, today);
  if (!db_run(statement, error))
    return false;
  if (now != NULL) /* a query that writes holdings */
    *changed += db_changes(db);
  return true;
}

static bool is_empty(Db *db, bool *ret_empty, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM holding LIMIT 1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  db_reset(statement);
  *ret_empty = !row;
  return true;
}

static bool refresh(Db *db, const AuditContext *context, const DbQuery *users, const DbQuery *others,
                    const DbQuery *gone, gint64 *ret_changed, GError **error)
{
  char today[DAY_TEXT_SIZE];
  gint64 changed = 0;

  day_format(context->today, today);
  if (!run(db, users, NULL, NULL, &changed, error) || !run(db, others, NULL, today, &changed, error) ||
      !run(db, &change, context->now, today, &changed, error) ||
      !run(db, gone, context->now, today, &changed, error) ||
      !run(db, &begin, context->now, today, &changed, error))
    return false;
  *ret_changed = changed;
  return true;
}

static bool fill(Db *db, const AuditContext *context, gint64 *ret_changed, GError **error)
{
  char today[DAY_TEXT_SIZE];
  gint64 changed = 0;

  day_format(context->today, today);
  if (!run(db, &first_users, context->now, today, &changed, error) ||
      !run(db, &first_others, context->now, today, &changed, error))
    return false;
  *ret_changed = changed;
  return true;
}

bool holding_store_refresh(Db *db, const AuditContext *context, gint64 *ret_changed, GError **error)
{
  gint64 changed = 0, besides = 0;

  if (!refresh(db, context, &touched_users, &touched_others, &touched_gone, &changed, error) ||
      !holding_pair_refresh(db, context, &besides, error) ||
      !extension_units_refresh(db, context, &besides, error) || !holding_store_begin(db, error))
    return false;
  *ret_changed = changed;
  return true;
}

bool holding_store_set_day(Db *db, Day today, GError **error)
{
  static const DbQuery query = { "UPDATE setting SET holdings_on = $1 WHERE id = 1" };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, day_format(today, day));
  return db_run(statement, error);
}

bool holding_store_refresh_all(Db *db, const AuditContext *context, gint64 *ret_changed, gint64 *ret_besides,
                               GError **error)
{
  gint64 changed = 0, besides = 0;
  bool empty;

  if (!holding_store_begin(db, error) || !is_empty(db, &empty, error) ||
      !(empty ? fill(db, context, &changed, error)
              : refresh(db, context, &all_users, &all_others, &all_gone, &changed, error)) ||
      !holding_pair_refresh_all(db, context, &besides, error) ||
      !extension_units_refresh_all(db, context, &besides, error) ||
      !holding_store_set_day(db, context->today, error) || !holding_store_begin(db, error))
    return false;
  *ret_changed = changed;
  if (ret_besides != NULL)
    *ret_besides = besides;
  return true;
}
