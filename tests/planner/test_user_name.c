/* One spelling for a name that the audit trail keeps. */

#include "planner/user_name.h"
#include "tests/support/run.h"

#include <string.h>

static const struct {
  const char *text;
  const char *name; /* NULL: refused */
} cases[] = {
  { "hayase", "hayase" },
  { "  ｈａｙａｓｅ\t", "hayase" },
  { "早瀬　 真理子", "早瀬 真理子" },
  { "ﾊﾔｾ", "ハヤセ" },
  { "Ha\u0308yase", "H\u00e4yase" }, /* composed */
  { "O'Neil-Sato @ 2", "O'Neil-Sato @ 2" },
  { "kigen2", "kigen2" },
  { "", NULL },
  { " \t　", NULL },
  { "kigen", NULL },
  { "Ｋigen", NULL },
  { "ha\u200byase", NULL }, /* zero width space */
  { "\u202ehayase", NULL }, /* right-to-left override */
  { "hayase\x01", NULL },   /* control character */
  { "hayase\nsato", NULL },
  { "ha\xffyase", NULL },       /* not UTF-8 */
  { "hayase\ue000", NULL },     /* private use */
  { "hayase\u2028sato", NULL }, /* line separator */
  { NULL, NULL },
};

START_TEST(test_user_name_parse)
{
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  bool done = user_name_parse(cases[_i].text, &name, &error);

  ck_assert_msg(done == (cases[_i].name != NULL), "row %d: %s", _i, done ? name : error->message);
  if (done)
    ck_assert_str_eq(name, cases[_i].name);
  else
    ck_assert(error->domain == USER_NAME_ERROR && name == NULL);
}
END_TEST

START_TEST(test_user_name_parse_counts_characters)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 100; i++)
    g_string_append(text, "早");
  ck_assert(user_name_parse(text->str, &name, NULL));
  g_string_append(text, "早");
  g_clear_pointer(&name, g_free);
  ck_assert(!user_name_parse(text->str, &name, &error));
  ck_assert(g_error_matches(error, USER_NAME_ERROR, USER_NAME_ERROR_FORM));
}
END_TEST

START_TEST(test_user_name_parse_full_takes_the_program_s_name_too)
{
  g_autofree char *name = NULL;

  ck_assert(user_name_parse_full(" Kigen  Taro ", &name, NULL));
  ck_assert_str_eq(name, "Kigen Taro");
  g_clear_pointer(&name, g_free);
  ck_assert(user_name_parse_full("kigen", &name, NULL));
}
END_TEST

START_TEST(test_user_name_is_like)
{
  ck_assert(user_name_is_like("Sato", "sato"));
  ck_assert(user_name_is_like("SATO", "Sato"));
  ck_assert(!user_name_is_like("Sato", "Satou"));
  ck_assert(!user_name_is_like("Sato K", "SatoK"));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("user_name");
  TCase *tests = tcase_create("user_name");

  tcase_add_loop_test(tests, test_user_name_parse, 0, (int)G_N_ELEMENTS(cases));
  tcase_add_test(tests, test_user_name_parse_counts_characters);
  tcase_add_test(tests, test_user_name_parse_full_takes_the_program_s_name_too);
  tcase_add_test(tests, test_user_name_is_like);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
