#include "db/report_store_stale.h"

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

/* moved: releases with a revision that is in force no more; told: the last revision that reached each of
 * their holders; news: the notices that say what holds now: those of the revision in force, or the
 * withdrawal. */
/* clang-format off */
static const DbQuery query = {
  "WITH moved AS (SELECT DISTINCT s.release AS release, s.market AS market, p.code AS product, r.name AS name"
  "   FROM support_plan s JOIN release r ON r.id = s.release JOIN product p ON p.id = r.product"
  "   WHERE s.state IN ('superseded', 'withdrawn') AND " RELEASE_PATTERN_SQL "),"
  " heard AS (SELECT m.release AS release, m.market AS market, x.organization AS organization,"
  "    s.revision AS revision FROM moved m JOIN support_plan s ON s.release = m.release AND s.market = m.market"
  "   JOIN notice n ON n.plan = s.id AND n.kind IN " REPORT_TELLING_KINDS
  "   JOIN outbox_notice x ON x.notice = n.id JOIN outbox o ON o.id = x.outbox AND o.state = 'accepted'"
  "  UNION ALL SELECT m.release, m.market, a.organization, s.revision FROM moved m"
  "   JOIN support_plan s ON s.release = m.release AND s.market = m.market"
  "   JOIN notice n ON n.plan = s.id AND n.kind IN " REPORT_TELLING_KINDS
  "   JOIN acknowledgement a ON a.notice = n.id),"
  " told AS (SELECT release, market, organization, max(revision) AS revision FROM heard"
  "   GROUP BY release, market, organization),"
  " wrong AS (SELECT m.product AS product, m.name AS name, t.release AS release, t.market AS market,"
  "    t.organization AS organization, old.revision AS known, old.eol AS known_eol, old.eos AS known_eos,"
  "    coalesce(now.revision, 0) AS revision, now.eol AS eol, now.eos AS eos, coalesce(now.published_on,"
  "     (SELECT max(w.withdrawn_on) FROM support_plan w WHERE w.release = t.release AND w.market = t.market))"
  "     AS since,"
  "    coalesce(now.id, (SELECT w.id FROM support_plan w WHERE w.release = t.release AND w.market = t.market"
  "     AND w.state = 'withdrawn' ORDER BY w.revision DESC LIMIT 1)) AS plan, now.id IS NULL AS withdrawn"
  "   FROM told t JOIN moved m ON m.release = t.release AND m.market = t.market"
  "   JOIN support_plan old ON old.release = t.release AND old.market = t.market AND old.revision = t.revision"
  "   LEFT JOIN support_plan now ON now.release = t.release AND now.market = t.market"
  "    AND now.state = 'published'"
  "   WHERE old.state <> 'published' AND (now.id IS NULL"
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
  "    AND EXISTS (SELECT 1 FROM holding h WHERE h.release = t.release AND h.organization = t.organization"
  "     AND h.ended_on IS NULL)),"
  " reached AS (SELECT w.*, coalesce((SELECT max(" REPORT_REACH_SQL ") FROM notice n"
  "    JOIN outbox_notice x ON x.notice = n.id AND x.organization = w.organization"
  "    JOIN outbox o ON o.id = x.outbox WHERE n.plan = w.plan"
  "    AND (w.withdrawn = (n.kind = 'withdrawal'))), 0) AS reach,"
  "   (SELECT c.id FROM contact c WHERE c.organization = w.organization"
  "    ORDER BY c.escalation_order, c.id LIMIT 1) AS contact FROM wrong w)"
  " SELECT w.product, w.name, w.market, g.code, g.name_ja, w.known, w.known_eol, w.known_eos, w.revision, w.eol,"
  "  w.eos, w.since, w.reach, c.name, c.email, coalesce(c.phone, g.phone)"
  " FROM reached w JOIN organization g ON g.id = w.organization LEFT JOIN contact c ON c.id = w.contact"
  " WHERE NOT (w.withdrawn AND (w.reach = 4 OR EXISTS (SELECT 1 FROM notice n JOIN acknowledgement a"
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
  row->since = report_store_day(statement, 11);
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
