#include "db/correction_store.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db/day_column.h"
#include "db/report_store.h"

G_DEFINE_QUARK(kigen - correction - store - error, correction_store_error)

CorrectionField *correction_field_new(const char *field, const char *was, const char *said)
{
  CorrectionField *made = g_new0(CorrectionField, 1);

  made->field = g_strdup(field);
  made->was = g_strdup(was);
  made->said = g_strdup(said);
  return made;
}

void correction_field_free(CorrectionField *field)
{
  if (field == NULL)
    return;
  g_free(field->field);
  g_free(field->was);
  g_free(field->said);
  g_free(field);
}

void correction_row_free(CorrectionRow *row)
{
  if (row == NULL)
    return;
  g_free(row->organization);
  g_free(row->organization_name);
  g_free(row->product);
  g_free(row->release);
  g_free(row->serial);
  g_free(row->contact_name);
  g_free(row->person);
  g_free(row->note);
  g_free(row->at);
  g_free(row->decided_by);
  g_free(row->reason);
  g_clear_pointer(&row->fields, g_ptr_array_unref);
  g_free(row);
}

/* Where each field stands. */
static const struct {
  const char *field;
  DbQuery of_device, of_contact; /* $1 its row; NULL: it has no such field */
} columns[] = {
  { "status", { "SELECT status FROM device WHERE id = $1" }, { NULL } },
  { "disposed_on", { "SELECT disposed_on FROM device WHERE id = $1" }, { NULL } },
  { "location", { "SELECT location FROM device WHERE id = $1" }, { NULL } },
  { "serial", { "SELECT serial FROM device WHERE id = $1" }, { NULL } },
  { "asset_no", { "SELECT asset_no FROM device WHERE id = $1" }, { NULL } },
  { "organization",
    { "SELECT o.code FROM device d JOIN organization o ON o.id = d.organization WHERE d.id = $1" },
    { NULL } },
  { "department",
    { "SELECT department FROM device WHERE id = $1" },
    { "SELECT department FROM contact WHERE id = $1" } },
  { "title", { NULL }, { "SELECT title FROM contact WHERE id = $1" } },
  { "email", { NULL }, { "SELECT email FROM contact WHERE id = $1" } },
  { "phone", { NULL }, { "SELECT phone FROM contact WHERE id = $1" } },
  { "valid_to", { NULL }, { "SELECT valid_to FROM contact WHERE id = $1" } },
};

/* The first column of the first row of `query` with $1 id; NULL without. */
static bool read_text(Db *db, const DbQuery *query, gint64 id, char **ret_text, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  *ret_text = row ? db_dup_text(statement, 0) : NULL;
  db_reset(statement);
  return true;
}

bool correction_store_present(Db *db, CorrectionKind kind, gint64 device, gint64 contact, const char *field,
                              char **ret_value, GError **error)
{
  bool of_contact = correction_is_of_contact(kind);

  *ret_value = NULL;
  for (gsize i = 0; kind != CORRECTION_CONTACT_NEW && i < G_N_ELEMENTS(columns); i++)
    if (strcmp(columns[i].field, field) == 0)
      return read_text(db, of_contact ? &columns[i].of_contact : &columns[i].of_device,
                       of_contact ? contact : device, ret_value, error);
  return true;
}

/* Whose device, whose contact: nobody corrects what is somebody else's, nor learns by trying that it is
 * there. */
static bool check_target(Db *db, const CorrectionEntry *entry, GError **error)
{
  static const DbQuery device = {
    "SELECT 1 FROM device WHERE id = $1 AND organization = $2 AND status NOT IN ('disposed', 'transferred')"
  };
  static const DbQuery contact = {
    "SELECT 1 FROM contact WHERE id = $1 AND organization = $2 AND erased_on IS NULL"
  };
  bool of_contact = correction_is_of_contact(entry->kind), row;
  DbStatement *statement;

  if (entry->kind == CORRECTION_CONTACT_NEW)
    return true;
  if (!db_prepare(db, of_contact ? &contact : &device, &statement, error))
    return false;
  db_bind_int(statement, 1, of_contact ? entry->contact : entry->device);
  db_bind_int(statement, 2, entry->organization);
  if (!db_step(statement, &row, error))
    return false;
  db_reset(statement);
  if (!row)
    g_set_error(error, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_TARGET,
                "the organization has no such %s (any more)", of_contact ? "contact" : "device");
  return row;
}

/* Those that differ from what is stored, with what is stored. */
static bool find_changed(Db *db, const CorrectionEntry *entry, GPtrArray *changed, GError **error)
{
  for (guint i = 0; i < entry->fields->len; i++) {
    const CorrectionField *given = entry->fields->pdata[i];
    g_autofree char *was = NULL;

    g_assert(g_strv_contains(correction_fields(entry->kind), given->field));
    if (!correction_store_present(db, entry->kind, entry->device, entry->contact, given->field, &was, error))
      return false;
    if (g_strcmp0(was, given->said) != 0)
      g_ptr_array_add(changed, correction_field_new(given->field, was, given->said));
  }
  if (changed->len == 0)
    g_set_error_literal(error, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_SAME,
                        "it says what is known already");
  return changed->len > 0;
}

