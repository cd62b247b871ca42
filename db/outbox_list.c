#include "db/outbox_list.h"

#include "db/outbox_store.h"

void outbox_row_free(OutboxRow *row)
{
  if (row == NULL)
    return;
  g_free(row->message_id);
  g_free(row->channel);
  g_free(row->kinds);
  g_free(row->releases);
  g_free(row->organization);
  g_free(row->organization_name);
  g_free(row->contact);
  g_free(row->email);
  g_free(row->event_at);
  g_free(row->event_detail);
  g_free(row->acknowledged);
  g_free(row);
}

void outbox_event_free(OutboxEvent *event)
{
  if (event == NULL)
    return;
  g_free(event->at);
  g_free(event->detail);
  g_free(event);
}

static bool read_state(const char *key, OutboxState *ret_state, GError **error)
{
  if (outbox_state_parse(key, ret_state))
    return true;
  g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "outbox: '%s' is no state", key);
  return false;
}

static bool read_day(const char *text, Day *ret_day, GError **error)
{
  if (text != NULL && day_parse(text, ret_day))
    return true;
  g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "outbox: '%s' is no day", text != NULL ? text : "NULL");
  return false;
}

static bool read_row(DbStatement *statement, gpointer *ret_row, GError **error)
{
  g_autoptr(OutboxRow) row = g_new0(OutboxRow, 1);

  row->id = db_int(statement, 0);
  row->message_id = db_dup_text(statement, 1);
  row->channel = db_dup_text(statement, 2);
  if (!read_day(db_text(statement, 3), &row->due_on, error) ||
      !read_state(db_text(statement, 4), &row->state, error))
    return false;
  row->attempt = (int)db_int(statement, 5);
  row->kinds = db_dup_text(statement, 6);
  row->releases = db_dup_text(statement, 7);
  row->organization = db_dup_text(statement, 8);
  row->organization_name = db_dup_text(statement, 9);
  row->contact = db_dup_text(statement, 10);
  row->email = db_dup_text(statement, 11);
  row->event_at = db_dup_text(statement, 12);
  row->event_detail = db_dup_text(statement, 13);
  if (!db_is_null(statement, 14) && !read_day(db_text(statement, 14), &row->erased_on, error))
    return false;
  row->acknowledged = db_dup_text(statement, 15);
  *ret_row = g_steal_pointer(&row);
  return true;
}

static bool read_event(DbStatement *statement, gpointer *ret_event, GError **error)
{
  OutboxEvent *event = g_new0(OutboxEvent, 1);

  event->at = db_dup_text(statement, 0);
  event->attempt = (int)db_int(statement, 2);
  event->detail = db_dup_text(statement, 4);
  if (read_day(db_text(statement, 1), &event->day, error) &&
      read_state(db_text(statement, 3), &event->state, error)) {
    *ret_event = event;
    return true;
  }
  outbox_event_free(event);
  return false;
}

