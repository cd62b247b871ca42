#include "notifier/web/web_server.h"
#include "tests/support/run.h"
#include "tests/web/site.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void assert_header(const char *response, const char *name, const char *expected)
{
  g_autofree char *got = site_header(response, name);

  ck_assert_msg(g_strcmp0(got, expected) == 0, "%s: %s, not %s", name, got != NULL ? got : "absent",
                expected != NULL ? expected : "absent");
}

static void assert_private(const char *response)
{
  assert_header(response, "X-Content-Type-Options", "nosniff");
  assert_header(response, "Referrer-Policy", "no-referrer");
  assert_header(response, "X-Robots-Tag", "noindex");
  assert_header(response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

static int status_of(const char *path, const char *headers)
{
  g_autofree char *response = site_get(path, headers);

  return site_status(response);
}

START_TEST(test_feed)
{
  g_autofree char *response = site_get_feed("Accept: text/html\r\n");
  g_autofree char *etag = site_header(response, "ETag");
  g_autofree char *modified = site_header(response, "Last-Modified");
  g_autofree char *length = g_strdup_printf("%zu", strlen(site_body(response)));

  ck_assert_int_eq(site_status(response), 200);
  assert_private(response);
  assert_header(response, "Content-Type", "text/calendar; charset=utf-8");
  assert_header(response, "Content-Disposition", "inline; filename=\"kigen.ics\"");
  assert_header(response, "Cache-Control", "private, no-cache");
  assert_header(response, "Content-Encoding", NULL);
  assert_header(response, "Content-Length", length);
  ck_assert_uint_eq(strlen(etag), 42);
  ck_assert(etag[0] == '"' && etag[41] == '"');
  ck_assert(g_str_has_suffix(modified, " GMT"));
  ck_assert(g_str_has_prefix(site_body(response), "BEGIN:VCALENDAR\r\n"));
  ck_assert(g_str_has_suffix(site_body(response), "END:VCALENDAR\r\n"));
  ck_assert_ptr_nonnull(strstr(site_body(response), "\r\nUID:h1-eos@maker.example\r\n"));
}
END_TEST

START_TEST(test_feed_not_modified)
{
  g_autofree char *response = site_get_feed("");
  g_autofree char *etag = site_header(response, "ETag");
  g_autofree char *modified = site_header(response, "Last-Modified");
  const struct {
    const char *name, *value;
    int status;
  } rows[] = {
    { "If-None-Match", etag, 304 },          { "If-None-Match", "*", 304 },
    { "If-None-Match", "\"x\"", 200 },       { "If-Modified-Since", modified, 304 },
    { "If-Modified-Since", "rubbish", 200 }, { "If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT", 200 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *header = g_strdup_printf("%s: %s\r\n", rows[i].name, rows[i].value);
    g_autofree char *again = site_get_feed(header);

    ck_assert_msg(site_status(again) == rows[i].status, "row %zu: %s", i, again);
    assert_header(again, "ETag", etag);
    assert_header(again, "Last-Modified", modified);
    ck_assert_msg((*site_body(again) == '\0') == (rows[i].status == 304), "row %zu", i);
  }
}
END_TEST

START_TEST(test_head)
{
  g_autofree char *get = site_get_feed("");
  g_autofree char *length = site_header(get, "Content-Length");
  g_autofree char *etag = site_header(get, "ETag");
  g_autofree char *request =
      g_strdup_printf("HEAD /feeds/%s.ics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", site.token);
  g_autofree char *head = site_talk(request, -1, 10000, NULL);

  ck_assert_int_eq(site_status(head), 200);
  assert_header(head, "Content-Length", length);
  assert_header(head, "ETag", etag);
  ck_assert_str_eq(site_body(head), "");
}
END_TEST

START_TEST(test_keep_alive)
{
  g_autofree char *request =
      g_strdup_printf("GET /feeds/%s.ics HTTP/1.1\r\nHost: x\r\n\r\n"
                      "GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                      site.token);
  g_autofree char *both = site_talk(request, -1, 10000, NULL);
  const char *second = strstr(both, "END:VCALENDAR\r\nHTTP/1.1 200 OK");

  ck_assert_ptr_nonnull(second);
  ck_assert_ptr_nonnull(strstr(second, "Disallow: /"));
}
END_TEST

START_TEST(test_other_paths)
{
  static const struct {
    const char *path;
    int status;
  } rows[] = {
    { "/", 404 },
    { "/feeds", 404 },
    { "/feeds/", 404 },
    { "/feeds/.ics", 404 },
    { "/feeds/abc.ics", 404 },
    { "/feeds/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_.ics", 404 },
    { "/feeds/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_", 404 },
    { "/feeds/../../etc/passwd.ics", 404 },
    { "/feeds/%00.ics", 404 },
    { "/feeds/%FF%0D%0Ax.ics", 404 },
    { "/healthz/x", 404 },
    { "/healthz", 200 },
    { "/robots.txt", 200 },
    { "/robots.txt?x=y", 200 },
    { "*", 404 },
    { "http://x/robots.txt", 404 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *response = site_get(rows[i].path, "");

    ck_assert_msg(site_status(response) == rows[i].status, "row %zu: %s", i, response);
    assert_private(response);
    assert_header(response, "Content-Type", "text/plain; charset=utf-8");
    assert_header(response, "Cache-Control", "no-store");
  }
}
END_TEST

START_TEST(test_robots)
{
  g_autofree char *response = site_get("/robots.txt", "");

  ck_assert_str_eq(site_body(response), "User-agent: *\nAllow: /p/\nAllow: /style/\nDisallow: /\n");
}
END_TEST

START_TEST(test_revoked_and_rotated)
{
  AuditContext context = { "Tanaka", site.today, "2026-04-02T00:00:00Z" };
  g_autofree char *next = NULL;
  g_autofree char *path = NULL;
  g_autofree char *before = site_get_feed("");

  ck_assert_int_eq(site_status(before), 200);
  assert_done(db_begin(site.db, ERR));
  assert_done(feed_store_rotate(site.db, &context, site.key, 1, &next, ERR));
  assert_done(db_commit(site.db, ERR));
  site_wait();
  path = g_strdup_printf("/feeds/%s.ics", next);

  g_autofree char *old = site_get_feed("If-None-Match: *\r\n");

  ck_assert_int_eq(site_status(old), 410);
  assert_private(old);
  ck_assert_int_eq(status_of(path, ""), 200);
}
END_TEST

static const char *const methods[] = { "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW" };

START_TEST(test_methods)
{
  g_autofree char *request = g_strdup_printf(
      "%s /feeds/%s.ics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", methods[_i], site.token);
  bool closed = false;
  g_autofree char *response = site_talk(request, -1, 10000, &closed);

  ck_assert_msg(site_status(response) == 405, "%s: %s", methods[_i], response);
  assert_header(response, "Allow", "GET, HEAD");
  assert_private(response);
  ck_assert_msg(closed, "%s: the connection stays open", methods[_i]);
}
END_TEST

#define GET_ROBOTS "GET /robots.txt HTTP/1.1\r\nHost: x\r\n"
#define SMUGGLED "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

static const char *const ambiguous[] = {
  GET_ROBOTS "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: 0\r\nContent-Length: 35\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: 35\r\ncontent-length: 0\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: 5, 0\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: +0\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: -1\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: 0x5\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: 99999999999999999999\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length : 35\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Content-Length: 35\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Transfer-Encoding: identity\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Transfer-Encoding:\x0b"
             "chunked\r\n\r\n" SMUGGLED,
  GET_ROBOTS "Host: y\r\n\r\n" SMUGGLED,
  GET_ROBOTS "X\x01Y: 1\r\n\r\n" SMUGGLED,
};

START_TEST(test_ambiguous)
{
  bool closed = false;
  g_autofree char *response = site_talk(ambiguous[_i], -1, 10000, &closed);

  ck_assert_msg(site_status(response) == 400 || site_status(response) == 413, "row %d: %s", _i, response);
  ck_assert_msg(closed, "row %d: the connection stays open", _i);
  /* libmicrohttpd says "400" twice to a Content-Length that is no number; then it closes. */
  ck_assert_msg(strstr(response, "HTTP/1.1 2") == NULL, "row %d: a second answer: %s", _i, response);
}
END_TEST

static const char *const junk[] = {
  "\r\n\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "GET\r\n\r\n",
  "GET /robots.txt\r\n\r\n",
  "GET /robots.txt HTTP/9.9\r\n\r\n",
  "GET /robots.txt HTTP/1.1\r\n\r\n",
  "GET /feeds/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
  "HTTP/1.1 200 OK\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
};

/* Junk is answered with an error, or with nothing; then all is as before. */
START_TEST(test_junk)
{
  g_autofree char *response = site_talk(junk[_i], -1, 300, NULL);

  ck_assert_msg(*response == '\0' || (site_status(response) >= 400 && site_status(response) < 600) ||
                    site_status(response) == 0,
                "row %d: %s", _i, response);
  ck_assert_int_eq(status_of("/healthz", ""), 200);
}
END_TEST

START_TEST(test_random_junk)
{
  for (guint seed = 0; seed < 40; seed++) {
    g_autoptr(GString) bytes = g_string_new(seed % 2 == 0 ? "GET /feeds/" : "");

    g_random_set_seed(seed);
    for (int i = g_random_int_range(1, 3000); i > 0; i--)
      g_string_append_c(bytes, g_random_int_range(0, 8) == 0 ? "\r\n :"[g_random_int_range(0, 4)]
                                                             : (char)g_random_int_range(0, 256));
    g_string_append(bytes, "\r\n\r\n");

    g_autofree char *response = site_talk(bytes->str, (gssize)bytes->len, 20, NULL);

    ck_assert_msg(site_status(response) != 200, "seed %u", seed);
  }
  ck_assert_int_eq(status_of("/healthz", ""), 200);
}
END_TEST

START_TEST(test_headers_too_long)
{
  g_autofree char *long_value = g_strnfill(40000, 'a');
  g_autofree char *headers = g_strdup_printf("X-Long: %s\r\n", long_value);
  g_autofree char *path = g_strdup_printf("/%s", long_value);

  ck_assert_int_eq(status_of("/robots.txt", headers), 431);
  ck_assert_int_ge(status_of(path, ""), 400);
  ck_assert_int_eq(status_of("/healthz", ""), 200);
}
END_TEST

START_TEST(test_change_is_seen)
{
  g_autofree char *first = site_get_feed("");
  g_autofree char *etag = site_header(first, "ETag");
  g_autofree char *modified = site_header(first, "Last-Modified");
  g_autofree char *header = g_strdup_printf("If-None-Match: %s\r\n", etag);

  ck_assert_int_eq(site_status(first), 200);
  site_change("UPDATE holding SET version = 2, count = 4, changed_at = '2026-05-01T00:00:00Z'");

  g_autofree char *second = site_get_feed(header);
  g_autofree char *since = g_strdup_printf("If-Modified-Since: %s\r\n", modified);
  g_autofree char *third = site_get_feed(since);

  ck_assert_int_eq(site_status(second), 200);
  ck_assert_ptr_nonnull(strstr(second, "\r\nSEQUENCE:3\r\n"));
  ck_assert_int_eq(site_status(third), 200);
}
END_TEST

/* What feeds do not show moves nothing, nor does a counter alone. */
START_TEST(test_no_change_keeps_the_etag)
{
  g_autofree char *first = site_get_feed("");
  g_autofree char *etag = site_header(first, "ETag");
  g_autofree char *modified = site_header(first, "Last-Modified");

  site_change("INSERT INTO outbox (organization, channel, due_on, message_id, created_at)"
              " VALUES (1, 'letter', '2026-06-01', 'x', '2026-06-01T00:00:00Z')");
  site.today++;
  site_wait();

  g_autofree char *second = site_get_feed("");

  assert_header(second, "ETag", etag);
  assert_header(second, "Last-Modified", modified);
  site_restart();

  g_autofree char *third = site_get_feed("");

  assert_header(third, "ETag", etag);
}
END_TEST

START_TEST(test_today_is_seen)
{
  site_change("UPDATE holding SET ended_on = '2026-04-01', version = 2, changed_at = '2026-04-01T00:00:00Z'");

  g_autofree char *cancelled = site_get_feed("");

  ck_assert_ptr_nonnull(strstr(cancelled, "STATUS:CANCELLED"));
  site.today += 366;
  site_wait();

  g_autofree char *over = site_get_feed("");

  ck_assert_ptr_null(strstr(over, "BEGIN:VEVENT"));
  ck_assert_ptr_nonnull(strstr(over, "BEGIN:VTIMEZONE"));
}
END_TEST

/* A plan row that cannot be rendered: the last good bytes go out, and who never had any gets a 503. */
START_TEST(test_inner_error)
{
  AuditContext context = { "Tanaka", site.today, "2026-04-02T00:00:00Z" };
  g_autofree char *other = NULL;
  g_autofree char *good = site_get_feed("");
  g_autofree char *etag = site_header(good, "ETag");

  assert_done(db_begin(site.db, ERR));
  assert_done(
      feed_store_create(site.db, &context, site.key, "H1", &(FeedTerms){ .language = "en" }, &other, ERR));
  assert_done(db_commit(site.db, ERR));
  site_change("UPDATE holding SET changed_at = 'yesterday'");

  g_autofree char *stale = site_get_feed("");
  g_autofree char *path = g_strdup_printf("/feeds/%s.ics", other);
  g_autofree char *none = site_get(path, "");

  ck_assert_int_eq(site_status(stale), 200);
  assert_header(stale, "ETag", etag);
  ck_assert_int_eq(site_status(none), 503);
  assert_header(none, "Retry-After", "60");
  assert_private(none);
  ck_assert_ptr_nonnull(strstr(site.reports->str, "yesterday"));
  ck_assert_ptr_null(strstr(site.reports->str, site.token));
  ck_assert_ptr_null(strstr(site.reports->str, other));

  site_change("UPDATE holding SET changed_at = '2026-05-01T00:00:00Z'");

  ck_assert_int_eq(status_of(path, ""), 200);
}
END_TEST

START_TEST(test_store_goes_away)
{
  g_autofree char *path = g_strdup(db_path(site.db));
  g_autofree char *away = g_strconcat(path, ".away", NULL);

  ck_assert_int_eq(status_of("/healthz", ""), 200);
  g_clear_pointer(&site.server, web_server_stop);
  ck_assert_int_eq(rename(path, away), 0);

  g_autoptr(GError) error = NULL;

  ck_assert(!web_server_start(&site.config, &site.server, &error));
  ck_assert_msg(error->domain == DB_ERROR, "%s", error->message);
  ck_assert_int_eq(rename(away, path), 0);
  site_restart();
  ck_assert_int_eq(status_of("/healthz", ""), 200);
}
END_TEST

/* A byte now and then keeps the idle timeout away for ever, but not the deadline. */
START_TEST(test_slow_client)
{
  site.config.deadline_seconds = 1;
  site_restart();

  bool closed = false;
  gint64 start = g_get_monotonic_time();
  g_autofree char *response =
      site_talk("GET /robots.txt HTTP/1.1\r\nHost: x\r\nX-Slow: ", -1, 20000, &closed);

  ck_assert(closed);
  ck_assert_int_lt(g_get_monotonic_time() - start, 10 * G_USEC_PER_SEC);
  ck_assert_int_eq(status_of("/healthz", ""), 200);
}
END_TEST

typedef struct {
  GThread *thread;
  int wrong;
} Client;

static gpointer client(gpointer data)
{
  Client *self = data;

  for (int i = 0; i < 60; i++) {
    g_autofree char *response = site_get_feed(i % 3 == 0 ? "If-None-Match: \"x\"\r\n" : "");

    self->wrong += site_status(response) != 200 || !g_str_has_suffix(response, "END:VCALENDAR\r\n");
  }
  return NULL;
}

START_TEST(test_many_clients_and_a_writer)
{
  Client clients[4] = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS(clients); i++)
    clients[i].thread = g_thread_new("client", client, &clients[i]);
  for (int i = 2; i < 40; i++) {
    g_autofree char *sql = g_strdup_printf("UPDATE holding SET version = %d", i);

    site_change(sql);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(clients); i++) {
    g_thread_join(clients[i].thread);
    ck_assert_int_eq(clients[i].wrong, 0);
  }
  g_autofree char *last = site_get_feed("");

  ck_assert_ptr_nonnull(strstr(last, "\r\nSEQUENCE:40\r\n"));
  ck_assert_str_eq(site.reports->str, "");
}
END_TEST

START_TEST(test_ports_and_addresses)
{
  static const struct {
    const char *text, *address;
    int port; /* -1: refused */
  } rows[] = {
    { "127.0.0.1:8765", "127.0.0.1", 8765 },
    { "[::1]:80", "::1", 80 },
    { "8080", NULL, 8080 },
    { "0.0.0.0:0", "0.0.0.0", 0 },
    { "", NULL, -1 },
    { ":80", NULL, -1 },
    { "127.0.0.1:", NULL, -1 },
    { "::1:80", NULL, -1 },
    { "127.0.0.1:65536", NULL, -1 },
    { "127.0.0.1:-1", NULL, -1 },
    { "[]:80", NULL, -1 },
    { "127.0.0.1:8x", NULL, -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *address = NULL;
    g_autoptr(GError) error = NULL;
    guint16 port = 0;
    bool good = web_server_parse_listen(rows[i].text, &address, &port, &error);

    ck_assert_msg(good == (rows[i].port >= 0), "row %zu", i);
    if (!good)
      continue;
    ck_assert_msg(port == rows[i].port, "row %zu: %u", i, port);
    ck_assert_msg(g_strcmp0(address, rows[i].address) == 0, "row %zu: %s", i, address);
  }
}
END_TEST

START_TEST(test_start_refuses)
{
  static const struct {
    const char *address;
    bool taken;
    const char *word;
  } rows[] = { { "127.0.0.1", true, "in use" },
               { "localhost", false, "no IP address" },
               { "203.0.113.77", false, "203.0.113.77" } };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    WebConfig config = site.config;
    WebServer *server = NULL;
    g_autoptr(GError) error = NULL;

    config.address = rows[i].address;
    config.port = rows[i].taken ? web_server_port(site.server) : 0;
    ck_assert_msg(!web_server_start(&config, &server, &error), "row %zu", i);
    ck_assert_msg(g_error_matches(error, WEB_SERVER_ERROR, WEB_SERVER_ERROR_ADDRESS), "row %zu: %s", i,
                  error->message);
    ck_assert_msg(strstr(error->message, rows[i].word) != NULL, "row %zu: %s", i, error->message);
  }
}
END_TEST

/* An idle connection does not hold the service up. */
START_TEST(test_stop_with_open_connections)
{
  gint64 start = g_get_monotonic_time();
  bool closed = false;
  g_autofree char *open = site_talk("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", -1, 200, &closed);

  ck_assert_int_eq(site_status(open), 200);
  ck_assert(!closed);
  g_clear_pointer(&site.server, web_server_stop);
  ck_assert_int_lt(g_get_monotonic_time() - start, 4 * G_USEC_PER_SEC);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_server");
  TCase *tcase = tcase_create("web_server");

  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, site_setup, site_teardown);
  tcase_add_test(tcase, test_feed);
  tcase_add_test(tcase, test_feed_not_modified);
  tcase_add_test(tcase, test_head);
  tcase_add_test(tcase, test_keep_alive);
  tcase_add_test(tcase, test_other_paths);
  tcase_add_test(tcase, test_robots);
  tcase_add_test(tcase, test_revoked_and_rotated);
  tcase_add_loop_test(tcase, test_methods, 0, G_N_ELEMENTS(methods));
  tcase_add_loop_test(tcase, test_ambiguous, 0, G_N_ELEMENTS(ambiguous));
  tcase_add_loop_test(tcase, test_junk, 0, G_N_ELEMENTS(junk));
  tcase_add_test(tcase, test_random_junk);
  tcase_add_test(tcase, test_headers_too_long);
  tcase_add_test(tcase, test_change_is_seen);
  tcase_add_test(tcase, test_no_change_keeps_the_etag);
  tcase_add_test(tcase, test_today_is_seen);
  tcase_add_test(tcase, test_inner_error);
  tcase_add_test(tcase, test_store_goes_away);
  tcase_add_test(tcase, test_slow_client);
  tcase_add_test(tcase, test_many_clients_and_a_writer);
  tcase_add_test(tcase, test_ports_and_addresses);
  tcase_add_test(tcase, test_start_refuses);
  tcase_add_test(tcase, test_stop_with_open_connections);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
