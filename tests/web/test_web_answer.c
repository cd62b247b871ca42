#include "tests/support/run.h"
#include "tests/web/site.h"

#include <string.h>

static char *header(const char *response, const char *name)
{
  return site_header(response, name);
}

static gint64 metric(const char *name)
{
  g_autofree char *page = site_get("/metrics", "");
  g_autofree char *line = g_strdup_printf("\n%s ", name);
  const char *at = strstr(page, line);

  ck_assert_msg(at != NULL, "%s: %s", name, page);
  return g_ascii_strtoll(at + strlen(line), NULL, 10);
}

START_TEST(test_gzip_when_asked)
{
  g_autofree char *plain = site_get_feed("");
  g_autofree char *small = site_get_feed("Accept-Encoding: gzip\r\n");
  g_autofree char *etag = header(plain, "ETag");
  g_autofree char *other = header(small, "ETag");
  g_autofree char *encoding = header(small, "Content-Encoding");
  g_autofree char *vary = header(small, "Vary");
  g_autofree char *ask = g_strdup_printf("Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n", other);
  g_autofree char *wrong = g_strdup_printf("Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n", etag);
  g_autofree char *same = site_get_feed(ask);
  g_autofree char *not_same = site_get_feed(wrong);

  ck_assert_str_eq(encoding, "gzip");
  ck_assert_str_eq(vary, "Accept-Encoding");
  ck_assert_str_ne(etag, other);
  ck_assert_int_eq(site_status(same), 304);
  ck_assert_int_eq(site_status(not_same), 200);
  site.config.plain = true;
  site_restart();

  g_autofree char *never = site_get_feed("Accept-Encoding: gzip\r\n");
  g_autofree char *none = header(never, "Content-Encoding");

  ck_assert_ptr_null(none);
}
END_TEST

START_TEST(test_product)
{
  static const struct {
    const char *path;
    int status;
    const char *text;
  } rows[] = {
    { "/products/CT.ics", 200, "\r\nUID:release-1-eos@maker.example\r\n" },
    { "/products/CT.ics?language=en", 200, "SUMMARY:EOS: last day of support" },
    { "/products/CT.ics?language=fr", 200, "SUMMARY:サポート最終日" },
    { "/products/%43T.ics", 200, "END:VCALENDAR\r\n" },
    { "/products/XX.ics", 404, NULL },
    { "/products/D.ics", 404, NULL }, /* only a draft: nobody is told that it exists */
    { "/products/.ics", 404, NULL },
  };

  site_change("INSERT INTO product (id, code, name_ja) VALUES (2, 'D', '秘密')");
  site_change("INSERT INTO release (id, product, name) VALUES (2, 2, 'D1')");
  site_change("INSERT INTO support_plan (id, release, revision, state, eol, eos, author, created_at)"
              " VALUES (2, 2, 1, 'draft', '2029-03-31', '2031-03-31', 'T', '2026-04-01T00:00:00Z')");
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *response = site_get(rows[i].path, "");
    g_autofree char *caching = header(response, "Cache-Control");

    ck_assert_msg(site_status(response) == rows[i].status, "row %zu: %s", i, response);
    ck_assert_str_eq(caching, rows[i].status == 200 ? "public, no-cache" : "no-store");
    if (rows[i].text != NULL)
      ck_assert_msg(strstr(response, rows[i].text) != NULL, "row %zu: %s", i, response);
    ck_assert_ptr_null(strstr(response, "あおば総合病院"));
  }
}
END_TEST

/* A plan of a market of its own stands beside the one for all. */
START_TEST(test_product_of_two_markets)
{
  site_change(
      "INSERT INTO support_plan (id, release, market, revision, state, eol, eos, author, created_at,"
      " published_on, published_at) VALUES (2, 1, 'DE', 1, 'published', '2030-03-31', '2032-03-31', 'T',"
      " '2026-04-01T00:00:00Z', '2026-04-01', '2026-04-01T00:00:00Z')");

  g_autofree char *response = site_get("/products/CT.ics", "");

  ck_assert_ptr_nonnull(strstr(response, "\r\nUID:release-1-eos@maker.example\r\n"));
  ck_assert_ptr_nonnull(strstr(response, "\r\nUID:release-1-DE-eos@maker.example\r\n"));
  ck_assert_ptr_nonnull(strstr(response, "X100 (DE)"));
}
END_TEST

