#include "db/report_store_readiness.h"

#include "db/acknowledgement_store.h"
#include "db/market.h"
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

/* due: the plans in force with a known EOS; same: their revisions of the same EOS. */
/* clang-format off */
static const DbQuery query = {
  "WITH due AS (SELECT s.id AS plan, s.release AS release, s.market AS market, s.eos AS eos, p.code AS product,"
  "   r.name AS name FROM support_plan s JOIN release r ON r.id = s.release JOIN product p ON p.id = r.product"
  "   WHERE s.state = 'published' AND s.eos <> 'tba' AND s.eos <= $2 AND " RELEASE_PATTERN_SQL "),"
  " same AS (SELECT d.plan AS plan, n.id AS notice, n.kind AS kind, n.due_on AS due_on FROM due d"
  "   JOIN support_plan q ON q.release = d.release AND q.market = d.market AND q.eos = d.eos"
  "   JOIN notice n ON n.plan = q.id),"
  " confirmed AS (SELECT e.plan AS plan, a.organization AS organization, max(a.id) AS id FROM same e"
  "   JOIN acknowledgement a ON a.notice = e.notice AND a.kind = 'transfer' GROUP BY e.plan, a.organization),"
  " asked AS (SELECT e.plan AS plan, x.organization AS organization, max(e.due_on) AS asked_on FROM same e"
  "   JOIN outbox_notice x ON x.notice = e.notice JOIN outbox o ON o.id = x.outbox AND o.state = 'accepted'"
  "   WHERE e.kind IN ('eos-reminder', 'eos-reached') GROUP BY e.plan, x.organization)"
  " SELECT d.product, d.name, d.market, g.code, g.name_ja, h.count, d.eos, k.asked_on, " ACKNOWLEDGEMENT_DAY_SQL("a") ","
  "  a.by, a.how, a.title"
  " FROM due d JOIN holding h ON h.release = d.release AND h.role = 'user' AND h.ended_on IS NULL"
  " AND " MARKET_CONCERNS_SQL("d.release", "d.market", "h.organization")
  " JOIN organization g ON g.id = h.organization"
  " LEFT JOIN confirmed c ON c.plan = d.plan AND c.organization = h.organization"
  " LEFT JOIN acknowledgement a ON a.id = c.id"
  " LEFT JOIN asked k ON k.plan = d.plan AND k.organization = h.organization"
  " ORDER BY g.code, d.eos, d.product, d.name, d.market"
};
/* clang-format on */

static void add_row(DbStatement *statement, GPtrArray *rows)
{
  ReadinessRow *row = g_new0(ReadinessRow, 1);

  row->product = db_dup_text(statement, 0);
  row->release = db_dup_text(statement, 1);
  row->market = db_dup_text(statement, 2);
  row->organization = db_dup_text(statement, 3);
  row->name = db_dup_text(statement, 4);
  row->count = db_int(statement, 5);
  row->eos = report_store_day(statement, 6);
  row->asked_on = report_store_day(statement, 7);
  row->confirmed_on = report_store_day(statement, 8);
  row->confirmed_by = db_dup_text(statement, 9);
  row->confirmed_how = db_dup_text(statement, 10);
  row->confirmed_title = db_dup_text(statement, 11);
  g_ptr_array_add(rows, row);
}

bool report_store_readiness(Db *db, const char *pattern, Day until, GPtrArray **ret_rows, GError **error)
{
  char day[DAY_TEXT_SIZE];

  return report_store_list(db, &query, pattern, until != DAY_NONE ? day_format(until, day) : "9999-12-31",
                           add_row, (GDestroyNotify)readiness_row_free, ret_rows, error);
}
