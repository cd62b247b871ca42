#include "db/feed_store.h"

#include <jansson.h>
#include <string.h>

#include "db/change_set.h"
#include "db/token_row.h"

#define FEED_COLUMNS                                                                                         \
  "f.id, f.organization, o.code,"                                                                            \
  " CASE f.language WHEN 'en' THEN coalesce(o.name_en, o.name_ja) ELSE o.name_ja END,"                       \
  " f.language, f.created_at, f.revoked_at, coalesce(f.page, 0), f.lead_times, f.token_hash"

/* Whom a feed is for, while it is being made. */
typedef struct {
  gint64 id;
  char *code;
  char *language; /* the organization's own */
} Owner;

static void owner_clear(Owner *owner)
{
  g_free(owner->code);
  g_free(owner->language);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Owner, owner_clear)

GQuark feed_store_error_quark(void)
{
  return g_quark_from_static_string("feed-store-error");
}

void feed_row_free(FeedRow *row)
{
  if (row == NULL)
    return;
  g_free(row->organization_code);
  g_free(row->organization_name);
  g_free(row->language);
  g_free(row->created_at);
  g_free(row->revoked_at);
  g_free(row);
}

/* From a row of FEED_COLUMNS. */
static FeedRow *read_row(DbStatement *statement)
{
  FeedRow *row = g_new0(FeedRow, 1);
  gsize size;
  const void *hash = db_blob(statement, 9, &size);

  row->id = db_int(statement, 0);
  row->organization = db_int(statement, 1);
  row->organization_code = db_dup_text(statement, 2);
  row->organization_name = db_dup_text(statement, 3);
  row->language = db_dup_text(statement, 4);
  row->created_at = db_dup_text(statement, 5);
  row->revoked_at = db_dup_text(statement, 6);
  row->page = db_int(statement, 7);
  row->lead_times = db_int(statement, 8) != 0;
  if (size == sizeof row->token_hash)
    memcpy(row->token_hash, hash, size);
  return row;
}

static bool find_owner(Db *db, const char *code, Owner *ret_owner, GError **error)
{
  static const DbQuery query = { "SELECT id, code, language FROM organization WHERE code = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, code);
  if (!db_step(statement, &row, error))
    return false;
  if (!row) {
    g_set_error(error, FEED_STORE_ERROR, FEED_STORE_ERROR_ORGANIZATION,
                "no organization '%s': its code stands in the column 'organization' of organizations.csv",
                code);
    return false;
  }
  ret_owner->id = db_int(statement, 0);
  ret_owner->code = db_dup_text(statement, 1);
  ret_owner->language = db_dup_text(statement, 2);
  db_reset(statement);
  return true;
}

static bool audit_feed(Db *db, const AuditContext *context, const char *action, gint64 feed,
                       const char *organization, const char *language, GError **error)
{
  json_t *payload = json_pack("{s:I, s:s, s:s}", "feed", (json_int_t)feed, "organization", organization,
                              "language", language);
  char *text = json_dumps(payload, JSON_COMPACT | JSON_SORT_KEYS);
  bool done = audit_append(db, context, action, text, error);

  free(text);
  json_decref(payload);
  return done;
}

static const DbQuery next_id = { "SELECT coalesce(max(id), 0) + 1 FROM feed" };

static bool insert_feed(Db *db, const AuditContext *context, const Owner *owner, gint64 id,
                        const FeedTerms *terms, const char *token, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO feed (id, organization, language, token_hash, created_at, page, lead_times)"
    " VALUES ($1, $2, $3, $4, $5, nullif($6, 0), $7)"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_int(statement, 2, owner->id);
  db_bind_text(statement, 3, terms->language);
  token_row_bind(statement, 4, token);
  db_bind_text(statement, 5, context->now);
  db_bind_int(statement, 6, terms->page);
  db_bind_int(statement, 7, terms->lead_times);
  return db_run(statement, error);
}

static char *token_of(const LinkKey *key, gint64 id, const char *created_at, gint64 organization)
{
  g_autofree char *detail = g_strdup_printf("%s %" G_GINT64_FORMAT, created_at, organization);

  return link_key_token(key, LINK_FEED, id, detail);
}

char *feed_store_token(const LinkKey *key, const FeedRow *row)
{
  g_autofree char *token = token_of(key, row->id, row->created_at, row->organization);
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];

  link_key_token_hash(token, hash);
  return memcmp(hash, row->token_hash, sizeof hash) == 0 ? g_steal_pointer(&token) : NULL;
}

static bool create_for(Db *db, const AuditContext *context, const LinkKey *key, const Owner *owner,
                       const FeedTerms *terms, char **ret_token, GError **error)
{
  gint64 id;

  if (!token_row_next(db, &next_id, &id, error))
    return false;

  g_autofree char *token = token_of(key, id, context->now, owner->id);

  if (!insert_feed(db, context, owner, id, terms, token, error) ||
      !audit_feed(db, context, "feed.create", id, owner->code, terms->language, error))
    return false;
  *ret_token = g_steal_pointer(&token);
  return true;
}

