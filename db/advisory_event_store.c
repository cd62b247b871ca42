#include "db/advisory_event_store.h"

#include "planner/user_name.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* A text, or null: for NULL, and for bytes that are no UTF-8. */
static json_t *text_or_null(const char *text)
{
  json_t *value = text != NULL ? json_string(text) : NULL;

  return value != NULL ? value : json_null();
}

static json_t *content_json(const Advisory *content)
{
  json_t *object = json_object(), *releases = json_array();

  json_object_set_new(object, "kind", text_or_null(notice_kind_key(content->kind)));
  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    if (content->text[i] != NULL)
      json_object_set_new(object, advisory_field_key((AdvisoryField)i), text_or_null(content->text[i]));
  for (guint i = 0; i < content->releases->len; i++)
    json_array_append_new(releases, text_or_null(content->releases->pdata[i]));
  json_object_set_new(object, "releases", releases);
  return object;
}

static char *dump(const json_t *object, size_t flags)
{
  char *dumped = json_dumps(object, JSON_COMPACT | flags);
  char *text = g_strdup(dumped);

  free(dumped);
  return text;
}

void advisory_event_content(const Advisory *content, guint8 ret_content[static ADVISORY_CONTENT_SIZE])
{
  g_autoptr(json_t) object = content_json(content);
  g_autofree char *text = dump(object, JSON_SORT_KEYS);

  crypto_generichash(ret_content, ADVISORY_CONTENT_SIZE, (const guint8 *)text, strlen(text), NULL, 0);
}

static char *payload(const AdvisoryRow *row, const Advisory *before, const AdvisoryEventWords *words)
{
  g_autoptr(json_t) object = json_object();

  json_object_set_new(object, "what", text_or_null(row->number));
  json_object_set_new(object, "revision", json_integer(row->revision));
  if (before != NULL)
    json_object_set_new(object, "from", content_json(before));
  json_object_set_new(object, "to", content_json(row->content));
  json_object_set_new(object, "why", text_or_null(words->reason));
  if (words->role != NULL)
    json_object_set_new(object, "role", text_or_null(words->role));
  if (words->event == ADVISORY_PUBLISH || words->event == ADVISORY_WITHDRAW) {
    json_object_set_new(object, "organizations", json_integer(words->organizations));
    json_object_set_new(object, "messages", json_integer(words->messages));
  }
  return dump(object, 0);
}

static bool insert(Db *db, const AuditContext *context, const AdvisoryRow *row,
                   const AdvisoryEventWords *words, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO advisory_event (advisory, event, content, by, \"user\", role, reason, day, at)"
    " VALUES ($1, $2, $3, $4, nullif($5, 0), $6, $7, $8, $9)"
  };
  guint8 content[ADVISORY_CONTENT_SIZE];
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  advisory_event_content(row->content, content);
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, advisory_event_kind_key(words->event));
  db_bind_blob(statement, 3, content, sizeof content);
  db_bind_text(statement, 4, context->actor);
  db_bind_int(statement, 5, context->user);
  db_bind_text(statement, 6, words->role);
  db_bind_text(statement, 7, words->reason);
  db_bind_text(statement, 8, day_format(context->today, day));
  db_bind_text(statement, 9, context->now);
  return db_run(statement, error);
}

bool advisory_event_add(Db *db, const AuditContext *context, const AdvisoryRow *row, const Advisory *before,
                        const AdvisoryEventWords *words, GError **error)
{
  g_autofree char *text = payload(row, before, words);
  g_autofree char *action = g_strconcat("advisory.", advisory_event_kind_key(words->event), NULL);

  return insert(db, context, row, words, error) && audit_append(db, context, action, text, error);
}

void advisory_event_free(AdvisoryEvent *event)
{
  if (event == NULL)
    return;
  g_free(event->event);
  g_free(event->by);
  g_free(event->person);
  g_free(event->role);
  g_free(event->reason);
  g_free(event);
}

static AdvisoryEvent *read_event(DbStatement *statement)
{
  AdvisoryEvent *event = g_new0(AdvisoryEvent, 1);
  gsize size = 0;
  const void *content = db_blob(statement, 1, &size);

  event->event = db_dup_text(statement, 0);
  if (size == ADVISORY_CONTENT_SIZE)
    memcpy(event->content, content, size);
  event->by = db_dup_text(statement, 2);
  event->person = db_dup_text(statement, 3);
  event->user = db_int(statement, 4);
  event->role = db_dup_text(statement, 5);
  event->reason = db_dup_text(statement, 6);
  if (!day_parse(db_text(statement, 7), &event->day))
    event->day = DAY_NONE;
  return event;
}

bool advisory_event_list(Db *db, gint64 id, GPtrArray **ret_events, GError **error)
{
  static const DbQuery query = {
    "SELECT e.event, e.content, e.by, u.full_name, coalesce(e.\"user\", 0), e.role, e.reason, e.day"
    " FROM advisory_event e LEFT JOIN \"user\" u ON u.id = e.\"user\" WHERE e.advisory = $1 ORDER BY e.id"
  };
  g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)advisory_event_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
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

bool advisory_event_writers(Db *db, gint64 id, gint64 user, bool *ret_wrote, char **ret_names, GError **error)
{
  static const DbQuery query = {
    "SELECT DISTINCT coalesce(e.\"user\", 0), e.by, coalesce(w.full_name, e.by) AS shown, u.name, u.full_name"
    " FROM advisory_event e LEFT JOIN \"user\" w ON w.id = e.\"user\" LEFT JOIN \"user\" u ON u.id = $2"
    " WHERE e.advisory = $1 AND e.event = 'set' ORDER BY shown"
  };
  g_autoptr(GString) names = g_string_new(NULL);
  DbStatement *statement;
  bool row, wrote = false;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_int(statement, 2, user);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    wrote = wrote || (user != 0 && user_name_is_of(db_int(statement, 0), db_text(statement, 1), user,
                                                   db_text(statement, 3), db_text(statement, 4)));
    g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", db_text(statement, 2));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_wrote = wrote;
  *ret_names = g_strdup(names->str);
  return true;
}
