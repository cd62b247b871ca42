#include "db/presentation_store.h"

#include "db/plan_revisions.h"
#include "db/presented.h"

G_DEFINE_QUARK(kigen - presentation - store - error - quark, presentation_store_error)

G_GNUC_PRINTF(2, 3) static bool refuse(GError **error, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, PRESENTATION_STORE_ERROR, PRESENTATION_STORE_ERROR_NO_PLAN, message);
  return false;
}

/* The market whose plan concerns the organization (db/market.h). */
static bool find_market(Db *db, gint64 release, gint64 organization, char **ret_market, GError **error)
{
  static const DbQuery query = {
    "SELECT s.market FROM organization o JOIN support_plan s ON s.market = o.country"
    " AND s.release = $1 AND s.state = 'published' WHERE o.id = $2"
  };
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_int(statement, 2, organization);
  if (!db_step(statement, &found, error)) {
    return false;
  }
  *ret_market = found ? db_dup_text(statement, 0) : g_strdup("*");
  db_reset(statement);
  return true;
}

static bool was_known(PlanDate date, Day day)
{
  return date.state == DATE_KNOWN && date.day <= day;
}

/* The revision in force on `day`, or NULL. */
static const PlanRow *in_force_on(const GPtrArray *revisions, Day day)
{
  const PlanRow *found = NULL;

  for (guint i = 0; i < revisions->len; i++) {
    const PlanRow *row = revisions->pdata[i];

    if (row->published_on != DAY_NONE && row->published_on <= day) {
      found = row;
    }
  }
  return found != NULL && found->withdrawn_on != DAY_NONE && found->withdrawn_on <= day ? NULL : found;
}

/* Before the first publication: the first revision that says it was known already. */
static const PlanRow *known_before(const GPtrArray *revisions, Day day)
{
  for (guint i = 0; i < revisions->len; i++) {
    const PlanRow *row = revisions->pdata[i];

    if (was_known(row->dates->announced_on, day) || was_known(row->dates->presented_on, day)) {
      return row;
    }
  }
  return NULL;
}

/* The first day on which something could be shown: published, or by its own word known before. */
static Day first_day(const GPtrArray *revisions)
{
  Day first = ((const PlanRow *)revisions->pdata[0])->published_on;

  for (guint i = 0; i < revisions->len; i++) {
    const SupportPlan *plan = ((const PlanRow *)revisions->pdata[i])->dates;
    const PlanDate dates[] = { plan->announced_on, plan->presented_on };

    for (gsize k = 0; k < G_N_ELEMENTS(dates); k++) {
      if (dates[k].state == DATE_KNOWN) {
        first = MIN(first, dates[k].day);
      }
    }
  }
  return first;
}

/* Why `day` has none. */
static bool refuse_day(const GPtrArray *revisions, Day day, GError **error)
{
  char shown[DAY_TEXT_SIZE], first[DAY_TEXT_SIZE];

  day_format(day, shown);
  if (revisions->len == 0) {
    return refuse(error, "no plan of it was ever published: kigen plan publish");
  }
  if (first_day(revisions) > day) {
    return refuse(
        error,
        "on %s there was no plan to show yet: it is known since %s; if it was announced before kigen, "
        "set announced_on in a new revision",
        shown, day_format(first_day(revisions), first));
  }
  return refuse(error, "on %s no plan was in force: it had been withdrawn", shown);
}

/* What could be shown of `revisions` on `day`. */
static bool choose(const GPtrArray *revisions, Day day, gint64 *ret_plan, GError **error)
{
  const PlanRow *first = revisions->len > 0 ? revisions->pdata[0] : NULL;
  bool before = first != NULL && first->published_on > day;
  const PlanRow *row = before ? known_before(revisions, day) : in_force_on(revisions, day);
  char shown[DAY_TEXT_SIZE];

  if (row == NULL) {
    return refuse_day(revisions, day, error);
  }
  if (!limited_support_is_declared(&row->dates->limited_support)) {
    g_autofree char *missing = limited_support_missing(&row->dates->limited_support);

    return refuse(error, "revision %d, in force on %s, declares no limited-support plan (missing: %s)",
                  row->revision, day_format(day, shown), missing);
  }
  *ret_plan = row->plan;
  return true;
}

