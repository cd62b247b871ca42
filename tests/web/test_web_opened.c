#include "db/page_store.h"
#include "notifier/web/web_opened.h"
#include "tests/support/run.h"
#include "tests/web/site.h"

#define ACCEPT "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

static const struct {
  const char *name;
  WebOpenedBy by;
  bool by_hand;
} rows[] = {
  { "a browser", { false, ACCEPT, FIREFOX, NULL, "navigate", "document" }, true },
  { "a browser without fetch metadata", { false, ACCEPT, FIREFOX, NULL, NULL, NULL }, true },
  { "HEAD", { true, ACCEPT, FIREFOX, NULL, "navigate", "document" }, false },
  { "prefetch", { false, ACCEPT, FIREFOX, "prefetch", "navigate", "document" }, false },
  { "prerender", { false, ACCEPT, FIREFOX, "prefetch;prerender", "navigate", "document" }, false },
  { "a frame", { false, ACCEPT, FIREFOX, NULL, "navigate", "iframe" }, false },
  { "fetch()", { false, ACCEPT, FIREFOX, NULL, "cors", "empty" }, false },
  { "no Accept", { false, NULL, FIREFOX, NULL, NULL, NULL }, false },
  { "any type", { false, "*/*", FIREFOX, NULL, NULL, NULL }, false },
  { "no name", { false, ACCEPT, NULL, NULL, NULL, NULL }, false },
  { "curl", { false, ACCEPT, "curl/7.88.1", NULL, NULL, NULL }, false },
  { "a preview",
    { false, ACCEPT, "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", NULL, NULL, NULL },
    false },
  { "a robot", { false, ACCEPT, "Mozilla/5.0 (compatible; bingbot/2.0)", NULL, NULL, NULL }, false },
};

START_TEST(test_by_hand)
{
  ck_assert_msg(web_opened_is_by_hand(&rows[_i].by) == rows[_i].by_hand, "%s", rows[_i].name);
}
END_TEST

#define PERSON "Accept: " ACCEPT "\r\nUser-Agent: " FIREFOX "\r\n"

static const AuditContext context = { "Tanaka", 739707, "2026-04-01T00:00:00Z" };
static char *path;

/* The plan in force declares a limited support; the hospital has a unit of it. */
static void setup(void)
{
  static const char *const codes[] = { "H1", NULL };
  g_autofree char *token = NULL;

  site_setup();
  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, "UPDATE support_plan SET state = 'superseded' WHERE id = 1");
  scratch_sql(site.db,
              "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc,"
              " limited_support_duties, author, created_at) VALUES (2, 1, 2, 'draft', '2029-03-31',"
              " '2031-03-31', 'LS-1', '院内ネットワークから分離する', 'T', '2026-04-01T00:00:00Z')");
  scratch_sql(site.db, "INSERT INTO service_line (plan, kind, until) VALUES (2, 'parts', '2031-03-31')");
  scratch_sql(site.db, "UPDATE support_plan SET state = 'published', published_on = '2026-04-01',"
                       " published_at = '2026-04-01T00:00:00Z' WHERE id = 2");
  scratch_sql(site.db, "INSERT INTO device (id, product, release, serial, serial_key, organization)"
                       " VALUES (1, 1, 1, 'S-1', 'S-1', 1)");
  assert_done(page_store_create(site.db, &context, site.key, codes, &token, ERR));
  assert_done(db_commit(site.db, ERR));
  path = g_strconcat("/h/", token, NULL);
  site_wait();
}

static void teardown(void)
{
  g_clear_pointer(&path, g_free);
  site_teardown();
}

static gint64 presentations(void)
{
  return scratch_number(site.db, "SELECT count(*) FROM presentation WHERE plan = 2 AND organization = 1"
                                 " AND how = 'page' AND day = '2026-04-01'");
}

static void open_page(const char *headers)
{
  g_autofree char *response = site_get(path, headers);

  ck_assert_int_eq(site_status(response), 200);
}

START_TEST(test_opening_is_a_presentation)
{
  open_page("");
  open_page("Accept: " ACCEPT "\r\nUser-Agent: curl/7.88.1\r\n");
  open_page(PERSON "Sec-Purpose: prefetch\r\n");
  web_server_stop(g_steal_pointer(&site.server)); /* whatever was to be written is written then */
  ck_assert_int_eq(presentations(), 0);
  site_restart();
  open_page(PERSON);
  open_page(PERSON);
  web_server_stop(g_steal_pointer(&site.server));
  ck_assert_int_eq(presentations(), 1);
  ck_assert_int_eq(scratch_number(site.db, "SELECT count(*) FROM audit WHERE action = 'page.open'"), 1);
  site_restart();
  open_page(PERSON);
  web_server_stop(g_steal_pointer(&site.server));
  ck_assert_int_eq(presentations(), 1);
}
END_TEST

/* Who has no unit in use is shown nothing. */
START_TEST(test_only_who_uses_it)
{
  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, "UPDATE device SET status = 'disposed'");
  scratch_sql(site.db, "UPDATE holding SET count = 0, ended_on = '2026-03-31'");
  assert_done(db_commit(site.db, ERR));
  open_page(PERSON);
  web_server_stop(g_steal_pointer(&site.server));
  ck_assert_int_eq(presentations(), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_opened");
  TCase *pure = tcase_create("pure"), *tcase = tcase_create("site");

  tcase_add_loop_test(pure, test_by_hand, 0, G_N_ELEMENTS(rows));
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_opening_is_a_presentation);
  tcase_add_test(tcase, test_only_who_uses_it);
  suite_add_tcase(suite, pure);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
