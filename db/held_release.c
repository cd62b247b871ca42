#include "db/held_release.h"

#include "db/day_column.h"
#include "db/held_market.h"
#include "db/plan_row.h"

#include <string.h>

#define EVERY_MARKET "*"

static const DbQuery release_query = {
  "SELECT r.name, r.kind, p.code, p.name_ja, p.name_en, p.generic_name, p.approval_no, p.security_contact,"
  " p.package_insert_url FROM release r CROSS JOIN product p WHERE r.id = $1 AND p.id = r.product"
};

/* CROSS JOIN: in this order, whatever SQLite thinks how many rows there are. */
static const DbQuery plan_query = {
  "SELECT p.id, p.revision, p.state, p.published_on, p.published_at, p.withdrawn_on, p.withdrawn_at,"
  " p.general_availability, p.end_of_sale, p.security_support_end, p.eol, p.eos, p.parts_until,"
  " p.repair_until, p.limited_support_doc, p.limited_support_duties, p.limited_support_duties_en,"
  " p.successor, p.limited_support_rationale, p.limited_support_url, " PLAN_ROW_SUCCESSOR_COLUMNS(
      "p", "d", "z") " FROM support_plan p CROSS JOIN release r CROSS JOIN product d" //
  PLAN_ROW_SUCCESSOR("p", "d",
                     "z") " WHERE p.release = $1 AND p.market = $2 AND r.id = p.release"
                          " AND d.id = r.product AND " HELD_RELEASE_PUBLISHED_SQL("p") " ORDER BY p.revision"
};

/* In plan_query: where the dates begin, in the order of Milestone. */
#define FIRST_DATE 7
#define LIMITED_SUPPORT (FIRST_DATE + MILESTONE_COUNT)
#define SUCCESSOR (LIMITED_SUPPORT + 6)

static const DbQuery line_query = { "SELECT kind, until, terms_ja, terms_en FROM service_line"
                                    " WHERE plan = $1" };

static void read_release(HeldRelease *release, DbStatement *statement)
{
  char **const texts[] = { &release->name,
                           &release->kind,
                           &release->product,
                           &release->product_name_ja,
                           &release->product_name_en,
                           &release->generic_name,
                           &release->approval_no,
                           &release->security_contact,
                           &release->package_insert_url };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    *texts[i] = db_dup_text(statement, (int)i);
}

static bool load_release(Db *db, HeldRelease *release, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &release_query, &statement, error))
    return false;
  db_bind_int(statement, 1, release->id);
  if (!db_step(statement, &row, error))
    return false;
  if (!row) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT,
                "release %" G_GINT64_FORMAT " is held or planned, but there is none", release->id);
    return false;
  }
  read_release(release, statement);
  db_reset(statement);
  return true;
}

static void read_plan(SupportPlan *plan, DbStatement *statement)
{
  PlanDate date;

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    if (plan_date_from_store(db_text(statement, FIRST_DATE + i), &date))
      plan->date[i] = date;
  }
  plan->limited_support.doc = db_dup_text(statement, LIMITED_SUPPORT);
  plan->limited_support.duties_ja = db_dup_text(statement, LIMITED_SUPPORT + 1);
  plan->limited_support.duties_en = db_dup_text(statement, LIMITED_SUPPORT + 2);
  plan->limited_support.successor = db_dup_text(statement, LIMITED_SUPPORT + 3);
  plan->limited_support.rationale = db_dup_text(statement, LIMITED_SUPPORT + 4);
  plan->limited_support.url = db_dup_text(statement, LIMITED_SUPPORT + 5);
}

static HeldRevision *read_revision(DbStatement *statement)
{
  HeldRevision *revision = held_revision_new();

  revision->id = db_int(statement, 0);
  revision->revision = (int)db_int(statement, 1);
  revision->withdrawn = g_str_equal(db_text(statement, 2), "withdrawn");
  revision->published_on = day_column_read(statement, 3);
  revision->published_at = db_dup_text(statement, 4);
  if (revision->published_at == NULL)
    revision->published_at = g_strconcat(db_text(statement, 3), "T00:00:00Z", NULL);
  revision->withdrawn_on = day_column_read(statement, 5);
  revision->withdrawn_at = db_dup_text(statement, 6);
  read_plan(revision->plan, statement);
  revision->successor_ja = db_dup_text(statement, SUCCESSOR);
  revision->successor_en = db_dup_text(statement, SUCCESSOR + 1);
  return revision;
}

static bool load_market(Db *db, HeldRelease *release, const char *market, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &plan_query, &statement, error))
    return false;
  db_bind_int(statement, 1, release->id);
  db_bind_text(statement, 2, market);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    HeldRevision *revision = read_revision(statement);

    revision->own_market = strcmp(market, EVERY_MARKET) != 0;
    g_ptr_array_add(release->revisions, revision);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

static void read_line(HeldRevision *revision, DbStatement *statement)
{
  ServiceKind kind;

  if (!service_kind_parse(db_text(statement, 0), &kind))
    return;

  ServiceLine *line = &revision->plan->limited_support.line[kind];

  line->until = day_column_read(statement, 1);
  line->terms_ja = db_dup_text(statement, 2);
  line->terms_en = db_dup_text(statement, 3);
}

static bool load_lines(Db *db, HeldRevision *revision, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &line_query, &statement, error))
    return false;
  db_bind_int(statement, 1, revision->id);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    read_line(revision, statement);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

bool held_release_load(Db *db, gint64 id, const char *country, HeldRelease **ret_release, GError **error)
{
  g_autoptr(HeldRelease) release = held_release_new();

  release->id = id;
  release->country = g_strdup(country);
  if (!load_release(db, release, error) || !load_market(db, release, EVERY_MARKET, error) ||
      (strcmp(country, EVERY_MARKET) != 0 && !load_market(db, release, country, error)))
    return false;
  for (guint i = 0; i < release->revisions->len; i++)
    if (!load_lines(db, release->revisions->pdata[i], error))
      return false;
  held_market_arrange(release->revisions);
  *ret_release = g_steal_pointer(&release);
  return true;
}
