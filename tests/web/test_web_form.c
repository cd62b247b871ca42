#include "notifier/web/web_form.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

#define TYPE "application/x-www-form-urlencoded"

static const char *const known[] = { "name", "note", "名", NULL };

static bool parse(const char *type, const char *body, WebForm **form, GError **error)
{
  return web_form_parse(type, body, strlen(body), known, form, error);
}

START_TEST(test_values)
{
  const struct {
    const char *body, *name, *note;
  } rows[] = {
    { "", "", "" },
    { "name=a&note=b", "a", "b" },
    { "name=a&&note=b&", "a", "b" },
    { "name=+a+b%20c+", "a b c", "" },
    { "name=%E4%BD%90%E8%97%A4+%e5%81%a5", "佐藤 健", "" },
    { "note=a%0D%0Ab%0Dc%0Ad", "", "a\nb\nc\nd" },
    { "name=a%3Db%26c%2B%25", "a=b&c+%", "" },
    { "name=a=b", "a=b", "" },
    { "name&note", "", "" },
    { "%6eame=a", "a", "" },
    { "name=\xE5\x81\xA5", "健", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(WebForm) form = NULL;

    assert_done(parse(TYPE, rows[i].body, &form, ERR));
    ck_assert_msg(g_str_equal(web_form_get(form, "name"), rows[i].name), "row %zu", i);
    ck_assert_msg(g_str_equal(web_form_get(form, "note"), rows[i].note), "row %zu", i);
  }
}
END_TEST

START_TEST(test_refused)
{
  const struct {
    const char *body;
    WebFormError code;
  } rows[] = {
    { "name=%", WEB_FORM_ERROR_MALFORMED },
    { "name=%4", WEB_FORM_ERROR_MALFORMED },
    { "name=%zz", WEB_FORM_ERROR_MALFORMED },
    { "name=%4&note=b", WEB_FORM_ERROR_MALFORMED },
    { "name=%00", WEB_FORM_ERROR_MALFORMED },
    { "name=%ff", WEB_FORM_ERROR_MALFORMED },
    { "name=%c0%80", WEB_FORM_ERROR_MALFORMED },
    { "name=%ed%a0%80", WEB_FORM_ERROR_MALFORMED },
    { "name=%1b[2J", WEB_FORM_ERROR_MALFORMED },
    { "name=%c2%85", WEB_FORM_ERROR_MALFORMED },
    { "name=%e2%80%ae", WEB_FORM_ERROR_MALFORMED },
    { "name=\x01", WEB_FORM_ERROR_MALFORMED },
    { "name=a&name=a", WEB_FORM_ERROR_FIELD },
    { "name=a&%6eame=b", WEB_FORM_ERROR_FIELD },
    { "other=a", WEB_FORM_ERROR_FIELD },
    { "=a", WEB_FORM_ERROR_FIELD },
    { "Name=a", WEB_FORM_ERROR_FIELD },
    { "name[]=a", WEB_FORM_ERROR_FIELD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    WebForm *form = NULL;

    ck_assert_msg(!parse(TYPE, rows[i].body, &form, &error), "row %zu", i);
    ck_assert_msg(g_error_matches(error, WEB_FORM_ERROR, (int)rows[i].code), "row %zu", i);
    ck_assert_ptr_null(form);
  }
}
END_TEST

START_TEST(test_type)
{
  const struct {
    const char *type;
    bool good;
  } rows[] = {
    { TYPE, true },
    { TYPE "; charset=UTF-8", true },
    { "Application/X-WWW-Form-Urlencoded", true },
    { NULL, false },
    { "", false },
    { TYPE "x", false },
    { "multipart/form-data; boundary=x", false },
    { "text/plain", false },
    { "application/json", false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(WebForm) form = NULL;

    ck_assert_msg(parse(rows[i].type, "name=a", &form, &error) == rows[i].good, "row %zu", i);
    ck_assert_msg(rows[i].good || g_error_matches(error, WEB_FORM_ERROR, WEB_FORM_ERROR_TYPE), "row %zu", i);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_form");
  TCase *tcase = tcase_create("web_form");

  tcase_add_test(tcase, test_values);
  tcase_add_test(tcase, test_refused);
  tcase_add_test(tcase, test_type);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