/* Every row of `statement` (bound) by `read`, into an array that frees them by `free_row`. */
static bool read_all(DbStatement *statement, bool (*read)(DbStatement *, gpointer *, GError **),
                     GDestroyNotify free_row, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
  bool more;

  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    gpointer row = NULL;

    if (!read(statement, &row, error)) {
      db_reset(statement);
      return false;
    }
    g_ptr_array_add(rows, row);
    if (!db_step(statement, &more, error))
      return false;
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

/* Of an outbox row x: its notices' `column`, each once, joined by ", ". */
#define OF_NOTICES(column)                                                                                   \
  "(SELECT group_concat(v, ', ') FROM (SELECT DISTINCT " column " AS v FROM outbox_notice xn"                \
  " JOIN notice n ON n.id = xn.notice LEFT JOIN support_plan s ON s.id = n.plan"                             \
  " LEFT JOIN release r ON r.id = s.release LEFT JOIN product p ON p.id = r.product"                         \
  " LEFT JOIN advisory v ON v.id = n.advisory WHERE xn.outbox = x.id ORDER BY v))"

/* clang-format off */
#define ROWS                                                                                                 \
  "SELECT x.id, x.message_id, x.channel, x.due_on, x.state, x.attempt, " OF_NOTICES("n.kind") ", "           \
  OF_NOTICES("coalesce(p.code || '/' || r.name, v.number)") ", o.code, o.name_ja, c.name, c.email, e.at, e.detail, c.erased_on,"               \
  " (SELECT group_concat(v, ', ') FROM (SELECT DISTINCT a.kind AS v FROM outbox_notice xn"                   \
  "   JOIN acknowledgement a ON a.notice = xn.notice AND a.organization = xn.organization"                   \
  "   WHERE xn.outbox = x.id ORDER BY v))"                                                                   \
  " FROM outbox x JOIN organization o ON o.id = x.organization LEFT JOIN contact c ON c.id = x.contact"      \
  " LEFT JOIN outbox_event e ON e.id = (SELECT max(l.id) FROM outbox_event l WHERE l.outbox = x.id)"
/* clang-format on */

bool outbox_list_rows(Db *db, const OutboxFilter *filter, gint64 limit, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { ROWS " WHERE " OUTBOX_FILTER_SQL " ORDER BY x.id LIMIT $9" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  outbox_filter_bind(filter, statement);
  db_bind_int(statement, OUTBOX_FILTER_VALUES + 1, limit > 0 ? limit : -1);
  return read_all(statement, read_row, (GDestroyNotify)outbox_row_free, ret_rows, error);
}

bool outbox_list_of_contact(Db *db, gint64 contact, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { ROWS " WHERE x.contact = $1 ORDER BY x.id" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, contact);
  return read_all(statement, read_row, (GDestroyNotify)outbox_row_free, ret_rows, error);
}

bool outbox_list_events(Db *db, gint64 id, GPtrArray **ret_events, GError **error)
{
  static const DbQuery query = { "SELECT at, day, attempt, state, detail FROM outbox_event"
                                 " WHERE outbox = $1 ORDER BY id" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  return read_all(statement, read_event, (GDestroyNotify)outbox_event_free, ret_events, error);
}

void outbox_telling_free(OutboxTelling *telling)
{
  if (telling == NULL)
    return;
  g_free(telling->kind);
  g_free(telling->product);
  g_free(telling->release);
  g_free(telling->organization);
  g_free(telling->organization_name);
  g_free(telling->through);
  g_free(telling->contact);
  g_free(telling->email);
  g_free(telling->channel);
  g_free(telling);
}

static bool read_telling(DbStatement *statement, gpointer *ret_telling, GError **error)
{
  OutboxTelling *telling = g_new0(OutboxTelling, 1);

  telling->message = db_int(statement, 0);
  telling->kind = db_dup_text(statement, 2);
  telling->lead_months = (int)db_int(statement, 3);
  telling->product = db_dup_text(statement, 4);
  telling->release = db_dup_text(statement, 5);
  telling->organization = db_dup_text(statement, 6);
  telling->organization_name = db_dup_text(statement, 7);
  telling->through = db_dup_text(statement, 8);
  telling->contact = db_dup_text(statement, 9);
  telling->email = db_dup_text(statement, 10);
  telling->channel = db_dup_text(statement, 11);
  if (read_day(db_text(statement, 1), &telling->due_on, error)) {
    *ret_telling = telling;
    return true;
  }
  outbox_telling_free(telling);
  return false;
}

bool outbox_list_due(Db *db, Day today, GPtrArray **ret_tellings, GError **error)
{
  static const DbQuery query = {
    "SELECT x.id, x.due_on, n.kind, n.lead_months, coalesce(p.code, v.number), r.name, o.code, o.name_ja,"
    " t.code, c.name, c.email,"
    " x.channel FROM outbox x JOIN outbox_notice xn ON xn.outbox = x.id JOIN notice n ON n.id = xn.notice"
    " LEFT JOIN support_plan s ON s.id = n.plan LEFT JOIN release r ON r.id = s.release"
    " LEFT JOIN product p ON p.id = r.product LEFT JOIN advisory v ON v.id = n.advisory"
    " JOIN organization o ON o.id = xn.organization JOIN organization t ON t.id = x.organization"
    " LEFT JOIN contact c ON c.id = x.contact"
    " WHERE x.state IN ('pending', 'sending', 'deferred', 'unknown') AND x.state = 'pending' AND x.due_on <= "
    "$1"
    " AND (coalesce(s.state, v.state) = 'published' OR n.kind = 'withdrawal')"
    " ORDER BY x.id, v.number, p.code, r.name, n.kind, o.code"
  };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, day_format(today, day));
  return read_all(statement, read_telling, (GDestroyNotify)outbox_telling_free, ret_tellings, error);
}

bool outbox_list_counts(Db *db, gint64 ret_counts[static OUTBOX_STATE_COUNT], GError **error)
{
  static const DbQuery query = { "SELECT state, count(*) FROM outbox GROUP BY state" };
  gint64 counts[OUTBOX_STATE_COUNT] = { 0 };
  DbStatement *statement;
  OutboxState state;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    if (outbox_state_parse(db_text(statement, 0), &state))
      counts[state] = db_int(statement, 1);
    if (!db_step(statement, &row, error))
      return false;
  }
  for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
    ret_counts[i] = counts[i];
  return true;
}
