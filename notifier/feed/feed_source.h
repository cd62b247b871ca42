#ifndef KIGEN_NOTIFIER_FEED_FEED_SOURCE_H
#define KIGEN_NOTIFIER_FEED_FEED_SOURCE_H

/* A feed from the store: for the web service, `kigen feed export` and whoever needs an organization's
 * calendar. */

#include "db/change_set.h"
#include "notifier/feed/feed.h"
#include "notifier/template/template_set.h"
#include "planner/day.h"
#include "planner/policy.h"

#define FEED_SOURCE_ERROR (feed_source_error_quark())
typedef enum {
  FEED_SOURCE_ERROR_ORGANIZATION, /* no organization of that id */
  FEED_SOURCE_ERROR_PRODUCT       /* no product of that code with a published plan */
} FeedSourceError;
GQuark feed_source_error_quark(void);

/* Whose calendar. */
typedef struct {
  const char *product;  /* a product's code: the public one of its published plans. NULL: an organization's */
  gint64 organization;  /* its row id */
  const char *language; /* "ja", "en"; NULL: the organization's own, ja for a product */
  const char *base_url; /* of the service, for the address of a product's page; NULL: none is told */
  const Policy *leads;  /* whose lead times are events of their own; NULL: none are */
  FeedBlockMemo *blocks; /* what is remembered of other calendars (feed.h); NULL: nothing */
} FeedSource;

/* Renders the feed of `source` as of `today`, as feed_source_render does. *ret_scopes (GArray of
 * ChangeScope): the rows of the store it was made from. */
bool feed_source_render_from(Db *db, const TemplateSet *templates, const FeedSource *source, Day today,
                             GBytes **ret_bytes, GArray **ret_scopes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Renders the feed of the organization with row id `organization` in `language` ("ja", "en"; NULL: the
 * organization's own) as of `today`. Call it between db_begin_read and db_end_read, so that it sees one state
 * of the store. The same state and day give the same bytes. Errors: FEED_SOURCE_ERROR, DB_ERROR, FEED_ERROR,
 * TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool feed_source_render(Db *db, const TemplateSet *templates, gint64 organization, const char *language,
                        Day today, GBytes **ret_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
