#include "db/report_store_stale.h"

#include "db/day_column.h"
#include "db/market.h"
#include "db/outbox_reach.h"
#include "db/release_pattern.h"

void stale_row_free(StaleRow *row)
{
  if (row == NULL) {
    return;
  }
  g_free(row->product);
  g_free(row->release);
  g_free(row->market);
  g_free(row->organization);
  g_free(row->name);
  g_free(row->contact);
  g_free(row->email);
  g_free(row->phone);
  g_free(row);
}

/* Withdrawn, and no newer plan of that market took its place. */
#define ORPHANED "(now.id IS NULL OR (now.market = '*' AND old.market <> '*'))"

/* moved: releases with a revision that is in force no more, or with plans for several markets; heard: the
 * revisions that reached their holders; told: the last of them, by holder: those of its own market came after
 * those of every market; wrong: now is what concerns the holder; news: what says so: the notices of that
 * revision, or the withdrawal that left it to the plan for every market, which tells itself only once. */
/* clang-format off */
static const DbQuery query = {
  "WITH moved AS (SELECT r.id AS release, p.code AS product, r.name AS name"
  "   FROM support_plan s JOIN release r ON r.id = s.release JOIN product p ON p.id = r.product"
  "   WHERE s.published_on IS NOT NULL AND " RELEASE_PATTERN_SQL " GROUP BY r.id, p.code, r.name"
  "   HAVING count(CASE WHEN s.state <> 'published' THEN 1 END) > 0 OR count(DISTINCT s.market) > 1),"
  " heard AS (SELECT s.id AS plan, s.release AS release, s.market AS market, s.revision AS revision,"
  "    x.organization AS organization FROM moved m JOIN support_plan s ON s.release = m.release"
  "   JOIN notice n ON n.plan = s.id AND n.kind IN " REPORT_TELLING_KINDS
  "   JOIN outbox_notice x ON x.notice = n.id JOIN outbox o ON o.id = x.outbox AND " OUTBOX_REACHED_SQL("o", "x")
  "  UNION ALL SELECT s.id, s.release, s.market, s.revision, a.organization FROM moved m"
  "   JOIN support_plan s ON s.release = m.release"
  "   JOIN notice n ON n.plan = s.id AND n.kind IN " REPORT_TELLING_KINDS
  "   JOIN acknowledgement a ON a.notice = n.id),"
  " told AS (SELECT plan, organization, row_number() OVER (PARTITION BY release, organization"
  "    ORDER BY CASE market WHEN '*' THEN 1 ELSE 0 END, revision DESC) AS nth FROM heard),"
  " wrong AS (SELECT m.product AS product, m.name AS name, coalesce(now.market, old.market) AS market,"
  "    t.organization AS organization, old.revision AS known, old.eol AS known_eol, old.eos AS known_eos,"
  "    coalesce(now.revision, 0) AS revision, now.eol AS eol, now.eos AS eos, CASE WHEN " ORPHANED
  "     THEN (SELECT max(w.withdrawn_on) FROM support_plan w WHERE w.release = old.release"
  "      AND w.market = old.market) ELSE now.published_on END AS since, CASE WHEN " ORPHANED
  "     THEN (SELECT w.id FROM support_plan w WHERE w.release = old.release AND w.market = old.market"
  "      AND w.state = 'withdrawn' ORDER BY w.revision DESC LIMIT 1) ELSE now.id END AS plan,"
  "    " ORPHANED " AS withdrawn"
  "   FROM told t JOIN support_plan old ON old.id = t.plan JOIN moved m ON m.release = old.release"
  "   LEFT JOIN support_plan now ON now.release = old.release AND now.state = 'published'"
  "    AND " MARKET_CONCERNS_SQL("now.release", "now.market", "t.organization")
  "   WHERE t.nth = 1 AND (now.id IS NULL OR now.id <> old.id) AND (now.id IS NULL"
  "     OR now.general_availability IS DISTINCT FROM old.general_availability"
  "     OR now.end_of_sale IS DISTINCT FROM old.end_of_sale"
  "     OR now.security_support_end IS DISTINCT FROM old.security_support_end"
  "     OR now.eol IS DISTINCT FROM old.eol OR now.eos IS DISTINCT FROM old.eos"
  "     OR now.parts_until IS DISTINCT FROM old.parts_until"
  "     OR now.repair_until IS DISTINCT FROM old.repair_until"
  "     OR EXISTS (SELECT l.kind, l.until FROM service_line l WHERE l.plan = now.id"
  "      EXCEPT SELECT l.kind, l.until FROM service_line l WHERE l.plan = old.id)"
  "     OR EXISTS (SELECT l.kind, l.until FROM service_line l WHERE l.plan = old.id"
  "      EXCEPT SELECT l.kind, l.until FROM service_line l WHERE l.plan = now.id))"
  "    AND EXISTS (SELECT 1 FROM holding h WHERE h.release = old.release AND h.organization = t.organization"
  "     AND h.ended_on IS NULL)),"
  " reached AS (SELECT w.*, coalesce((SELECT max(" REPORT_REACH_SQL ") FROM notice n"
  "    JOIN outbox_notice x ON x.notice = n.id AND x.organization = w.organization"
  "    JOIN outbox o ON o.id = x.outbox WHERE n.plan = w.plan"
  "    AND (w.withdrawn = (n.kind = 'withdrawal'))), 0) AS reach,"
  "   (SELECT c.id FROM contact c WHERE c.organization = w.organization AND c.erased_on IS NULL"
  "    ORDER BY c.escalation_order, c.id LIMIT 1) AS contact FROM wrong w)"
  " SELECT w.product, w.name, w.market, g.code, g.name_ja, w.known, w.known_eol, w.known_eos, w.revision, w.eol,"
  "  w.eos, w.since, w.reach, c.name, c.email, coalesce(c.phone, g.phone)"
  " FROM reached w JOIN organization g ON g.id = w.organization LEFT JOIN contact c ON c.id = w.contact"
  " WHERE NOT (w.withdrawn AND (w.reach >= " REPORT_REACHED_FROM " OR EXISTS (SELECT 1 FROM notice n JOIN acknowledgement a"
  "   ON a.notice = n.id AND a.organization = w.organization WHERE n.plan = w.plan AND n.kind = 'withdrawal')))"
  " ORDER BY g.code, w.product, w.name, w.market"
};
/* clang-format on */

