#include "notifier/web/web_feed.h"

#include <sodium.h>
#include <string.h>

#include "db/feed_store.h"
#include "notifier/feed/feed_source.h"
#include "notifier/page/product_page.h"
#include "notifier/web/web_reader.h"

/* The same error again within this time is not reported again: a full disk does not fill the log as well. */
#define REPORT_EVERY G_TIME_SPAN_MINUTE
#define REPORTS_KEPT 64

struct WebFeed {
  const WebConfig *config;
  WebMetrics *metrics;
  WebStyle *style;
  FeedCache *cache;
  WebStore store;
  GMutex mutex;         /* of reported */
  GHashTable *reported; /* message → when last: monotonic, µs, a gint64 of its own */
};

/* Whose feed is asked for. */
typedef struct {
  const char *token; /* or NULL: a product's */
  const char *product, *language;
  bool page;                             /* the product's page, not its calendar */
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE]; /* in the cache */
} Wanted;

/* What a rendering gave. */
typedef struct {
  FeedOutcome outcome;
  GBytes *bytes;
  GArray *scopes;
} Rendered;

static void rendered_clear(Rendered *rendered)
{
  g_clear_pointer(&rendered->bytes, g_bytes_unref);
  g_clear_pointer(&rendered->scopes, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rendered, rendered_clear)

bool web_feed_new(const WebConfig *config, WebMetrics *metrics, WebFeed **ret_feed, GError **error)
{
  g_autoptr(Db) db = NULL;
  g_autoptr(ChangeSet) changes = NULL;
  WebStyle *style;

  if (!db_open(config->store, DB_READ, &db, error) || !change_set_load(db, &changes, error) ||
      !web_style_new(config->templates, &style, error))
    return false;

  WebFeed *feed = g_new0(WebFeed, 1);

  g_mutex_init(&feed->mutex);
  g_mutex_init(&feed->store.mutex);
  feed->reported = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  feed->config = config;
  feed->metrics = metrics;
  feed->style = style;
  feed->cache = feed_cache_new(config->cache_bytes);
  *ret_feed = feed;
  return true;
}

void web_feed_free(WebFeed *feed)
{
  feed_cache_free(feed->cache);
  web_style_free(feed->style);
  g_mutex_clear(&feed->store.mutex);
  g_mutex_clear(&feed->mutex);
  g_hash_table_unref(feed->reported);
  g_free(feed);
}

FeedCache *web_feed_cache(WebFeed *feed)
{
  return feed->cache;
}

const WebStyle *web_feed_style(const WebFeed *feed)
{
  return feed->style;
}

static bool is_news(WebFeed *feed, const char *message)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&feed->mutex);
  gint64 now = g_get_monotonic_time();
  const gint64 *last = g_hash_table_lookup(feed->reported, message);

  if (last != NULL && now - *last < REPORT_EVERY)
    return false;
  if (g_hash_table_size(feed->reported) >= REPORTS_KEPT)
    g_hash_table_remove_all(feed->reported);
  g_hash_table_replace(feed->reported, g_strdup(message), g_memdup2(&now, sizeof now));
  return true;
}

void web_feed_report(WebFeed *feed, const GError *error)
{
  if (feed->config->report != NULL && is_news(feed, error->message))
    feed->config->report(error->message, feed->config->data);
}

void web_feed_fail(WebFeed *feed, const GError *error)
{
  web_feed_report(feed, error);
  if (error->domain == DB_ERROR)
    web_reader_fail(error);
}

/* Whose feed it is; *ret_row is NULL for a product's. */
static bool find(Db *db, const Wanted *wanted, FeedOutcome *ret_outcome, FeedRow **ret_row, GError **error)
{
  if (wanted->token != NULL)
    return feed_store_find(db, wanted->token, ret_outcome, ret_row, error);
  *ret_outcome = FEED_FOUND;
  *ret_row = NULL;
  return true;
}

static bool render_calendar(const WebFeed *feed, const WebReader *reader, const Wanted *wanted,
                            const FeedRow *row, Day today, Rendered *rendered, GError **error)
{
  const FeedSource source = { .product = wanted->product,
                              .organization = row != NULL ? row->organization : 0,
                              .language = row != NULL ? row->language : wanted->language,
                              .base_url = feed->config->base_url,
                              .blocks = reader->blocks,
                              .leads = row != NULL && row->lead_times ? feed->config->policy : NULL };

  return feed_source_render_from(reader->db, feed->config->templates, &source, today, &rendered->bytes,
                                 &rendered->scopes, error);
}

static bool render_page(const WebFeed *feed, Db *db, const Wanted *wanted, Day today, Rendered *rendered,
                        GError **error)
{
  g_autofree char *escaped = g_uri_escape_string(wanted->product, NULL, false);
  g_autofree char *path = g_strconcat("/p/", escaped, NULL);
  const PageFrame frame = { .templates = feed->config->templates,
                            .language = wanted->language,
                            .today = today,
                            .style = web_style_path(feed->style),
                            .path = path };

  return product_page_render(db, &frame, wanted->product, &rendered->bytes, &rendered->scopes, error);
}

static bool is_unknown(const GError *error)
{
  return g_error_matches(error, FEED_SOURCE_ERROR, FEED_SOURCE_ERROR_PRODUCT) ||
         g_error_matches(error, PRODUCT_PAGE_ERROR, PRODUCT_PAGE_ERROR_PRODUCT);
}

