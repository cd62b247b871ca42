#include "notifier/web/feed_cache.h"

#include <sodium.h>
#include <string.h>

#include "notifier/web/http_date.h"
#include "notifier/web/web_gzip.h"
#include "notifier/web/web_reply.h"

#define ETAG_BYTES 20
#define OVERHEAD 2560 /* of an entry, its feed and a response with its headers, measured; rather too much */

struct CachedFeed {
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];
  FeedManner manner;
  gint64 last_modified;
  GMutex mutex; /* of the making of a body */
  FeedBody body[FEED_ENCODING_COUNT];
};

typedef struct {
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];
  FeedStamp stamp; /* total: the latest at which it was found to be as it is */
  ChangeScope *scopes;
  gsize n_scopes;
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

  for (int i = 0; i < FEED_ENCODING_COUNT; i++) {
    g_clear_pointer(&feed->body[i].response, MHD_destroy_response);
    g_clear_pointer(&feed->body[i].bytes, g_bytes_unref);
  }
  g_mutex_clear(&feed->mutex);
}

void cached_feed_unref(CachedFeed *feed)
{
  g_atomic_rc_box_release_full(feed, cached_feed_clear);
}

gint64 cached_feed_last_modified(const CachedFeed *feed)
{
  return feed->last_modified;
}

static void entry_free(gpointer data)
{
  Entry *entry = data;

  g_free(entry->scopes);
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

static void shrink(FeedCache *cache, const Entry *keep)
{
  while (cache->size > cache->max_size && g_queue_peek_tail(&cache->used) != keep)
    remove_entry(cache, g_queue_peek_tail(&cache->used));
}

void feed_cache_set_max(FeedCache *cache, gsize max_bytes)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->mutex);

  cache->max_size = max_bytes;
  shrink(cache, g_queue_peek_head(&cache->used));
}

/* What changed elsewhere in the store is looked at once, not by every request. A thread that looked earlier
 * than the one that rendered it takes it as it is: it is newer than what that thread knows of. */
static bool is_fresh(Entry *entry, const ChangeSet *changes, const FeedStamp *now)
{
  if (changes == NULL || entry->stamp.generation != now->generation || entry->stamp.today != now->today)
    return false;
  if (entry->stamp.total < now->total) {
    if (change_set_sum(changes, entry->scopes, entry->n_scopes) > entry->stamp.sum)
      return false;
    entry->stamp.total = now->total;
  }
  return true;
}

CachedFeed *feed_cache_get(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE],
                           const ChangeSet *changes, const FeedStamp *now, bool *ret_fresh)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->mutex);
  Entry *entry = g_hash_table_lookup(cache->entries, hash);

  *ret_fresh = false;
  if (entry == NULL)
    return NULL;
  touch(cache, entry);
  *ret_fresh = is_fresh(entry, changes, now);
  return g_atomic_rc_box_acquire(entry->feed);
}

/* The digest of the bytes as they are; a variant has its own name (RFC 9110 §8.8.3.3). */
static void make_etag(GBytes *bytes, char etag[static FEED_ETAG_SIZE])
{
  gsize size;
  const guint8 *data = g_bytes_get_data(bytes, &size);
  guint8 digest[ETAG_BYTES];
  char hex[2 * ETAG_BYTES + 1];

  crypto_generichash(digest, sizeof digest, data, size, NULL, 0);
  sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
  g_snprintf(etag, FEED_ETAG_SIZE, "\"%s\"", hex);
}

/* Rendered bytes lie in memory of up to twice their size, as they grew: what is kept takes no more than it
 * needs. */
static GBytes *copy_tight(GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data(bytes, &size);

  return g_bytes_new(data, size);
}

static void make_body(CachedFeed *feed, FeedEncoding encoding, GBytes *bytes)
{
  FeedBody *body = &feed->body[encoding];
  char date[HTTP_DATE_SIZE];

  body->bytes = copy_tight(bytes);

  WebReplyFeed reply = { .bytes = body->bytes,
                         .etag = body->etag,
                         .last_modified = http_date_format(feed->last_modified, date),
                         .gzip = encoding == FEED_ENCODING_GZIP,
                         .manner = feed->manner };

  body->response = web_reply_feed(&reply);
}