#define SELECT                                                                                               \
  "SELECT c.id, c.organization, g.code, g.name_ja, c.kind, coalesce(c.device, 0), coalesce(c.contact, 0),"   \
  " p.code, r.name, coalesce(v.serial, v.lot), k.name, c.person, c.note, c.day, c.at, c.state, "             \
  "c.decided_by,"                                                                                            \
  " c.decided_on, c.reason FROM correction c JOIN organization g ON g.id = c.organization"                   \
  " LEFT JOIN device v ON v.id = c.device LEFT JOIN release r ON r.id = v.release"                           \
  " LEFT JOIN product p ON p.id = r.product LEFT JOIN contact k ON k.id = c.contact"

static CorrectionRow *read_row(DbStatement *statement)
{
  CorrectionRow *row = g_new0(CorrectionRow, 1);

  row->id = db_int(statement, 0);
  row->organization_id = db_int(statement, 1);
  row->organization = db_dup_text(statement, 2);
  row->organization_name = db_dup_text(statement, 3);
  row->device = db_int(statement, 5);
  row->contact = db_int(statement, 6);
  row->product = db_dup_text(statement, 7);
  row->release = db_dup_text(statement, 8);
  row->serial = db_dup_text(statement, 9);
  row->contact_name = db_dup_text(statement, 10);
  row->person = db_dup_text(statement, 11);
  row->note = db_dup_text(statement, 12);
  row->day = day_column_read(statement, 13);
  row->at = db_dup_text(statement, 14);
  row->decided_by = db_dup_text(statement, 16);
  row->decided_on = day_column_read(statement, 17);
  row->reason = db_dup_text(statement, 18);
  row->fields = g_ptr_array_new_with_free_func((GDestroyNotify)correction_field_free);
  /* A CHECK holds each of them; what another program broke is shown as what it is next to. */
  if (!correction_kind_parse(db_text(statement, 4), &row->kind))
    row->kind = CORRECTION_CONTACT_NEW;
  if (!correction_state_parse(db_text(statement, 15), &row->state))
    row->state = CORRECTION_REJECTED;
  return row;
}

static bool read_fields(Db *db, CorrectionRow *row, GError **error)
{
  static const DbQuery query = {
    "SELECT field, was, said FROM correction_field WHERE correction = $1 ORDER BY field"
  };
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    g_ptr_array_add(row->fields, correction_field_new(db_text(statement, 0), db_text(statement, 1),
                                                      db_text(statement, 2)));
    if (!db_step(statement, &more, error))
      return false;
  }
  return true;
}

/* Of the rows of `statement` (bound). */
static bool read_list(Db *db, DbStatement *statement, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)correction_row_free);
  bool more;

  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    g_ptr_array_add(rows, read_row(statement));
    if (!db_step(statement, &more, error))
      return false;
  }
  for (guint i = 0; i < rows->len; i++)
    if (!read_fields(db, rows->pdata[i], error))
      return false;
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

bool correction_store_list(Db *db, gint64 organization, bool all, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { SELECT
                                 " WHERE ($1 = 0 OR c.organization = $1) AND ($2 = 1 OR c.state = 'waiting')"
                                 " ORDER BY c.id" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, organization);
  db_bind_int(statement, 2, all);
  return read_list(db, statement, ret_rows, error);
}

bool correction_store_load(Db *db, gint64 id, CorrectionRow **ret_row, GError **error)
{
  static const DbQuery query = { SELECT " WHERE c.id = $1" };
  g_autoptr(GPtrArray) rows = NULL;
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!read_list(db, statement, &rows, error))
    return false;
  if (rows->len == 0) {
    g_set_error(error, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_NONE,
                "there is no correction %" G_GINT64_FORMAT " (kigen correction list --all)", id);
    return false;
  }
  *ret_row = g_ptr_array_steal_index(rows, 0);
  return true;
}

static bool has_field(const CorrectionRow *row, const CorrectionField *field)
{
  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *own = row->fields->pdata[i];

    if (strcmp(own->field, field->field) == 0)
      return g_strcmp0(own->said, field->said) == 0;
  }
  return false;
}

static bool is_same(const CorrectionRow *row, const CorrectionEntry *entry, const GPtrArray *changed)
{
  bool same = row->kind == entry->kind && row->device == entry->device && row->contact == entry->contact &&
              row->fields->len == changed->len && g_strcmp0(row->person, entry->person) == 0 &&
              g_strcmp0(row->note, entry->note) == 0;

  for (guint i = 0; same && i < changed->len; i++)
    same = has_field(row, changed->pdata[i]);
  return same;
}

/* One that waits and says the same: the form was sent twice. */
static bool find_same(Db *db, const CorrectionEntry *entry, const GPtrArray *changed, gint64 *ret_id,
                      GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!correction_store_list(db, entry->organization, false, &rows, error))
    return false;
  *ret_id = 0;
  for (guint i = 0; i < rows->len; i++) {
    const CorrectionRow *row = rows->pdata[i];

    if (is_same(row, entry, changed))
      *ret_id = row->id;
  }
  return true;
}

