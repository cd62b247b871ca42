#include "planner/web_address.h"

#include <string.h>

#include "tests/support/run.h"

static const char *const good[] = {
  "https://maker.example",
  "http://maker.example/",
  "HTTPS://Maker.Example/ls-14.pdf?a=1&b=2#c",
  "https://maker.example:8443/x;y",
  "https://[2001:db8::1]/plan",
  "https://maker.example/a(b)c'd!e*f,g~h",
  "https://a/%E6%9C%9F%E9%99%90",
  "http://192.0.2.1/plan?x=[1]",
};

static const char *const bad[] = {
  NULL,
  "",
  "maker.example",
  "www.maker.example/plan",
  "ftp://maker.example/plan",
  "javascript:alert(1)",
  "data:text/html,x",
  "https:/maker.example",
  "https://",
  "https:///plan",
  "https://?x",
  " https://maker.example",
  "https://maker.example/a b",
  "https://maker.example/\ttab",
  "https://maker.example/\nBcc:x",
  "https://maker.example/\"onclick=x",
  "https://maker.example/<b>",
  "https://maker.example/計画",
  "https://ｍaker.example",
  "https://maker.example/\x7f",
  "https://maker.example/a\\b",
};

START_TEST(test_check_accepts)
{
  ck_assert_msg(web_address_check(good[_i], NULL), "%s", good[_i]);
}
END_TEST

START_TEST(test_check_refuses)
{
  g_autoptr(GError) error = NULL;

  ck_assert_msg(!web_address_check(bad[_i], &error), "row %d is taken", _i);
  ck_assert(g_error_matches(error, WEB_ADDRESS_ERROR, WEB_ADDRESS_ERROR_FORM));
  ck_assert_ptr_nonnull(strstr(error->message, "https://"));
}
END_TEST

START_TEST(test_check_length)
{
  g_autofree char *path = g_strnfill(WEB_ADDRESS_MAX - strlen("https://a/"), 'x');
  g_autofree char *longest = g_strconcat("https://a/", path, NULL);
  g_autofree char *over = g_strconcat(longest, "x", NULL);

  ck_assert(web_address_check(longest, NULL));
  ck_assert(!web_address_check(over, NULL));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_address");
  TCase *tcase = tcase_create("check");

  tcase_add_loop_test(tcase, test_check_accepts, 0, G_N_ELEMENTS(good));
  tcase_add_loop_test(tcase, test_check_refuses, 0, G_N_ELEMENTS(bad));
  tcase_add_test(tcase, test_check_length);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
