#include "db/page_store.h"

#include <jansson.h>

#include "db/feed_store.h"
#include "db/token_row.h"

#define PAGE_COLUMNS "p.id, p.created_at, p.revoked_at"

GQuark page_store_error_quark(void)
{
  return g_quark_from_static_string("page-store-error");
}

static void organization_free(gpointer data)
{
  PageOrganization *organization = data;

  g_free(organization->code);
  g_free(organization->name_ja);
  g_free(organization->name_en);
  g_free(organization->language);
  g_free(organization);
}

static PageRow *row_new(void)
{
  PageRow *row = g_new0(PageRow, 1);

  row->organizations = g_ptr_array_new_with_free_func(organization_free);
  return row;
}

void page_row_free(PageRow *row)
{
  if (row == NULL)
    return;
  g_free(row->created_at);
  g_free(row->revoked_at);
  g_ptr_array_unref(row->organizations);
  g_free(row);
}

/* From a row of PAGE_COLUMNS. */
static PageRow *read_row(DbStatement *statement)
{
  PageRow *row = row_new();

  row->id = db_int(statement, 0);
  row->created_at = db_dup_text(statement, 1);
  row->revoked_at = db_dup_text(statement, 2);
  return row;
}

static bool load_organizations(Db *db, PageRow *row, GError **error)
{
  static const DbQuery query = {
    "SELECT o.id, o.code, o.name_ja, o.name_en, o.language FROM page_organization x"
    " JOIN organization o ON o.id = x.organization WHERE x.page = $1 ORDER BY o.code"
  };
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  for (;;) {
    if (!db_step(statement, &more, error))
      return false;
    if (!more)
      return true;

    PageOrganization *organization = g_new0(PageOrganization, 1);

    organization->id = db_int(statement, 0);
    organization->code = db_dup_text(statement, 1);
    organization->name_ja = db_dup_text(statement, 2);
    organization->name_en = db_dup_text(statement, 3);
    organization->language = db_dup_text(statement, 4);
    g_ptr_array_add(row->organizations, organization);
  }
}

static bool find_organization(Db *db, const char *code, gint64 *ret_id, GError **error)
{
  static const DbQuery query = { "SELECT id FROM organization WHERE code = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, code);
  if (!db_step(statement, &row, error))
    return false;
  if (!row) {
    g_set_error(error, PAGE_STORE_ERROR, PAGE_STORE_ERROR_ORGANIZATION,
                "no organization '%s': its code stands in the column 'organization' of organizations.csv",
                code);
    return false;
  }
  *ret_id = db_int(statement, 0);
  db_reset(statement);
  return true;
}

static bool audit_page(Db *db, const AuditContext *context, const char *action, const PageRow *row,
                       GError **error)
{
  json_t *codes = json_array();

  for (guint i = 0; i < row->organizations->len; i++)
    json_array_append_new(codes, json_string(((PageOrganization *)row->organizations->pdata[i])->code));

  json_t *payload = json_pack("{s:I, s:o}", "page", (json_int_t)row->id, "organizations", codes);
  char *text = json_dumps(payload, JSON_COMPACT | JSON_SORT_KEYS);
  bool done = audit_append(db, context, action, text, error);

  free(text);
  json_decref(payload);
  return done;
}

static const DbQuery next_id = { "SELECT coalesce(max(id), 0) + 1 FROM page" };

static bool insert_page(Db *db, const AuditContext *context, gint64 id, const char *token, GError **error)
{
  static const DbQuery query = { "INSERT INTO page (id, token_hash, created_at) VALUES ($1, $2, $3)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  token_row_bind(statement, 2, token);
  db_bind_text(statement, 3, context->now);
  return db_run(statement, error);
}

static bool insert_organization(Db *db, gint64 page, gint64 organization, GError **error)
{
  static const DbQuery query = { "INSERT INTO page_organization (page, organization) VALUES ($1, $2)"
                                 " ON CONFLICT DO NOTHING" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, page);
  db_bind_int(statement, 2, organization);
  return db_run(statement, error);
}

/* The row of a new page, without organizations yet. */
static bool begin_page(Db *db, const AuditContext *context, const LinkKey *key, PageRow *row,
                       char **ret_token, GError **error)
{
  if (!token_row_next(db, &next_id, &row->id, error))
    return false;

  g_autofree char *token = link_key_token(key, LINK_PAGE, row->id, context->now);

  if (!insert_page(db, context, row->id, token, error))
    return false;
  *ret_token = g_steal_pointer(&token);
  return true;
}

/* In both languages, because the page is. */
static bool create_feeds(Db *db, const AuditContext *context, const LinkKey *key, const PageRow *row,
                         GError **error)
{
  static const char *const languages[] = { "ja", "en" };

  for (guint i = 0; i < row->organizations->len; i++) {
    const PageOrganization *organization = row->organizations->pdata[i];

    for (gsize j = 0; j < G_N_ELEMENTS(languages); j++) {
      const FeedTerms terms = { .language = languages[j], .page = row->id };
      g_autofree char *token = NULL;

      if (!feed_store_create(db, context, key, organization->code, &terms, &token, error))
        return false;
    }
  }
  return true;
}

bool page_store_create(Db *db, const AuditContext *context, const LinkKey *key,
                       const char *const *organizations, char **ret_token, GError **error)
{
  g_autoptr(PageRow) row = row_new();
  g_autofree char *token = NULL;

  if (organizations[0] == NULL) {
    g_set_error(error, PAGE_STORE_ERROR, PAGE_STORE_ERROR_ORGANIZATION, "a page of no organization");
    return false;
  }
  if (!begin_page(db, context, key, row, &token, error))
    return false;
  for (gsize i = 0; organizations[i] != NULL; i++) {
    gint64 organization;

    if (!find_organization(db, organizations[i], &organization, error) ||
        !insert_organization(db, row->id, organization, error))
      return false;
  }
  if (!load_organizations(db, row, error) || !audit_page(db, context, "page.create", row, error) ||
      !create_feeds(db, context, key, row, error))
    return false;
  *ret_token = g_steal_pointer(&token);
  return true;
}

/* Not while the statement is read: the query of the organizations is another, but rows are many. */
static bool read_rows(Db *db, DbStatement *statement, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)page_row_free);
  bool row;

  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      break;
    g_ptr_array_add(rows, read_row(statement));
  }
  for (guint i = 0; i < rows->len; i++)
    if (!load_organizations(db, rows->pdata[i], error))
      return false;
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

