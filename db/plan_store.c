#include "db/plan_store.h"

#include "db/plan_event_store.h"
#include "db/plan_facts.h"
#include "db/plan_row.h"
#include "db/release_pattern.h"
#include "planner/revision.h"

#define LISTED "SELECT " PLAN_ROW_COLUMNS " FROM release r JOIN product p ON p.id = r.product "
#define SELECTED_AND_SORTED                                                                                  \
  " WHERE " RELEASE_PATTERN_SQL                                                                              \
  " ORDER BY p.code, s.general_availability IS NULL, s.general_availability, r.name, s.market"

/* By PlanWhich. */
static const DbQuery list_queries[] = {
  [PLAN_LATEST] = { LISTED "LEFT JOIN support_plan s ON s.release = r.id AND s.revision ="
                           " (SELECT max(x.revision) FROM support_plan x WHERE x.release = r.id AND x.market "
                           "= s.market)" SELECTED_AND_SORTED },
  [PLAN_IN_FORCE] = { LISTED "JOIN support_plan s ON s.release = r.id AND s.state = "
                             "'published'" SELECTED_AND_SORTED },
  [PLAN_OPEN] = { LISTED "JOIN support_plan s ON s.release = r.id AND s.state IN ('draft', 'submitted', "
                         "'approved')" SELECTED_AND_SORTED },
};

static bool list_rows(Db *db, DbStatement *statement, const ReleasePattern *pattern, GPtrArray *rows,
                      GError **error)
{
  bool more;

  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    PlanRow *row;

    if (pattern == NULL || release_pattern_matches(pattern, db_text(statement, 1), db_text(statement, 4))) {
      if (!plan_row_read(db, statement, &row, error)) {
        return false;
      }
      g_ptr_array_add(rows, row);
    }
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  return true;
}

bool plan_store_list(Db *db, const char *word, PlanWhich which, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)plan_row_free);
  g_autoptr(ReleasePattern) pattern = release_pattern_new(word);
  DbStatement *statement;

  if (!db_prepare(db, &list_queries[which], &statement, error)) {
    return false;
  }
  release_pattern_bind(pattern, statement);
  bool done = list_rows(db, statement, pattern, rows, error);

  db_reset(statement);
  if (done) {
    *ret_rows = g_steal_pointer(&rows);
  }
  return done;
}

bool plan_store_find_release(Db *db, const char *product, const char *release, gint64 *ret_release,
                             GError **error)
{
  static const DbQuery query = { "SELECT r.id FROM release r JOIN product p ON p.id = r.product"
                                 " WHERE p.code = $1 AND r.name = $2" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 1, product);
  db_bind_text(statement, 2, release);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  *ret_release = row ? db_int(statement, 0) : 0;
  db_reset(statement);
  return true;
}

/* The revision of (release, market) that `query` selects, or NULL. */
static bool load_revision(Db *db, const DbQuery *query, gint64 release, const char *market, PlanRow **ret_row,
                          GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, market);
  return plan_row_read_one(db, statement, ret_row, error);
}

#define REVISION_OF                                                                                          \
  "SELECT " PLAN_ROW_COLUMNS " FROM support_plan s JOIN release r ON r.id = s.release"                       \
  " JOIN product p ON p.id = r.product "

static bool load_open(Db *db, gint64 release, const char *market, PlanRow **ret_row, GError **error)
{
  static const DbQuery query = { REVISION_OF "WHERE s.release = $1 AND s.market = $2"
                                             " AND s.state IN ('draft', 'submitted', 'approved')" };

  return load_revision(db, &query, release, market, ret_row, error);
}

bool plan_store_in_force(Db *db, gint64 release, const char *market, PlanRow **ret_row, GError **error)
{
  static const DbQuery query = { REVISION_OF
                                 "WHERE s.release = $1 AND s.market = $2 AND s.state = 'published'" };

  return load_revision(db, &query, release, market, ret_row, error);
}

bool plan_store_find(Db *db, gint64 plan, PlanRow **ret_row, GError **error)
{
  static const DbQuery query = { REVISION_OF "WHERE s.id = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  return plan_row_read_one(db, statement, ret_row, error);
}

bool plan_store_revisions(Db *db, gint64 release, const char *market, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { REVISION_OF "WHERE s.release = $1 AND s.market = $2 ORDER BY s.revision" };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)plan_row_free);
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, market);
  bool done = list_rows(db, statement, NULL, rows, error);

  db_reset(statement);
  if (done) {
    *ret_rows = g_steal_pointer(&rows);
  }
  return done;
}

