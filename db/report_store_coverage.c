#include "db/report_store_coverage.h"

#include "db/day_column.h"
#include "db/market.h"
#include "db/release_pattern.h"

void coverage_row_free(CoverageRow *row)
{
  if (row == NULL) {
    return;
  }
  g_free(row->product);
  g_free(row->release);
  g_free(row->market);
  g_free(row->state);
  g_free(row);
}

void coverage_name_free(CoverageName *name)
{
  if (name == NULL) {
    return;
  }
  g_free(name->product);
  g_free(name->release);
  g_free(name->market);
  g_free(name->organization);
  g_free(name->name);
  g_free(name);
}

/* meant: the revisions; said: a row for each message, acknowledgement and open holding of one of them; one: a
 * row for each revision and organization. One sort of plain numbers does it all: a join of the three would
 * look up each organization in the others. */
/* clang-format off */
#define COVERED \
  "WITH meant AS (SELECT s.id AS plan, s.release AS release, s.market AS market, s.state AS state," \
  "  " MARKET_UNDIVIDED_SQL("s.release", "s.market") " AS undivided FROM product p" \
  " JOIN release r ON r.product = p.id JOIN support_plan s ON s.release = r.id" \
  " WHERE s.published_on IS NOT NULL AND " RELEASE_PATTERN_SQL ")," \
  " said AS (SELECT m.plan AS plan, x.organization AS organization, " REPORT_REACH_SQL " AS reach," \
  "   0 AS acknowledged FROM meant m JOIN notice n ON n.plan = m.plan AND n.kind IN " REPORT_TELLING_KINDS \
  "   JOIN outbox_notice x ON x.notice = n.id JOIN outbox o ON o.id = x.outbox" \
  "  UNION ALL SELECT m.plan, a.organization, 0, 1 FROM meant m" \
  "   JOIN notice n ON n.plan = m.plan AND n.kind IN " REPORT_TELLING_KINDS \
  "   JOIN acknowledgement a ON a.notice = n.id" \
  "  UNION ALL SELECT m.plan, h.organization, 0, 0 FROM meant m" \
  "   JOIN holding h ON h.release = m.release AND h.ended_on IS NULL WHERE m.state = 'published'" \
  "   AND (m.undivided OR " MARKET_CONCERNS_SQL("m.release", "m.market", "h.organization") "))," \
  " one AS (SELECT plan, organization, max(reach) AS reach, max(acknowledged) AS acknowledged" \
  "  FROM said GROUP BY plan, organization)"

#define REACH_COLUMN(reach, name) "   count(CASE WHEN reach = " reach " THEN 1 END) AS " name ","

static const DbQuery rows_query = {
  COVERED
  ", counted AS (SELECT plan, count(*) AS affected, sum(acknowledged) AS acknowledged,"
  "   count(CASE WHEN reach < " REPORT_REACHED_FROM " AND acknowledged = 0 THEN 1 END) AS unreached,"
  REACH_COLUMN("0", "none") REACH_COLUMN("1", "failed") REACH_COLUMN("2", "bounced") REACH_COLUMN("3", "returned")
  REACH_COLUMN("4", "waiting") REACH_COLUMN("5", "printed") REACH_COLUMN("6", "requested") REACH_COLUMN("7", "accepted")
  REACH_COLUMN("8", "sent") REACH_COLUMN("9", "relayed")
  "   count(CASE WHEN reach = 10 THEN 1 END) AS handed FROM one GROUP BY plan)"
  " SELECT p.code, r.name, s.market, s.revision, s.state, s.published_on, coalesce(c.affected, 0),"
  "  coalesce(c.acknowledged, 0), coalesce(c.unreached, 0), coalesce(c.none, 0), coalesce(c.failed, 0),"
  "  coalesce(c.bounced, 0), coalesce(c.returned, 0), coalesce(c.waiting, 0), coalesce(c.printed, 0),"
  "  coalesce(c.requested, 0), coalesce(c.accepted, 0), coalesce(c.sent, 0), coalesce(c.relayed, 0), coalesce(c.handed, 0)"
  " FROM meant m JOIN support_plan s ON s.id = m.plan JOIN release r ON r.id = s.release"
  " JOIN product p ON p.id = r.product LEFT JOIN counted c ON c.plan = m.plan"
  " ORDER BY p.code, r.name, s.market, s.revision"
};

static const DbQuery names_query = {
  COVERED
  " SELECT p.code, r.name, s.market, s.revision, g.code, g.name_ja, c.reach, c.acknowledged"
  " FROM one c JOIN support_plan s ON s.id = c.plan JOIN release r ON r.id = s.release"
  " JOIN product p ON p.id = r.product JOIN organization g ON g.id = c.organization"
  " ORDER BY p.code, r.name, s.market, s.revision, c.acknowledged, c.reach, g.code"
};
/* clang-format on */

static void add_row(DbStatement *statement, GPtrArray *rows)
{
  CoverageRow *row = g_new0(CoverageRow, 1);

  row->product = db_dup_text(statement, 0);
  row->release = db_dup_text(statement, 1);
  row->market = db_dup_text(statement, 2);
  row->revision = (int)db_int(statement, 3);
  row->state = db_dup_text(statement, 4);
  row->published_on = day_column_read(statement, 5);
  row->affected = db_int(statement, 6);
  row->acknowledged = db_int(statement, 7);
  row->unreached = db_int(statement, 8);
  for (int reach = 0; reach < REACH_COUNT; reach++) {
    row->reach[reach] = db_int(statement, 9 + reach);
  }
  g_ptr_array_add(rows, row);
}

bool report_store_coverage(Db *db, const char *pattern, GPtrArray **ret_rows, GError **error)
{
  return report_store_list(db, &rows_query, pattern, NULL, add_row, (GDestroyNotify)coverage_row_free,
                           ret_rows, error);
}

static void add_name(DbStatement *statement, GPtrArray *names)
{
  CoverageName *name = g_new0(CoverageName, 1);

  name->product = db_dup_text(statement, 0);
  name->release = db_dup_text(statement, 1);
  name->market = db_dup_text(statement, 2);
  name->revision = (int)db_int(statement, 3);
  name->organization = db_dup_text(statement, 4);
  name->name = db_dup_text(statement, 5);
  name->reach = (Reach)db_int(statement, 6);
  name->acknowledged = db_int(statement, 7) != 0;
  g_ptr_array_add(names, name);
}

bool report_store_coverage_names(Db *db, const char *pattern, GPtrArray **ret_names, GError **error)
{
  return report_store_list(db, &names_query, pattern, NULL, add_name, (GDestroyNotify)coverage_name_free,
                           ret_names, error);
}
