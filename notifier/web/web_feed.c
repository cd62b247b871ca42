#include "notifier/web/web_feed.h"

#include "db/feed_store.h"
#include "db/setting_store.h"
#include "notifier/feed/feed_source.h"

#define CACHE_BYTES (64 * 1024 * 1024)

struct WebFeed {
  const WebConfig *config;
  FeedCache *cache;
};

/* A thread's own connection, and what it saw last in the store. A thread belongs to one server and ends with
 * it. */
typedef struct {
  Db *db;
  gint64 data_version;
  gint64 change; /* as of data_version */
} Reader;

static void reader_free(gpointer data)
{
  Reader *reader = data;

  db_close(reader->db);
  g_free(reader);
}

static GPrivate thread_reader = G_PRIVATE_INIT(reader_free);

bool web_feed_new(const WebConfig *config, WebFeed **ret_feed, GError **error)
{
  g_autoptr(Db) db = NULL;
  gint64 change;

  if (!db_open(config->store, DB_READ, &db, error) || !change_read(db, &change, error))
    return false;

  WebFeed *feed = g_new0(WebFeed, 1);

  feed->config = config;
  feed->cache = feed_cache_new(CACHE_BYTES);
  *ret_feed = feed;
  return true;
}

void web_feed_free(WebFeed *feed)
{
  feed_cache_free(feed->cache);
  g_free(feed);
}

static void report(const WebFeed *feed, const GError *error)
{
  if (feed->config->report != NULL)
    feed->config->report(error->message, feed->config->data);
}

static bool open_reader(const WebFeed *feed, Reader **ret_reader, GError **error)
{
  Reader *reader = g_private_get(&thread_reader);

  if (reader == NULL) {
    Db *db;

    if (!db_open(feed->config->store, DB_READ, &db, error))
      return false;
    reader = g_new0(Reader, 1);
    reader->db = db;
    reader->data_version = -1;
    g_private_set(&thread_reader, reader);
  }
  *ret_reader = reader;
  return true;
}

/* After an error the connection is given up: the next request opens a new one, perhaps on a store that was
 * mended or put in place meanwhile. */
static void drop_reader(void)
{
  g_private_replace(&thread_reader, NULL);
}

/* What state the store is in: one cheap look while nobody writes. */
static bool look(Reader *reader, GError **error)
{
  gint64 version;

  if (!db_data_version(reader->db, &version, error))
    return false;
  if (version == reader->data_version)
    return true;
  if (!change_read(reader->db, &reader->change, error))
    return false;
  reader->data_version = version;
  return true;
}

/* Within a read transaction. *ret_bytes is NULL unless the token is found. */
static bool render_in_transaction(const WebFeed *feed, Reader *reader, const char *token, FeedStamp *stamp,
                                  FeedOutcome *ret_outcome, GBytes **ret_bytes, GError **error)
{
  g_autoptr(FeedRow) row = NULL;

  if (!change_read(reader->db, &stamp->change, error) ||
      !feed_store_find(reader->db, token, ret_outcome, &row, error))
    return false;
  return row == NULL || feed_source_render(reader->db, feed->config->templates, row->organization,
                                           row->language, stamp->today, ret_bytes, error);
}

static bool render(const WebFeed *feed, Reader *reader, const char *token, FeedStamp *stamp,
                   FeedOutcome *ret_outcome, GBytes **ret_bytes, GError **error)
{
  if (!db_begin_read(reader->db, error))
    return false;

  bool done = render_in_transaction(feed, reader, token, stamp, ret_outcome, ret_bytes, error);

  db_end_read(reader->db);
  return done;
}

static gint64 now_seconds(void)
{
  return g_get_real_time() / G_USEC_PER_SEC;
}

/* Replaces *cached, which was rendered from `old` (or is NULL), unless it still stands. On an error it stays.
 */
static bool refresh(WebFeed *feed, const char *token, const guint8 *hash, FeedStamp old, CachedFeed **cached,
                    FeedOutcome *ret_outcome, GError **error)
{
  FeedStamp stamp = { .today = feed->config->today(feed->config->data) };
  g_autoptr(GBytes) bytes = NULL;
  Reader *reader;

  if (!open_reader(feed, &reader, error) || !look(reader, error))
    return false;
  if (*cached != NULL && old.change == reader->change && old.today == stamp.today) {
    *ret_outcome = FEED_FOUND;
    return true;
  }
  if (!render(feed, reader, token, &stamp, ret_outcome, &bytes, error))
    return false;
  g_clear_pointer(cached, cached_feed_unref);
  if (bytes != NULL)
    *cached = feed_cache_put(feed->cache, hash, stamp, bytes, now_seconds());
  else
    feed_cache_remove(feed->cache, hash);
  return true;
}

WebFeedOutcome web_feed_get(WebFeed *feed, const char *token, CachedFeed **ret_feed)
{
  static const WebFeedOutcome outcomes[] = {
    [FEED_FOUND] = WEB_FEED_FOUND,
    [FEED_UNKNOWN] = WEB_FEED_UNKNOWN,
    [FEED_REVOKED] = WEB_FEED_REVOKED,
  };
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];
  g_autoptr(GError) error = NULL;
  FeedOutcome outcome = FEED_UNKNOWN;
  FeedStamp stamp = { 0 };

  if (!link_key_token_is_wellformed(token))
    return WEB_FEED_UNKNOWN;
  link_key_token_hash(token, hash);

  CachedFeed *cached = feed_cache_get(feed->cache, hash, &stamp);

  if (!refresh(feed, token, hash, stamp, &cached, &outcome, &error)) {
    report(feed, error);
    drop_reader();
    if (cached == NULL)
      return WEB_FEED_FAILED;
    outcome = FEED_FOUND;
  }
  if (outcome == FEED_FOUND)
    *ret_feed = cached;
  return outcomes[outcome];
}

bool web_feed_is_healthy(WebFeed *feed)
{
  g_autoptr(GError) error = NULL;
  Reader *reader;

  if (open_reader(feed, &reader, &error) && look(reader, &error))
    return true;
  report(feed, error);
  drop_reader();
  return false;
}
