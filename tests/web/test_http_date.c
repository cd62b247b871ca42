#include "notifier/web/http_date.h"
#include "notifier/web/web_condition.h"
#include "tests/support/run.h"

static const struct {
  const char *text;
  gint64 seconds; /* -1: refused */
} dates[] = {
  { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
  { "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
  { "Sun Nov  6 08:49:37 1994", 784111777 },
  { "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
  { "Mon, 31 Mar 2031 23:59:59 GMT", 1932767999 },
  { "Monday, 31-Mar-31 23:59:59 GMT", 1932767999 },
  { "", -1 },
  { "now", -1 },
  { "Sun, 06 Nov 1994 08:49:37", -1 },
  { "Sun, 06 Nov 1994 08:49:37 GMT ", -1 },
  { "Sun, 06 Nov 1994 08:49:37 UTC", -1 },
  { "Sun, 31 Feb 1994 08:49:37 GMT", -1 },
  { "Sun, 06 Nop 1994 08:49:37 GMT", -1 },
  { "Sun, 06 Nov 1994 24:49:37 GMT", -1 },
  { "Sun, -6 Nov 1994 08:49:37 GMT", -1 },
  { "1994-11-06T08:49:37Z", -1 },
};

START_TEST(test_parse)
{
  gint64 seconds = -1;
  bool read = http_date_parse(dates[_i].text, &seconds);

  ck_assert_msg(read == (dates[_i].seconds >= 0), "row %d", _i);
  ck_assert_msg(seconds == dates[_i].seconds, "row %d: %ld", _i, (long)seconds);
}
END_TEST

START_TEST(test_format)
{
  char buffer[HTTP_DATE_SIZE];

  ck_assert_str_eq(http_date_format(784111777, buffer), "Sun, 06 Nov 1994 08:49:37 GMT");
  ck_assert_str_eq(http_date_format(1932767999, buffer), "Mon, 31 Mar 2031 23:59:59 GMT");
}
END_TEST

#define ETAG "\"a1\""
#define AT 784111777
#define AT_TEXT "Sun, 06 Nov 1994 08:49:37 GMT"

static const struct {
  const char *if_none_match, *if_modified_since;
  bool same;
} conditions[] = {
  { NULL, NULL, false },
  { ETAG, NULL, true },
  { "W/" ETAG, NULL, true },
  { "\"x\", " ETAG, NULL, true },
  { "\"x\"," ETAG ",\"y\"", NULL, true },
  { "\"x,y\" , W/" ETAG, NULL, true },
  { "*", NULL, true },
  { "\"x\"", NULL, false },
  { "\"a\"", NULL, false },
  { "\"a11\"", NULL, false },
  { "a1", NULL, false },
  { "\"a1", NULL, false },
  { "", NULL, false },
  { NULL, AT_TEXT, true },
  { NULL, "Sun, 06 Nov 1994 08:49:38 GMT", false },
  { NULL, "Sun, 06 Nov 1994 08:49:36 GMT", false },
  { NULL, "yesterday", false },
  { "\"x\"", AT_TEXT, false },
  { ETAG, "Sun, 06 Nov 1994 08:49:36 GMT", true },
};

START_TEST(test_condition)
{
  bool same =
      web_condition_not_modified(conditions[_i].if_none_match, conditions[_i].if_modified_since, ETAG, AT);

  ck_assert_msg(same == conditions[_i].same, "row %d", _i);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("http_date");
  TCase *tcase = tcase_create("http_date");

  tcase_add_loop_test(tcase, test_parse, 0, G_N_ELEMENTS(dates));
  tcase_add_test(tcase, test_format);
  tcase_add_loop_test(tcase, test_condition, 0, G_N_ELEMENTS(conditions));
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
