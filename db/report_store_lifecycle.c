#include "db/report_store_lifecycle.h"

#include "db/day_column.h"
#include "db/release_pattern.h"

void lifecycle_row_free(LifecycleRow *row)
{
  if (row == NULL) {
    return;
  }
  g_free(row->product);
  g_free(row->release);
  g_free(row->market);
  g_free(row->published_by);
  g_free(row->limited_support_doc);
  g_free(row->limited_support_lines);
  g_free(row);
}

/* Revisions count up also where the clock was set back between them: of those published by the day the
 * highest was in force. */
/* clang-format off */
static const DbQuery query = {
  "SELECT p.code, r.name, s.market, s.revision, s.withdrawn_on IS NOT NULL AND s.withdrawn_on <= $2,"
  "  s.published_on, s.published_by, s.limited_support_doc,"
  "  (SELECT group_concat(line, ';') FROM (SELECT l.kind || ':' || l.until AS line FROM service_line l"
  "    WHERE l.plan = s.id ORDER BY l.kind) AS lines),"
  "  s.general_availability, s.end_of_sale, s.security_support_end, s.eol, s.eos, s.parts_until, s.repair_until"
  " FROM release r JOIN product p ON p.id = r.product"
  " LEFT JOIN support_plan s ON s.release = r.id AND s.published_on <= $2 AND s.revision ="
  "  (SELECT max(q.revision) FROM support_plan q WHERE q.release = r.id AND q.market = s.market"
  "   AND q.published_on <= $2)"
  " WHERE " RELEASE_PATTERN_SQL " ORDER BY p.code, r.name, s.market"
};
/* clang-format on */

#define FIRST_DATE 9 /* the column of general_availability; the others follow in Milestone order */

static void add_row(DbStatement *statement, GPtrArray *rows)
{
  LifecycleRow *row = g_new0(LifecycleRow, 1);

  row->product = db_dup_text(statement, 0);
  row->release = db_dup_text(statement, 1);
  row->market = db_dup_text(statement, 2);
  row->revision = (int)db_int(statement, 3);
  row->withdrawn = db_int(statement, 4) != 0;
  row->published_on = day_column_read(statement, 5);
  row->published_by = db_dup_text(statement, 6);
  row->limited_support_doc = db_dup_text(statement, 7);
  row->limited_support_lines = db_dup_text(statement, 8);
  for (int i = 0; i < MILESTONE_COUNT; i++) {
    if (!plan_date_from_store(db_text(statement, FIRST_DATE + i), &row->date[i])) {
      row->date[i] = (PlanDate){ 0 };
    }
  }
  g_ptr_array_add(rows, row);
}

bool report_store_lifecycle(Db *db, const char *pattern, Day as_of, GPtrArray **ret_rows, GError **error)
{
  char day[DAY_TEXT_SIZE];

  return report_store_list(db, &query, pattern, day_format(as_of, day), add_row,
                           (GDestroyNotify)lifecycle_row_free, ret_rows, error);
}
