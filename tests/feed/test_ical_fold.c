#include "notifier/feed/ical_fold.h"
#include "tests/support/run.h"

#include <stdlib.h>
#include <string.h>

/* 70 octets, so that a line is full five octets later. */
#define A70 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A74 A70 "aaaa"

static const struct {
  const char *in, *out;
} cases[] = {
  { "", "" },
  { "BEGIN:VEVENT\r\n", "BEGIN:VEVENT\r\n" },
  { "A:b\nC:d\n", "A:b\r\nC:d\r\n" },
  { "A:b", "A:b\r\n" },
  { "A:b\r\n c\r\n\td\r\n", "A:bcd\r\n" },
  { "A:b\r\n", "A:b\r\n" },
  { "A:b\r\n\r\nC:d\r\n", "A:b\r\nC:d\r\n" },
  { "A:b\r\n\r\n  c\r\n", "A:b\r\nc\r\n" },
  { " A:b\r\n", "A:b\r\n" },
  /* what libical does to a long word */
  { "SUMMARY:\r\n 製品寿命終了\r\n", "SUMMARY:製品寿命終了\r\n" },
  /* and to one that is full: a fold between CR and LF */
  { "A:b\r\r\n \nC:d\r\n", "A:b\r\nC:d\r\n" },
  { "A:b\r\n \r\nC:d\r\n", "A:b\r\nC:d\r\n" },
  /* exactly full, one over */
  { A74 "b\r\n", A74 "b\r\n" },
  { A74 "bc\r\n", A74 "b\r\n c\r\n" },
  /* a continuation holds 74 of its own */
  { A74 "b" A74 "\r\n", A74 "b\r\n " A74 "\r\n" },
  { A74 "b" A74 "c\r\n", A74 "b\r\n " A74 "\r\n c\r\n" },
  /* two, three and four octets across the 75th */
  { A74 "éb\r\n", A74 "\r\n éb\r\n" },
  { A70 "aaa終b\r\n", A70 "aaa\r\n 終b\r\n" },
  { A70 "aa終b\r\n", A70 "aa終\r\n b\r\n" },
  { A70 "aa\xF0\xA0\xAE\xB7"
        "b\r\n",
    A70 "aa\r\n \xF0\xA0\xAE\xB7"
        "b\r\n" },
  { A70 "a\xF0\xA0\xAE\xB7"
        "b\r\n",
    A70 "a\xF0\xA0\xAE\xB7\r\n b\r\n" },
  /* neither after nor before a blank, nor inside an escape */
  { A70 "aaaa b\r\n", A70 "aaa\r\n a b\r\n" },
  { A70 "aaaaa b\r\n", A70 "aaaa\r\n a b\r\n" },
  { A70 "aaaa\\,b\r\n", A74 "\r\n \\,b\r\n" },
  /* blanks at the very end of a value stay */
  { "A:b  \r\n", "A:b  \r\n" },
};

START_TEST(test_fold_cases)
{
  g_autoptr(GString) out = g_string_new(NULL);

  ical_fold_text(out, cases[_i].in, strlen(cases[_i].in));
  ck_assert_msg(g_str_equal(out->str, cases[_i].out), "row %d:\n%s", _i, out->str);
}
END_TEST

START_TEST(test_fold_nothing_but_blanks)
{
  g_autoptr(GString) in = g_string_new("A:");
  g_autoptr(GString) out = g_string_new(NULL);
  gsize seen = 0;

  for (int i = 0; i < 500; i++)
    g_string_append_c(in, ' ');
  ical_fold_text(out, in->str, in->len);
  for (const char *p = out->str; *p != '\0'; p++)
    seen += *p == ' ';
  ck_assert_uint_eq(seen, 500 + (502 - 75 + 73) / 74);
}
END_TEST

/* A second, plainer reading of RFC 5545 §3.1 to compare with: joins lines. */
static GString *unfold(const char *text, gsize length)
{
  GString *out = g_string_new(NULL);

  for (gsize i = 0; i < length; i++) {
    gsize newline = text[i] == '\n' ? 1 : i + 1 < length && text[i] == '\r' && text[i + 1] == '\n' ? 2 : 0;

    if (newline == 0) {
      g_string_append_c(out, text[i]);
    } else if (i + newline < length && (text[i + newline] == ' ' || text[i + newline] == '\t')) {
      i += newline;
    } else {
      g_string_append_c(out, '\n');
      i += newline - 1;
    }
  }
  return out;
}

