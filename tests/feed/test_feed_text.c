#include "notifier/feed/feed_text.h"
#include "tests/support/run.h"

#include <string.h>

static const struct {
  const char *in;
  FeedTextShape shape;
  const char *out;
} clean[] = {
  { NULL, FEED_TEXT_LINE, "" },
  { "", FEED_TEXT_LINES, "" },
  { "CT 装置（Ver.2）", FEED_TEXT_LINE, "CT 装置（Ver.2）" },
  { "  a b  ", FEED_TEXT_LINE, "a b" },
  { "\n\n a\nb \n\n", FEED_TEXT_LINES, "a\nb" },
  { "a\r\nb\rc\nd", FEED_TEXT_LINES, "a\nb\nc\nd" },
  { "a\r\nEND:VEVENT\rc\nd\te", FEED_TEXT_LINE, "a END:VEVENT c d e" },
  { "a\x01\x1b[31m\x7f", FEED_TEXT_LINE, "a\uFFFD\uFFFD[31m\uFFFD" },
  { "\xC2\x85x\xC2\x9By\xC2\xA0z", FEED_TEXT_LINES, "\uFFFDx\uFFFDy\u00A0z" },
  { "\xFF\xFE", FEED_TEXT_LINE, "\uFFFD\uFFFD" },
  { "a\xE7\xB5", FEED_TEXT_LINE, "a\uFFFD\uFFFD" },
  { "\xED\xA0\x80", FEED_TEXT_LINE, "\uFFFD\uFFFD\uFFFD" },
  { "\xC0\xAF", FEED_TEXT_LINE, "\uFFFD\uFFFD" },
  { " \t\r\n ", FEED_TEXT_LINE, "" },
};

START_TEST(test_clean_cases)
{
  g_autoptr(GString) out = g_string_new("left over");
  const char *got = feed_text_clean(out, clean[_i].in, clean[_i].shape);

  ck_assert_msg(g_str_equal(got, clean[_i].out), "row %d: \"%s\"", _i, got);
}
END_TEST

START_TEST(test_clean_shortens)
{
  g_autoptr(GString) in = g_string_new(NULL);
  g_autoptr(GString) out = g_string_new(NULL);

  for (int shift = 0; shift < 3; shift++) {
    g_string_truncate(in, 0);
    g_string_append_len(in, "aa", shift);
    for (int i = 0; i < 10000; i++)
      g_string_append(in, "終");
    feed_text_clean(out, in->str, FEED_TEXT_LINE);
    ck_assert_uint_le(out->len, FEED_TEXT_LINE_MAX);
    ck_assert_uint_gt(out->len, FEED_TEXT_LINE_MAX - 6);
    ck_assert(g_utf8_validate(out->str, -1, NULL));
    ck_assert(g_str_has_suffix(out->str, "終…"));
  }
}
END_TEST

static const struct {
  const char *in, *out; /* NULL: refused */
} urls[] = {
  { "https://maker.example/a?b=c&d=e,f;g#h", "https://maker.example/a?b=c&d=e,f;g#h" },
  { "HTTP://maker.example/", "HTTP://maker.example/" },
  { "https://maker.example/添付", "https://maker.example/%E6%B7%BB%E4%BB%98" },
  { NULL, NULL },
  { "", NULL },
  { "maker.example", NULL },
  { "javascript:alert(1)", NULL },
  { "ftp://maker.example/", NULL },
  { "https://maker.example/a b", NULL },
  { "https://maker.example/\r\nATTACH:https://evil.example/", NULL },
  { "https://maker.example/\n", NULL },
  { "https://maker.example/\"x", NULL },
  { "https://maker.example/<x>", NULL },
  { "https://maker.example/\x7f", NULL },
  { "https://maker.example/\xFF", NULL },
};

START_TEST(test_url_cases)
{
  g_autoptr(GString) out = g_string_new("left over");
  bool good = feed_text_url(out, urls[_i].in);

  ck_assert_msg(good == (urls[_i].out != NULL), "row %d", _i);
  ck_assert_msg(g_str_equal(out->str, good ? urls[_i].out : ""), "row %d: \"%s\"", _i, out->str);
}
END_TEST

START_TEST(test_url_too_long)
{
  g_autofree char *tail = g_strnfill(2000, 'a');
  g_autofree char *url = g_strconcat("https://", tail, NULL);
  g_autoptr(GString) out = g_string_new(NULL);

  ck_assert(!feed_text_url(out, url));
}
END_TEST

START_TEST(test_escape)
{
  g_autoptr(GString) out = g_string_new("X:");

  feed_text_escape(out, "a,b;c\\d:\"e\"", '\\');
  ck_assert_str_eq(out->str, "X:a\\,b\\;c\\\\d:\"e\"");
  feed_text_escape(out, ",\\", '!');
  ck_assert_str_eq(out->str, "X:a\\,b\\;c\\\\d:\"e\"!,!!");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("feed_text");
  TCase *tcase = tcase_create("feed_text");

  tcase_add_loop_test(tcase, test_clean_cases, 0, G_N_ELEMENTS(clean));
  tcase_add_test(tcase, test_clean_shortens);
  tcase_add_loop_test(tcase, test_url_cases, 0, G_N_ELEMENTS(urls));
  tcase_add_test(tcase, test_url_too_long);
  tcase_add_test(tcase, test_escape);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
