#include "notifier/mail/incoming_text.h"

#include <stdbool.h>
#include <string.h>

static char *convert(const char *bytes, gsize size, const char *charset)
{
  gsize written = 0;
  char *text = g_convert(bytes, (gssize)size, "UTF-8", charset, NULL, &written, NULL);

  if (text != NULL && strlen(text) == written && g_utf8_validate(text, -1, NULL))
    return text;
  g_free(text);
  return NULL;
}

char *incoming_text_decode(const void *bytes, gsize size, const char *charset)
{
  static const char *const guesses[] = { "UTF-8", "ISO-2022-JP", "CP932", "EUC-JP" };
  const char *text = bytes;
  char *decoded = NULL;

  if (size == 0)
    return g_strdup("");
  /* What calls itself Shift_JIS is what Windows means by it. */
  if (charset != NULL &&
      (g_ascii_strcasecmp(charset, "shift_jis") == 0 || g_ascii_strcasecmp(charset, "x-sjis") == 0))
    charset = "CP932";
  /* Escapes say it more surely than a name does: UTF-8 and ASCII take them as they stand. */
  if (g_strstr_len(text, (gssize)size, "\x1b$") != NULL)
    decoded = convert(text, size, "ISO-2022-JP");
  if (decoded == NULL && charset != NULL)
    decoded = convert(text, size, charset);
  for (gsize i = 0; decoded == NULL && i < G_N_ELEMENTS(guesses); i++)
    decoded = convert(text, size, guesses[i]);
  if (decoded != NULL)
    return decoded;

  g_autofree char *whole = g_malloc(size + 1);

  memcpy(whole, text, size);
  whole[size] = '\0';
  for (gsize i = 0; i < size; i++)
    if (whole[i] == '\0')
      whole[i] = ' ';
  return g_utf8_make_valid(whole, (gssize)size);
}

/* Elements whose content is not said by who writes: quotes, and what no reader sees. */
static bool is_left_out(const char *name)
{
  static const char *const names[] = { "blockquote", "style", "script", "head", "title", NULL };

  return g_strv_contains(names, name);
}

static bool breaks_line(const char *name)
{
  static const char *const names[] = { "br", "p",  "div", "tr", "li", "h1", "h2",    "h3",
                                       "h4", "hr", "ul",  "ol", "dd", "dt", "table", NULL };

  return g_strv_contains(names, name);
}

/* "&amp;" and its like at `at`: the character, and how long it was; 0: none. */
static gsize entity(const char *at, gunichar *ret_c)
{
  static const struct {
    const char *name;
    gunichar c;
  } known[] = { { "&amp;", '&' },  { "&lt;", '<' },   { "&gt;", '>' },
                { "&quot;", '"' }, { "&nbsp;", ' ' }, { "&#39;", '\'' } };

  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (g_str_has_prefix(at, known[i].name)) {
      *ret_c = known[i].c;
      return strlen(known[i].name);
    }
  if (at[1] != '#')
    return 0;

  bool hexadecimal = at[2] == 'x' || at[2] == 'X';
  char *end = NULL;
  guint64 c = g_ascii_strtoull(at + (hexadecimal ? 3 : 2), &end, hexadecimal ? 16 : 10);

  if (*end != ';' || c < 0x20 || c > 0x10FFFF || !g_unichar_validate((gunichar)c))
    return 0;
  *ret_c = (gunichar)c;
  return (gsize)(end + 1 - at);
}

/* What a tag at `at` ('<') is called, in lower case, and where it ends (one past '>'). */
static const char *read_tag(const char *at, char name[static 16], bool *ret_closes)
{
  const char *end = strchr(at, '>');
  gsize n = 0;

  if (g_str_has_prefix(at, "<!--") && strstr(at, "-->") != NULL)
    end = strstr(at, "-->") + 2;
  *ret_closes = at[1] == '/';
  for (const char *p = at + 1 + *ret_closes; g_ascii_isalnum(*p) && n < 15; p++)
    name[n++] = g_ascii_tolower(*p);
  name[n] = '\0';
  return end != NULL ? end + 1 : at + strlen(at);
}

char *incoming_text_plain(const char *html)
{
  g_autoptr(GString) out = g_string_new(NULL);
  int left_out = 0;

  for (const char *p = html; *p != '\0';) {
    gunichar c = 0;
    char name[16];
    bool closes = false;
    gsize length;

    if (*p == '<') {
      const char *end = read_tag(p, name, &closes);

      if (is_left_out(name))
        left_out = closes ? MAX(left_out - 1, 0) : left_out + 1;
      if (breaks_line(name) && left_out == 0)
        g_string_append_c(out, '\n');
      p = end;
      continue;
    }
    length = *p == '&' ? entity(p, &c) : 0;
    if (length == 0) {
      c = *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : g_utf8_get_char(p);
      length = g_utf8_skip[(guchar)*p];
    }
    if (left_out == 0)
      g_string_append_unichar(out, c);
    p += length;
  }
  return g_strdup(out->str);
}