static gunichar random_character(void)
{
  static const gunichar some[] = { ' ', ' ', '\\', ',', 'a', 0xE9, 0x7D42, 0x3000, 0x20BB7, 0x1F468, 0x200D };

  if (g_random_int_range(0, 3) > 0)
    return some[g_random_int_range(0, G_N_ELEMENTS(some))];
  for (;;) {
    gunichar c = (gunichar)g_random_int_range(0x20, 0x110000);

    if (g_unichar_validate(c))
      return c;
  }
}

/* Random lines as libical might have folded them: before any character, but never beside the name. */
static GString *random_text(GString *plain)
{
  GString *folded = g_string_new(NULL);
  int lines = g_random_int_range(1, 6);

  for (int line = 0; line < lines; line++) {
    int characters = g_random_int_range(0, 300);

    g_string_append(plain, "X:");
    g_string_append(folded, "X:");
    for (int i = 0; i < characters; i++) {
      gunichar c = random_character();

      if (g_random_int_range(0, 30) == 0)
        g_string_append(folded, "\r\n ");
      g_string_append_unichar(plain, c);
      g_string_append_unichar(folded, c);
    }
    g_string_append_c(plain, '\n');
    g_string_append(folded, "\r\n");
  }
  return folded;
}

static void check_lines(const char *text, guint seed)
{
  g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
  guint n = g_strv_length(lines);

  ck_assert_str_eq(lines[n - 1], "");
  for (guint i = 0; i + 1 < n; i++) {
    ck_assert_msg(strlen(lines[i]) <= ICAL_FOLD_OCTETS, "seed %u: %zu octets", seed, strlen(lines[i]));
    ck_assert_msg(g_utf8_validate(lines[i], -1, NULL), "seed %u: split inside a character", seed);
    ck_assert_msg(strlen(lines[i]) > 1, "seed %u: an empty line", seed);
    ck_assert_msg(strpbrk(lines[i], "\r\n") == NULL, "seed %u: stray CR or LF", seed);
  }
}

START_TEST(test_fold_random_text)
{
  for (guint seed = 0; seed < 2000; seed++) {
    g_autoptr(GString) plain = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);

    g_random_set_seed(seed);

    g_autoptr(GString) folded = random_text(plain);

    ical_fold_text(out, folded->str, folded->len);
    check_lines(out->str, seed);

    g_autoptr(GString) again = unfold(out->str, out->len);

    ck_assert_msg(g_string_equal(again, plain), "seed %u: content changed", seed);
  }
}
END_TEST

START_TEST(test_fold_random_bytes)
{
  for (guint seed = 0; seed < 2000; seed++) {
    g_autoptr(GString) in = g_string_new("A:");
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GString) twice = g_string_new(NULL);

    g_random_set_seed(seed);
    for (int i = g_random_int_range(0, 400); i > 0; i--)
      g_string_append_c(in, g_random_boolean() ? "\r\n \t\x80\xC3"[g_random_int_range(0, 6)]
                                               : (char)g_random_int_range(0, 256));
    ical_fold_text(out, in->str, in->len);
    for (gsize from = 0; from < out->len;) {
      const char *end = memchr(out->str + from, '\n', out->len - from);

      ck_assert_msg(end != NULL && end[-1] == '\r', "seed %u: no CRLF", seed);
      ck_assert_msg(end - 1 - (out->str + from) <= ICAL_FOLD_OCTETS, "seed %u: too long", seed);
      from = (gsize)(end + 1 - out->str);
    }
    ical_fold_text(twice, out->str, out->len);
    ck_assert_msg(g_string_equal(out, twice), "seed %u: folding again changes it", seed);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("ical_fold");
  TCase *tcase = tcase_create("ical_fold");

  tcase_set_timeout(tcase, 60);
  tcase_add_loop_test(tcase, test_fold_cases, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tcase, test_fold_nothing_but_blanks);
  tcase_add_test(tcase, test_fold_random_text);
  tcase_add_test(tcase, test_fold_random_bytes);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
