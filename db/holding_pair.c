#include "db/holding_pair.h"

#include "db/holding_units.h"

bool holding_pair_begin(Db *db, GError **error)
{
  static const DbQuery make = {
    "CREATE TEMP TABLE IF NOT EXISTS holding_pair_now (organization INTEGER, role TEXT, hardware INTEGER,"
    " software INTEGER, count INTEGER, PRIMARY KEY (organization, role, hardware, software)) WITHOUT ROWID"
  };
  static const DbQuery clear = { "DELETE FROM holding_pair_now" };

  return db_exec(db, &make, error) && db_exec(db, &clear, error);
}

/* Units made of two releases. The + keeps SQLite from looking for them by an index. */
#define MIXED " +d.software_release IS NOT NULL AND d.software_release <> d.release AND" HOLDING_UNITS_COUNT
#define TOUCHED(release)                                                                                     \
  " AND EXISTS (SELECT 1 FROM holding_touched t WHERE t.organization = o.organization AND t.release "        \
  "= " release ")"
#define BOTH_TOUCHED TOUCHED("d.release") TOUCHED("d.software_release")
#define TOUCHED_ORGANIZATIONS "(SELECT DISTINCT organization FROM holding_touched) o"

#define USERS(from) "SELECT d.organization, 'user' AS role, d.release, d.software_release, d.quantity " from
/* A device counts once, however many terms of custody it has. */
#define OTHERS(from)                                                                                         \
  "SELECT DISTINCT c.organization, c.role, d.release, d.software_release, d.quantity, d.id " from
#define COUNTED(into, units, more)                                                                           \
  "INSERT INTO " into " SELECT u.organization, u.role, u.release, u.software_release, sum(u.quantity)" more  \
  " FROM (" units ") u GROUP BY u.organization, u.role, u.release, u.software_release"

#define NOW "holding_pair_now (organization, role, hardware, software, count)"
#define ALL_USERS USERS("FROM device d WHERE" MIXED)
#define ALL_OTHERS                                                                                           \
  OTHERS("FROM custody c JOIN device d ON d.id = c.device WHERE " HOLDING_UNITS_LASTING " AND" MIXED)

/* $1: now, $2: today; each query takes what it names. */
static const DbQuery touched_users = { COUNTED(
    NOW,
    USERS("FROM " TOUCHED_ORGANIZATIONS " CROSS JOIN device d"
          " WHERE d.organization = o.organization AND" MIXED BOTH_TOUCHED),
    "") };
static const DbQuery touched_others = { COUNTED(
    NOW,
    OTHERS("FROM " TOUCHED_ORGANIZATIONS " CROSS JOIN custody c CROSS JOIN device d WHERE c.organization ="
           " o.organization AND d.id = c.device AND " HOLDING_UNITS_LASTING " AND" MIXED BOTH_TOUCHED),
    "") };
static const DbQuery all_users = { COUNTED(NOW, ALL_USERS, "") };
static const DbQuery all_others = { COUNTED(NOW, ALL_OTHERS, "") };

/* A first load needs no comparing. */
#define PAIR "holding_pair (organization, role, hardware, software, count, version, changed_at)"
static const DbQuery first_users = { COUNTED(PAIR, ALL_USERS, ", 1, $1") };
static const DbQuery first_others = { COUNTED(PAIR, ALL_OTHERS, ", 1, $1") };

#define SAME_PAIR(a, b)                                                                                      \
  a ".organization = " b ".organization AND " a ".role = " b ".role AND " a ".hardware = " b                 \
    ".hardware AND " a ".software = " b ".software"
static const DbQuery change = {
  "UPDATE holding_pair SET version = version + 1, changed_at = $1,"
  " count = (SELECT n.count FROM holding_pair_now n WHERE " SAME_PAIR(
      "n", "holding_pair") ")"
                           " WHERE (organization, role, hardware, software) IN ("
                           "  SELECT n.organization, n.role, n.hardware, n.software FROM holding_pair_now n "
                           "CROSS JOIN holding_pair h"
                           "   WHERE " SAME_PAIR("h", "n") " AND h.count <> n.count)"
};

/* More than how often the dates of a release can have changed for an organization: every revision may have
 * been published and withdrawn. */
#define CHANGES(release)                                                                                     \
  " + (SELECT 4 * count(*) FROM support_plan s WHERE s.release = holding_pair." release                      \
  " AND s.state IN ('published', 'superseded', 'withdrawn'))"                                                \
  " + (SELECT coalesce(sum(x.version), 0) FROM extension x WHERE x.release = holding_pair." release          \
  " AND x.organization = holding_pair.organization)"
#define GONE                                                                                                 \
  "UPDATE holding_pair SET count = 0, changed_at = $1,"                                                      \
  " version = version + 1" CHANGES("hardware")                                                               \
      CHANGES("software") " WHERE count > 0 AND NOT EXISTS"                                                  \
                          " (SELECT 1 FROM holding_pair_now n WHERE " SAME_PAIR("n", "holding_pair") ")"
static const DbQuery all_gone = { GONE };
static const DbQuery touched_gone = {
  GONE " AND (hardware, organization) IN (SELECT t.release, t.organization FROM holding_touched t)"
       " AND (software, organization) IN (SELECT t.release, t.organization FROM holding_touched t)"
};
static const DbQuery begin = { "INSERT INTO " PAIR " SELECT n.organization, n.role, n.hardware, n.software,"
                               " n.count, 1, $1 FROM holding_pair_now n WHERE NOT EXISTS"
                               " (SELECT 1 FROM holding_pair h WHERE " SAME_PAIR("h", "n") ")" };

/* Runs a query of the above; `now` or `today` is NULL where it does not name it. */
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
  if (now != NULL) /* it writes pairs */
    *changed += db_changes(db);
  return true;
}

static bool refresh(Db *db, const AuditContext *context, const DbQuery *users, const DbQuery *others,
                    const DbQuery *gone, gint64 *changed, GError **error)
{
  char today[DAY_TEXT_SIZE];

  day_format(context->today, today);
  return run(db, users, NULL, NULL, changed, error) && run(db, others, NULL, today, changed, error) &&
         run(db, &change, context->now, NULL, changed, error) &&
         run(db, gone, context->now, NULL, changed, error) &&
         run(db, &begin, context->now, NULL, changed, error) && holding_pair_begin(db, error);
}

bool holding_pair_refresh(Db *db, const AuditContext *context, gint64 *changed, GError **error)
{
  return refresh(db, context, &touched_users, &touched_others, &touched_gone, changed, error);
}

static bool is_empty(Db *db, bool *ret_empty, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM holding_pair LIMIT 1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  db_reset(statement);
  *ret_empty = !row;
  return true;
}

bool holding_pair_refresh_all(Db *db, const AuditContext *context, gint64 *changed, GError **error)
{
  char today[DAY_TEXT_SIZE];
  bool empty;

  day_format(context->today, today);
  if (!is_empty(db, &empty, error))
    return false;
  if (!empty)
    return refresh(db, context, &all_users, &all_others, &all_gone, changed, error);
  return run(db, &first_users, context->now, NULL, changed, error) &&
         run(db, &first_others, context->now, today, changed, error);
}
