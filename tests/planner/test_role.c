/* Roles as words and as sets. */

#include "planner/role.h"
#include "tests/support/run.h"

START_TEST(test_role_parse)
{
  Role role = ROLE_VIEWER;

  for (int i = 0; i < ROLE_COUNT; i++) {
    ck_assert(role_parse(role_key((Role)i), &role));
    ck_assert_int_eq(role, i);
    ck_assert_str_ne(role_name((Role)i, "ja"), role_name((Role)i, "en"));
  }
  ck_assert(!role_parse("Planner", &role));
  ck_assert(!role_parse(NULL, &role));
}
END_TEST

static const struct {
  const char *text;
  guint roles;
  const char *bad; /* or NULL: it is a set */
  const char *formatted;
} sets[] = {
  { "planner", ROLE_BIT(ROLE_PLANNER), NULL, "planner" },
  { " quality ,planner", ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_QUALITY), NULL, "planner, quality" },
  { "quality,quality", ROLE_BIT(ROLE_QUALITY), NULL, "quality" },
  { "planner,boss", 0, "boss", NULL },
  { "planner,,quality", 0, "", NULL },
  { "", 0, "", NULL },
};

START_TEST(test_role_sets)
{
  guint roles = 0;
  g_autofree char *bad = NULL;
  bool done = role_parse_set(sets[_i].text, &roles, &bad);
  g_autofree char *formatted = role_format_set(roles);

  ck_assert_msg(done == (sets[_i].bad == NULL), "\"%s\"", sets[_i].text);
  ck_assert_uint_eq(roles, sets[_i].roles);
  if (done)
    ck_assert_str_eq(formatted, sets[_i].formatted);
  else
    ck_assert_str_eq(bad, sets[_i].bad);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("role");
  TCase *tests = tcase_create("role");

  tcase_add_test(tests, test_role_parse);
  tcase_add_loop_test(tests, test_role_sets, 0, (int)G_N_ELEMENTS(sets));
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
