#include "notifier/web/web_language.h"
#include "tests/support/run.h"

static const struct {
  const char *chosen, *accept, *otherwise, *language;
} rows[] = {
  /* the switch */
  { "en", "ja", "ja", "en" },
  { "ja", "en", "en", "ja" },
  { "fr", "en", "ja", "en" },
  { "", NULL, "ja", "ja" },
  /* what browsers send */
  { NULL, "ja,en-US;q=0.9,en;q=0.8", "en", "ja" },
  { NULL, "en-US,en;q=0.9,ja;q=0.8", "ja", "en" },
  { NULL, "ja-JP", "en", "ja" },
  { NULL, "JA", "en", "ja" },
  { NULL, "en-GB;q=0.4, ja;q=0.3", "ja", "en" },
  { NULL, "en, ja", "ja", "en" },
  { NULL, "ja, en", "en", "ja" },
  { NULL, "ja;q=0.500,en;q=0.5", "en", "ja" },
  { NULL, "de-DE,de;q=0.9", "ja", "en" },
  { NULL, "de,en;q=0.2,ja;q=0.1", "ja", "en" },
  { NULL, "*", "ja", "ja" },
  { NULL, "*", "en", "en" },
  { NULL, "ja;q=0, *", "ja", "en" },
  { NULL, "de, *;q=0.1", "ja", "ja" },
  /* nothing, and what is nothing */
  { NULL, NULL, "ja", "ja" },
  { NULL, NULL, "en", "en" },
  { NULL, "", "ja", "ja" },
  { NULL, "ja;q=0", "ja", "ja" },
  { NULL, "ja;q=2,en;q=0.1", "en", "en" },
  { NULL, "ja;q=1.0001,en;q=0.1", "ja", "en" },
  { NULL, "ja;q=,en;q=0.1", "ja", "en" },
  { NULL, "ja;level=1,en", "ja", "en" },
  { NULL, ";;,,;q=1,\xff\xfe", "ja", "en" },
  { NULL, "jav,eng", "ja", "en" },
};

START_TEST(test_choose)
{
  ck_assert_msg(g_str_equal(web_language_choose(rows[_i].chosen, rows[_i].accept, rows[_i].otherwise),
                            rows[_i].language),
                "row %d: %s", _i, rows[_i].accept);
}
END_TEST

START_TEST(test_a_long_header)
{
  g_autoptr(GString) accept = g_string_new("de");

  for (int i = 0; i < 10000; i++)
    g_string_append(accept, ",de;q=0.1");
  g_string_append(accept, ",ja");
  ck_assert_str_eq(web_language_choose(NULL, accept->str, "ja"), "en");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_language");
  TCase *tcase = tcase_create("web_language");

  tcase_add_loop_test(tcase, test_choose, 0, G_N_ELEMENTS(rows));
  tcase_add_test(tcase, test_a_long_header);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
