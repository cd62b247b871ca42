#include "db/extension_list.h"

#include "db/day_column.h"
#include "db/release_pattern.h"

const char *extension_state_key(ExtensionState state)
{
  static const char *const keys[EXTENSION_STATE_COUNT] = {
    [EXTENSION_HOLDS] = "holds",       [EXTENSION_IDLE] = "idle",       [EXTENSION_OVERTAKEN] = "overtaken",
    [EXTENSION_WAITS] = "waits",       [EXTENSION_RUN_OUT] = "run out", [EXTENSION_ENDED] = "ended",
    [EXTENSION_REPLACED] = "replaced",
  };

  g_assert(state < EXTENSION_STATE_COUNT);
  return keys[state];
}

void extension_row_free(ExtensionRow *row)
{
  if (row == NULL)
    return;
  g_free(row->product);
  g_free(row->release);
  g_free(row->organization);
  g_free(row->organization_name);
  g_free(row->serial);
  g_free(row->reference);
  g_free(row->reason);
  g_free(row->created_by);
  g_free(row->ended_by);
  g_free(row->ended_reason);
  g_free(row);
}

static const DbQuery query = {
  "SELECT p.code, r.name, x.id, o.code, o.name_ja, d.serial, coalesce(x.units, (SELECT h.count FROM holding h"
  "   WHERE h.release = x.release AND h.organization = x.organization AND h.ended_on IS NULL"
  "   AND h.role = CASE o.role WHEN 'lessor' THEN 'owner' ELSE 'user' END), 0), x.eos, x.until, s.eos,"
  " x.reference, x.reason, x.created_by, x.created_on, x.ended_by, x.ended_reason, x.ended_on"
  " FROM extension x JOIN release r ON r.id = x.release JOIN product p ON p.id = r.product"
  " JOIN organization o ON o.id = x.organization LEFT JOIN device d ON d.id = x.device"
  " LEFT JOIN support_plan s ON s.id = (SELECT q.id FROM support_plan q WHERE q.release = r.id"
  "   AND q.market IN ('*', o.country) AND q.published_on <= $2 AND (q.withdrawn_on IS NULL OR "
  "q.withdrawn_on > $2)"
  "   AND q.revision = (SELECT max(z.revision) FROM support_plan z WHERE z.release = q.release"
  "    AND z.market = q.market AND z.published_on <= $2) ORDER BY q.market = '*' LIMIT 1)"
  " WHERE " RELEASE_PATTERN_SQL " AND x.created_on <= $2"
  " AND ($3 IS NULL OR o.code = $3)"
  " ORDER BY o.code, p.code, r.name, x.device IS NOT NULL, d.serial, x.id"
};

/* How `row` stood on `on`, its end not yet known to it when that came later. */
static ExtensionState state_on(const ExtensionRow *row, Day on)
{
  bool ended = row->ended_on != DAY_NONE && row->ended_on <= on;

  if (ended && row->until == DAY_NONE)
    return EXTENSION_REPLACED;
  if (ended)
    return EXTENSION_ENDED;
  if (row->eos < on)
    return EXTENSION_RUN_OUT;
  if (row->plan_eos.state != DATE_KNOWN)
    return EXTENSION_WAITS;
  if (row->plan_eos.day >= row->eos)
    return EXTENSION_OVERTAKEN;
  return row->units > 0 ? EXTENSION_HOLDS : EXTENSION_IDLE;
}

static ExtensionRow *read_row(DbStatement *statement, Day on)
{
  ExtensionRow *row = g_new0(ExtensionRow, 1);

  row->product = db_dup_text(statement, 0);
  row->release = db_dup_text(statement, 1);
  row->id = db_int(statement, 2);
  row->organization = db_dup_text(statement, 3);
  row->organization_name = db_dup_text(statement, 4);
  row->serial = db_dup_text(statement, 5);
  row->units = db_int(statement, 6);
  row->eos = day_column_read(statement, 7);
  row->until = day_column_read(statement, 8);
  if (!plan_date_from_store(db_text(statement, 9), &row->plan_eos))
    row->plan_eos = (PlanDate){ 0 };
  row->reference = db_dup_text(statement, 10);
  row->reason = db_dup_text(statement, 11);
  row->created_by = db_dup_text(statement, 12);
  row->created_on = day_column_read(statement, 13);
  row->ended_by = db_dup_text(statement, 14);
  row->ended_reason = db_dup_text(statement, 15);
  row->ended_on = day_column_read(statement, 16);
  row->state = state_on(row, on);
  return row;
}

static bool is_past(const ExtensionRow *row)
{
  return row->state == EXTENSION_RUN_OUT || row->state == EXTENSION_ENDED || row->state == EXTENSION_REPLACED;
}

bool extension_list_rows(Db *db, const char *organization, const char *word, Day on, bool all,
                         GPtrArray **ret_rows, GError **error)
{
  g_autoptr(ReleasePattern) pattern = release_pattern_new(word);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)extension_row_free);
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  release_pattern_bind(pattern, statement);
  db_bind_text(statement, 2, day_format(on, day));
  db_bind_text(statement, 3, organization);
  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    g_autoptr(ExtensionRow) row = read_row(statement, on);

    if (release_pattern_matches(pattern, row->product, row->release) && (all || !is_past(row)))
      g_ptr_array_add(rows, g_steal_pointer(&row));
    if (!db_step(statement, &more, error))
      return false;
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}
