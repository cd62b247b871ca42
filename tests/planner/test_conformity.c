#include "planner/conformity.h"

#include <string.h>

#include "tests/support/run.h"

START_TEST(test_conformity_table_is_whole)
{
  static const char *const ids[] = { "1(1)a", "1(1)b", "1(1)c", "1(2)a", "1(2)b", "1(2)c", "1(2)d",
                                     "1(2)e", "1(3)",  "1(4)",  "1(5)",  "1(6)",  "2(1)",  "2(2)",
                                     "2(3)",  "2(4)",  "F.2",   "F.3a",  "F.3b",  "F.4" };
  gsize n;
  const ConformityItem *items = conformity_table(&n);

  ck_assert_uint_eq(n, G_N_ELEMENTS(ids));
  for (gsize i = 0; i < n; i++) {
    ck_assert_str_eq(items[i].id, ids[i]);
    ck_assert_int_eq(conformity_find(ids[i]), (int)i);
    ck_assert_msg(g_str_has_suffix(items[i].text_ja, "。") && g_str_has_suffix(items[i].text_en, "."), "%s",
                  ids[i]);
    ck_assert_msg(*items[i].source != '\0' && *items[i].clause != '\0', "%s", ids[i]);
    ck_assert_msg(items[i].annex_f == (items[i].id[0] == 'F'), "%s", ids[i]);
  }
  ck_assert_int_eq(conformity_find("12c"), -1);
  ck_assert_int_eq(conformity_find(NULL), -1);
}
END_TEST

/* What a person writes for an item; the items meant, or "" for none. */
START_TEST(test_conformity_parse)
{
  static const struct {
    const char *text, *means;
  } cases[] = {
    { "1(2)c", "1(2)c" },
    { "1（２）ｃ", "1(2)c" },
    { "1-2c", "1(2)c" },
    { "1.2 C", "1(2)c" },
    { "1(1)", "1(1)a 1(1)b 1(1)c" },
    { "1(3)", "1(3)" },
    { "２の（１）", "2(1)" },
    { "2(4)", "2(4)" },
    { "F.3", "F.3a F.3b" },
    { "f3b", "F.3b" },
    { "附属書F.4", "F.4" },
    { "附属書Ｆ．４", "F.4" },
    { "1", "" },
    { "1(2", "1(2)a 1(2)b 1(2)c 1(2)d 1(2)e" },
    { "1(7)", "" },
    { "1(3)a", "" },
    { "1(2)cc", "" },
    { "3(1)", "" },
    { "", "" },
    { "附属書", "" },
    { "項目1(1)", "" },
    { "\xff", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint32 found = conformity_parse(cases[i].text);
    g_autoptr(GString) ids = g_string_new(NULL);
    gsize n;
    const ConformityItem *items = conformity_table(&n);

    for (gsize item = 0; item < n; item++) {
      if ((found & 1u << item) != 0)
        g_string_append_printf(ids, "%s%s", ids->len > 0 ? " " : "", items[item].id);
    }
    ck_assert_msg(strcmp(ids->str, cases[i].means) == 0, "%s: %s", cases[i].text, ids->str);
  }
}
END_TEST

/* Which items are asked of whom (QA2 Q8). */
START_TEST(test_conformity_transition)
{
  guint32 exempt = conformity_required(false) & ~conformity_required(true);
  gsize n;
  const ConformityItem *items = conformity_table(&n);

  ck_assert_uint_eq(exempt,
                    conformity_parse("1(2)a") | conformity_parse("1(2)c") | conformity_parse("1(2)d"));
  ck_assert_uint_eq(conformity_required(true) & ~conformity_required(false), 0);
  ck_assert_uint_eq(conformity_annex_f(), conformity_parse("F.3"));
  for (gsize i = 0; i < n; i++) {
    guint32 bit = 1u << i;

    ck_assert_msg(conformity_applies(&items[i], false) == ((conformity_required(false) & bit) != 0), "%s",
                  items[i].id);
    ck_assert_msg(conformity_applies(&items[i], true) == ((exempt & bit) == 0), "%s", items[i].id);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("conformity");
  TCase *table = tcase_create("table");

  tcase_add_test(table, test_conformity_table_is_whole);
  tcase_add_test(table, test_conformity_parse);
  tcase_add_test(table, test_conformity_transition);
  suite_add_tcase(suite, table);
  return run_suite(suite);
}
