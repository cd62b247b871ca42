#include "notifier/mail/base64_lines.h"

#include <string.h>

#include "tests/support/run.h"

/* Of every length around line ends: what GLib decodes again, in lines of 76 characters but the last. */
START_TEST(test_append)
{
  guint8 octets[400];

  for (guint i = 0; i < sizeof octets; i++)
    octets[i] = (guint8)(i * 151 + 7);
  for (gsize size = 0; size <= sizeof octets; size++) {
    g_autoptr(GString) out = g_string_new("before ");
    gsize decoded_size = 0;

    base64_lines_append(out, octets, size);
    ck_assert(g_str_has_prefix(out->str, "before "));

    g_auto(GStrv) lines = g_strsplit(out->str + strlen("before "), "\r\n", -1);
    g_autofree char *text = g_strjoinv("", lines);
    g_autofree guchar *decoded = g_base64_decode(text, &decoded_size);
    guint n = g_strv_length(lines);

    ck_assert_uint_eq(decoded_size, size);
    ck_assert(size == 0 || memcmp(decoded, octets, size) == 0);
    for (guint i = 0; i + 2 < n; i++)
      ck_assert_uint_eq(strlen(lines[i]), 76);
    ck_assert(n < 2 || (strlen(lines[n - 2]) > 0 && strlen(lines[n - 2]) <= 76));
    ck_assert_str_eq(n > 0 ? lines[n - 1] : "", "");
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base64_lines");
  TCase *tcase = tcase_create("base64");

  tcase_add_test(tcase, test_append);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
