#include "db/audience.h"

#define NAMES_SHOWN 20

/* Deeper than any corporation; where parents go in a circle, the walk ends here. */
#define PARENTS_MAX "16"

/* Whether contact c can be reached on day $2. */
#define REACHABLE                                                                                            \
  "(c.valid_from IS NULL OR c.valid_from <= $2) AND (c.valid_to IS NULL OR c.valid_to >= $2)"                \
  " AND (c.channel <> 'mail' OR c.email <> '')"

#define HOLDERS "(SELECT DISTINCT organization FROM holding WHERE release = $1 AND ended_on IS NULL) h"

#define OWN_CONTACT                                                                                          \
  "(SELECT c.id FROM contact c WHERE c.organization = h.organization AND " REACHABLE                         \
  " ORDER BY c.escalation_order, c.id LIMIT 1)"

#define PARENTS_CONTACT                                                                                      \
  "(WITH RECURSIVE above (id, depth) AS ("                                                                   \
  "  SELECT o.parent, 1 FROM organization o WHERE o.id = h.organization AND o.parent IS NOT NULL"            \
  "  UNION ALL SELECT o.parent, above.depth + 1 FROM above JOIN organization o ON o.id = above.id"           \
  "  WHERE o.parent IS NOT NULL AND above.depth < " PARENTS_MAX ")"                                          \
  " SELECT c.id FROM above JOIN contact c ON c.organization = above.id WHERE " REACHABLE                     \
  " ORDER BY above.depth, c.escalation_order, c.id LIMIT 1)"

static bool clear_table(Db *db, GError **error)
{
  static const DbQuery make = {
    "CREATE TEMPORARY TABLE IF NOT EXISTS audience (contact INTEGER NOT NULL,"
    " through INTEGER NOT NULL, organization INTEGER NOT NULL, channel TEXT NOT NULL,"
    " PRIMARY KEY (contact, through, organization)) WITHOUT ROWID"
  };
  static const DbQuery clear = { "DELETE FROM audience" };

  return db_exec(db, &make, error) && db_exec(db, &clear, error);
}

bool audience_fill(Db *db, gint64 notice, gint64 release, int budget_month, Day today,
                   gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO audience (contact, through, organization, channel)"
    " SELECT coalesce(c.id, 0), coalesce(c.organization, a.organization), a.organization,"
    "   coalesce(c.channel, 'letter')"
    " FROM (SELECT h.organization, coalesce(" OWN_CONTACT ", " PARENTS_CONTACT ") AS contact FROM " HOLDERS
    "   WHERE ($3 = 0 OR EXISTS (SELECT 1 FROM organization o WHERE o.id = h.organization AND o.budget_month "
    "= $3))"
    "   AND NOT EXISTS (SELECT 1 FROM outbox_notice x WHERE x.notice = $4 AND x.organization = "
    "h.organization)) a"
    " LEFT JOIN contact c ON c.id = a.contact"
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!clear_table(db, error) || !db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, day_format(today, day));
  db_bind_int(statement, 3, budget_month);
  db_bind_int(statement, 4, notice);
  if (!db_run(statement, error)) {
    return false;
  }
  *ret_organizations = db_changes(db);
  return true;
}

bool audience_count(Db *db, gint64 release, int budget_month, gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = { "SELECT count(DISTINCT h.organization) FROM holding h WHERE h.release = $1"
                                 " AND h.ended_on IS NULL AND ($2 = 0 OR EXISTS (SELECT 1 FROM organization o"
                                 " WHERE o.id = h.organization AND o.budget_month = $2))" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_int(statement, 2, budget_month);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  *ret_organizations = db_int(statement, 0);
  db_reset(statement);
  return true;
}

bool audience_unreachable(Db *db, gint64 release, Day today, gint64 *ret_organizations, char **ret_names,
                          GError **error)
{
  static const DbQuery query = { "SELECT o.name_ja FROM " HOLDERS
                                 " JOIN organization o ON o.id = h.organization"
                                 " WHERE coalesce(" OWN_CONTACT ", " PARENTS_CONTACT
                                 ") IS NULL ORDER BY o.code" };
  g_autoptr(GString) names = g_string_new(NULL);
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];
  gint64 n = 0;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, day_format(today, day));
  if (!db_step(statement, &row, error)) {
    return false;
  }
  while (row) {
    if (n < NAMES_SHOWN) {
      g_string_append_printf(names, "%s%s", n == 0 ? "" : ", ", db_text(statement, 0));
    } else if (n == NAMES_SHOWN) {
      g_string_append(names, " …");
    }
    n++;
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  *ret_organizations = n;
  *ret_names = n == 0 ? NULL : g_string_free(g_steal_pointer(&names), FALSE);
  return true;
}
