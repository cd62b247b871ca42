#include "db/report_store_readiness.h"

#include "db/acknowledgement_store.h"
#include "db/day_column.h"
#include "db/extension_day.h"
#include "db/market.h"
#include "db/outbox_reach.h"
#include "db/release_pattern.h"

void readiness_row_free(ReadinessRow *row)
{
  if (row == NULL) {
    return;
  }
  g_free(row->product);
  g_free(row->release);
  g_free(row->market);
  g_free(row->organization);
  g_free(row->name);
  g_free(row->confirmed_title);
  g_free(row->confirmed_by);
  g_free(row->confirmed_how);
  g_free(row);
}

/* The plan in force of the other release of pair hp (column `of`) for organization h. */
#define OTHER(of)                                                                                            \
  "(SELECT " of " FROM support_plan q WHERE q.release = hp.hardware + hp.software - d.release"               \
  " AND q.state = 'published' AND " MARKET_CONCERNS_SQL("q.release", "q.market", "hp.organization") ")"
/* Its EOS, as a contract for all that the organization has of it extended that. */
#define OTHER_EOS                                                                                            \
  OTHER("CASE WHEN q.eos <> 'tba' THEN coalesce((SELECT x.until FROM extension x WHERE x.organization ="     \
        " hp.organization AND x.release = q.release AND x.device IS NULL AND x.until > q.eos), q.eos) END")
#define PAIRS                                                                                                \
  " FROM holding_pair hp WHERE hp.organization = t.organization AND hp.role = 'user' AND hp.count > 0"       \
  " AND (hp.hardware = d.release OR hp.software = d.release)"

/* due: the plans in force with a known EOS. ends: on which days the units of each customer end, by the plan
 * and by contracts, and how many. told: their notices, with the EOS that each told: of any revision. */
/* clang-format off */
static const DbQuery query = {
  "WITH due AS (SELECT s.id AS plan, s.release AS release, s.market AS market, s.eos AS eos, p.code AS product,"
  "   r.name AS name FROM support_plan s JOIN release r ON r.id = s.release JOIN product p ON p.id = r.product"
  "   WHERE s.state = 'published' AND s.eos <> 'tba' AND " RELEASE_PATTERN_SQL "),"
  " holder AS (SELECT d.plan, d.release, d.eos, h.organization, h.count FROM due d"
  "   JOIN holding h ON h.release = d.release AND h.role = 'user' AND h.ended_on IS NULL"
  "   AND " MARKET_CONCERNS_SQL("d.release", "d.market", "h.organization") "),"
  " part AS (SELECT h.plan, h.organization, h.count - " EXTENSION_DAY_OWN("h.release", "h.organization", "h.eos")
  "    AS units, coalesce((SELECT x.until FROM extension x WHERE x.organization = h.organization"
  "     AND x.release = h.release AND x.device IS NULL AND x.until > h.eos), h.eos) AS eos FROM holder h"
  "   UNION ALL SELECT h.plan, h.organization, x.units, x.until FROM holder h JOIN extension x"
  "    ON x.organization = h.organization AND x.release = h.release AND x.device IS NOT NULL AND x.until > h.eos),"
  " ends AS (SELECT plan, organization, eos, sum(units) AS units FROM part WHERE units > 0"
  "   GROUP BY plan, organization, eos HAVING eos <= $2),"
  " told AS (SELECT d.plan AS plan, n.id AS notice, n.kind AS kind, n.due_on AS due_on, "
  "    " ACKNOWLEDGEMENT_EOS_SQL("n", "q") " AS eos FROM due d"
  "   JOIN support_plan q ON q.release = d.release AND q.market = d.market JOIN notice n ON n.plan = q.id),"
  " confirmed AS (SELECT e.plan AS plan, e.eos AS eos, a.organization AS organization, max(a.id) AS id FROM told e"
  "   JOIN acknowledgement a ON a.notice = e.notice AND a.kind = 'transfer' GROUP BY e.plan, e.eos, a.organization),"
  " asked AS (SELECT e.plan AS plan, e.eos AS eos, x.organization AS organization, max(e.due_on) AS asked_on FROM told e"
  "   JOIN outbox_notice x ON x.notice = e.notice JOIN outbox o ON o.id = x.outbox AND " OUTBOX_REACHED_SQL("o", "x")
  "   WHERE e.kind IN ('eos-reminder', 'eos-reached') GROUP BY e.plan, e.eos, x.organization)"
  " SELECT d.product, d.name, d.market, g.code, g.name_ja, t.units, t.eos, k.asked_on, " ACKNOWLEDGEMENT_DAY_SQL("a") ","
  "  a.by, a.how, a.title, d.eos, (SELECT min(" OTHER_EOS ")" PAIRS "),"
  "  EXISTS (SELECT 1" PAIRS " AND " OTHER("q.eos") " = 'tba'), EXISTS (SELECT 1" PAIRS " AND " OTHER("q.eos") " IS NULL)"
  " FROM due d JOIN ends t ON t.plan = d.plan JOIN organization g ON g.id = t.organization"
  " LEFT JOIN confirmed c ON c.plan = d.plan AND c.eos = t.eos AND c.organization = t.organization"
  " LEFT JOIN acknowledgement a ON a.id = c.id"
  " LEFT JOIN asked k ON k.plan = d.plan AND k.eos = t.eos AND k.organization = t.organization"
  " ORDER BY g.code, t.eos, d.product, d.name, d.market"
};
/* clang-format on */

/* The first of the row's EOS and what there is of the other releases: known, not announced, unknown. */
static EffectiveDate first_end(DbStatement *statement, Day eos)
{
  EffectiveDate first = effective_plan(plan_date_known(eos));
  Day other = day_column_read(statement, 13);

  if (other != DAY_NONE)
    first = effective_first(first, effective_plan(plan_date_known(other)));
  if (db_int(statement, 14) != 0)
    first = effective_first(first, effective_plan((PlanDate){ DATE_TBA, DAY_NONE }));
  if (db_int(statement, 15) != 0)
    first = effective_first(first, effective_plan((PlanDate){ DATE_UNKNOWN, DAY_NONE }));
  return first;
}

static void add_row(DbStatement *statement, GPtrArray *rows)
{
  ReadinessRow *row = g_new0(ReadinessRow, 1);

  row->product = db_dup_text(statement, 0);
  row->release = db_dup_text(statement, 1);
  row->market = db_dup_text(statement, 2);
  row->organization = db_dup_text(statement, 3);
  row->name = db_dup_text(statement, 4);
  row->count = db_int(statement, 5);
  row->eos = day_column_read(statement, 6);
  row->asked_on = day_column_read(statement, 7);
  row->confirmed_on = day_column_read(statement, 8);
  row->confirmed_by = db_dup_text(statement, 9);
  row->confirmed_how = db_dup_text(statement, 10);
  row->confirmed_title = db_dup_text(statement, 11);
  row->plan_eos = day_column_read(statement, 12);
  if (row->eos != DAY_NONE)
    row->first_end = first_end(statement, row->eos);
  g_ptr_array_add(rows, row);
}

bool report_store_readiness(Db *db, const char *pattern, Day until, GPtrArray **ret_rows, GError **error)
{
  char day[DAY_TEXT_SIZE];

  return report_store_list(db, &query, pattern, until != DAY_NONE ? day_format(until, day) : "9999-12-31",
                           add_row, (GDestroyNotify)readiness_row_free, ret_rows, error);
}
