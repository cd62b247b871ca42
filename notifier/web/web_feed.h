#ifndef KIGEN_NOTIFIER_WEB_WEB_FEED_H
#define KIGEN_NOTIFIER_WEB_WEB_FEED_H

/* Feeds for the web service: from memory while the store has not changed, else rendered anew, each thread
 * over its own connection to the store. */

#include "notifier/web/feed_cache.h"
#include "notifier/web/web_metrics.h"
#include "notifier/web/web_server.h"
#include "notifier/web/web_style.h"

typedef struct WebFeed WebFeed;

/* `config` and `metrics` must live as long. The store is opened once, and closed again, to see that it can
 * be. Errors: DB_ERROR. */
bool web_feed_new(const WebConfig *config, WebMetrics *metrics, WebFeed **ret_feed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* When no thread uses it any more. */
void web_feed_free(WebFeed *feed);

/* The feeds in memory. */
FeedCache *web_feed_cache(WebFeed *feed);

typedef enum {
  WEB_FEED_FOUND,
  WEB_FEED_UNKNOWN,
  WEB_FEED_REVOKED,
  WEB_FEED_FAILED /* an inner error, reported, and no good bytes from before */
} WebFeedOutcome;

/* The feed of `token`. *ret_feed (a reference) is set when it is found, the last good one after an inner
 * error. */
WebFeedOutcome web_feed_get(WebFeed *feed, const char *token, CachedFeed **ret_feed);

/* The same for the public calendar of the product with code `product` in `language` ("ja", "en"). */
WebFeedOutcome web_feed_get_product(WebFeed *feed, const char *product, const char *language,
                                    CachedFeed **ret_feed);

/* And for its public page. */
WebFeedOutcome web_feed_get_product_page(WebFeed *feed, const char *product, const char *language,
                                         CachedFeed **ret_page);

/* The stylesheet of all pages. */
const WebStyle *web_feed_style(const WebFeed *feed);

/* Tells whoever runs the service of an inner error; the same one at most once a minute. */
void web_feed_report(WebFeed *feed, const GError *error);

/* The same of one that was met while reading: where it is the store's, this thread's connection is given up.
 */
void web_feed_fail(WebFeed *feed, const GError *error);

/* This thread's connection to the store, or NULL when it cannot be read, which is reported. Good until the
 * thread's next call of this module. */
Db *web_feed_db(WebFeed *feed);

#endif