bool presentation_store_find(Db *db, gint64 release, gint64 organization, Day day, Day today,
                             PresentationTarget *ret_target, GError **error)
{
  g_autoptr(GPtrArray) revisions = NULL;
  g_autofree char *market = NULL;
  PresentationTarget target;

  if (day > today) {
    char shown[DAY_TEXT_SIZE], now[DAY_TEXT_SIZE];

    return refuse(error, "%s lies after today, %s", day_format(day, shown), day_format(today, now));
  }
  if (!find_market(db, release, organization, &market, error) ||
      !plan_revisions_published(db, release, market, &revisions, error) ||
      !choose(revisions, day, &target.plan, error)) {
    return false;
  }
  const PlanRow *last = revisions->pdata[revisions->len - 1];

  if (!presented_use(db, release, organization, last->dates->date[MILESTONE_EOL], &target.uses, &target.due,
                     error)) {
    return false;
  }
  *ret_target = target;
  return true;
}

bool presentation_store_is_known(Db *db, gint64 plan, gint64 organization, PresentationWay way,
                                 bool *ret_known, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM presentation WHERE plan = $1 AND organization = $2"
                                 " AND how = $3 LIMIT 1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  db_bind_int(statement, 2, organization);
  db_bind_text(statement, 3, presentation_way_key(way));
  if (!db_step(statement, ret_known, error))
    return false;
  db_reset(statement);
  return true;
}

/* The record's id and note; 0: there is none. */
static bool find(Db *db, gint64 plan, gint64 organization, PresentationWay way, const char *day,
                 gint64 *ret_id, char **ret_note, GError **error)
{
  static const DbQuery query = { "SELECT id, note FROM presentation WHERE plan = $1 AND organization = $2"
                                 " AND how = $3 AND day = $4" };
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  db_bind_int(statement, 2, organization);
  db_bind_text(statement, 3, presentation_way_key(way));
  db_bind_text(statement, 4, day);
  if (!db_step(statement, &found, error)) {
    return false;
  }
  *ret_id = found ? db_int(statement, 0) : 0;
  *ret_note = found ? db_dup_text(statement, 1) : NULL;
  db_reset(statement);
  return true;
}

static bool insert(Db *db, const AuditContext *context, gint64 plan, gint64 organization, PresentationWay way,
                   const char *day, const char *note, GError **error)
{
  static const DbQuery query = { "INSERT INTO presentation (plan, organization, how, day, by, note, at)"
                                 " VALUES ($1, $2, $3, $4, $5, $6, $7)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  db_bind_int(statement, 2, organization);
  db_bind_text(statement, 3, presentation_way_key(way));
  db_bind_text(statement, 4, day);
  db_bind_text(statement, 5, context->actor);
  db_bind_text(statement, 6, note);
  db_bind_text(statement, 7, context->now);
  return db_run(statement, error);
}

static bool change_note(Db *db, gint64 id, const char *note, GError **error)
{
  static const DbQuery query = { "UPDATE presentation SET note = $2 WHERE id = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, note);
  return db_run(statement, error);
}

bool presentation_store_put(Db *db, const AuditContext *context, gint64 plan, gint64 organization,
                            PresentationWay way, Day day, const char *note, UpsertResult *ret_result,
                            GError **error)
{
  g_autofree char *stored = NULL;
  char text[DAY_TEXT_SIZE];
  gint64 id;

  day_format(day, text);
  if (!find(db, plan, organization, way, text, &id, &stored, error)) {
    return false;
  }
  if (id == 0) {
    *ret_result = UPSERT_ADDED;
    return insert(db, context, plan, organization, way, text, note, error);
  }
  if (note == NULL || g_strcmp0(note, stored) == 0) {
    *ret_result = UPSERT_UNCHANGED;
    return true;
  }
  *ret_result = UPSERT_CHANGED;
  return change_note(db, id, note, error);
}

bool presentation_store_remove(Db *db, gint64 release, gint64 organization, PresentationWay way, Day day,
                               bool *ret_removed, GError **error)
{
  static const DbQuery query = { "DELETE FROM presentation WHERE organization = $1 AND how = $2 AND day = $3"
                                 " AND plan IN (SELECT id FROM support_plan WHERE release = $4)" };
  DbStatement *statement;
  char text[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, organization);
  db_bind_text(statement, 2, presentation_way_key(way));
  db_bind_text(statement, 3, day_format(day, text));
  db_bind_int(statement, 4, release);
  if (!db_run(statement, error)) {
    return false;
  }
  *ret_removed = db_changes(db) > 0;
  return true;
}
