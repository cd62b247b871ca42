#include "notifier/template/text_width.h"

int text_width_char(gunichar c)
{
  return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* g_utf8_next_char casts const away. */
static const char *next_char(const char *p)
{
  return p + g_utf8_skip[(guchar)*p];
}

int text_width(const char *text)
{
  int width = 0;

  for (const char *p = text; *p != '\0'; p = next_char(p))
    width += text_width_char(g_utf8_get_char(p));
  return width;
}

char *text_width_clip(const char *text, int columns)
{
  int width = 0;
  const char *cut = text;

  if (text_width(text) <= columns)
    return g_strdup(text);
  for (const char *p = text; *p != '\0'; p = next_char(p)) {
    width += text_width_char(g_utf8_get_char(p));
    if (width > columns - 1)
      break;
    cut = next_char(p);
  }

  g_autofree char *head = g_strndup(text, (gsize)(cut - text));

  return g_strconcat(head, columns > 0 ? "…" : "", NULL);
}
