#include "db/document_store.h"

#include "db/release_pattern.h"
#include "planner/conformity.h"
#include "planner/limited_support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

void document_target_free(DocumentTarget *target)
{
  if (target == NULL) {
    return;
  }
  g_free(target->product_code);
  g_free(target->release_name);
  g_free(target);
}

void document_row_free(DocumentRow *row)
{
  if (row == NULL) {
    return;
  }
  document_target_free(row->target);
  g_free(row->item);
  g_free(row->document);
  g_free(row->title);
  g_free(row->changed_by);
  g_free(row);
}

/* The target in columns 0 to 3: product, release, their names. */
static DocumentTarget *read_target(DbStatement *statement)
{
  DocumentTarget *target = g_new0(DocumentTarget, 1);

  target->product = db_int(statement, 0);
  target->release = db_int(statement, 1);
  target->product_code = db_dup_text(statement, 2);
  target->release_name = db_dup_text(statement, 3);
  return target;
}

static bool add_targets(Db *db, const DbQuery *query, const ReleasePattern *pattern, GPtrArray *targets,
                        GError **error)
{
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, query, &statement, error)) {
    return false;
  }
  release_pattern_bind(pattern, statement);
  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    if (release_pattern_matches(pattern, db_text(statement, 2), db_text(statement, 3))) {
      g_ptr_array_add(targets, read_target(statement));
    }
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  return true;
}

bool document_store_targets(Db *db, const char *word, GPtrArray **ret_targets, GError **error)
{
  static const DbQuery products = { "SELECT p.id, 0, p.code, NULL FROM product p"
                                    " WHERE ($1 IS NULL OR p.code = $1) ORDER BY p.code" };
  static const DbQuery releases = { "SELECT p.id, r.id, p.code, r.name FROM release r JOIN product p"
                                    " ON p.id = r.product WHERE ($1 IS NULL OR p.code || '/' || r.name = $1)"
                                    " ORDER BY p.code, r.name" };
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func((GDestroyNotify)document_target_free);
  g_autoptr(ReleasePattern) pattern = release_pattern_new(word);

  if (!add_targets(db, &products, pattern, targets, error)) {
    return false;
  }
  if (targets->len == 0 && strchr(word, '/') != NULL &&
      !add_targets(db, &releases, pattern, targets, error)) {
    return false;
  }
  *ret_targets = g_steal_pointer(&targets);
  return true;
}

/* {"document", "title"}, or null without a document. */
static json_t *named_json(const char *document, const char *title)
{
  return document != NULL ? json_pack("{s:s, s:s?}", "document", document, "title", title) : json_null();
}

static bool append_audit(Db *db, const AuditContext *context, const DocumentTarget *target, const char *item,
                         json_t *from, json_t *to, const char *reason, GError **error)
{
  g_autofree char *what = target->release_name == NULL
                              ? g_strdup(target->product_code)
                              : g_strconcat(target->product_code, "/", target->release_name, NULL);
  bool removes = json_is_null(to);
  g_autoptr(json_t) payload = json_pack("{s:s, s:s, s:o, s:o, s:s?}", "what", what, "item", item, "from",
                                        from, "to", to, "why", reason);

  if (payload == NULL) {
    g_set_error(error, DB_ERROR, DB_ERROR_FAILED, "a document of %s is not valid UTF-8", what);
    return false;
  }
  char *text = json_dumps(payload, JSON_COMPACT);
  bool done = audit_append(db, context, removes ? "document.remove" : "document.set", text, error);

  free(text);
  return done;
}

/* A query with product $1, release $2 (0 for the product) and item $3 bound. */
static bool prepare(Db *db, const DbQuery *query, const DocumentTarget *target, const char *item,
                    DbStatement **ret_statement, GError **error)
{
  if (!db_prepare(db, query, ret_statement, error)) {
    return false;
  }
  db_bind_int(*ret_statement, 1, target->product);
  db_bind_int(*ret_statement, 2, target->release);
  db_bind_text(*ret_statement, 3, item);
  return true;
}

#define THE_ROW "product = $1 AND coalesce(release, 0) = $2 AND item = $3"

/* What is stored now: NULL for nothing. */
static bool load(Db *db, const DocumentTarget *target, const char *item, char **ret_document,
                 char **ret_title, GError **error)
{
  static const DbQuery query = { "SELECT document, title FROM document WHERE " THE_ROW };
  DbStatement *statement;
  bool found;

  if (!prepare(db, &query, target, item, &statement, error) || !db_step(statement, &found, error)) {
    return false;
  }
  *ret_document = found ? db_dup_text(statement, 0) : NULL;
  *ret_title = found ? db_dup_text(statement, 1) : NULL;
  db_reset(statement);
  return true;
}

