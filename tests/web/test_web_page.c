#include "db/page_store.h"
#include "db/setting_store.h"
#include "notifier/web/web_style.h"
#include "tests/support/run.h"
#include "tests/web/site.h"

#include <string.h>

static const AuditContext context = { "Tanaka", 739707, "2026-04-01T00:00:00Z" };

/* A unit of the hospital's, with a name that would be markup. */
#define DEVICE                                                                                               \
  "INSERT INTO device (id, product, release, serial, serial_key, organization, department, asset_no)"        \
  " VALUES (1, 1, 1, 'S-1<b>', 'S-1<B>', 1, 'ICU', 'ME-0001')"

static char *page_token;

static void setup(void)
{
  const char *const codes[] = { "H1", NULL };

  site_setup();
  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, DEVICE);
  assert_done(page_store_create(site.db, &context, site.key, codes, &page_token, ERR));
  assert_done(db_commit(site.db, ERR));
  site_wait();
}

static void teardown(void)
{
  g_clear_pointer(&page_token, g_free);
  site_teardown();
}

static char *get_page(const char *token, const char *headers)
{
  g_autofree char *path = g_strconcat("/h/", token, NULL);

  return site_get(path, headers);
}

static void assert_header(const char *response, const char *name, const char *value)
{
  g_autofree char *found = site_header(response, name);

  ck_assert_msg(g_strcmp0(found, value) == 0, "%s: %s", name, found);
}

static void assert_has(const char *response, const char *text)
{
  ck_assert_msg(strstr(site_body(response), text) != NULL, "%s is not in %s", text, response);
}

START_TEST(test_hospital)
{
  g_autofree char *response = get_page(page_token, "");

  ck_assert_int_eq(site_status(response), 200);
  assert_header(response, "Content-Type", "text/html; charset=utf-8");
  assert_header(response, "Cache-Control", "private, no-store");
  assert_header(response, "Referrer-Policy", "no-referrer");
  assert_header(response, "X-Robots-Tag", "noindex");
  assert_header(response, "X-Content-Type-Options", "nosniff");
  assert_header(response, "ETag", NULL);
  assert_header(response, "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
                "'none'");
  assert_has(response, "<html lang=\"ja\">");
  assert_has(response, "あおば総合病院");
  assert_has(response, "S-1&lt;b&gt;");
  assert_has(response, "ME-0001");
  assert_has(response, "2029年3月31日");
  ck_assert_ptr_null(strstr(response, "<script"));
  ck_assert_ptr_null(strstr(response, "style="));
}
END_TEST

