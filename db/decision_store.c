#include "db/decision_store.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db/change_set.h"
#include "db/day_column.h"
#include "db/release_pattern.h"
#include "db/report_store.h"

G_DEFINE_QUARK(kigen - decision - store - error, decision_store_error)

void decision_row_free(DecisionRow *row)
{
  if (row == NULL)
    return;
  g_free(row->product);
  g_free(row->release);
  g_free(row->organization);
  g_free(row->organization_name);
  g_free(row->serial);
  g_free(row->asset_no);
  g_free(row->controls);
  g_free(row->person);
  g_free(row->title);
  g_free(row);
}

/* Prepares `query` with $1 organization, $2 release, $3 device. */
static bool prepare_scope(Db *db, const DbQuery *query, const DecisionEntry *entry,
                          DbStatement **ret_statement, GError **error)
{
  if (!db_prepare(db, query, ret_statement, error))
    return false;
  db_bind_int(*ret_statement, 1, entry->organization);
  db_bind_int(*ret_statement, 2, entry->release);
  db_bind_int(*ret_statement, 3, entry->device);
  return true;
}

/* Of what somebody else uses it says what it says of what there is not. */
static bool check_held(Db *db, const DecisionEntry *entry, GError **error)
{
  static const DbQuery query = {
    "SELECT 1 WHERE CASE WHEN $3 = 0 THEN EXISTS (SELECT 1 FROM holding h WHERE h.organization = $1"
    "  AND h.release = $2 AND h.role = 'user' AND h.count > 0)"
    " ELSE EXISTS (SELECT 1 FROM device v WHERE v.id = $3 AND v.organization = $1 AND v.status NOT IN"
    "  ('disposed', 'transferred') AND (v.release = $2 OR v.software_release = $2)) END"
  };
  DbStatement *statement;
  bool row;

  if (!prepare_scope(db, &query, entry, &statement, error) || !db_step(statement, &row, error))
    return false;
  db_reset(statement);
  if (!row)
    g_set_error_literal(error, DECISION_STORE_ERROR, DECISION_STORE_ERROR_HELD,
                        "the organization does not use that (any more)");
  return row;
}

