#include "db/plan_transfer.h"

#include "db/acknowledgement_store.h"
#include "db/market.h"

/* $1 release, $2 market, $3 EOS. */
static bool prepare(Db *db, const DbQuery *query, const PlanRow *plan, DbStatement **ret_statement,
                    GError **error)
{
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, query, ret_statement, error)) {
    return false;
  }
  db_bind_int(*ret_statement, 1, plan->release);
  db_bind_text(*ret_statement, 2, plan->market != NULL ? plan->market : "*");
  db_bind_text(*ret_statement, 3, plan_date_to_store(plan->dates->date[MILESTONE_EOS], day));
  return true;
}

/* Whether customers were asked for it, and whether they were told of this EOS. */
static bool load_asked(Db *db, const PlanRow *plan, bool *ret_asked, bool *ret_told, GError **error)
{
  static const DbQuery query = {
    "SELECT EXISTS (SELECT 1 FROM support_plan s JOIN notice n ON n.plan = s.id AND n.kind = 'eos-reminder'"
    "   JOIN outbox_notice x ON x.notice = n.id WHERE s.release = $1 AND s.market = $2),"
    " EXISTS (SELECT 1 FROM support_plan s JOIN notice n ON n.plan = s.id"
    "   AND n.kind IN ('eos-reminder', 'eos-reached') WHERE s.release = $1 AND s.market = $2"
    "   AND " ACKNOWLEDGEMENT_EOS_SQL("n", "s") " = $3)"
  };
  DbStatement *statement;
  bool found;

  if (!prepare(db, &query, plan, &statement, error) || !db_step(statement, &found, error)) {
    return false;
  }
  *ret_asked = db_int(statement, 0) != 0;
  *ret_told = db_int(statement, 1) != 0;
  db_reset(statement);
  return true;
}

/* EOS of organization h: the plan's, or that of an extension for all it has of the release. */
#define OWN_EOS                                                                                              \
  "coalesce((SELECT max(e.until) FROM extension e WHERE e.organization = h.organization"                     \
  " AND e.release = h.release AND e.device IS NULL AND e.until > $3), $3)"

static bool count_users(Db *db, const PlanRow *plan, gint64 *ret_users, gint64 *ret_not_confirmed,
                        GError **error)
{
  static const DbQuery query = {
    "WITH confirmed AS (SELECT DISTINCT a.organization AS organization, " ACKNOWLEDGEMENT_EOS_SQL(
        "n", "s") " AS eos FROM support_plan s JOIN notice n ON n.plan = s.id"
                  " JOIN acknowledgement a ON a.notice = n.id AND a.kind = 'transfer'"
                  " WHERE s.release = $1 AND s.market = $2)"
                  " SELECT count(*), count(CASE WHEN NOT EXISTS (SELECT 1 FROM confirmed c"
                  "   WHERE c.organization = h.organization AND c.eos = " OWN_EOS ") THEN 1 END)"
                  " FROM holding h WHERE h.release = $1 AND h.role = 'user' AND h.ended_on IS NULL"
                  " AND " MARKET_CONCERNS_SQL("$1", "$2", "h.organization")
  };
  DbStatement *statement;
  bool found;

  if (!prepare(db, &query, plan, &statement, error) || !db_step(statement, &found, error)) {
    return false;
  }
  *ret_users = db_int(statement, 0);
  *ret_not_confirmed = db_int(statement, 1);
  db_reset(statement);
  return true;
}

bool plan_transfer_load(Db *db, const PlanRow *row, const PlanRow *in_force, RuleFacts *facts, GError **error)
{
  bool asked;

  if (!load_asked(db, in_force != NULL ? in_force : row, &asked, &facts->eos_told, error)) {
    return false;
  }
  /* What was announced before kigen may have been transferred before kigen too. */
  facts->transfer = asked                                          ? TRANSFER_BEGUN
                    : row->dates->announced_on.state == DATE_KNOWN ? TRANSFER_UNKNOWN
                                                                   : TRANSFER_NOT_BEGUN;
  facts->users = -1;
  facts->not_confirmed = -1;
  return in_force == NULL || facts->affected_organizations < 0 ||
         count_users(db, in_force, &facts->users, &facts->not_confirmed, error);
}