START_TEST(test_language)
{
  static const struct {
    const char *query, *headers, *tag;
  } rows[] = {
    { "", "", "<html lang=\"ja\">" },
    { "", "Accept-Language: en-US,en;q=0.9\r\n", "<html lang=\"en\">" },
    { "?lang=en", "Accept-Language: ja\r\n", "<html lang=\"en\">" },
    { "?lang=ja", "Accept-Language: en\r\n", "<html lang=\"ja\">" },
    { "?lang=xx", "Accept-Language: en\r\n", "<html lang=\"en\">" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *hospital = g_strconcat("/h/", page_token, rows[i].query, NULL);
    g_autofree char *product = g_strconcat("/p/CT", rows[i].query, NULL);
    g_autofree char *first = site_get(hospital, rows[i].headers);
    g_autofree char *second = site_get(product, rows[i].headers);

    assert_has(first, rows[i].tag);
    assert_has(second, rows[i].tag);
  }
}
END_TEST

/* The page offers its own calendars, and what it offers is one. */
START_TEST(test_feeds_of_the_page)
{
  g_autofree char *response = get_page(page_token, "");
  const char *at = strstr(response, "href=\"/feeds/");
  g_autofree char *path = NULL;
  g_autofree char *calendar = NULL;

  ck_assert_ptr_nonnull(at);
  path = g_strndup(at + 6, strcspn(at + 6, "\""));
  calendar = site_get(path, "");
  ck_assert_int_eq(site_status(calendar), 200);
  assert_has(calendar, "DTSTART;VALUE=DATE:20310331");
  ck_assert_ptr_null(strstr(calendar, page_token));
  assert_has(response, "webcal://localhost/feeds/");
  assert_has(response, "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Flocalhost%2Ffeeds%2F");
}
END_TEST

START_TEST(test_strangers)
{
  static const char *const tokens[] = { "x", "../p/CT", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        NULL };

  for (gsize i = 0; tokens[i] != NULL; i++) {
    g_autofree char *response = get_page(tokens[i], "");

    ck_assert_msg(site_status(response) == 404, "%s: %s", tokens[i], response);
  }

  g_autofree char *feed = get_page(site.token, ""); /* another purpose */
  g_autofree char *path = g_strdup_printf("/feeds/%s.ics", page_token);
  g_autofree char *page = site_get(path, "");

  ck_assert_int_eq(site_status(feed), 404);
  ck_assert_int_eq(site_status(page), 404);
}
END_TEST

START_TEST(test_revoked)
{
  g_autofree char *next = NULL;

  assert_done(db_begin(site.db, ERR));
  assert_done(page_store_rotate(site.db, &context, site.key, 1, &next, ERR));
  assert_done(db_commit(site.db, ERR));

  g_autofree char *old = get_page(page_token, "");
  g_autofree char *response = get_page(next, "");

  ck_assert_int_eq(site_status(old), 410);
  ck_assert_int_eq(site_status(response), 200);
  assert_has(response, "href=\"/feeds/");
}
END_TEST

START_TEST(test_head)
{
  g_autofree char *request =
      g_strdup_printf("HEAD /h/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", page_token);
  g_autofree char *head = site_talk(request, -1, 10000, NULL);

  ck_assert_int_eq(site_status(head), 200);
  ck_assert_str_eq(site_body(head), "");
}
END_TEST

START_TEST(test_devices)
{
  g_autofree char *path = g_strdup_printf("/h/%s/devices.csv", page_token);
  g_autofree char *cp932 = g_strconcat(path, "?encoding=cp932", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db,
              "UPDATE device SET asset_no = '=1+1', department = '\"ICU\", 3階', location = '𠮷野棟'");
  assert_done(db_commit(site.db, ERR));
  site_wait();
  first = site_get(path, "");
  second = site_get(cp932, "");
  ck_assert_int_eq(site_status(first), 200);
  assert_header(first, "Content-Type", "text/csv; charset=utf-8");
  assert_header(first, "Content-Disposition", "attachment; filename=\"devices.csv\"");
  assert_header(first, "Cache-Control", "private, no-store");
  ck_assert(g_str_has_prefix(site_body(first), "\xef\xbb\xbf施設,販売名,"));
  assert_has(first, "\"\"\"ICU\"\", 3階\",𠮷野棟,'=1+1,");
  assert_has(first, "2029-03-31,2031-03-31,\r\n");
  assert_header(second, "Content-Type", "text/csv; charset=windows-31j");
  ck_assert(g_str_has_prefix(site_body(second), "\x8e\x7b\x90\xdd,")); /* 施設 */
  assert_has(second, "\x81\xac\x96\xec\x93\x8f,");                     /* 〓野棟 */
  ck_assert(g_str_has_suffix(site_body(second), "\x81\x42\r\n"));      /* the note ends in 。 */
}
END_TEST

/* A corporation's page is bounded: it says what it leaves out, and the file has it all. */
START_TEST(test_many_devices)
{
  g_autofree char *path = g_strdup_printf("/h/%s/devices.csv", page_token);
  g_autofree char *page = NULL;
  g_autofree char *file = NULL;

  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 2108)"
                       " INSERT INTO device (id, product, release, serial, serial_key, organization)"
                       " SELECT i, 1, 1, 'N' || i, 'N' || i, 1 FROM n");
  assert_done(db_commit(site.db, ERR));
  site_wait();
  page = get_page(page_token, "");
  file = site_get(path, "");
  assert_has(page, "このほかに100件あります");
  assert_has(file, ",N2108,");
  ck_assert_ptr_null(strstr(file, "ほか"));
}
END_TEST

/* What a lessor reads of a unit at a hospital that is known by an alias only. */
START_TEST(test_a_lessors_page)
{
  static const char *const sheets[] = {
    "", "?lang=en", "/devices.csv", "/receipt", "/acknowledge", "/decide"
  };
  const char *const codes[] = { "L1", NULL };
  g_autofree char *token = NULL;

  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, "UPDATE organization SET disclosed = 0 WHERE id = 1");
  scratch_sql(site.db,
              "INSERT INTO organization (id, code, name_ja, role) VALUES (2, 'L1', 'リース', 'lessor')");
  scratch_sql(site.db, "INSERT INTO custody (device, role, organization) VALUES (1, 'owner', 2)");
  scratch_sql(site.db,
              "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"
              " VALUES (1, 2, 'owner', 1, 1, 'l1', '2025-01-01', '2026-01-01T00:00:00Z')");
  assert_done(page_store_create(site.db, &context, site.key, codes, &token, ERR));
  assert_done(db_commit(site.db, ERR));
  site_wait();
  for (gsize i = 0; i < G_N_ELEMENTS(sheets); i++) {
    g_autofree char *path = g_strconcat("/h/", token, sheets[i], NULL);
    g_autofree char *response = site_get(path, "");

    ck_assert_int_eq(site_status(response), 200);
    if (i < 3)
      assert_has(response, "S-1");
    ck_assert_ptr_null(strstr(response, "あおば総合病院"));
    ck_assert_ptr_null(strstr(response, "ICU"));
    ck_assert_ptr_null(strstr(response, "ME-0001"));
    ck_assert_ptr_null(strstr(response, "お使いの"));
    ck_assert_ptr_null(strstr(response, "that you use"));
  }
}
END_TEST