static bool put(Db *db, const AuditContext *context, const DocumentTarget *target, const char *item,
                const char *document, const char *title, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO document (product, release, item, document, title, changed_by, changed_on)"
    " VALUES ($1, nullif($2, 0), $3, $4, $5, $6, $7) ON CONFLICT (product, coalesce(release, 0), item)"
    " DO UPDATE SET document = excluded.document, title = excluded.title, changed_by = excluded.changed_by,"
    "  changed_on = excluded.changed_on"
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!prepare(db, &query, target, item, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 4, document);
  db_bind_text(statement, 5, title);
  db_bind_text(statement, 6, context->actor);
  db_bind_text(statement, 7, day_format(context->today, day));
  return db_run(statement, error);
}

static bool withdraw(Db *db, const DocumentTarget *target, const char *item, GError **error)
{
  static const DbQuery query = { "DELETE FROM document WHERE " THE_ROW };
  DbStatement *statement;

  return prepare(db, &query, target, item, &statement, error) && db_run(statement, error);
}

bool document_store_set(Db *db, const AuditContext *context, const DocumentTarget *target, const char *item,
                        const char *document, const char *title, const char *reason, bool *ret_changed,
                        GError **error)
{
  g_autofree char *was = NULL, *was_title = NULL;

  if (!load(db, target, item, &was, &was_title, error)) {
    return false;
  }
  bool same = g_strcmp0(was, document) == 0;

  if (title == NULL && same) {
    title = was_title;
  }
  bool changed = !same || g_strcmp0(was_title, title) != 0;

  if (changed) {
    bool written = document != NULL ? put(db, context, target, item, document, title, error)
                                    : withdraw(db, target, item, error);

    if (!written || !append_audit(db, context, target, item, named_json(was, was_title),
                                  named_json(document, title), reason, error)) {
      return false;
    }
  }
  *ret_changed = changed;
  return true;
}

static DocumentRow *read_row(DbStatement *statement)
{
  DocumentRow *row = g_new0(DocumentRow, 1);

  row->target = read_target(statement);
  row->item = db_dup_text(statement, 4);
  row->document = db_dup_text(statement, 5);
  row->title = db_dup_text(statement, 6);
  row->changed_by = db_dup_text(statement, 7);
  if (!day_parse(db_text(statement, 8), &row->changed_on)) {
    row->changed_on = DAY_NONE;
  }
  return row;
}

bool document_store_list(Db *db, const char *word, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = {
    "SELECT p.id, coalesce(r.id, 0), p.code, r.name, d.item, d.document, d.title, d.changed_by, d.changed_on"
    " FROM document d JOIN product p ON p.id = d.product LEFT JOIN release r ON r.id = d.release"
    " WHERE " RELEASE_PATTERN_SQL " ORDER BY p.code, r.name IS NOT NULL, r.name, d.item"
  };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)document_row_free);
  g_autoptr(ReleasePattern) pattern = release_pattern_new(word);
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  release_pattern_bind(pattern, statement);
  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    if (release_pattern_matches(pattern, db_text(statement, 2), db_text(statement, 3))) {
      g_ptr_array_add(rows, read_row(statement));
    }
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

/* The bit of the item of the present row (item, document, whether it is the release's own), if it counts. */
static guint32 named_bit(DbStatement *statement)
{
  int place = conformity_find(db_text(statement, 0));
  gsize n;
  const ConformityItem *items = conformity_table(&n);

  if (place < 0 || (items[place].per_release && db_int(statement, 2) == 0) ||
      !limited_support_doc_counts(db_text(statement, 1))) {
    return 0;
  }
  return 1u << place;
}

bool document_store_named(Db *db, gint64 release, guint32 *ret_items, GError **error)
{
  static const DbQuery query = { "SELECT d.item, d.document, d.release IS NOT NULL FROM release r"
                                 " JOIN document d ON d.product = r.product"
                                 " AND coalesce(d.release, 0) IN (0, r.id) WHERE r.id = $1" };
  DbStatement *statement;
  guint32 items = 0;
  bool more;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    items |= named_bit(statement);
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  *ret_items = items;
  return true;
}