/* A 304, and a change that does not concern it, touch no renderer; one that does, once. */
START_TEST(test_renders_only_what_changed)
{
  g_autofree char *first = site_get_feed("");
  g_autofree char *etag = header(first, "ETag");
  g_autofree char *ask = g_strdup_printf("If-None-Match: %s\r\n", etag);
  gint64 renders = metric("kigen_web_feed_renders_total");

  for (int i = 0; i < 20; i++) {
    g_autofree char *again = site_get_feed(ask);

    ck_assert_int_eq(site_status(again), 304);
  }
  site_change_one("UPDATE release SET udi_di = '1' WHERE id = 1", CHANGE_RELEASE, 99);
  site_change_one("UPDATE release SET udi_di = '2' WHERE id = 1", CHANGE_ORGANIZATION, 99);

  g_autofree char *unconcerned = site_get_feed(ask);

  ck_assert_int_eq(site_status(unconcerned), 304);
  ck_assert_int_eq(metric("kigen_web_feed_renders_total"), renders);
  site_change_one("UPDATE holding SET version = 2, count = 9", CHANGE_RELEASE, 1);

  g_autofree char *changed = site_get_feed(ask);

  ck_assert_int_eq(site_status(changed), 200);
  ck_assert_int_eq(metric("kigen_web_feed_renders_total"), renders + 1);
}
END_TEST

START_TEST(test_metrics)
{
  g_autofree char *ok = site_get_feed("");
  g_autofree char *missing = site_get("/nothing", "");
  g_autofree char *outside = site_get("/metrics", "X-Forwarded-For: 198.51.100.7\r\n");
  g_autofree char *page = site_get("/metrics", "");

  ck_assert_int_eq(site_status(ok), 200);
  ck_assert_int_eq(site_status(missing), 404);
  ck_assert_int_eq(site_status(outside), 404);
  ck_assert_ptr_nonnull(strstr(page, "\nkigen_web_requests_total{status=\"404\"} 2\n"));
  ck_assert_int_eq(metric("kigen_feeds"), 1);
  ck_assert_int_eq(metric("kigen_web_cached_feeds"), 1);
  ck_assert_int_eq(metric("kigen_outbox_messages{state=\"pending\"}"), 0);
  ck_assert_int_eq(metric("kigen_outbox_oldest_waiting_timestamp_seconds"), 0);
  site_change("INSERT INTO outbox (organization, channel, due_on, message_id, created_at)"
              " VALUES (1, 'letter', '2026-01-01', 'x', '2026-01-01T00:00:00Z'),"
              " (1, 'letter', '2036-01-01', 'y', '2025-01-01T00:00:00Z')");
  ck_assert_int_eq(metric("kigen_outbox_messages{state=\"pending\"}"), 2);
  ck_assert_int_eq(metric("kigen_outbox_oldest_waiting_timestamp_seconds"), 1767225600);
}
END_TEST

static const struct {
  const char *request;
  int status;
} bodies[] = {
  { "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=b", 405 },
  { "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n", 413 },
  { "POST /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
  { "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
  { "POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b", 404 },
};

START_TEST(test_bodies)
{
  g_autofree char *response = site_talk(bodies[_i].request, -1, 10000, NULL);

  ck_assert_msg(site_status(response) == bodies[_i].status, "row %d: %s", _i, response);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_answer");
  TCase *tcase = tcase_create("web_answer");

  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, site_setup, site_teardown);
  tcase_add_test(tcase, test_gzip_when_asked);
  tcase_add_test(tcase, test_product);
  tcase_add_test(tcase, test_product_of_two_markets);
  tcase_add_test(tcase, test_renders_only_what_changed);
  tcase_add_test(tcase, test_metrics);
  tcase_add_loop_test(tcase, test_bodies, 0, G_N_ELEMENTS(bodies));
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
