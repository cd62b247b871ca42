#include "db/plan_told.h"

#include "planner/told.h"

#include <string.h>

/* What customers of market $2 were told before revision $3 of it: by a market's own plans, and, until it had
 * its first one, by those for every market. */
static const DbQuery query = {
  "SELECT s.state, s.published_on, s.announced_on, s.general_availability, s.end_of_sale,"
  " s.security_support_end, s.eol, s.eos, s.parts_until, s.repair_until FROM support_plan s"
  " WHERE s.release = $1 AND s.published_on IS NOT NULL AND ((s.market = $2 AND s.revision < $3)"
  " OR (s.market = '*' AND $2 <> '*' AND NOT EXISTS (SELECT 1 FROM support_plan own WHERE own.release = $1"
  "   AND own.market = $2 AND (own.published_on < s.published_on"
  "     OR (own.published_on = s.published_on AND own.published_at <= s.published_at)))))"
  " ORDER BY s.market <> '*', s.revision"
};

static bool read_date(DbStatement *statement, int column, PlanDate *ret_date, GError **error)
{
  if (plan_date_from_store(db_text(statement, column), ret_date)) {
    return true;
  }
  g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "support_plan: '%s' is no date", db_text(statement, column));
  return false;
}

static bool read_revision(DbStatement *statement, ToldRevision *ret_revision, GError **error)
{
  ToldRevision revision = { .withdrawn = strcmp(db_text(statement, 0), "withdrawn") == 0 };
  PlanDate published;

  if (!read_date(statement, 1, &published, error) ||
      !read_date(statement, 2, &revision.announced_on, error)) {
    return false;
  }
  for (int i = 0; i < MILESTONE_COUNT; i++) {
    if (!read_date(statement, 3 + i, &revision.date[i], error)) {
      return false;
    }
  }
  revision.published_on = published.day;
  *ret_revision = revision;
  return true;
}

/* Appends the revisions that came before `row`. */
static bool load_before(Db *db, const PlanRow *row, GArray *revisions, GError **error)
{
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, row->release);
  db_bind_text(statement, 2, row->market != NULL ? row->market : "*");
  db_bind_int(statement, 3, row->revision);
  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    ToldRevision revision;

    if (!read_revision(statement, &revision, error)) {
      db_reset(statement);
      return false;
    }
    g_array_append_val(revisions, revision);
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  return true;
}

bool plan_told_load(Db *db, const PlanRow *row, Day today, Day ret_told[static MILESTONE_COUNT],
                    GError **error)
{
  g_autoptr(GArray) revisions = g_array_new(FALSE, FALSE, sizeof(ToldRevision));
  ToldRevision own = { .published_on = row->published_on != DAY_NONE ? row->published_on : today,
                       .announced_on = row->dates->announced_on };

  if (!load_before(db, row, revisions, error)) {
    return false;
  }
  if (own.announced_on.state == DATE_KNOWN && own.announced_on.day > today) {
    own.announced_on = (PlanDate){ DATE_UNKNOWN, DAY_NONE };
  }
  memcpy(own.date, row->dates->date, sizeof own.date);
  g_array_append_val(revisions, own);
  for (int i = 0; i < MILESTONE_COUNT; i++) {
    ret_told[i] =
        told_since((const ToldRevision *)(gconstpointer)revisions->data, revisions->len, (Milestone)i);
  }
  return true;
}
