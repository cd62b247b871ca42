/* Short codes: read back as they are written, by hand, by telephone and out of running text. */

#include "planner/short_code.h"
#include "tests/support/run.h"

#include <string.h>

#define ALPHABET "34679ACDEFGHJKMNPQRTWXY"

static char *text_of(gint64 message, guint64 number)
{
  ShortCode code = short_code_make(message, number);
  char buffer[SHORT_CODE_TEXT_SIZE];

  return g_strdup(short_code_format(&code, buffer));
}

START_TEST(test_form)
{
  g_autofree char *text = text_of(123, 0x0123456789abcdefu);
  g_autofree char *longest = text_of(999999999999999999, G_MAXUINT64);
  ShortCode code = { 0 }, again = short_code_make(123, 0x0123456789abcdefu);

  ck_assert(g_regex_match_simple("^123-[" ALPHABET "]{4}-[" ALPHABET "]{4}$", text, 0, 0));
  ck_assert(short_code_parse(text, &code));
  ck_assert_int_eq(code.message, 123);
  ck_assert(short_code_equal(&code, &again));
  ck_assert(short_code_parse(longest, &code));
  ck_assert_int_eq(code.message, 999999999999999999);

  ShortCode other = short_code_make(124, 0x0123456789abcdefu);

  ck_assert(!short_code_equal(&again, &other));
}
END_TEST

/* Each wrong character is found, and each pair of neighbours that is swapped. */
START_TEST(test_check)
{
  for (guint64 n = 0; n < 200; n++) {
    g_autofree char *text = text_of((gint64)n * 37 + 1, n * 0x9e3779b97f4a7c15u);
    gsize length = strlen(text);
    ShortCode code;

    for (gsize i = 0; i < length; i++) {
      g_autofree char *wrong = g_strdup(text);
      gsize next = i + 1 < length && text[i + 1] == '-' ? i + 2 : i + 1;

      if (text[i] == '-')
        continue;
      for (const char *c = g_ascii_isdigit(text[i]) && i < (gsize)(strchr(text, '-') - text) ? "0123456789"
                                                                                             : ALPHABET;
           *c != '\0'; c++) {
        wrong[i] = *c;
        ck_assert_msg(short_code_parse(wrong, &code) == (*c == text[i]), "%s for %s", wrong, text);
      }
      if (next >= length || text[next] == text[i])
        continue;
      wrong[i] = text[next];
      wrong[next] = text[i];
      ck_assert_msg(!short_code_parse(wrong, &code), "%s for %s", wrong, text);
    }
  }
}
END_TEST

static char *replaced(const char *text, const char *from, const char *to)
{
  g_auto(GStrv) parts = g_strsplit(text, from, -1);

  return g_strjoinv(to, parts);
}

/* As people type it. */
START_TEST(test_typed)
{
  static const char *const gaps[] = { "", " ", "--", "－", "ー", "−", "—", "・", " - ", "　", "\t", "." };
  g_autofree char *text = text_of(105, 77);
  ShortCode right = short_code_make(105, 77), code;

  for (gsize i = 0; i < G_N_ELEMENTS(gaps); i++) {
    g_autofree char *typed = replaced(text, "-", gaps[i]);
    g_autofree char *small = g_ascii_strdown(typed, -1);

    ck_assert_msg(short_code_parse(typed, &code) && short_code_equal(&code, &right), "%s", typed);
    ck_assert_msg(short_code_parse(small, &code) && short_code_equal(&code, &right), "%s", small);
  }

  g_autoptr(GString) wide = g_string_new(NULL);

  for (const char *c = text; *c != '\0'; c++)
    g_string_append_unichar(wide, (gunichar)*c - '!' + 0xFF01);
  ck_assert(short_code_parse(wide->str, &code) && short_code_equal(&code, &right));

  g_autofree char *letters = g_strdup(text);

  letters[0] = 'I'; /* 105 as IO5 */
  letters[1] = 'o';
  ck_assert(short_code_parse(letters, &code) && short_code_equal(&code, &right));
}
END_TEST

static const char *const none[] = { "",
                                    "123",
                                    "-",
                                    "123-AAAA",
                                    "AAAA-AAAA",
                                    "0-AAAA-AAAA",
                                    "1-ÄÄÄÄ-AAAA",
                                    "x-AAAA-AAAA",
                                    "1-AAAA-AAA0",
                                    "9999999999999999999999-AAAA-AAAA",
                                    "-1-AAAA-AAAA",
                                    "\xff\xfe" };

START_TEST(test_none)
{
  ShortCode code;

  ck_assert_msg(!short_code_parse(none[_i], &code), "%s", none[_i]);
}
END_TEST

/* `%s` stands for the code; false: it is not to be found in there. */
static const struct {
  const char *text;
  bool found;
} running[] = {
  { "%s", true },
  { "受領確認しました。確認番号：%sです。", true },
  { "Tel 03-0000-2100\r\n%s\r\n", true },
  { "number(%s),", true },
  { "A%s", false },
  { "%sA", false },
  { "%s-1", true },
  { "2026-11-24 %s", true },
  { "", false },
  { "03-0000-2100", false },
};

START_TEST(test_find)
{
  g_autofree char *code_text = text_of(123, 4711);
  g_autofree char *text = replaced(running[_i].text, "%s", code_text);
  const char *begin = NULL, *end = NULL;
  ShortCode right = short_code_make(123, 4711), code;

  ck_assert_msg(short_code_find(text, &code, &begin, &end) == running[_i].found, "%s", text);
  if (!running[_i].found)
    return;
  ck_assert(short_code_equal(&code, &right));
  ck_assert_int_eq((gint64)(end - begin), (gint64)strlen(code_text));
  ck_assert_int_eq(strncmp(begin, code_text, strlen(code_text)), 0);
  ck_assert(!short_code_find(end, &code, &begin, &end));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("short_code");
  TCase *tests = tcase_create("short_code");

  tcase_add_test(tests, test_form);
  tcase_add_test(tests, test_check);
  tcase_add_test(tests, test_typed);
  tcase_add_loop_test(tests, test_none, 0, G_N_ELEMENTS(none));
  tcase_add_loop_test(tests, test_find, 0, G_N_ELEMENTS(running));
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
