#include "db/plan_row.h"

#include "db/day_column.h"

enum {
  COLUMN_RELEASE,
  COLUMN_PRODUCT,
  COLUMN_NAME_JA,
  COLUMN_NAME_EN,
  COLUMN_NAME,
  COLUMN_MARKET,
  COLUMN_PLAN,
  COLUMN_REVISION,
  COLUMN_STATE,
  COLUMN_AUTHOR,
  COLUMN_REASON,
  COLUMN_PUBLISHED_BY,
  COLUMN_PUBLISHED_ON,
  COLUMN_APPROVED_BY,
  COLUMN_APPROVED_ON,
  COLUMN_WITHDRAWN_BY,
  COLUMN_WITHDRAWN_REASON,
  COLUMN_WITHDRAWN_ON,
  COLUMN_DATES, /* MILESTONE_COUNT of them */
  COLUMN_ANNOUNCED_ON = COLUMN_DATES + MILESTONE_COUNT,
  COLUMN_PRESENTED_ON,
  COLUMN_DOC,
  COLUMN_DUTIES_JA,
  COLUMN_DUTIES_EN,
  COLUMN_SUCCESSOR,
  COLUMN_RATIONALE,
  COLUMN_URL
};

void plan_row_free(PlanRow *row)
{
  if (row == NULL) {
    return;
  }
  g_free(row->product);
  g_free(row->product_name_ja);
  g_free(row->product_name_en);
  g_free(row->name);
  g_free(row->market);
  g_free(row->state);
  g_free(row->author);
  g_free(row->reason);
  g_free(row->published_by);
  g_free(row->approved_by);
  g_free(row->withdrawn_by);
  g_free(row->withdrawn_reason);
  support_plan_free(row->dates);
  g_free(row);
}

static bool read_date(DbStatement *statement, int column, PlanDate *ret_date, GError **error)
{
  if (plan_date_from_store(db_text(statement, column), ret_date)) {
    return true;
  }
  g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "support plan %" G_GINT64_FORMAT ": '%s' is no date",
              db_int(statement, COLUMN_PLAN), db_text(statement, column));
  return false;
}

static bool read_plan(DbStatement *statement, SupportPlan *plan, GError **error)
{
  for (int i = 0; i < MILESTONE_COUNT; i++) {
    if (!read_date(statement, COLUMN_DATES + i, &plan->date[i], error)) {
      return false;
    }
  }
  plan->limited_support.doc = db_dup_text(statement, COLUMN_DOC);
  plan->limited_support.duties_ja = db_dup_text(statement, COLUMN_DUTIES_JA);
  plan->limited_support.duties_en = db_dup_text(statement, COLUMN_DUTIES_EN);
  plan->limited_support.successor = db_dup_text(statement, COLUMN_SUCCESSOR);
  plan->limited_support.rationale = db_dup_text(statement, COLUMN_RATIONALE);
  plan->limited_support.url = db_dup_text(statement, COLUMN_URL);
  return read_date(statement, COLUMN_ANNOUNCED_ON, &plan->announced_on, error) &&
         read_date(statement, COLUMN_PRESENTED_ON, &plan->presented_on, error);
}

