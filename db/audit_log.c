#include "db/audit_log.h"

#include <jansson.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

typedef struct {
  AuditReader base;
  Db *db;
  DbStatement *rows, *payloads; /* NULL: not begun. Stepped side by side: twice as fast as a join */
  bool payload;                 /* `payloads` stands on a row */
} Reader;

static void reset(Reader *reader)
{
  if (reader->rows != NULL)
    db_reset(reader->rows);
  if (reader->payloads != NULL)
    db_reset(reader->payloads);
  reader->rows = reader->payloads = NULL;
}

static bool begin(Reader *reader, GError **error)
{
  static const DbQuery rows = { "SELECT id, version, at, day, action, digest, hash FROM audit ORDER BY id" };
  static const DbQuery payloads = { "SELECT audit, salt, payload FROM audit_payload ORDER BY audit" };

  return db_prepare(reader->db, &rows, &reader->rows, error) &&
         db_prepare(reader->db, &payloads, &reader->payloads, error) &&
         db_step(reader->payloads, &reader->payload, error);
}

static AuditField field(DbStatement *statement, int column)
{
  AuditField value;

  value.data = db_blob(statement, column, &value.size);
  if (value.data == NULL && !db_is_null(statement, column))
    value.data = ""; /* an empty value, which is none of SQL's NULLs */
  return value;
}

/* Stands `payloads` on the payload of row `id`, if it has one. */
static bool seek_payload(Reader *reader, gint64 id, GError **error)
{
  while (reader->payload && db_int(reader->payloads, 0) < id)
    if (!db_step(reader->payloads, &reader->payload, error))
      return false;
  return true;
}

static bool next_row(AuditReader *base, AuditRow *ret_row, bool *ret_more, GError **error)
{
  Reader *reader = (Reader *)base;
  bool more;

  if ((reader->rows == NULL && !begin(reader, error)) || !db_step(reader->rows, &more, error))
    return false;
  *ret_more = more;
  if (!more) {
    reset(reader);
    return true;
  }

  AuditRow row = { .id = db_int(reader->rows, 0),
                   .version = db_int(reader->rows, 1),
                   .at = field(reader->rows, 2),
                   .day = field(reader->rows, 3),
                   .action = field(reader->rows, 4),
                   .digest = field(reader->rows, 5),
                   .hash = field(reader->rows, 6) };

  if (!seek_payload(reader, row.id, error))
    return false;
  if (reader->payload && db_int(reader->payloads, 0) == row.id) {
    row.salt = field(reader->payloads, 1);
    row.payload = field(reader->payloads, 2);
  }
  *ret_row = row;
  return true;
}

static bool rewind_rows(AuditReader *base, GError **error)
{
  reset((Reader *)base);
  return true;
}

AuditReader *audit_log_reader_new(Db *db)
{
  Reader *reader = g_new0(Reader, 1);

  reader->base = (AuditReader){ next_row, rewind_rows };
  reader->db = db;
  return &reader->base;
}

void audit_log_reader_free(AuditReader *base)
{
  if (base == NULL)
    return;
  reset((Reader *)base);
  g_free(base);
}

bool audit_log_count(Db *db, gint64 *ret_rows, GError **error)
{
  static const DbQuery query = { "SELECT count(*) FROM audit" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_rows = db_int(statement, 0);
  db_reset(statement);
  return true;
}

static void audit_entry_free(AuditEntry *entry)
{
  g_free(entry->at);
  g_free(entry->day);
  g_free(entry->action);
  g_free(entry->actor);
  g_free(entry->payload);
  g_free(entry);
}

static char *actor_of(const char *payload)
{
  g_autoptr(json_t) object = payload != NULL ? json_loads(payload, 0, NULL) : NULL;

  return g_strdup(json_string_value(json_object_get(object, "actor")));
}

static AuditEntry *read_entry(DbStatement *statement)
{
  AuditEntry *entry = g_new0(AuditEntry, 1);

  entry->id = db_int(statement, 0);
  entry->at = db_dup_text(statement, 1);
  entry->day = db_dup_text(statement, 2);
  entry->action = db_dup_text(statement, 3);
  entry->payload = db_dup_text(statement, 4);
  entry->actor = actor_of(entry->payload);
  return entry;
}

static void bind_day(DbStatement *statement, int n, Day day)
{
  char buffer[DAY_TEXT_SIZE];

  db_bind_text(statement, n, day != DAY_NONE ? day_format(day, buffer) : NULL);
}

bool audit_log_list(Db *db, const AuditFilter *filter, GPtrArray **ret_entries, GError **error)
{
  static const DbQuery query = {
    "SELECT * FROM (SELECT a.id, a.at, a.day, a.action, p.payload FROM audit a"
    " LEFT JOIN audit_payload p ON p.audit = a.id"
    " WHERE ($1 IS NULL OR a.day >= $1) AND ($2 IS NULL OR a.day <= $2)"
    " AND ($3 IS NULL OR a.action = $3 OR substr(a.action, 1, length($3) + 1) = $3 || '.')"
    " AND ($5 = 0 OR a.id = $5) ORDER BY a.id DESC LIMIT $4) newest ORDER BY id"
  };
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)audit_entry_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  bind_day(statement, 1, filter->from);
  bind_day(statement, 2, filter->to);
  db_bind_text(statement, 3, filter->action);
  db_bind_int(statement, 4, filter->limit > 0 ? filter->limit : G_MAXINT64);
  db_bind_int(statement, 5, filter->id);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(entries, read_entry(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_entries = g_steal_pointer(&entries);
  return true;
}
