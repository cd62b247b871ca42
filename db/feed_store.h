#ifndef KIGEN_DB_FEED_STORE_H
#define KIGEN_DB_FEED_STORE_H

/* Feeds handed out: whose, in which language, under which token. The token itself is never stored, only its
 * hash: it is shown when the feed is made and cannot be shown again without the link key. What stands in a
 * feed is db/held_store.h. */

#include "db/audit.h"
#include "db/link_key.h"

#define FEED_STORE_ERROR (feed_store_error_quark())
typedef enum {
  FEED_STORE_ERROR_ORGANIZATION, /* no organization of that code */
  FEED_STORE_ERROR_LANGUAGE,     /* neither "ja" nor "en" */
  FEED_STORE_ERROR_FEED          /* no such feed, or it is revoked */
} FeedStoreError;
GQuark feed_store_error_quark(void);

typedef struct {
  gint64 id;
  gint64 organization;     /* row id */
  char *organization_code; /* as in the files */
  char *organization_name; /* in the feed's language, where there is one */
  char *language;          /* "ja" or "en" */
  char *created_at;        /* UTC instant */
  char *revoked_at;        /* UTC instant, or NULL: in use */
  gint64 page;             /* row id of the page that offers it (db/page_store.h), or 0 */
  bool lead_times;         /* with the policy's lead times as events of their own */
  guint8 token_hash[LINK_KEY_TOKEN_HASH_SIZE];
} FeedRow;

void feed_row_free(FeedRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedRow, feed_row_free)

/* What a feed is to be like; {0} is good. */
typedef struct {
  const char *language; /* "ja", "en"; NULL: the organization's own */
  bool lead_times;
  gint64 page; /* as in FeedRow */
} FeedTerms;

/* Makes a feed of the organization with code `organization` by `terms`, with an audit row, inside the open
 * write transaction. *ret_token (own string) is for its URL, /feeds/<token>.ics: shown now, and again only
 * where the link key is (feed_store_token). An organization may have several. Errors: FEED_STORE_ERROR,
 * DB_ERROR. */
bool feed_store_create(Db *db, const AuditContext *context, const LinkKey *key, const char *organization,
                       const FeedTerms *terms, char **ret_token, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The token of a feed, made again from its row and the key: own string, or NULL when it was made with another
 * key. */
char *feed_store_token(const LinkKey *key, const FeedRow *row);

/* Feeds of the organization with code `organization` (NULL: of all), revoked ones included, by organization
 * and age: GPtrArray of FeedRow with free function. Errors: FEED_STORE_ERROR_ORGANIZATION, DB_ERROR. */
bool feed_store_list(Db *db, const char *organization, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The feeds in use that page `page` (row id) offers, by organization, language and age: as above. Errors:
 * DB_ERROR. */
bool feed_store_list_page(Db *db, gint64 page, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* How many feeds are in use. Errors: DB_ERROR. */
bool feed_store_count(Db *db, gint64 *ret_feeds, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Revokes feed `feed` and makes the next of the same organization by the same terms: its old URL answers 410
 * from now on. With audit rows, inside the open write transaction. Errors: FEED_STORE_ERROR_FEED, DB_ERROR.
 */
bool feed_store_rotate(Db *db, const AuditContext *context, const LinkKey *key, gint64 feed, char **ret_token,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Revokes feed `feed`, with an audit row, inside the open write transaction. Errors: FEED_STORE_ERROR_FEED,
 * DB_ERROR. */
bool feed_store_revoke(Db *db, const AuditContext *context, gint64 feed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  FEED_FOUND,
  FEED_UNKNOWN, /* never was a token of ours */
  FEED_REVOKED  /* was one */
} FeedOutcome;

/* The feed of `token` (any text from anywhere). *ret_row is set when it is found, NULL otherwise; to be
 * unknown is no error. No message ever holds the token. Errors: DB_ERROR. */
bool feed_store_find(Db *db, const char *token, FeedOutcome *ret_outcome, FeedRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