static CachedFeed *new_feed(const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE], GBytes *bytes,
                            const char *etag, const FeedManner *manner, gint64 last_modified)
{
  CachedFeed *feed = g_atomic_rc_box_new0(CachedFeed);

  g_mutex_init(&feed->mutex);
  memcpy(feed->hash, hash, sizeof feed->hash);
  feed->manner = *manner;
  feed->last_modified = last_modified;
  g_strlcpy(feed->body[FEED_ENCODING_PLAIN].etag, etag, FEED_ETAG_SIZE);
  g_snprintf(feed->body[FEED_ENCODING_GZIP].etag, FEED_ETAG_SIZE, "%.41s-gz\"", etag);
  make_body(feed, FEED_ENCODING_PLAIN, bytes);
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

static void grow(FeedCache *cache, Entry *entry, gsize size)
{
  entry->size += size;
  cache->size += size;
}

/* Other bytes than those before get a later Last-Modified, also within one second. */
static void replace_feed(FeedCache *cache, Entry *entry, GBytes *bytes, const char *etag,
                         const FeedManner *manner, gint64 now)
{
  gint64 last_modified = entry->feed != NULL ? MAX(now, entry->feed->last_modified + 1) : now;

  g_clear_pointer(&entry->feed, cached_feed_unref);
  entry->feed = new_feed(entry->hash, bytes, etag, manner, last_modified);
  cache->size -= entry->size;
  entry->size = 0;
  grow(cache, entry, g_bytes_get_size(bytes) + OVERHEAD + entry->n_scopes * sizeof *entry->scopes);
}

static bool is_later(const FeedStamp *kept, const FeedStamp *stamp)
{
  return kept->generation == stamp->generation && kept->today == stamp->today && kept->sum > stamp->sum;
}

CachedFeed *feed_cache_put(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE],
                           const FeedStamp *stamp, const GArray *scopes, GBytes *bytes,
                           const FeedManner *manner, gint64 now)
{
  char etag[FEED_ETAG_SIZE];

  make_etag(bytes, etag);

  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->mutex);
  Entry *entry = g_hash_table_lookup(cache->entries, hash);

  if (entry != NULL && is_later(&entry->stamp, stamp))
    return g_atomic_rc_box_acquire(entry->feed);
  if (entry == NULL)
    entry = new_entry(cache, hash);
  g_free(entry->scopes);
  entry->n_scopes = scopes->len;
  entry->scopes = g_memdup2(scopes->data, scopes->len * sizeof(ChangeScope));
  if (entry->feed == NULL || !g_str_equal(entry->feed->body[FEED_ENCODING_PLAIN].etag, etag))
    replace_feed(cache, entry, bytes, etag, manner, now);
  entry->stamp = *stamp;
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

/* A compressed variant counts as well. */
static void charge(FeedCache *cache, const CachedFeed *feed, gsize size)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->mutex);
  Entry *entry = g_hash_table_lookup(cache->entries, feed->hash);

  if (entry == NULL || entry->feed != feed)
    return;
  grow(cache, entry, size + OVERHEAD);
  shrink(cache, entry);
}

/* Returns the bytes made, 0 when they were there. */
static gsize compress(CachedFeed *feed)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&feed->mutex);

  if (feed->body[FEED_ENCODING_GZIP].response != NULL)
    return 0;

  g_autoptr(GBytes) bytes = web_gzip(feed->body[FEED_ENCODING_PLAIN].bytes);

  make_body(feed, FEED_ENCODING_GZIP, bytes);
  return g_bytes_get_size(bytes);
}

const FeedBody *feed_cache_body(FeedCache *cache, CachedFeed *feed, FeedEncoding encoding)
{
  gsize made = encoding == FEED_ENCODING_GZIP ? compress(feed) : 0;

  if (made > 0)
    charge(cache, feed, made);
  return &feed->body[encoding];
}

void feed_cache_count(FeedCache *cache, guint *ret_feeds, gsize *ret_bytes)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->mutex);

  *ret_feeds = g_hash_table_size(cache->entries);
  *ret_bytes = cache->size;
}
