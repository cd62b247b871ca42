#include "notifier/web/web_route.h"
#include "tests/support/run.h"

START_TEST(test_fits)
{
  static const struct {
    const char *pattern, *path;
    bool fits;
    const char *word;
  } rows[] = {
    { "/healthz", "/healthz", true, NULL },
    { "/healthz", "/healthz/", false, NULL },
    { "/healthz", "/Healthz", false, NULL },
    { "/healthz", "", false, NULL },
    { "/feeds/<token>.ics", "/feeds/abc.ics", true, "abc" },
    { "/feeds/<token>.ics", "/feeds/a.ics.ics", true, "a.ics" },
    { "/feeds/<token>.ics", "/feeds/.ics", false, NULL },
    { "/feeds/<token>.ics", "/feeds/abc", false, NULL },
    { "/feeds/<token>.ics", "/feeds/a/b.ics", false, NULL },
    { "/feeds/<token>.ics", "/feeds/a%2Fb.ics", true, "a/b" },
    { "/feeds/<token>.ics", "/feeds/%E6%9C%AD.ics", true, "札" },
    { "/feeds/<token>.ics", "/feeds/%E6.ics", false, NULL },
    { "/feeds/<token>.ics", "/feeds/%00.ics", false, NULL },
    { "/feeds/<token>.ics", "/feeds/a%0D%0A.ics", false, NULL },
    { "/feeds/<token>.ics", "/feeds/%zz.ics", false, NULL },
    { "/feeds/<token>.ics", "/feeds/%4.ics", false, NULL },
    { "/p/<product>", "/p/CT", true, "CT" },
    { "/p/<product>", "/p/", false, NULL },
    { "/h/<token>/devices.csv", "/h/x/devices.csv", true, "x" },
    { "/h/<token>/devices.csv", "/h/devices.csv", false, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *word = NULL;

    ck_assert_msg(web_route_fits(rows[i].pattern, rows[i].path, &word) == rows[i].fits, "row %zu", i);
    ck_assert_msg(g_strcmp0(word, rows[i].word) == 0, "row %zu: %s", i, word);
  }
}
END_TEST

START_TEST(test_find)
{
  static const struct {
    const char *method, *path, *pattern, *allow;
  } rows[] = {
    { "GET", "/healthz", "/healthz", "GET, HEAD" },
    { "HEAD", "/healthz", "/healthz", "GET, HEAD" },
    { "POST", "/healthz", NULL, "GET, HEAD" },
    { "BREW", "/healthz", NULL, "GET, HEAD" },
    { "GET", "/nothing", NULL, NULL },
    { "GET", "/feeds/x.ics", "/feeds/<token>.ics", "GET, HEAD" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *word = NULL;
    const char *allow = NULL;
    const WebRoute *route = web_route_find(rows[i].method, rows[i].path, &word, &allow);

    ck_assert_msg(g_strcmp0(route != NULL ? route->pattern : NULL, rows[i].pattern) == 0, "row %zu", i);
    ck_assert_msg(g_strcmp0(allow, rows[i].allow) == 0, "row %zu: %s", i, allow);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_route");
  TCase *tcase = tcase_create("web_route");

  tcase_add_test(tcase, test_fits);
  tcase_add_test(tcase, test_find);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
