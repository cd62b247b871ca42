#include "notifier/page/page_json.h"
#include "tests/support/run.h"

static const struct {
  const char *url;
  bool is_link;
} urls[] = {
  { "https://example.com/a?b=c", true },
  { "HTTP://example.com", true },
  { "javascript:alert(1)", false },
  { " https://example.com", false },
  { "https://example.com/\"onclick=", false },
  { "https://example.com/<b>", false },
  { "https://example.com/a b", false },
  { "ftp://example.com", false },
  { "//example.com", false },
  { "", false },
  { NULL, false },
};

START_TEST(test_url)
{
  json_t *object = json_object();

  page_json_url(object, "url", urls[_i].url);
  ck_assert_msg((json_object_get(object, "url") != NULL) == urls[_i].is_link, "%s", urls[_i].url);
  json_decref(object);
}
END_TEST

static const struct {
  const char *text;
  bool mail;
} contacts[] = {
  { "psirt@example.co.jp", true },
  { "03-0000-0000（24時間）", false },
  { "psirt@example.co.jp, 03-0000-0000", false },
  { "a@b?bcc=c@d", false },
  { "窓口@example.jp", false },
  { "@", false },
};

START_TEST(test_contact)
{
  json_t *object = json_object();
  const json_t *contact;

  page_json_contact(object, "contact", contacts[_i].text);
  contact = json_object_get(object, "contact");
  ck_assert_str_eq(json_string_value(json_object_get(contact, "text")), contacts[_i].text);
  ck_assert_msg((json_object_get(contact, "mail") != NULL) == contacts[_i].mail, "%s", contacts[_i].text);
  json_decref(object);
}
END_TEST

START_TEST(test_bad_utf8_is_mended)
{
  json_t *object = json_object();

  page_json_text(object, "text",
                 "a\xff"
                 "b");
  ck_assert_str_eq(json_string_value(json_object_get(object, "text")), "a\xef\xbf\xbd"
                                                                       "b");
  json_decref(object);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("page_json");
  TCase *tcase = tcase_create("page_json");

  tcase_add_loop_test(tcase, test_url, 0, G_N_ELEMENTS(urls));
  tcase_add_loop_test(tcase, test_contact, 0, G_N_ELEMENTS(contacts));
  tcase_add_test(tcase, test_bad_utf8_is_mended);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