static void bind_reference(DbStatement *statement, int n, gint64 id)
{
  if (id != 0)
    db_bind_int(statement, n, id);
  else
    db_bind_null(statement, n);
}

static bool insert_row(Db *db, const AuditContext *context, const CorrectionEntry *entry, gint64 *ret_id,
                       GError **error)
{
  static const DbQuery query = {
    "INSERT INTO correction (organization, kind, device, contact, person, note, day, at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
  };
  bool of_contact = correction_is_of_contact(entry->kind);
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, entry->organization);
  db_bind_text(statement, 2, correction_kind_key(entry->kind));
  bind_reference(statement, 3, of_contact ? 0 : entry->device);
  bind_reference(statement, 4, of_contact ? entry->contact : 0);
  db_bind_text(statement, 5, entry->person);
  db_bind_text(statement, 6, entry->note);
  db_bind_text(statement, 7, day_format(context->today, day));
  db_bind_text(statement, 8, context->now);
  if (!db_run(statement, error))
    return false;
  *ret_id = db_last_id(db);
  return true;
}

static bool insert_fields(Db *db, gint64 id, const GPtrArray *fields, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO correction_field (correction, field, was, said) VALUES ($1, $2, $3, $4)"
  };
  DbStatement *statement;

  for (guint i = 0; i < fields->len; i++) {
    const CorrectionField *field = fields->pdata[i];

    if (!db_prepare(db, &query, &statement, error))
      return false;
    db_bind_int(statement, 1, id);
    db_bind_text(statement, 2, field->field);
    db_bind_text(statement, 3, field->was);
    db_bind_text(statement, 4, field->said);
    if (!db_run(statement, error))
      return false;
  }
  return true;
}

static json_t *text_or_null(const char *text)
{
  return text != NULL ? json_string(text) : json_null();
}

static json_t *fields_json(const CorrectionRow *row)
{
  json_t *object = json_object();

  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *field = row->fields->pdata[i];

    json_object_set_new(
        object, field->field,
        json_pack("{s:o, s:o}", "was", text_or_null(field->was), "said", text_or_null(field->said)));
  }
  return object;
}

static bool append_audit(Db *db, const AuditContext *context, const char *action, const CorrectionRow *row,
                         const char *reason, GError **error)
{
  g_autofree char *what = row->product != NULL ? g_strconcat(row->product, "/", row->release, NULL) : NULL;
  json_t *payload = json_pack("{s:I, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o}", "correction",
                              (json_int_t)row->id, "organization", row->organization, "kind",
                              correction_kind_key(row->kind), "what", text_or_null(what), "serial",
                              text_or_null(row->serial), "contact", text_or_null(row->contact_name), "person",
                              row->person, "fields", fields_json(row), "reason", text_or_null(reason));
  char *dumped = json_dumps(payload, JSON_PRESERVE_ORDER);
  bool done = audit_append(db, context, action, dumped, error);

  free(dumped);
  json_decref(payload);
  return done;
}

bool correction_store_add(Db *db, const AuditContext *context, const CorrectionEntry *entry, gint64 *ret_id,
                          GError **error)
{
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func((GDestroyNotify)correction_field_free);
  g_autoptr(CorrectionRow) row = NULL;
  gint64 id = 0;

  if (!check_target(db, entry, error) || !find_changed(db, entry, changed, error) ||
      !find_same(db, entry, changed, &id, error))
    return false;
  if (id == 0 && (!insert_row(db, context, entry, &id, error) || !insert_fields(db, id, changed, error) ||
                  !correction_store_load(db, id, &row, error) ||
                  !append_audit(db, context, "correction.add", row, entry->note, error)))
    return false;
  *ret_id = id;
  return true;
}

static bool check_waits(const CorrectionRow *row, GError **error)
{
  char day[DAY_TEXT_SIZE];

  if (row->state == CORRECTION_WAITING)
    return true;
  g_set_error(error, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_DECIDED,
              "correction %" G_GINT64_FORMAT " was %s by %s on %s already", row->id,
              correction_state_key(row->state), row->decided_by,
              row->decided_on != DAY_NONE ? day_format(row->decided_on, day) : "an unknown day");
  return false;
}

bool correction_store_decide(Db *db, const AuditContext *context, const CorrectionRow *row,
                             CorrectionState state, const char *reason, GError **error)
{
  static const DbQuery query = {
    "UPDATE correction SET state = $2, decided_by = $3, decided_on = $4, decided_at = $5,"
    " reason = $6 WHERE id = $1"
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!check_waits(row, error) || !db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, correction_state_key(state));
  db_bind_text(statement, 3, context->actor);
  db_bind_text(statement, 4, day_format(context->today, day));
  db_bind_text(statement, 5, context->now);
  db_bind_text(statement, 6, reason);
  return db_run(statement, error) &&
         append_audit(db, context, state == CORRECTION_APPROVED ? "correction.approve" : "correction.reject",
                      row, reason, error);
}