/* Within a read transaction. A product without published plans is as unknown as no product at all. */
static bool render_in_transaction(const WebFeed *feed, const WebReader *reader, const Wanted *wanted,
                                  Day today, Rendered *rendered, GError **error)
{
  g_autoptr(FeedRow) row = NULL;
  g_autoptr(GError) cause = NULL;

  if (!find(reader->db, wanted, &rendered->outcome, &row, error))
    return false;
  if (rendered->outcome != FEED_FOUND)
    return true;

  const ChangeScope scope = { CHANGE_FEED, row != NULL ? row->id : 0 };
  bool done = wanted->page ? render_page(feed, reader->db, wanted, today, rendered, &cause)
                           : render_calendar(feed, reader, wanted, row, today, rendered, &cause);

  if (!done) {
    rendered->outcome = FEED_UNKNOWN;
    if (is_unknown(cause))
      return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
  }
  if (row != NULL)
    g_array_append_val(rendered->scopes, scope);
  return true;
}

static bool render(const WebFeed *feed, const WebReader *reader, const Wanted *wanted, Day today,
                   Rendered *rendered, GError **error)
{
  if (!db_begin_read(reader->db, error))
    return false;

  bool done = render_in_transaction(feed, reader, wanted, today, rendered, error);

  db_end_read(reader->db);
  return done;
}

/* The feed rendered is at least as new as `now`, whose counters were read before. */
static void keep(WebFeed *feed, const Wanted *wanted, const WebReader *reader, FeedStamp now,
                 const Rendered *rendered, CachedFeed **cached)
{
  const FeedManner manner = { .is_public = wanted->product != NULL, .is_page = wanted->page };

  g_clear_pointer(cached, cached_feed_unref);
  if (rendered->bytes == NULL) {
    feed_cache_remove(feed->cache, wanted->hash);
    return;
  }
  now.sum = change_set_sum(reader->changes, (const ChangeScope *)(gconstpointer)rendered->scopes->data,
                           rendered->scopes->len);
  *cached = feed_cache_put(feed->cache, wanted->hash, &now, rendered->scopes, rendered->bytes, &manner,
                           web_reader_now(feed->config));
}

/* Sets *cached to the feed as it is now. On an error it is the last good one, or NULL. */
static bool refresh(WebFeed *feed, const Wanted *wanted, CachedFeed **cached, FeedOutcome *ret_outcome,
                    GError **error)
{
  g_auto(Rendered) rendered = { 0 };
  FeedStamp now = { 0 };
  WebReader *reader = NULL;
  bool readable = web_reader_get(feed->config, &feed->store, &reader, &now.today, error), fresh;

  if (readable) {
    now.generation = reader->generation;
    now.total = change_set_total(reader->changes);
  }
  *cached = feed_cache_get(feed->cache, wanted->hash, readable ? reader->changes : NULL, &now, &fresh);
  *ret_outcome = FEED_FOUND;
  if (fresh)
    web_metrics_count(feed->metrics, WEB_METRIC_HIT);
  if (fresh || !readable)
    return readable;
  if (!render(feed, reader, wanted, now.today, &rendered, error))
    return false;
  if (rendered.bytes != NULL)
    web_metrics_count(feed->metrics, WEB_METRIC_RENDERED);
  keep(feed, wanted, reader, now, &rendered, cached);
  *ret_outcome = rendered.outcome;
  return true;
}

static WebFeedOutcome get(WebFeed *feed, const Wanted *wanted, CachedFeed **ret_feed)
{
  static const WebFeedOutcome outcomes[] = {
    [FEED_FOUND] = WEB_FEED_FOUND,
    [FEED_UNKNOWN] = WEB_FEED_UNKNOWN,
    [FEED_REVOKED] = WEB_FEED_REVOKED,
  };
  g_autoptr(GError) error = NULL;
  FeedOutcome outcome = FEED_FOUND;
  CachedFeed *cached = NULL;

  if (!refresh(feed, wanted, &cached, &outcome, &error)) {
    web_feed_fail(feed, error);
    web_metrics_count(feed->metrics, cached != NULL ? WEB_METRIC_STALE : WEB_METRIC_FAILED);
    if (cached == NULL)
      return WEB_FEED_FAILED;
    outcome = FEED_FOUND;
  }
  if (outcome == FEED_FOUND)
    *ret_feed = cached;
  return outcomes[outcome];
}

WebFeedOutcome web_feed_get(WebFeed *feed, const char *token, CachedFeed **ret_feed)
{
  Wanted wanted = { .token = token };

  if (!link_key_token_is_wellformed(token))
    return WEB_FEED_UNKNOWN;
  link_key_token_hash(token, wanted.hash);
  return get(feed, &wanted, ret_feed);
}

static WebFeedOutcome get_public(WebFeed *feed, Wanted *wanted, CachedFeed **ret_feed)
{
  g_autofree char *key = g_strdup_printf("%s\n%s\n%s", wanted->page ? "page" : "product", wanted->language,
                                         wanted->product); /* no token has a line break */

  crypto_generichash(wanted->hash, sizeof wanted->hash, (const guint8 *)key, strlen(key), NULL, 0);
  return get(feed, wanted, ret_feed);
}

WebFeedOutcome web_feed_get_product(WebFeed *feed, const char *product, const char *language,
                                    CachedFeed **ret_feed)
{
  return get_public(feed, &(Wanted){ .product = product, .language = language }, ret_feed);
}

WebFeedOutcome web_feed_get_product_page(WebFeed *feed, const char *product, const char *language,
                                         CachedFeed **ret_page)
{
  return get_public(feed, &(Wanted){ .product = product, .language = language, .page = true }, ret_page);
}

Db *web_feed_db(WebFeed *feed)
{
  g_autoptr(GError) error = NULL;
  WebReader *reader;
  Day today;

  if (web_reader_get(feed->config, &feed->store, &reader, &today, &error))
    return reader->db;
  web_feed_report(feed, error);
  return NULL;
}