bool page_store_list(Db *db, const char *organization, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery all = { "SELECT " PAGE_COLUMNS " FROM page p ORDER BY p.id" };
  static const DbQuery of_one = { "SELECT " PAGE_COLUMNS " FROM page_organization x"
                                  " JOIN page p ON p.id = x.page WHERE x.organization = $1 ORDER BY p.id" };
  DbStatement *statement;
  gint64 id = 0;

  if ((organization != NULL && !find_organization(db, organization, &id, error)) ||
      !db_prepare(db, organization != NULL ? &of_one : &all, &statement, error))
    return false;
  if (organization != NULL)
    db_bind_int(statement, 1, id);
  return read_rows(db, statement, ret_rows, error);
}

static bool load_page(Db *db, gint64 page, PageRow **ret_row, GError **error)
{
  static const DbQuery query = { "SELECT " PAGE_COLUMNS " FROM page p WHERE p.id = $1" };
  g_autoptr(GPtrArray) rows = NULL;
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, page);
  if (!read_rows(db, statement, &rows, error))
    return false;
  if (rows->len == 0 || ((PageRow *)rows->pdata[0])->revoked_at != NULL) {
    g_set_error(error, PAGE_STORE_ERROR, PAGE_STORE_ERROR_PAGE,
                rows->len > 0 ? "page %" G_GINT64_FORMAT " is revoked already" : "no page %" G_GINT64_FORMAT,
                page);
    return false;
  }
  *ret_row = g_ptr_array_steal_index(rows, 0);
  return true;
}

static bool revoke_row(Db *db, const AuditContext *context, const PageRow *row, GError **error)
{
  static const DbQuery query = { "UPDATE page SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, context->now);
  return db_run(statement, error) && audit_page(db, context, "page.revoke", row, error);
}

bool page_store_revoke(Db *db, const AuditContext *context, gint64 page, GError **error)
{
  g_autoptr(PageRow) row = NULL;

  return load_page(db, page, &row, error) && revoke_row(db, context, row, error);
}

static bool move_feeds(Db *db, gint64 from, gint64 to, GError **error)
{
  static const DbQuery query = { "UPDATE feed SET page = $2 WHERE page = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, from);
  db_bind_int(statement, 2, to);
  return db_run(statement, error);
}

bool page_store_rotate(Db *db, const AuditContext *context, const LinkKey *key, gint64 page, char **ret_token,
                       GError **error)
{
  g_autoptr(PageRow) old = NULL;
  g_autoptr(PageRow) next = row_new();
  g_autofree char *token = NULL;

  if (!load_page(db, page, &old, error) || !revoke_row(db, context, old, error) ||
      !begin_page(db, context, key, next, &token, error))
    return false;
  for (guint i = 0; i < old->organizations->len; i++)
    if (!insert_organization(db, next->id, ((PageOrganization *)old->organizations->pdata[i])->id, error))
      return false;
  if (!load_organizations(db, next, error) || !move_feeds(db, old->id, next->id, error) ||
      !audit_page(db, context, "page.create", next, error))
    return false;
  *ret_token = g_steal_pointer(&token);
  return true;
}

bool page_store_find(Db *db, const char *token, PageOutcome *ret_outcome, PageRow **ret_row, GError **error)
{
  static const DbQuery query = { "SELECT " PAGE_COLUMNS ", p.token_hash FROM page p"
                                 " WHERE p.token_hash = $1" };
  g_autoptr(PageRow) found = NULL;
  DbStatement *statement;
  bool row;

  *ret_outcome = PAGE_UNKNOWN;
  *ret_row = NULL;
  if (!link_key_token_is_wellformed(token))
    return true;
  if (!db_prepare(db, &query, &statement, error))
    return false;
  token_row_bind(statement, 1, token);
  if (!token_row_step(statement, 3, token, &row, error))
    return false;
  if (row)
    found = read_row(statement);
  db_reset(statement);
  if (found == NULL)
    return true;
  *ret_outcome = found->revoked_at == NULL ? PAGE_FOUND : PAGE_REVOKED;
  if (*ret_outcome == PAGE_REVOKED)
    return true;
  if (!load_organizations(db, found, error))
    return false;
  *ret_row = g_steal_pointer(&found);
  return true;
}
