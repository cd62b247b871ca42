#include "notifier/web/feed_cache.h"

#include <sodium.h>
#include <string.h>

#include "notifier/web/http_date.h"
#include "notifier/web/web_reply.h"

#define ETAG_BYTES 20

typedef struct {
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];
  FeedStamp stamp;
  CachedFeed *feed;
  gsize size;
  GList link; /* in FeedCache.used */
} Entry;

struct FeedCache {
  GMutex mutex;
  GHashTable *entries; /* hash → Entry */
  GQueue used;         /* Entry, the most recently used first */
  gsize size, max_size;
};

/* The hash is of a token that nobody can choose: its first bytes are as good as any. */
static guint hash_hash(gconstpointer key)
{
  guint value;

  memcpy(&value, key, sizeof value);
  return value;
}

static gboolean hash_equal(gconstpointer a, gconstpointer b)
{
  return memcmp(a, b, LINK_KEY_TOKEN_HASH_SIZE) == 0;
}

static void cached_feed_clear(gpointer data)
{
  CachedFeed *feed = data;

  MHD_destroy_response(feed->response);
}

void cached_feed_unref(CachedFeed *feed)
{
  g_atomic_rc_box_release_full(feed, cached_feed_clear);
}

static void entry_free(gpointer data)
{
  Entry *entry = data;

  cached_feed_unref(entry->feed);
  g_free(entry);
}

FeedCache *feed_cache_new(gsize max_bytes)
{
  FeedCache *cache = g_new0(FeedCache, 1);

  g_mutex_init(&cache->mutex);
  g_queue_init(&cache->used);
  cache->entries = g_hash_table_new_full(hash_hash, hash_equal, NULL, entry_free);
  cache->max_size = max_bytes;
  return cache;
}

void feed_cache_free(FeedCache *cache)
{
  g_hash_table_unref(cache->entries);
  g_mutex_clear(&cache->mutex);
  g_free(cache);
}

static void remove_entry(FeedCache *cache, Entry *entry)
{
  g_queue_unlink(&cache->used, &entry->link);
  cache->size -= entry->size;
  g_hash_table_remove(cache->entries, entry->hash);
}

static void touch(FeedCache *cache, Entry *entry)
{
  g_queue_unlink(&cache->used, &entry->link);
  g_queue_push_head_link(&cache->used, &entry->link);
}

CachedFeed *feed_cache_get(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE],
                           FeedStamp *ret_stamp)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->mutex);
  Entry *entry = g_hash_table_lookup(cache->entries, hash);

  if (entry == NULL)
    return NULL;
  touch(cache, entry);
  *ret_stamp = entry->stamp;
  return g_atomic_rc_box_acquire(entry->feed);
}

static void make_etag(GBytes *bytes, char etag[static FEED_ETAG_SIZE])
{
  gsize size;
  const guint8 *data = g_bytes_get_data(bytes, &size);
  guint8 digest[ETAG_BYTES];

  crypto_generichash(digest, sizeof digest, data, size, NULL, 0);
  sodium_bin2hex(etag + 1, FEED_ETAG_SIZE - 1, digest, sizeof digest);
  etag[0] = etag[FEED_ETAG_SIZE - 2] = '"';
  etag[FEED_ETAG_SIZE - 1] = '\0';
}

static CachedFeed *new_feed(GBytes *bytes, const char *etag, gint64 last_modified)
{
  CachedFeed *feed = g_atomic_rc_box_new0(CachedFeed);
  char date[HTTP_DATE_SIZE];

  memcpy(feed->etag, etag, sizeof feed->etag);
  feed->last_modified = last_modified;
  feed->response = web_reply_feed(bytes, etag, http_date_format(last_modified, date));
  return feed;
}

static Entry *new_entry(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE])
{
  Entry *entry = g_new0(Entry, 1);

  memcpy(entry->hash, hash, sizeof entry->hash);
  entry->link.data = entry;
  g_queue_push_head_link(&cache->used, &entry->link);
  g_hash_table_insert(cache->entries, entry->hash, entry);
  return entry;
}

static void shrink(FeedCache *cache, const Entry *keep)
{
  while (cache->size > cache->max_size && g_queue_peek_tail(&cache->used) != keep)
    remove_entry(cache, g_queue_peek_tail(&cache->used));
}

/* Other bytes than those before get a later Last-Modified, also within one second. */
static void replace_feed(FeedCache *cache, Entry *entry, GBytes *bytes, const char *etag, gint64 now)
{
  gint64 last_modified = entry->feed != NULL ? MAX(now, entry->feed->last_modified + 1) : now;

  g_clear_pointer(&entry->feed, cached_feed_unref);
  entry->feed = new_feed(bytes, etag, last_modified);
  cache->size -= entry->size;
  entry->size = g_bytes_get_size(bytes);
  cache->size += entry->size;
}

CachedFeed *feed_cache_put(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE],
                           FeedStamp stamp, GBytes *bytes, gint64 now)
{
  char etag[FEED_ETAG_SIZE];

  make_etag(bytes, etag);

  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->mutex);
  Entry *entry = g_hash_table_lookup(cache->entries, hash);

  if (entry == NULL)
    entry = new_entry(cache, hash);
  if (entry->feed == NULL || !g_str_equal(entry->feed->etag, etag))
    replace_feed(cache, entry, bytes, etag, now);
  entry->stamp = stamp;
  touch(cache, entry);
  shrink(cache, entry);
  return g_atomic_rc_box_acquire(entry->feed);
}

void feed_cache_remove(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE])
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->mutex);
  Entry *entry = g_hash_table_lookup(cache->entries, hash);

  if (entry != NULL)
    remove_entry(cache, entry);
}
