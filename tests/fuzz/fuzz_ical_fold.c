/* Any bytes as content lines. Whatever comes in, what goes out is made of lines of at most 75 octets that end
 * in CRLF; folding it again changes nothing; and no byte but line ends, and blanks and CRs around a line, is
 * lost. */

#include "notifier/feed/ical_fold.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(const GString *out)
{
  const char *line = out->str, *end = out->str + out->len;

  while (line < end) {
    const char *newline = memchr(line, '\n', (gsize)(end - line));

    g_assert(newline != NULL && newline > line && newline[-1] == '\r');
    g_assert(newline - 1 - line <= ICAL_FOLD_OCTETS);
    line = newline + 1;
  }
}

/* All bytes but blanks and line ends, in order. */
static GString *visible(const char *text, gsize length)
{
  GString *out = g_string_new(NULL);

  for (gsize i = 0; i < length; i++) {
    if (text[i] != '\r' && text[i] != '\n' && text[i] != ' ' && text[i] != '\t')
      g_string_append_c(out, text[i]);
  }
  return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GString) twice = g_string_new(NULL);
  g_autoptr(GString) before = visible((const char *)data, size);

  ical_fold_text(out, (const char *)data, size);
  check_lines(out);
  ical_fold_text(twice, out->str, out->len);
  g_assert(g_string_equal(out, twice));

  g_autoptr(GString) after = visible(out->str, out->len);

  g_assert(g_string_equal(before, after));
  return 0;
}
