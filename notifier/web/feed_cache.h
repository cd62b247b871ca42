#ifndef KIGEN_NOTIFIER_WEB_FEED_CACHE_H
#define KIGEN_NOTIFIER_WEB_FEED_CACHE_H

/* Rendered feeds in memory, by the hash of their token or of their product: what was rendered from rows of
 * the store that have not changed since is served again, and when rendering fails the last good bytes are.
 * Bounded; the least recently used go first. Used from all threads. */

#include "db/change_set.h"
#include "db/link_key.h"
#include "planner/day.h"

#include <microhttpd.h>

/* From which state of the store, and for which day, something is or was rendered. */
typedef struct {
  guint generation; /* which store: web_reader.h */
  gint64 total;     /* sum of all its counters … */
  gint64 sum;       /* … and of those that concern the feed */
  Day today;
} FeedStamp;

typedef enum { FEED_ENCODING_PLAIN, FEED_ENCODING_GZIP, FEED_ENCODING_COUNT } FeedEncoding;

#define FEED_ETAG_SIZE 46 /* quotes, 40 hexadecimal digits, "-gz", NUL */

/* A rendered feed in one encoding. */
typedef struct {
  GBytes *bytes;
  struct MHD_Response *response; /* of these, with all headers; for 200 and 304 */
  char etag[FEED_ETAG_SIZE];
} FeedBody;

/* A rendered feed. */
typedef struct CachedFeed CachedFeed;

void cached_feed_unref(CachedFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CachedFeed, cached_feed_unref)

/* Seconds since 1970: when these bytes were first seen here. */
gint64 cached_feed_last_modified(const CachedFeed *feed);

/* How a feed is answered. */
typedef struct {
  bool is_public; /* may be kept by proxies */
  bool is_page;   /* HTML, in the language that was asked for; robots may read it */
} FeedManner;

typedef struct FeedCache FeedCache;

/* For at most `max_bytes` of feeds, with what is kept beside them. */
FeedCache *feed_cache_new(gsize max_bytes);
void feed_cache_free(FeedCache *cache);
void feed_cache_set_max(FeedCache *cache, gsize max_bytes);

/* The feed with this hash (a reference), or NULL. *ret_fresh: it is as `changes` (NULL: the store cannot be
 * read), the generation and the day of `now` know it. */
CachedFeed *feed_cache_get(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE],
                           const ChangeSet *changes, const FeedStamp *now, bool *ret_fresh);

/* Keeps `bytes`, rendered from `scopes` (of ChangeScope) at `stamp`, seen at `now` (seconds since 1970), and
 * returns the feed (a reference). When they are those kept before, that one stays, Last-Modified and all;
 * when what is kept was rendered from a later state, that is what stays and is returned. */
CachedFeed *feed_cache_put(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE],
                           const FeedStamp *stamp, const GArray *scopes, GBytes *bytes,
                           const FeedManner *manner, gint64 now);

/* Forgets a feed: its token is revoked. */
void feed_cache_remove(FeedCache *cache, const guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE]);

/* `feed` in `encoding`; belongs to it. Compressed when first asked for. */
const FeedBody *feed_cache_body(FeedCache *cache, CachedFeed *feed, FeedEncoding encoding);

/* What it holds now. */
void feed_cache_count(FeedCache *cache, guint *ret_feeds, gsize *ret_bytes);

#endif