/* Parameters $3 to $17 of both are those of plan_row_bind_plan. */
static const DbQuery insert_draft = {
  "INSERT INTO support_plan (release, market, revision, state, general_availability, end_of_sale,"
  " security_support_end, eol, eos, parts_until, repair_until, announced_on, presented_on,"
  " limited_support_doc, limited_support_duties, limited_support_duties_en, successor,"
  " limited_support_rationale, limited_support_url, author, reason, created_at)"
  " VALUES ($1, $2, (SELECT coalesce(max(revision), 0) + 1 FROM support_plan WHERE release = $1 AND market = "
  "$2),"
  " 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
};
static const DbQuery update_draft = {
  "UPDATE support_plan SET state = 'draft', general_availability = $3, end_of_sale = $4,"
  " security_support_end = $5, eol = $6, eos = $7, parts_until = $8, repair_until = $9, announced_on = $10,"
  " presented_on = $11, limited_support_doc = $12, limited_support_duties = $13,"
  " limited_support_duties_en = $14, successor = $15, limited_support_rationale = $16,"
  " limited_support_url = $17, author = $18, reason = $19, created_at = $20, approved_by = NULL, approved_on "
  "= NULL"
  " WHERE release = $1 AND market = $2 AND state IN ('draft', 'submitted', 'approved')"
};

static bool write_draft(Db *db, const DbQuery *query, const AuditContext *context, gint64 release,
                        const char *market, const SupportPlan *plan, const char *reason, GError **error)
{
  DbStatement *statement;

  G_STATIC_ASSERT(PLAN_ROW_PLAN_PARAMETERS == 15);
  if (!db_prepare(db, query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, market);
  plan_row_bind_plan(statement, 3, plan);
  db_bind_text(statement, 18, context->actor);
  db_bind_text(statement, 19, reason);
  db_bind_text(statement, 20, context->now);
  return db_run(statement, error);
}

static bool add_event(Db *db, const AuditContext *context, gint64 id, const SupportPlan *plan,
                      const char *reason, GError **error)
{
  PlanEventWords words = { .event = revision_event_key(REVISION_SET), .reason = reason };
  guint8 content[PLAN_EVENT_CONTENT_SIZE];

  plan_event_content(plan, content);
  return plan_event_store_add(db, context, id, content, &words, error);
}

bool plan_store_put_draft(Db *db, const AuditContext *context, gint64 release, const char *market,
                          const SupportPlan *plan, const char *reason, bool *ret_changed, GError **error)
{
  g_autoptr(PlanRow) open = NULL;
  g_autoptr(PlanRow) in_force = NULL;

  if (!load_open(db, release, market, &open, error) ||
      (open == NULL && !plan_store_in_force(db, release, market, &in_force, error))) {
    return false;
  }
  const PlanRow *before = open != NULL ? open : in_force;

  if (before != NULL && support_plan_equal(before->dates, plan)) {
    *ret_changed = false;
    return true;
  }
  if (!write_draft(db, open != NULL ? &update_draft : &insert_draft, context, release, market, plan, reason,
                   error)) {
    return false;
  }
  gint64 id = open != NULL ? open->plan : db_last_id(db);

  if (!plan_row_write_lines(db, id, &plan->limited_support, error) ||
      !add_event(db, context, id, plan, reason, error)) {
    return false;
  }
  *ret_changed = true;
  return true;
}

bool plan_store_replaced(Db *db, gint64 release, const char *market, PlanRow **ret_row, GError **error)
{
  PlanRow *row = NULL;

  if (!plan_store_in_force(db, release, market, &row, error) ||
      (row == NULL && !plan_store_in_force(db, release, "*", &row, error))) {
    return false;
  }
  *ret_row = row;
  return true;
}

bool plan_store_facts(Db *db, const PlanRow *row, Day today, bool reason_given, PlanFacts **ret_facts,
                      GError **error)
{
  g_autoptr(PlanRow) in_force = NULL;

  if (!plan_store_replaced(db, row->release, row->market, &in_force, error)) {
    return false;
  }
  if (in_force != NULL && in_force->plan == row->plan) {
    g_clear_pointer(&in_force, plan_row_free); /* it replaces nothing but itself */
  }
  return plan_facts_load(db, row, g_steal_pointer(&in_force), today, reason_given, ret_facts, error);
}