/* The last decision of the scope, where it says the same; 0 otherwise. */
static bool find_same(Db *db, const DecisionEntry *entry, const char *replace_by, gint64 *ret_id,
                      GError **error)
{
  static const DbQuery query = {
    "SELECT d.id, d.kind, d.replace_by, d.controls, d.person, d.title FROM decision d WHERE d.organization = "
    "$1"
    " AND d.release = $2 AND coalesce(d.device, 0) = $3 ORDER BY d.id DESC LIMIT 1"
  };
  DbStatement *statement;
  bool row;

  if (!prepare_scope(db, &query, entry, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_id = row && strcmp(db_text(statement, 1), decision_kind_key(entry->kind)) == 0 &&
                    g_strcmp0(db_text(statement, 2), replace_by) == 0 &&
                    g_strcmp0(db_text(statement, 3), entry->controls) == 0 &&
                    g_strcmp0(db_text(statement, 4), entry->person) == 0 &&
                    g_strcmp0(db_text(statement, 5), entry->title) == 0
                ? db_int(statement, 0)
                : 0;
  db_reset(statement);
  return true;
}

static bool insert(Db *db, const AuditContext *context, const DecisionEntry *entry, const char *replace_by,
                   gint64 *ret_id, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO decision (organization, release, device, kind, replace_by, controls, person, title, day, at)"
    " VALUES ($1, $2, nullif($3, 0), $4, $5, $6, $7, $8, $9, $10)"
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!prepare_scope(db, &query, entry, &statement, error))
    return false;
  db_bind_text(statement, 4, decision_kind_key(entry->kind));
  db_bind_text(statement, 5, replace_by);
  db_bind_text(statement, 6, entry->controls);
  db_bind_text(statement, 7, entry->person);
  db_bind_text(statement, 8, entry->title);
  db_bind_text(statement, 9, day_format(context->today, day));
  db_bind_text(statement, 10, context->now);
  if (!db_run(statement, error))
    return false;
  *ret_id = db_last_id(db);
  return true;
}

#define SELECT                                                                                               \
  "SELECT p.code, r.name, g.code, g.name_ja, d.id, d.release, coalesce(d.device, 0), coalesce(v.serial, "    \
  "v.lot),"                                                                                                  \
  " v.asset_no, CASE WHEN d.device IS NULL THEN coalesce((SELECT h.count FROM holding h WHERE h.release = "  \
  "d.release"                                                                                                \
  "  AND h.organization = d.organization AND h.role = 'user'), 0)"                                           \
  "  WHEN v.organization = d.organization AND v.status NOT IN ('disposed', 'transferred') THEN v.quantity "  \
  "ELSE 0 END,"                                                                                              \
  " d.kind, d.replace_by, d.controls, d.person, d.title, d.day,"                                             \
  " NOT EXISTS (SELECT 1 FROM decision n WHERE n.organization = d.organization AND n.release = d.release"    \
  "  AND coalesce(n.device, 0) = coalesce(d.device, 0) AND n.id > d.id) FROM decision d"                     \
  " JOIN release r ON r.id = d.release JOIN product p ON p.id = r.product"                                   \
  " JOIN organization g ON g.id = d.organization LEFT JOIN device v ON v.id = d.device"

static DecisionRow *read_row(DbStatement *statement)
{
  DecisionRow *row = g_new0(DecisionRow, 1);

  row->product = db_dup_text(statement, 0);
  row->release = db_dup_text(statement, 1);
  row->organization = db_dup_text(statement, 2);
  row->organization_name = db_dup_text(statement, 3);
  row->id = db_int(statement, 4);
  row->release_id = db_int(statement, 5);
  row->device = db_int(statement, 6);
  row->serial = db_dup_text(statement, 7);
  row->asset_no = db_dup_text(statement, 8);
  row->units = db_int(statement, 9);
  /* A CHECK holds each of them; what another program broke is shown as what it is next to. */
  if (!decision_kind_parse(db_text(statement, 10), &row->kind))
    row->kind = DECISION_CONTINUE;
  row->replace_by = day_column_read(statement, 11);
  row->controls = db_dup_text(statement, 12);
  row->person = db_dup_text(statement, 13);
  row->title = db_dup_text(statement, 14);
  row->day = day_column_read(statement, 15);
  row->in_force = db_int(statement, 16) != 0 && row->units > 0;
  return row;
}

static bool load(Db *db, gint64 id, DecisionRow **ret_row, GError **error)
{
  static const DbQuery query = { SELECT " WHERE d.id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  g_assert(row);
  *ret_row = read_row(statement);
  db_reset(statement);
  return true;
}

static void put(json_t *object, const char *key, const char *text)
{
  if (text != NULL)
    json_object_set_new(object, key, json_string(text));
}

static bool append_audit(Db *db, const AuditContext *context, gint64 id, const char *replace_by,
                         GError **error)
{
  g_autoptr(DecisionRow) row = NULL;

  if (!load(db, id, &row, error))
    return false;

  g_autofree char *what = g_strconcat(row->product, "/", row->release, NULL);
  json_t *payload =
      json_pack("{s:I, s:s, s:s, s:s, s:s}", "decision", (json_int_t)id, "what", what, "organization",
                row->organization, "kind", decision_kind_key(row->kind), "person", row->person);

  put(payload, "title", row->title);
  put(payload, "serial", row->serial);
  put(payload, "replace_by", replace_by);
  put(payload, "controls", row->controls);

  char *dumped = json_dumps(payload, JSON_PRESERVE_ORDER);
  bool done = audit_append(db, context, "decision.add", dumped, error);

  free(dumped);
  json_decref(payload);
  return done;
}

bool decision_store_add(Db *db, const AuditContext *context, const DecisionEntry *entry, gint64 *ret_id,
                        GError **error)
{
  char text[DAY_TEXT_SIZE];
  const char *replace_by = entry->kind == DECISION_REPLACE ? day_format(entry->replace_by, text) : NULL;
  gint64 id = 0;

  if (!check_held(db, entry, error) || !find_same(db, entry, replace_by, &id, error))
    return false;
  if (id == 0 && (!insert(db, context, entry, replace_by, &id, error) ||
                  !append_audit(db, context, id, replace_by, error)))
    return false;
  *ret_id = id;
  return true;
}

bool decision_store_list(Db *db, gint64 organization, const char *pattern, bool history, GPtrArray **ret_rows,
                         GError **error)
{
  static const DbQuery query = { SELECT " WHERE " RELEASE_PATTERN_SQL " AND ($2 = 0 OR d.organization = $2)"
                                        " ORDER BY g.code, p.code, r.name, coalesce(d.device, 0), d.id" };
  g_autoptr(ReleasePattern) meant = release_pattern_new(pattern);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)decision_row_free);
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  release_pattern_bind(meant, statement);
  db_bind_int(statement, 2, organization);
  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    g_autoptr(DecisionRow) row = read_row(statement);

    if ((history || row->in_force) && release_pattern_matches(meant, row->product, row->release))
      g_ptr_array_add(rows, g_steal_pointer(&row));
    if (!db_step(statement, &more, error))
      return false;
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}