bool feed_store_create(Db *db, const AuditContext *context, const LinkKey *key, const char *organization,
                       const FeedTerms *terms, char **ret_token, GError **error)
{
  g_auto(Owner) owner = { 0 };
  FeedTerms full = *terms;

  if (full.language != NULL && !g_str_equal(full.language, "ja") && !g_str_equal(full.language, "en")) {
    g_set_error(error, FEED_STORE_ERROR, FEED_STORE_ERROR_LANGUAGE, "no feed in '%s': write ja or en",
                full.language);
    return false;
  }
  if (!find_owner(db, organization, &owner, error))
    return false;
  if (full.language == NULL)
    full.language = owner.language;
  return create_for(db, context, key, &owner, &full, ret_token, error);
}

static bool read_rows(DbStatement *statement, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)feed_row_free);
  bool row;

  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      break;
    g_ptr_array_add(rows, read_row(statement));
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

bool feed_store_list(Db *db, const char *organization, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { "SELECT " FEED_COLUMNS
                                 " FROM feed f JOIN organization o ON o.id = f.organization"
                                 " WHERE $1 = 0 OR f.organization = $1 ORDER BY o.code, f.id" };
  g_auto(Owner) owner = { 0 };
  DbStatement *statement;

  if (organization != NULL && !find_owner(db, organization, &owner, error))
    return false;
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, owner.id);
  return read_rows(statement, ret_rows, error);
}

bool feed_store_list_page(Db *db, gint64 page, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { "SELECT " FEED_COLUMNS
                                 " FROM feed f JOIN organization o ON o.id = f.organization"
                                 " WHERE f.page = $1 AND f.revoked_at IS NULL"
                                 " ORDER BY f.organization, f.language, f.id" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, page);
  return read_rows(statement, ret_rows, error);
}

bool feed_store_count(Db *db, gint64 *ret_feeds, GError **error)
{
  static const DbQuery query = { "SELECT count(*) FROM feed WHERE revoked_at IS NULL" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_feeds = db_int(statement, 0);
  db_reset(statement);
  return true;
}

static bool load_feed(Db *db, gint64 feed, FeedRow **ret_row, GError **error)
{
  static const DbQuery query = {
    "SELECT " FEED_COLUMNS " FROM feed f JOIN organization o ON o.id = f.organization WHERE f.id = $1"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, feed);
  if (!db_step(statement, &row, error))
    return false;
  if (!row || !db_is_null(statement, 6)) {
    g_set_error(error, FEED_STORE_ERROR, FEED_STORE_ERROR_FEED,
                row ? "feed %" G_GINT64_FORMAT " is revoked already" : "no feed %" G_GINT64_FORMAT, feed);
    db_reset(statement);
    return false;
  }
  *ret_row = read_row(statement);
  db_reset(statement);
  return true;
}

static bool revoke_row(Db *db, const AuditContext *context, const FeedRow *row, GError **error)
{
  static const DbQuery query = { "UPDATE feed SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, context->now);
  return db_run(statement, error) &&
         audit_feed(db, context, "feed.revoke", row->id, row->organization_code, row->language, error) &&
         change_set_bump(db, CHANGE_FEED, row->id, error);
}

bool feed_store_revoke(Db *db, const AuditContext *context, gint64 feed, GError **error)
{
  g_autoptr(FeedRow) row = NULL;

  return load_feed(db, feed, &row, error) && revoke_row(db, context, row, error);
}

bool feed_store_rotate(Db *db, const AuditContext *context, const LinkKey *key, gint64 feed, char **ret_token,
                       GError **error)
{
  g_autoptr(FeedRow) row = NULL;

  if (!load_feed(db, feed, &row, error) || !revoke_row(db, context, row, error))
    return false;

  const Owner owner = { row->organization, row->organization_code, row->language };
  const FeedTerms terms = { row->language, row->lead_times, row->page };

  return create_for(db, context, key, &owner, &terms, ret_token, error);
}

bool feed_store_find(Db *db, const char *token, FeedOutcome *ret_outcome, FeedRow **ret_row, GError **error)
{
  static const DbQuery query = { "SELECT " FEED_COLUMNS
                                 " FROM feed f JOIN organization o ON o.id = f.organization"
                                 " WHERE f.token_hash = $1" };
  DbStatement *statement;
  bool row = false;

  if (!link_key_token_is_wellformed(token)) {
    *ret_outcome = FEED_UNKNOWN;
    *ret_row = NULL;
    return true;
  }
  if (!db_prepare(db, &query, &statement, error))
    return false;
  token_row_bind(statement, 1, token);
  if (!token_row_step(statement, 9, token, &row, error))
    return false;
  *ret_outcome = FEED_UNKNOWN;
  *ret_row = NULL;
  if (row) {
    *ret_outcome = db_is_null(statement, 6) ? FEED_FOUND : FEED_REVOKED;
    *ret_row = *ret_outcome == FEED_FOUND ? read_row(statement) : NULL;
  }
  db_reset(statement);
  return true;
}
