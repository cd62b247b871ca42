#ifndef KIGEN_NOTIFIER_WEB_FEED_CACHE_H
#define KIGEN_NOTIFIER_WEB_FEED_CACHE_H

/* Rendered feeds in memory, by the hash of their token: what was rendered from the present state of the store
 * is served again, and when rendering fails the last good bytes are. Bounded; the least recently used go
 * first. Used from all threads. */

#include "db/link_key.h"
#include "planner/day.h"

#include <microhttpd.h>

/* From which state of the store, and for which day, something was rendered. */
typedef struct {
  gint64 change; /* sum of the change counters */
  Day today;
} FeedStamp;

#define FEED_ETAG_SIZE 43 /* quotes, 40 hexadecimal digits, NUL */

/* A rendered feed. Nothing in it changes after it was made. */
typedef struct {
  struct MHD_Response *response; /* with all its headers; for 200 and 304 */
  char etag[FEED_ETAG_SIZE];
  gint64 last_modified; /* seconds since 1970: when these bytes were first seen here */
} CachedFeed;

void cached_feed_unref(CachedFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CachedFeed, cached_feed_unref)

typedef struct FeedCache FeedCache;

/* For at most `max_bytes` of feeds. */
FeedCache *feed_cache_new(gsize max_bytes);
void feed_cache_free(FeedCache *cache);

/* The feed of the token with this hash (a reference), and what it was rendered from; or NULL. */
CachedFeed *feed_cache_get(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE],
                           FeedStamp *ret_stamp);

/* Keeps `bytes`, rendered with `stamp`, seen at `now` (seconds since 1970), and returns the feed (a
 * reference). When they are those kept before, that one stays, Last-Modified and all. */
CachedFeed *feed_cache_put(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE],
                           FeedStamp stamp, GBytes *bytes, gint64 now);

/* Forgets the feed of a token: it is revoked. */
void feed_cache_remove(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE]);

#endif
