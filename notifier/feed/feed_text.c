#include "notifier/feed/feed_text.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define ELLIPSIS "\xE2\x80\xA6"    /* U+2026 */
#define URL_MAX 2000

/* The first byte from `text` (valid UTF-8) on that a control character may begin with, or the NUL. */
static const char *skip_plain(const char *text)
{
  while ((guint8)*text >= 0x20 && *text != 0x7F && (guint8)*text != 0xC2)
    text++;
  return text;
}

/* Length of the control character there: C0 and DEL 1, C1 2, otherwise 0. */
static gsize control_length(const char *text)
{
  if ((guint8)text[0] == 0xC2)
    return (guint8)text[1] < 0xA0 ? 2 : 0;
  return 1;
}

static const char *replacement(const char *control, FeedTextShape shape, gsize *ret_length)
{
  if (control[0] == '\r' && control[1] == '\n')
    *ret_length = 2;
  if (control[0] == '\r' || control[0] == '\n')
    return shape == FEED_TEXT_LINES ? "\n" : " ";
  return control[0] == '\t' ? " " : REPLACEMENT;
}

static void append_clean(GString *out, const char *text, FeedTextShape shape)
{
  const char *from = text;

  for (const char *p = skip_plain(text); *p != '\0'; p = skip_plain(p)) {
    gsize length = control_length(p);

    if (length == 0) {
      p++;
      continue;
    }
    const char *instead = replacement(p, shape, &length);

    g_string_append_len(out, from, p - from);
    g_string_append(out, instead);
    p += length;
    from = p;
  }
  g_string_append(out, from);
}

static bool is_space(char c)
{
  return c == ' ' || c == '\n';
}

static void trim(GString *text)
{
  gsize lead = 0;

  while (text->len > 0 && is_space(text->str[text->len - 1]))
    g_string_truncate(text, text->len - 1);
  while (is_space(text->str[lead]))
    lead++;
  if (lead > 0)
    g_string_erase(text, 0, (gssize)lead);
}

static void shorten(GString *text, gsize max)
{
  if (text->len <= max)
    return;

  const char *cut = g_utf8_find_prev_char(text->str, text->str + max - strlen(ELLIPSIS) + 1);

  g_string_truncate(text, (gsize)(cut - text->str));
  g_string_append(text, ELLIPSIS);
}

const char *feed_text_clean(GString *out, const char *text, FeedTextShape shape)
{
  g_autofree char *valid = NULL;

  if (text != NULL && !g_utf8_validate(text, -1, NULL))
    text = valid = g_utf8_make_valid(text, -1);
  g_string_truncate(out, 0);
  if (text != NULL)
    append_clean(out, text, shape);
  trim(out);
  shorten(out, shape == FEED_TEXT_LINE ? FEED_TEXT_LINE_MAX : FEED_TEXT_LINES_MAX);
  return out->str;
}

bool feed_text_url(GString *out, const char *url)
{
  g_string_truncate(out, 0);
  if (url == NULL || strlen(url) > URL_MAX || !g_utf8_validate(url, -1, NULL))
    return false;
  if (g_ascii_strncasecmp(url, "https://", 8) != 0 && g_ascii_strncasecmp(url, "http://", 7) != 0)
    return false;
  for (const char *p = url; *p != '\0'; p++) {
    guint8 byte = (guint8)*p;

    if (byte <= 0x20 || byte == 0x7F || strchr("\"<>\\^`{|}", *p) != NULL) {
      g_string_truncate(out, 0);
      return false;
    }
    if (byte < 0x80)
      g_string_append_c(out, *p);
    else
      g_string_append_printf(out, "%%%02X", byte);
  }
  return true;
}

void feed_text_escape(GString *out, const char *text, char backslash)
{
  for (const char *p = text; *p != '\0'; p++) {
    gsize plain = strcspn(p, "\\;,\n");

    g_string_append_len(out, p, (gssize)plain);
    p += plain;
    if (*p == '\0')
      return;
    g_string_append_c(out, backslash);
    g_string_append_c(out, *p == '\\' ? backslash : *p == '\n' ? 'n' : *p);
  }
}