static bool read_lines(Db *db, gint64 plan, LimitedSupport *support, GError **error)
{
  static const DbQuery query = { "SELECT kind, until, terms_ja, terms_en FROM service_line WHERE plan = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  while (row) {
    ServiceKind kind;
    Day until;

    if (service_kind_parse(db_text(statement, 0), &kind) && day_parse(db_text(statement, 1), &until)) {
      support->line[kind].until = until;
      support->line[kind].terms_ja = db_dup_text(statement, 2);
      support->line[kind].terms_en = db_dup_text(statement, 3);
    }
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  return true;
}

bool plan_row_read(Db *db, DbStatement *statement, PlanRow **ret_row, GError **error)
{
  g_autoptr(PlanRow) row = g_new0(PlanRow, 1);

  row->release = db_int(statement, COLUMN_RELEASE);
  row->product = db_dup_text(statement, COLUMN_PRODUCT);
  row->product_name_ja = db_dup_text(statement, COLUMN_NAME_JA);
  row->product_name_en = db_dup_text(statement, COLUMN_NAME_EN);
  row->name = db_dup_text(statement, COLUMN_NAME);
  row->market = db_is_null(statement, COLUMN_MARKET) ? g_strdup("*") : db_dup_text(statement, COLUMN_MARKET);
  row->plan = db_int(statement, COLUMN_PLAN);
  row->revision = (int)db_int(statement, COLUMN_REVISION);
  row->state = db_dup_text(statement, COLUMN_STATE);
  row->author = db_dup_text(statement, COLUMN_AUTHOR);
  row->reason = db_dup_text(statement, COLUMN_REASON);
  row->published_by = db_dup_text(statement, COLUMN_PUBLISHED_BY);
  row->dates = support_plan_new();
  row->published_on = day_column_read(statement, COLUMN_PUBLISHED_ON);
  row->approved_by = db_dup_text(statement, COLUMN_APPROVED_BY);
  row->approved_on = day_column_read(statement, COLUMN_APPROVED_ON);
  row->withdrawn_by = db_dup_text(statement, COLUMN_WITHDRAWN_BY);
  row->withdrawn_reason = db_dup_text(statement, COLUMN_WITHDRAWN_REASON);
  row->withdrawn_on = day_column_read(statement, COLUMN_WITHDRAWN_ON);
  if (!read_plan(statement, row->dates, error) ||
      (row->plan != 0 && !read_lines(db, row->plan, &row->dates->limited_support, error))) {
    return false;
  }
  *ret_row = g_steal_pointer(&row);
  return true;
}

bool plan_row_read_one(Db *db, DbStatement *statement, PlanRow **ret_row, GError **error)
{
  PlanRow *found = NULL;
  bool row;

  if (!db_step(statement, &row, error)) {
    return false;
  }
  bool done = !row || plan_row_read(db, statement, &found, error);

  db_reset(statement);
  if (done) {
    *ret_row = found;
  }
  return done;
}

void plan_row_bind_plan(DbStatement *statement, int first, const SupportPlan *plan)
{
  char buffer[DAY_TEXT_SIZE];
  int n = first;

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    db_bind_text(statement, n++, plan_date_to_store(plan->date[i], buffer));
  }
  db_bind_text(statement, n++, plan_date_to_store(plan->announced_on, buffer));
  db_bind_text(statement, n++, plan_date_to_store(plan->presented_on, buffer));
  db_bind_text(statement, n++, plan->limited_support.doc);
  db_bind_text(statement, n++, plan->limited_support.duties_ja);
  db_bind_text(statement, n++, plan->limited_support.duties_en);
  db_bind_text(statement, n++, plan->limited_support.successor);
  db_bind_text(statement, n++, plan->limited_support.rationale);
  db_bind_text(statement, n++, plan->limited_support.url);
  g_assert(n == first + PLAN_ROW_PLAN_PARAMETERS);
}

static bool remove_lines(Db *db, gint64 plan, GError **error)
{
  static const DbQuery query = { "DELETE FROM service_line WHERE plan = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  return db_run(statement, error);
}

static bool insert_line(Db *db, gint64 plan, ServiceKind kind, const ServiceLine *line, GError **error)
{
  static const DbQuery query = { "INSERT INTO service_line (plan, kind, until, terms_ja, terms_en)"
                                 " VALUES ($1, $2, $3, $4, $5)" };
  DbStatement *statement;
  char until[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  db_bind_text(statement, 2, service_kind_key(kind));
  db_bind_text(statement, 3, day_format(line->until, until));
  db_bind_text(statement, 4, line->terms_ja);
  db_bind_text(statement, 5, line->terms_en);
  return db_run(statement, error);
}

bool plan_row_write_lines(Db *db, gint64 plan, const LimitedSupport *support, GError **error)
{
  if (!remove_lines(db, plan, error)) {
    return false;
  }
  for (int kind = 0; kind < SERVICE_COUNT; kind++) {
    const ServiceLine *line = &support->line[kind];

    if (line->until != DAY_NONE && !insert_line(db, plan, (ServiceKind)kind, line, error)) {
      return false;
    }
  }
  return true;
}
