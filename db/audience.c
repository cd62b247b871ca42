#include "db/audience.h"

#include "db/acknowledgement_store.h"
#include "db/contact_reach.h"
#include "db/extension_day.h"
#include "db/market.h"
#include "db/plan_overtaken.h"

#define NAMES_SHOWN 20

/* Who has an open holding of release $1 and is concerned by its plan for market $3. */
#define HOLDERS                                                                                              \
  "(SELECT DISTINCT x.organization FROM holding x WHERE x.release = $1 AND x.ended_on IS NULL"               \
  " AND " MARKET_CONCERNS_SQL("$1", "$3", "x.organization") ") h"

#define OWN_CONTACT CONTACT_OWN_SQL("h.organization", "$2", "")
#define PARENTS_CONTACT CONTACT_ABOVE_SQL("h.organization", "$2", "")

/* What is confirmed already is not asked again: organization h, and the EOS that the notice is about. */
#define UNCONFIRMED(asks, plan_eos, extended)                                                                \
  "(" asks " = 0 OR NOT " ACKNOWLEDGEMENT_TRANSFERRED_SQL(                                                   \
      "$1", "$3", "CASE " extended " WHEN '' THEN " plan_eos " ELSE " extended " END", "h.organization") ")"

/* Whether something of organization h ends on the day that the notice is about: `plan_eos`, or `extended`. */
#define CONCERNED(plan_eos, extended)                                                                        \
  "(" plan_eos " IS NULL OR CASE " extended                                                                  \
  " WHEN '' THEN " EXTENSION_DAY_PLAN("$1", "h.organization", plan_eos) " ELSE " EXTENSION_DAY_EXTENDED(     \
      "$1", "h.organization", plan_eos, extended) " END)"

bool audience_clear(Db *db, GError **error)
{
  static const DbQuery make = {
    "CREATE TEMPORARY TABLE IF NOT EXISTS audience (organization INTEGER PRIMARY KEY,"
    " contact INTEGER NOT NULL, through INTEGER NOT NULL, channel TEXT NOT NULL)"
  };
  static const DbQuery clear = { "DELETE FROM audience" };

  return db_exec(db, &make, error) && db_exec(db, &clear, error);
}

static bool make_told_table(Db *db, GError **error)
{
  static const DbQuery make = {
    "CREATE TEMPORARY TABLE IF NOT EXISTS told (organization INTEGER PRIMARY KEY)"
  };

  return db_exec(db, &make, error);
}

bool audience_clear_told(Db *db, GError **error)
{
  static const DbQuery clear = { "DELETE FROM told" };

  return make_told_table(db, error) && db_exec(db, &clear, error);
}

bool audience_remember_told(Db *db, gint64 plan, gint64 *ret_told, GError **error)
{
  static const DbQuery query = { "INSERT INTO told (organization) " PLAN_OVERTAKEN_TOLD(
      PLAN_OVERTAKEN_BY_STORED) };
  DbStatement *statement;

  if (!audience_clear_told(db, error) || !db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  if (!db_run(statement, error)) {
    return false;
  }
  *ret_told = db_changes(db);
  return true;
}

bool audience_fill(Db *db, const AudienceTerms *terms, Day today, gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO audience (organization, contact, through, channel)"
    " SELECT a.organization, coalesce(c.id, 0), coalesce(c.organization, a.organization),"
    "   coalesce(k.channel, 'letter')"
    " FROM (SELECT h.organization, coalesce(" OWN_CONTACT ", " PARENTS_CONTACT ") AS contact FROM " HOLDERS
    "   WHERE ($4 = 0 OR EXISTS (SELECT 1 FROM organization o WHERE o.id = h.organization"
    "     AND o.budget_month = $4))"
    "   AND ($5 = 0 OR NOT EXISTS (SELECT 1 FROM outbox_notice x WHERE x.notice = $5"
    "     AND x.organization = h.organization))"
    "   AND ($6 = 0 OR NOT EXISTS (SELECT 1 FROM notice n JOIN outbox_notice x ON x.notice = n.id"
    "     AND x.organization = h.organization WHERE n.plan = $6"
    "     AND n.kind IN ('plan-announcement', 'plan-change')))"
    "   AND ($7 = 0 OR ($7 = 1) = EXISTS (SELECT 1 FROM told t WHERE t.organization = h.organization))"
    "   AND " CONCERNED("$8", "$9") " AND " UNCONFIRMED(
        "$10", "$8",
        "$9") ") a"
              " LEFT JOIN contact k ON k.id = a.contact LEFT JOIN contact c ON c.id = " CONTACT_REQUESTED_SQL(
                  "k", "$2")
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!audience_clear(db, error) || !make_told_table(db, error) ||
      !db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, terms->release);
  db_bind_text(statement, 2, day_format(today, day));
  db_bind_text(statement, 3, terms->market);
  db_bind_int(statement, 4, terms->budget_month);
  db_bind_int(statement, 5, terms->notice);
  db_bind_int(statement, 6, terms->telling_of);
  db_bind_int(statement, 7, terms->part);
  db_bind_text(statement, 8, terms->plan_eos);
  db_bind_text(statement, 9, terms->extended_eos);
  db_bind_int(statement, 10, terms->unconfirmed);
  if (!db_run(statement, error)) {
    return false;
  }
  *ret_organizations = db_changes(db);
  return true;
}

