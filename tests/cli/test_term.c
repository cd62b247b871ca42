#include "notifier/cli/term.h"
#include "tests/support/run.h"

#include <string.h>

typedef struct {
  const char *text;
  int width;
} WidthCase;

static const WidthCase width_cases[] = {
  { "", 0 },     { "EOL", 3 },       { "期限", 4 },           { "ＥＯＬ", 6 },
  { "ﾊﾝｶｸ", 4 }, { "e\xcc\x81", 1 }, { "か\xe3\x82\x99", 2 }, { "MRI装置 2.1", 11 },
};

START_TEST(test_term_width_counts_columns)
{
  const WidthCase *row = &width_cases[_i];

  ck_assert_msg(term_width(row->text) == row->width, "row %d \"%s\": %d", _i, row->text,
                term_width(row->text));
}
END_TEST

typedef struct {
  const char *text;
  int columns;
  const char *clipped;
} ClipCase;

static const ClipCase clip_cases[] = {
  { "abc", 3, "abc" },          { "abcd", 3, "ab…" },       { "期限管理", 8, "期限管理" },
  { "期限管理", 7, "期限管…" }, { "期限管理", 6, "期限…" }, { "abc", 1, "…" },
};

START_TEST(test_term_clip_cuts_whole_characters)
{
  const ClipCase *row = &clip_cases[_i];
  g_autofree char *clipped = term_clip(row->text, row->columns);

  ck_assert_msg(strcmp(clipped, row->clipped) == 0, "row %d: \"%s\"", _i, clipped);
  ck_assert_int_le(term_width(clipped), row->columns);
}
END_TEST

typedef struct {
  const char *text;
  int columns;
  const char *lines; /* joined by | */
} WrapCase;

static const WrapCase wrap_cases[] = {
  { "", 5, "" },
  { "one two three", 20, "one two three" },
  { "one two three", 7, "one two|three" },
  { "one two three", 3, "one|two|thr|ee" },
  { "期限が切れる", 6, "期限が|切れる" },
  { "EOL は期限", 6, "EOL は|期限" },
  { "期", 1, "期" },
};

START_TEST(test_term_wrap_breaks_at_blanks_and_wide_characters)
{
  const WrapCase *row = &wrap_cases[_i];
  g_auto(GStrv) lines = term_wrap(row->text, row->columns);
  g_autofree char *joined = g_strjoinv("|", lines);

  ck_assert_msg(strcmp(joined, row->lines) == 0, "row %d: \"%s\"", _i, joined);
}
END_TEST

START_TEST(test_term_put_lets_no_control_character_through)
{
  g_autofree char *text = NULL;
  gsize size = 0;
  FILE *stream = open_memstream(&text, &size);

  term_put(stream, "a\033[31mb\n", 12);
  fclose(stream);
  ck_assert_str_eq(text, "a\xef\xbf\xbd[31mb\xef\xbf\xbd    ");
  ck_assert(term_has_control("a\tb"));
  ck_assert(!term_has_control("期限"));
}
END_TEST

START_TEST(test_term_colour_is_for_terminals)
{
  FILE *stream = tmpfile();

  ck_assert(!term_has_colour(stream));
  ck_assert_str_eq(term_begin(stream, STYLE_RED), "");
  ck_assert_str_eq(term_end(stream, STYLE_RED), "");
  ck_assert_int_eq(term_columns(stream, 77), 77);
  fclose(stream);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("term");
  TCase *tests = tcase_create("term");

  tcase_add_loop_test(tests, test_term_width_counts_columns, 0, G_N_ELEMENTS(width_cases));
  tcase_add_loop_test(tests, test_term_clip_cuts_whole_characters, 0, G_N_ELEMENTS(clip_cases));
  tcase_add_loop_test(tests, test_term_wrap_breaks_at_blanks_and_wide_characters, 0,
                      G_N_ELEMENTS(wrap_cases));
  tcase_add_test(tests, test_term_put_lets_no_control_character_through);
  tcase_add_test(tests, test_term_colour_is_for_terminals);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