START_TEST(test_receipt)
{
  g_autofree char *path = g_strdup_printf("/h/%s/receipt?lang=en", page_token);
  g_autofree char *response = NULL;

  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, "INSERT INTO notice (id, kind, plan, due_on, created_at)"
                       " VALUES (1, 'plan-announcement', 1, '2026-04-01', '2026-04-01T00:00:00Z')");
  scratch_sql(site.db,
              "INSERT INTO outbox (id, organization, channel, due_on, message_id, state, attempt, created_at)"
              " VALUES (1, 1, 'letter', '2026-04-01', 'm1', 'sent', 1, '2026-04-01T00:00:00Z')");
  scratch_sql(site.db, "INSERT INTO outbox_notice VALUES (1, 1, 1)");
  scratch_sql(site.db,
              "INSERT INTO acknowledgement (notice, organization, kind, by, how, at, day)"
              " VALUES (1, 1, 'receipt', '佐藤 花子', 'phone', '2026-04-05T00:00:00Z', '2026-04-05')");
  assert_done(db_commit(site.db, ERR));
  site_wait();
  response = site_get(path, "");
  ck_assert_int_eq(site_status(response), 200);
  assert_header(response, "Cache-Control", "private, no-store");
  assert_has(response, "X100, revision 1");
  assert_has(response, "letter: sent");
  assert_has(response, "佐藤 花子");
  assert_has(response, "5 April 2026");
}
END_TEST

START_TEST(test_product)
{
  g_autofree char *response = site_get("/p/CT", "");
  g_autofree char *etag = site_header(response, "ETag");
  g_autofree char *header = g_strdup_printf("If-None-Match: %s\r\n", etag);
  g_autofree char *again = site_get("/p/CT", header);
  g_autofree char *unknown = site_get("/p/MR", "");

  ck_assert_int_eq(site_status(response), 200);
  assert_header(response, "Cache-Control", "public, no-cache");
  assert_header(response, "Vary", "Accept-Encoding, Accept-Language");
  assert_header(response, "X-Robots-Tag", NULL);
  assert_header(response, "Referrer-Policy", "no-referrer");
  assert_has(response, "X100");
  assert_has(response, "2031年3月31日");
  ck_assert_ptr_null(strstr(response, "あおば総合病院"));
  ck_assert_int_eq(site_status(again), 304);
  ck_assert_int_eq(site_status(unknown), 404);

  site_change_one("UPDATE release SET name = 'X200' WHERE id = 1", CHANGE_RELEASE, 1);

  g_autofree char *changed = site_get("/p/CT", header);

  ck_assert_int_eq(site_status(changed), 200);
  assert_has(changed, "X200");
}
END_TEST

/* The public calendar leads to the page that says the same. */
START_TEST(test_calendar_of_the_product)
{
  g_autofree char *calendar = site_get("/products/CT.ics", "");

  assert_has(calendar, "URL:http://localhost/p/CT\r\n");
}
END_TEST

START_TEST(test_style)
{
  g_autofree char *page = get_page(page_token, "");
  const char *at = strstr(page, "/style/");
  g_autofree char *path = NULL;
  g_autofree char *response = NULL;
  g_autofree char *unknown = site_get("/style/0000.css", "");

  ck_assert_ptr_nonnull(at);
  path = g_strndup(at, strcspn(at, "\""));
  response = site_get(path, "");
  ck_assert_int_eq(site_status(response), 200);
  assert_header(response, "Content-Type", "text/css; charset=utf-8");
  assert_header(response, "Cache-Control", "public, max-age=31536000, immutable");
  ck_assert_int_eq(site_status(unknown), 404);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_page");
  TCase *tcase = tcase_create("web_page");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_hospital);
  tcase_add_test(tcase, test_language);
  tcase_add_test(tcase, test_feeds_of_the_page);
  tcase_add_test(tcase, test_strangers);
  tcase_add_test(tcase, test_revoked);
  tcase_add_test(tcase, test_head);
  tcase_add_test(tcase, test_devices);
  tcase_add_test(tcase, test_many_devices);
  tcase_add_test(tcase, test_a_lessors_page);
  tcase_add_test(tcase, test_receipt);
  tcase_add_test(tcase, test_product);
  tcase_add_test(tcase, test_calendar_of_the_product);
  tcase_add_test(tcase, test_style);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
