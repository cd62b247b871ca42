#include "db/assessment_store.h"

#include <jansson.h>
#include <stdlib.h>

G_DEFINE_QUARK(kigen - assessment - store - error, assessment_store_error)

/* Whether a plan is in force, and who has assessed the release on that day (own string, or NULL). */
static bool look(Db *db, gint64 release, const char *day, bool *ret_in_force, char **ret_by, GError **error)
{
  static const DbQuery query = {
    "SELECT EXISTS (SELECT 1 FROM support_plan s WHERE s.release = $1 AND s.state = 'published'),"
    " (SELECT a.by FROM assessment a WHERE a.release = $1 AND a.day = $2)"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, day);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  *ret_in_force = db_int(statement, 0) != 0;
  *ret_by = db_dup_text(statement, 1);
  db_reset(statement);
  return true;
}

static bool check(Db *db, gint64 release, const char *name, const char *day, GError **error)
{
  g_autofree char *by = NULL;
  bool in_force;

  if (!look(db, release, day, &in_force, &by, error)) {
    return false;
  }
  if (!in_force) {
    g_set_error(error, ASSESSMENT_STORE_ERROR, ASSESSMENT_STORE_ERROR_NONE,
                "%s: no plan is in force, so there is nothing to assess: kigen plan publish", name);
  } else if (by != NULL) {
    g_set_error(error, ASSESSMENT_STORE_ERROR, ASSESSMENT_STORE_ERROR_TWICE,
                "%s: assessed on %s already, by %s: nothing is recorded twice", name, day, by);
  }
  return in_force && by == NULL;
}

static bool insert(Db *db, const AuditContext *context, gint64 release, const char *day, const char *note,
                   GError **error)
{
  static const DbQuery query = {
    "INSERT INTO assessment (release, day, by, note, at) VALUES ($1, $2, $3, $4, $5)"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_text(statement, 2, day);
  db_bind_text(statement, 3, context->actor);
  db_bind_text(statement, 4, note);
  db_bind_text(statement, 5, context->now);
  return db_run(statement, error);
}

bool assessment_store_add(Db *db, const AuditContext *context, gint64 release, const char *name, Day day,
                          const char *note, GError **error)
{
  char text[DAY_TEXT_SIZE];

  day_format(day, text);
  if (!check(db, release, name, text, error) || !insert(db, context, release, text, note, error)) {
    return false;
  }

  json_t *payload = json_pack("{s:s, s:s, s:s}", "what", name, "day", text, "note", note);
  char *dumped = json_dumps(payload, JSON_PRESERVE_ORDER);
  bool done = audit_append(db, context, "plan.assess", dumped, error);

  free(dumped);
  json_decref(payload);
  return done;
}
