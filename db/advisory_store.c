#include "db/advisory_store.h"

#include "db/advisory_event_store.h"
#include "db/day_column.h"

#include <string.h>

G_DEFINE_QUARK(kigen - advisory - store - error, advisory_store_error)

#define TEXT_COLUMNS                                                                                         \
  "title_ja, title_en, action_ja, action_en, body_ja, body_en, csaf_url, csaf_reference, component, "        \
  "supplier, component_eol, component_eos, stage, market"
#define COLUMNS                                                                                              \
  "SELECT id, number, revision, kind, state, reason, author, approved_by, approved_on, published_by,"        \
  " published_on, withdrawn_by, withdrawn_on, withdrawn_reason, " TEXT_COLUMNS " FROM advisory a "
#define FIRST_TEXT 14
/* Of the revisions of a number the one that counts: what is open, else what is in force, else the last. */
#define COUNTS_FIRST(a)                                                                                      \
  " ORDER BY " a ".state IN ('draft', 'approved') DESC, " a ".state = 'published' DESC, " a                  \
  ".revision DESC LIMIT 1"

void advisory_row_free(AdvisoryRow *row)
{
  if (row == NULL)
    return;
  g_free(row->number);
  g_free(row->state);
  advisory_free(row->content);
  g_free(row->reason);
  g_free(row->author);
  g_free(row->approved_by);
  g_free(row->published_by);
  g_free(row->withdrawn_by);
  g_free(row->withdrawn_reason);
  g_free(row);
}

/* Without its releases. */
static bool read_row(DbStatement *statement, AdvisoryRow **ret_row, GError **error)
{
  g_autoptr(AdvisoryRow) row = g_new0(AdvisoryRow, 1);
  NoticeKind kind;

  if (!notice_kind_parse(db_text(statement, 3), &kind) || !advisory_is_kind(kind)) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "advisory: '%s' is no kind", db_text(statement, 3));
    return false;
  }
  row->id = db_int(statement, 0);
  row->number = db_dup_text(statement, 1);
  row->revision = (int)db_int(statement, 2);
  row->state = db_dup_text(statement, 4);
  row->reason = db_dup_text(statement, 5);
  row->author = db_dup_text(statement, 6);
  row->approved_by = db_dup_text(statement, 7);
  row->approved_on = day_column_read(statement, 8);
  row->published_by = db_dup_text(statement, 9);
  row->published_on = day_column_read(statement, 10);
  row->withdrawn_by = db_dup_text(statement, 11);
  row->withdrawn_on = day_column_read(statement, 12);
  row->withdrawn_reason = db_dup_text(statement, 13);
  row->content = advisory_new(kind);
  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    advisory_set(row->content, (AdvisoryField)i, db_text(statement, FIRST_TEXT + i));
  *ret_row = g_steal_pointer(&row);
  return true;
}

static bool read_releases(Db *db, AdvisoryRow *row, GError **error)
{
  static const DbQuery query = { "SELECT p.code || '/' || r.name FROM advisory_release x"
                                 " JOIN release r ON r.id = x.release JOIN product p ON p.id = r.product"
                                 " WHERE x.advisory = $1" };
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    advisory_add_release(row->content, db_text(statement, 0));
    if (!db_step(statement, &more, error))
      return false;
  }
  return true;
}

/* Every row of `statement` (bound). */
static bool read_all(Db *db, DbStatement *statement, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)advisory_row_free);
  bool more;

  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    AdvisoryRow *row = NULL;

    if (!read_row(statement, &row, error)) {
      db_reset(statement);
      return false;
    }
    g_ptr_array_add(rows, row);
    if (!db_step(statement, &more, error))
      return false;
  }
  for (guint i = 0; i < rows->len; i++)
    if (!read_releases(db, rows->pdata[i], error))
      return false;
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

/* The first row of `statement` (bound), or NULL. */
static bool read_one(Db *db, DbStatement *statement, AdvisoryRow **ret_row, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!read_all(db, statement, &rows, error))
    return false;
  *ret_row = rows->len > 0 ? g_steal_pointer(&rows->pdata[0]) : NULL;
  return true;
}

bool advisory_store_list(Db *db, AdvisoryWhich which, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery queries[] = {
    [ADVISORY_LATEST] = { COLUMNS
                          "WHERE a.id = (SELECT b.id FROM advisory b WHERE b.serial = a.serial" COUNTS_FIRST(
                              "b") ") ORDER BY a.serial" },
    [ADVISORY_EVERY] = { COLUMNS "ORDER BY a.serial, a.revision" },
    [ADVISORY_IN_FORCE] = { COLUMNS "WHERE a.state = 'published' ORDER BY a.serial" },
  };
  DbStatement *statement;

  return db_prepare(db, &queries[which], &statement, error) && read_all(db, statement, ret_rows, error);
}

bool advisory_store_load(Db *db, gint64 id, AdvisoryRow **ret_row, GError **error)
{
  static const DbQuery query = { COLUMNS "WHERE a.id = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  return read_one(db, statement, ret_row, error);
}

bool advisory_store_find(Db *db, const char *number, int revision, AdvisoryRow **ret_row, GError **error)
{
  static const DbQuery query = { COLUMNS
                                 "WHERE a.number = $1 AND ($2 = 0 OR a.revision = $2)" COUNTS_FIRST("a") };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, number);
  db_bind_int(statement, 2, revision);
  return read_one(db, statement, ret_row, error);
}