static PlanDate date_of(DbStatement *statement, int column)
{
  PlanDate date = { 0 };

  return plan_date_from_store(db_text(statement, column), &date) ? date : (PlanDate){ 0 };
}

static void add_row(DbStatement *statement, GPtrArray *rows)
{
  StaleRow *row = g_new0(StaleRow, 1);

  row->product = db_dup_text(statement, 0);
  row->release = db_dup_text(statement, 1);
  row->market = db_dup_text(statement, 2);
  row->organization = db_dup_text(statement, 3);
  row->name = db_dup_text(statement, 4);
  row->known_revision = (int)db_int(statement, 5);
  row->known_eol = date_of(statement, 6);
  row->known_eos = date_of(statement, 7);
  row->revision = (int)db_int(statement, 8);
  row->eol = date_of(statement, 9);
  row->eos = date_of(statement, 10);
  row->since = day_column_read(statement, 11);
  row->reach = (Reach)db_int(statement, 12);
  row->contact = db_dup_text(statement, 13);
  row->email = db_dup_text(statement, 14);
  row->phone = db_dup_text(statement, 15);
  g_ptr_array_add(rows, row);
}

bool report_store_stale(Db *db, const char *pattern, GPtrArray **ret_rows, GError **error)
{
  return report_store_list(db, &query, pattern, NULL, add_row, (GDestroyNotify)stale_row_free, ret_rows,
                           error);
}