bool audience_count(Db *db, const AudienceTerms *terms, gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = { "SELECT count(*) FROM " HOLDERS " WHERE ($2 = 0 OR EXISTS (SELECT 1"
                                 " FROM organization o WHERE o.id = h.organization AND o.budget_month = $2))"
                                 " AND " CONCERNED("$4", "$5") " AND " UNCONFIRMED("$6", "$4", "$5") };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, terms->release);
  db_bind_int(statement, 2, terms->budget_month);
  db_bind_text(statement, 3, terms->market);
  db_bind_text(statement, 4, terms->plan_eos);
  db_bind_text(statement, 5, terms->extended_eos);
  db_bind_int(statement, 6, terms->unconfirmed);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  *ret_organizations = db_int(statement, 0);
  db_reset(statement);
  return true;
}

/* By nobody whose mail does not come back. */
#define NOT_BACK " AND NOT " CONTACT_CAME_BACK_SQL("c")
#define UNREACHABLE                                                                                          \
  "NOT EXISTS " CONTACT_OWN_SQL("h.organization", "$2", NOT_BACK) " AND NOT EXISTS " CONTACT_ABOVE_SQL(      \
      "h.organization", "$2", NOT_BACK)

/* Names of the unreachable, the first few by code; of who has a contact, that mail to them came back. */
static bool list_names(Db *db, gint64 release, const char *market, const char *today, gint64 unreachable,
                       char **ret_names, GError **error)
{
  static const DbQuery query = { "SELECT o.name_ja || CASE WHEN EXISTS " OWN_CONTACT
                                 " OR EXISTS " PARENTS_CONTACT
                                 " THEN '（メール不達 / bounced）' ELSE '' END FROM " HOLDERS
                                 " JOIN organization o ON o.id = h.organization"
                                 " WHERE " UNREACHABLE " ORDER BY o.code LIMIT $4" };
  g_autoptr(GString) names = g_string_new(NULL);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, today);
  db_bind_text(statement, 3, market);
  db_bind_int(statement, 4, NAMES_SHOWN);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  while (row) {
    g_string_append_printf(names, "%s%s", names->len == 0 ? "" : ", ", db_text(statement, 0));
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  *ret_names = g_strconcat(names->str, unreachable > NAMES_SHOWN ? " …" : "", NULL);
  return true;
}

bool audience_reach(Db *db, gint64 release, const char *market, Day today, gint64 *ret_organizations,
                    gint64 *ret_unreachable, char **ret_names, GError **error)
{
  static const DbQuery query = { "SELECT count(*), coalesce(sum(CASE WHEN " UNREACHABLE
                                 " THEN 1 ELSE 0 END), 0) FROM " HOLDERS };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];
  char *names = NULL;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, day_format(today, day));
  db_bind_text(statement, 3, market);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  gint64 organizations = db_int(statement, 0), unreachable = db_int(statement, 1);

  db_reset(statement);
  if (unreachable > 0 && !list_names(db, release, market, day, unreachable, &names, error)) {
    return false;
  }
  *ret_organizations = organizations;
  *ret_unreachable = unreachable;
  *ret_names = names;
  return true;
}
