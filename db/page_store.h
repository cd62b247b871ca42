#ifndef KIGEN_DB_PAGE_STORE_H
#define KIGEN_DB_PAGE_STORE_H

/* Pages handed out: which organizations each shows, under which token. Somebody may serve several hospitals:
 * one page, on which each stands apart. As of feeds (db/feed_store.h) the store keeps no token, only its
 * hash. With a page come feeds that it offers, one for each organization and language, whose addresses it can
 * show because their tokens are made again from row and key. */

#include "db/audit.h"
#include "db/link_key.h"

#define PAGE_STORE_ERROR (page_store_error_quark())
typedef enum {
  PAGE_STORE_ERROR_ORGANIZATION, /* no organization of that code, or none at all */
  PAGE_STORE_ERROR_PAGE          /* no such page, or it is revoked */
} PageStoreError;
GQuark page_store_error_quark(void);

/* One that a page shows. */
typedef struct {
  gint64 id; /* row id */
  char *code;
  char *name_ja, *name_en; /* the latter may be NULL */
  char *language;          /* "ja" or "en": its own */
} PageOrganization;

typedef struct {
  gint64 id;
  char *created_at;         /* UTC instant */
  char *revoked_at;         /* UTC instant, or NULL: in use */
  GPtrArray *organizations; /* PageOrganization, by code */
} PageRow;

void page_row_free(PageRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageRow, page_row_free)

/* Makes a page of the organizations with the codes `organizations` (NULL at the end; one given twice counts
 * once) and its feeds, with audit rows, inside the open write transaction. *ret_token (own string) is for its
 * URL, /h/<token>: shown now and never again. Errors: PAGE_STORE_ERROR_ORGANIZATION, DB_ERROR. */
bool page_store_create(Db *db, const AuditContext *context, const LinkKey *key,
                       const char *const *organizations, char **ret_token, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Pages that show the organization with code `organization` (NULL: all), revoked ones included, by age:
 * GPtrArray of PageRow with free function. Errors: PAGE_STORE_ERROR_ORGANIZATION, DB_ERROR. */
bool page_store_list(Db *db, const char *organization, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Revokes page `page` and makes the next of the same organizations: the old address answers 410 from now on.
 * The feeds it offered go on, under the same addresses, and the next page offers them: no calendar goes dead
 * because a page's address changed. With audit rows, inside the open write transaction. Errors:
 * PAGE_STORE_ERROR_PAGE, DB_ERROR. */
bool page_store_rotate(Db *db, const AuditContext *context, const LinkKey *key, gint64 page, char **ret_token,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Revokes page `page`, and not its feeds, with an audit row, inside the open write transaction. Errors:
 * PAGE_STORE_ERROR_PAGE, DB_ERROR. */
bool page_store_revoke(Db *db, const AuditContext *context, gint64 page, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  PAGE_FOUND,
  PAGE_UNKNOWN, /* never was a token of ours */
  PAGE_REVOKED  /* was one */
} PageOutcome;

/* The page of `token` (any text from anywhere). *ret_row is set when it is found, NULL otherwise; to be
 * unknown is no error. No message ever holds the token. Errors: DB_ERROR. */
bool page_store_find(Db *db, const char *token, PageOutcome *ret_outcome, PageRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
