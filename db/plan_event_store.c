#include "db/plan_event_store.h"

#include "db/plan_payload.h"
#include "planner/user_name.h"

#include <sodium.h>
#include <string.h>

void plan_event_content(const SupportPlan *plan, guint8 ret_content[static PLAN_EVENT_CONTENT_SIZE])
{
  g_autofree char *text = plan_payload_plan(plan);

  crypto_generichash(ret_content, PLAN_EVENT_CONTENT_SIZE, (const guint8 *)text, strlen(text), NULL, 0);
}

bool plan_event_store_add(Db *db, const AuditContext *context, gint64 plan,
                          const guint8 content[static PLAN_EVENT_CONTENT_SIZE], const PlanEventWords *words,
                          GError **error)
{
  static const DbQuery query = {
    "INSERT INTO plan_event (plan, event, rule, content, by, \"user\", role, reason, day, at)"
    " VALUES ($1, $2, $3, $4, $5, nullif($6, 0), $7, $8, $9, $10)"
  };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  db_bind_text(statement, 2, words->event);
  db_bind_text(statement, 3, words->rule);
  db_bind_blob(statement, 4, content, PLAN_EVENT_CONTENT_SIZE);
  db_bind_text(statement, 5, context->actor);
  db_bind_int(statement, 6, context->user);
  db_bind_text(statement, 7, words->role);
  db_bind_text(statement, 8, words->reason);
  db_bind_text(statement, 9, day_format(context->today, day));
  db_bind_text(statement, 10, context->now);
  return db_run(statement, error);
}

void plan_event_free(PlanEvent *event)
{
  if (event == NULL)
    return;
  g_free(event->event);
  g_free(event->rule);
  g_free(event->by);
  g_free(event->person);
  g_free(event->role);
  g_free(event->reason);
  g_free(event->at);
  g_free(event);
}

const char *plan_event_who(const PlanEvent *event)
{
  return event->person != NULL ? event->person : event->by;
}

/* What read_event reads, in this order. */
#define EVENTS                                                                                               \
  "SELECT e.plan, e.event, e.rule, e.content, e.by, u.full_name, coalesce(e.\"user\", 0), e.role, e.reason," \
  " e.day, e.at FROM plan_event e LEFT JOIN \"user\" u ON u.id = e.\"user\" "

static PlanEvent *read_event(DbStatement *statement)
{
  PlanEvent *event = g_new0(PlanEvent, 1);
  gsize size = 0;
  const void *content = db_blob(statement, 3, &size);

  event->plan = db_int(statement, 0);
  event->event = db_dup_text(statement, 1);
  event->rule = db_dup_text(statement, 2);
  if (size == PLAN_EVENT_CONTENT_SIZE)
    memcpy(event->content, content, size);
  event->by = db_dup_text(statement, 4);
  event->person = db_dup_text(statement, 5);
  event->user = db_int(statement, 6);
  event->role = db_dup_text(statement, 7);
  event->reason = db_dup_text(statement, 8);
  if (!day_parse(db_text(statement, 9), &event->day))
    event->day = DAY_NONE;
  event->at = db_dup_text(statement, 10);
  return event;
}

/* The events that `statement` (bound) selects. */
static bool read_events(DbStatement *statement, GPtrArray **ret_events, GError **error)
{
  g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)plan_event_free);
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(events, read_event(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_events = g_steal_pointer(&events);
  return true;
}

bool plan_event_store_list(Db *db, gint64 plan, GPtrArray **ret_events, GError **error)
{
  static const DbQuery query = { EVENTS "WHERE e.plan = $1 ORDER BY e.id" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  return read_events(statement, ret_events, error);
}

/* Who wrote it as a user, $2 or another; or, in a store without users, under which name. The author is that
 * of a draft older than the events. */
#define WRITERS                                                                                              \
  "SELECT coalesce(e.\"user\", 0) AS id, e.by AS name FROM plan_event e WHERE e.plan = $1"                   \
  " AND e.event IN ('set', 'submit') UNION SELECT coalesce(u.id, 0), s.author FROM support_plan s"           \
  " LEFT JOIN \"user\" u ON u.name = s.author WHERE s.id = $1"

bool plan_event_store_wrote(Db *db, gint64 plan, gint64 user, bool *ret_wrote, GError **error)
{
  static const DbQuery query = { "SELECT w.id, w.name, u.name, u.full_name FROM (" WRITERS ") w"
                                 " LEFT JOIN \"user\" u ON u.id = $2" };
  DbStatement *statement;
  bool row, wrote = false;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  db_bind_int(statement, 2, user);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    wrote = wrote || user_name_is_of(db_int(statement, 0), db_text(statement, 1), user, db_text(statement, 2),
                                     db_text(statement, 3));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_wrote = wrote;
  return true;
}

bool plan_event_store_writers(Db *db, gint64 plan, char **ret_names, GError **error)
{
  static const DbQuery query = { "SELECT DISTINCT coalesce(u.full_name, w.name) FROM (" WRITERS ") w"
                                 " LEFT JOIN \"user\" u ON u.id = w.id ORDER BY 1" };
  g_autoptr(GString) names = g_string_new(NULL);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", db_text(statement, 0));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_names = g_strdup(names->str);
  return true;
}

/* Signed by a user who wrote nothing of it. */
#define SIGNED                                                                                               \
  "e.event = 'override' AND e.\"user\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM plan_event w"               \
  " WHERE w.plan = e.plan AND w.event IN ('set', 'submit') AND w.\"user\" = e.\"user\")"

bool plan_event_store_overrides(Db *db, gint64 plan, const guint8 content[static PLAN_EVENT_CONTENT_SIZE],
                                GPtrArray **ret_events, GError **error)
{
  static const DbQuery query = { EVENTS "WHERE e.plan = $1 AND e.content = $2 AND " SIGNED " ORDER BY e.id" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  db_bind_blob(statement, 2, content, PLAN_EVENT_CONTENT_SIZE);
  return read_events(statement, ret_events, error);
}

static bool is_overridden(Db *db, gint64 plan, bool *ret_overridden, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM plan_event WHERE plan = $1 AND event = 'override' LIMIT 1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, ret_overridden, error))
    return false;
  db_reset(statement);
  return true;
}

bool plan_event_store_overrides_of(Db *db, gint64 plan, const SupportPlan *dates, GPtrArray **ret_events,
                                   GError **error)
{
  guint8 content[PLAN_EVENT_CONTENT_SIZE];
  bool overridden = false;

  if (!is_overridden(db, plan, &overridden, error))
    return false;
  if (!overridden) {
    *ret_events = g_ptr_array_new_with_free_func((GDestroyNotify)plan_event_free);
    return true;
  }
  plan_event_content(dates, content);
  return plan_event_store_overrides(db, plan, content, ret_events, error);
}

bool plan_event_store_overrides_told(Db *db, gint64 outbox, GPtrArray **ret_events, GError **error)
{
  static const DbQuery query = {
    EVENTS
    "WHERE e.plan IN (SELECT n.plan FROM outbox_notice x JOIN notice n ON n.id = x.notice"
    "   WHERE x.outbox = $1)"
    " AND e.content = (SELECT p.content FROM plan_event p WHERE p.plan = e.plan AND p.event = 'publish'"
    "   ORDER BY p.id DESC LIMIT 1) AND " SIGNED " ORDER BY e.id"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  return read_events(statement, ret_events, error);
}