bool advisory_store_before(Db *db, const AdvisoryRow *row, AdvisoryRow **ret_before, GError **error)
{
  static const DbQuery query = { COLUMNS "WHERE a.number = $1 AND a.revision < $2"
                                         " AND a.published_on IS NOT NULL ORDER BY a.revision DESC LIMIT 1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, row->number);
  db_bind_int(statement, 2, row->revision);
  return read_one(db, statement, ret_before, error);
}

static void bind_texts(DbStatement *statement, int first, const Advisory *content)
{
  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    db_bind_text(statement, first + i, content->text[i]);
}

/* The first revision of the next number: "KG-A0012". */
static bool insert_number(Db *db, const AuditContext *context, const Advisory *content, const char *reason,
                          gint64 *ret_id, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO advisory (serial, number, revision, kind, state, reason, author, created_at, " TEXT_COLUMNS
    ") SELECT t.serial, t.series || '-A' || CASE WHEN t.serial < 10000 THEN substr('000' || t.serial, -4)"
    "   ELSE t.serial || '' END, 1, $1, 'draft', $2, $3, $4,"
    " $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18 FROM (SELECT"
    "   (SELECT coalesce(max(serial), 0) + 1 FROM advisory) AS serial,"
    "   coalesce((SELECT value FROM maker WHERE field = 'document_series'), '" ADVISORY_SERIES
    "') AS series) t"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, notice_kind_key(content->kind));
  db_bind_text(statement, 2, reason);
  db_bind_text(statement, 3, context->actor);
  db_bind_text(statement, 4, context->now);
  bind_texts(statement, 5, content);
  if (!db_run(statement, error))
    return false;
  *ret_id = db_last_id(db);
  return true;
}

static bool insert_revision(Db *db, const AuditContext *context, const AdvisoryRow *row,
                            const Advisory *content, const char *reason, gint64 *ret_id, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO advisory (serial, number, revision, kind, state, reason, author, created_at, " TEXT_COLUMNS
    ") SELECT serial, number, (SELECT max(b.revision) + 1 FROM advisory b WHERE b.serial = a.serial), kind,"
    " 'draft', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18 FROM advisory a "
    "WHERE a.id = $1"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, reason);
  db_bind_text(statement, 3, context->actor);
  db_bind_text(statement, 4, context->now);
  bind_texts(statement, 5, content);
  if (!db_run(statement, error))
    return false;
  *ret_id = db_last_id(db);
  return true;
}

static bool update(Db *db, const AdvisoryRow *row, const Advisory *content, const char *reason,
                   GError **error)
{
  static const DbQuery query = {
    "UPDATE advisory SET state = 'draft', approved_by = NULL, approved_on = NULL,"
    " reason = coalesce($2, reason), title_ja = $3, title_en = $4, action_ja = $5, action_en = $6,"
    " body_ja = $7, body_en = $8, csaf_url = $9, csaf_reference = $10, component = $11, supplier = $12,"
    " component_eol = $13, component_eos = $14, stage = $15, market = $16 WHERE id = $1"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, reason);
  bind_texts(statement, 3, content);
  return db_run(statement, error);
}

static bool clear_releases(Db *db, gint64 id, GError **error)
{
  static const DbQuery query = { "DELETE FROM advisory_release WHERE advisory = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  return db_run(statement, error);
}

static bool put_release(Db *db, gint64 id, const char *release, GError **error)
{
  static const DbQuery query = { "INSERT INTO advisory_release (advisory, release) SELECT $1, r.id"
                                 " FROM release r JOIN product p ON p.id = r.product"
                                 " WHERE p.code || '/' || r.name = $2" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, release);
  if (!db_run(statement, error))
    return false;
  if (db_changes(db) == 1)
    return true;
  g_set_error(error, ADVISORY_STORE_ERROR, ADVISORY_STORE_ERROR_RELEASE, "%s is no release of the store",
              release);
  return false;
}

static bool put_releases(Db *db, gint64 id, const Advisory *content, GError **error)
{
  if (!clear_releases(db, id, error))
    return false;
  for (guint i = 0; i < content->releases->len; i++)
    if (!put_release(db, id, content->releases->pdata[i], error))
      return false;
  return true;
}

static bool put(Db *db, const AuditContext *context, const AdvisoryRow *row, const Advisory *content,
                const char *reason, gint64 *ret_id, GError **error)
{
  AdvisoryState state;

  if (row == NULL)
    return insert_number(db, context, content, reason, ret_id, error);
  if (!advisory_state_parse(row->state, &state) || state == ADVISORY_WITHDRAWN ||
      state == ADVISORY_SUPERSEDED) {
    g_set_error(error, ADVISORY_STORE_ERROR, ADVISORY_STORE_ERROR_STATE, "%s, revision %d, is %s: %s",
                row->number, row->revision, row->state, advisory_life_remedy(state, ADVISORY_SET));
    return false;
  }
  if (!advisory_state_is_open(state))
    return insert_revision(db, context, row, content, reason, ret_id, error);
  *ret_id = row->id;
  return update(db, row, content, reason, error);
}

bool advisory_store_put_draft(Db *db, const AuditContext *context, const AdvisoryRow *row,
                              const Advisory *content, const char *reason, gint64 *ret_id, bool *ret_changed,
                              GError **error)
{
  AdvisoryEventWords words = { .event = ADVISORY_SET, .reason = reason };
  g_autoptr(AdvisoryRow) draft = NULL;
  gint64 id = 0;

  g_assert(advisory_problem(content) == NULL && (row == NULL || row->content->kind == content->kind));
  if (row != NULL && advisory_equal(row->content, content)) {
    *ret_id = row->id;
    *ret_changed = false;
    return true;
  }
  if (!put(db, context, row, content, reason, &id, error) || !put_releases(db, id, content, error) ||
      !advisory_store_load(db, id, &draft, error) ||
      !advisory_event_add(db, context, draft, row != NULL ? row->content : NULL, &words, error))
    return false;
  *ret_id = id;
  *ret_changed = true;
  return true;
}
