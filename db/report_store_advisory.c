#include "db/report_store_advisory.h"

#include "db/day_column.h"

void advisory_coverage_free(AdvisoryCoverage *row)
{
  if (row == NULL)
    return;
  g_free(row->number);
  g_free(row->kind);
  g_free(row->state);
  g_free(row);
}

void advisory_coverage_name_free(AdvisoryCoverageName *name)
{
  if (name == NULL)
    return;
  g_free(name->number);
  g_free(name->kind);
  g_free(name->organization);
  g_free(name->name);
  g_free(name);
}

/* meant: the notices; said: a row for each message, acknowledgement and open holding of one of them; one: a
 * row for each notice and organization (as report_store_coverage.c of plans). */
/* clang-format off */
#define COVERED \
  "WITH meant AS (SELECT n.id AS notice, n.kind AS kind, v.id AS advisory, v.state AS state" \
  "  FROM advisory v JOIN notice n ON n.advisory = v.id WHERE $1 IS NULL OR v.number = $1)," \
  " said AS (SELECT m.notice AS notice, x.organization AS organization, " REPORT_REACH_SQL " AS reach," \
  "   0 AS acknowledged FROM meant m JOIN outbox_notice x ON x.notice = m.notice JOIN outbox o ON o.id = x.outbox" \
  "  UNION ALL SELECT m.notice, a.organization, 0, 1 FROM meant m JOIN acknowledgement a ON a.notice = m.notice" \
  "  UNION ALL SELECT m.notice, h.organization, 0, 0 FROM meant m JOIN advisory_release w ON w.advisory = m.advisory" \
  "   JOIN holding h ON h.release = w.release AND h.ended_on IS NULL JOIN advisory v ON v.id = m.advisory" \
  "   JOIN organization g ON g.id = h.organization AND (v.market = '*' OR g.country = v.market)" \
  "   WHERE m.state = 'published' AND m.kind <> 'withdrawal')," \
  " one AS (SELECT notice, organization, max(reach) AS reach, max(acknowledged) AS acknowledged" \
  "  FROM said GROUP BY notice, organization)"
#define REACH_COLUMN(reach, name) "   count(CASE WHEN reach = " reach " THEN 1 END) AS " name ","

static const DbQuery rows_query = {
  COVERED
  ", counted AS (SELECT notice, count(*) AS affected, sum(acknowledged) AS acknowledged,"
  "   count(CASE WHEN reach < " REPORT_REACHED_FROM " AND acknowledged = 0 THEN 1 END) AS unreached,"
  REACH_COLUMN("0", "none") REACH_COLUMN("1", "failed") REACH_COLUMN("2", "bounced") REACH_COLUMN("3", "returned")
  REACH_COLUMN("4", "waiting") REACH_COLUMN("5", "printed") REACH_COLUMN("6", "requested") REACH_COLUMN("7", "accepted")
  REACH_COLUMN("8", "sent") REACH_COLUMN("9", "relayed")
  "   count(CASE WHEN reach = 10 THEN 1 END) AS handed FROM one GROUP BY notice)"
  " SELECT v.number, v.revision, m.kind, v.state, n.due_on, coalesce(c.affected, 0), coalesce(c.acknowledged, 0),"
  "  coalesce(c.unreached, 0), coalesce(c.none, 0), coalesce(c.failed, 0), coalesce(c.bounced, 0),"
  "  coalesce(c.returned, 0), coalesce(c.waiting, 0), coalesce(c.printed, 0), coalesce(c.requested, 0),"
  "  coalesce(c.accepted, 0), coalesce(c.sent, 0), coalesce(c.relayed, 0), coalesce(c.handed, 0)"
  " FROM meant m JOIN advisory v ON v.id = m.advisory JOIN notice n ON n.id = m.notice"
  " LEFT JOIN counted c ON c.notice = m.notice ORDER BY v.serial, v.revision, n.due_on, n.id"
};

static const DbQuery names_query = {
  COVERED
  " SELECT v.number, v.revision, m.kind, g.code, g.name_ja, c.reach, c.acknowledged"
  " FROM one c JOIN meant m ON m.notice = c.notice JOIN advisory v ON v.id = m.advisory"
  " JOIN organization g ON g.id = c.organization"
  " ORDER BY v.serial, v.revision, c.notice, c.acknowledged, c.reach, g.code"
};
/* clang-format on */

static void add_row(DbStatement *statement, GPtrArray *rows)
{
  AdvisoryCoverage *row = g_new0(AdvisoryCoverage, 1);

  row->number = db_dup_text(statement, 0);
  row->revision = (int)db_int(statement, 1);
  row->kind = db_dup_text(statement, 2);
  row->state = db_dup_text(statement, 3);
  row->due_on = day_column_read(statement, 4);
  row->affected = db_int(statement, 5);
  row->acknowledged = db_int(statement, 6);
  row->unreached = db_int(statement, 7);
  for (int reach = 0; reach < REACH_COUNT; reach++)
    row->reach[reach] = db_int(statement, 8 + reach);
  g_ptr_array_add(rows, row);
}

static void add_name(DbStatement *statement, GPtrArray *names)
{
  AdvisoryCoverageName *name = g_new0(AdvisoryCoverageName, 1);

  name->number = db_dup_text(statement, 0);
  name->revision = (int)db_int(statement, 1);
  name->kind = db_dup_text(statement, 2);
  name->organization = db_dup_text(statement, 3);
  name->name = db_dup_text(statement, 4);
  name->reach = (Reach)db_int(statement, 5);
  name->acknowledged = db_int(statement, 6) != 0;
  g_ptr_array_add(names, name);
}

static bool list(Db *db, const DbQuery *query, const char *number, ReportAdd add, GDestroyNotify free_row,
                 GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_text(statement, 1, number);
  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    add(statement, rows);
    if (!db_step(statement, &more, error))
      return false;
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

bool report_store_advisory(Db *db, const char *number, GPtrArray **ret_rows, GError **error)
{
  return list(db, &rows_query, number, add_row, (GDestroyNotify)advisory_coverage_free, ret_rows, error);
}

bool report_store_advisory_names(Db *db, const char *number, GPtrArray **ret_names, GError **error)
{
  return list(db, &names_query, number, add_name, (GDestroyNotify)advisory_coverage_name_free, ret_names,
              error);
}
