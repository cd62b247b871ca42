#include "db/setting_store.h"
#include "notifier/web/feed_cache.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static const FeedManner manner = { .is_public = false };
static Db *db;
static FeedCache *cache;

static void setup(void)
{
  scratch_setup();
  db = scratch_store("kigen.db");
  cache = feed_cache_new(64 * 1024);
}

static void teardown(void)
{
  g_clear_pointer(&cache, feed_cache_free);
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

static ChangeSet *load(void)
{
  ChangeSet *set;

  assert_done(change_set_load(db, &set, ERR));
  return set;
}

static void bump(ChangeKind kind, gint64 id)
{
  assert_done(db_begin(db, ERR));
  assert_done(change_set_bump(db, kind, id, ERR));
  assert_done(db_commit(db, ERR));
}

static void fill_hash(guint8 hash[static LINK_KEY_TOKEN_HASH_SIZE], int number)
{
  memset(hash, 0, LINK_KEY_TOKEN_HASH_SIZE);
  memcpy(hash, &number, sizeof number);
}

/* Puts feed `number`, made from release `release`, with so many bytes. */
static void put(int number, gint64 release, const char *text, gsize size)
{
  g_autoptr(ChangeSet) set = load();
  g_autoptr(GArray) scopes = g_array_new(FALSE, FALSE, sizeof(ChangeScope));
  const ChangeScope scope = { CHANGE_RELEASE, release };
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];
  char *data = g_malloc0(size);
  g_autoptr(GBytes) bytes = NULL;
  FeedStamp stamp = { 0 };

  g_strlcpy(data, text, size);
  bytes = g_bytes_new_take(data, size);
  g_array_append_val(scopes, scope);
  fill_hash(hash, number);
  stamp.total = change_set_total(set);
  stamp.sum = change_set_sum(set, &scope, 1);
  cached_feed_unref(feed_cache_put(cache, hash, &stamp, scopes, bytes, &manner, 1000));
}

/* 0: not there, 1: there, 2: and fresh. */
static int look(int number, guint generation, Day today)
{
  g_autoptr(ChangeSet) set = load();
  const FeedStamp now = { .generation = generation, .total = change_set_total(set), .today = today };
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];
  bool fresh;

  fill_hash(hash, number);

  g_autoptr(CachedFeed) feed = feed_cache_get(cache, hash, set, &now, &fresh);

  return feed == NULL ? 0 : 1 + fresh;
}

START_TEST(test_only_who_is_concerned)
{
  put(1, 11, "a", 100);
  put(2, 12, "b", 100);
  ck_assert_int_eq(look(1, 0, 0), 2);
  ck_assert_int_eq(look(1, 1, 0), 1); /* another store */
  ck_assert_int_eq(look(1, 0, 5), 1); /* another day */
  bump(CHANGE_RELEASE, 12);
  ck_assert_int_eq(look(1, 0, 0), 2);
  ck_assert_int_eq(look(2, 0, 0), 1);
  put(2, 12, "c", 100);
  ck_assert_int_eq(look(2, 0, 0), 2);
  bump(CHANGE_ORGANIZATION, 1);
  ck_assert_int_eq(look(2, 0, 0), 2);
  ck_assert_int_eq(look(3, 0, 0), 0);
}
END_TEST

/* Whatever is put, the bound holds; what was asked for last stays. */
START_TEST(test_is_bounded)
{
  guint feeds;
  gsize bytes;

  for (int i = 0; i < 500; i++) {
    put(i, 1, "x", 500 + (gsize)i * 7 % 5000);
    ck_assert_int_eq(look(i, 0, 0), 2);
    feed_cache_count(cache, &feeds, &bytes);
    ck_assert_uint_le(bytes, 64 * 1024);
  }
  ck_assert_uint_gt(feeds, 5);
  ck_assert_int_eq(look(0, 0, 0), 0);
  feed_cache_set_max(cache, 1);
  feed_cache_count(cache, &feeds, &bytes);
  ck_assert_uint_eq(feeds, 1);
}
END_TEST

START_TEST(test_bodies)
{
  static const char *const texts[] = { "one", "two" };
  char etags[2][2][FEED_ETAG_SIZE];
  gint64 modified[2];
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];
  g_autoptr(ChangeSet) set = load();
  const FeedStamp now = { 0 };
  bool fresh;

  fill_hash(hash, 1);
  for (int i = 0; i < 2; i++) {
    put(1, 1, texts[i], 5000);

    g_autoptr(CachedFeed) feed = feed_cache_get(cache, hash, set, &now, &fresh);

    modified[i] = cached_feed_last_modified(feed);
    for (int encoding = 0; encoding < FEED_ENCODING_COUNT; encoding++) {
      const FeedBody *body = feed_cache_body(cache, feed, (FeedEncoding)encoding);

      g_strlcpy(etags[i][encoding], body->etag, FEED_ETAG_SIZE);
      ck_assert_ptr_eq(body, feed_cache_body(cache, feed, (FeedEncoding)encoding));
      ck_assert_ptr_nonnull(body->response);
    }
    ck_assert_uint_lt(g_bytes_get_size(feed_cache_body(cache, feed, FEED_ENCODING_GZIP)->bytes), 500);
  }
  ck_assert_int_eq(modified[1], modified[0] + 1); /* within the same second */
  ck_assert_str_ne(etags[0][0], etags[0][1]);
  ck_assert_str_ne(etags[0][0], etags[1][0]);
  ck_assert_str_ne(etags[0][1], etags[1][1]);
  ck_assert(g_str_has_suffix(etags[0][1], "-gz\""));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("feed_cache");
  TCase *tcase = tcase_create("feed_cache");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_only_who_is_concerned);
  tcase_add_test(tcase, test_is_bounded);
  tcase_add_test(tcase, test_bodies);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
