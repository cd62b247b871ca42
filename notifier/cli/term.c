#include "notifier/cli/term.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "notifier/template/text_width.h"

static const char *const style_codes[] = { "",         "\033[1m",  "\033[2m", "\033[31m",
                                           "\033[33m", "\033[32m", "\033[34m" };

bool term_is_terminal(FILE *stream)
{
  return isatty(fileno(stream)) == 1;
}

bool term_has_colour(FILE *stream)
{
  const char *no_color = g_getenv("NO_COLOR");

  return term_is_terminal(stream) && (no_color == NULL || no_color[0] == '\0') &&
         g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

const char *term_begin(FILE *stream, TermStyle style)
{
  return style != STYLE_PLAIN && term_has_colour(stream) ? style_codes[style] : "";
}

const char *term_end(FILE *stream, TermStyle style)
{
  return style != STYLE_PLAIN && term_has_colour(stream) ? "\033[0m" : "";
}

int term_columns(FILE *stream, int otherwise)
{
  struct winsize size = { 0 };

  if (!term_is_terminal(stream) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return otherwise;
  return size.ws_col;
}

/* g_utf8_next_char casts const away. */
static const char *next_char(const char *p)
{
  return p + g_utf8_skip[(guchar)*p];
}

int term_width(const char *text)
{
  return text_width(text);
}

char *term_clip(const char *text, int columns)
{
  return text_width_clip(text, columns);
}

/* The end of the first line of `text` in `columns`: behind the last place to break, or where it is full. */
static const char *line_end(const char *text, int columns)
{
  const char *end = NULL;
  int width = 0;

  for (const char *p = text; *p != '\0'; p = next_char(p)) {
    int own = text_width_char(g_utf8_get_char(p));

    if (p > text && (*p == ' ' || own == 2))
      end = p;
    width += own;
    if (width > columns)
      return end != NULL ? end : p > text ? p : next_char(p);
  }
  return text + strlen(text);
}

char **term_wrap(const char *text, int columns)
{
  g_autoptr(GStrvBuilder) lines = g_strv_builder_new();

  do {
    const char *end = line_end(text, columns);
    g_autofree char *line = g_strndup(text, (gsize)(end - text));

    g_strv_builder_add(lines, line);
    text = end + strspn(end, " ");
  } while (*text != '\0');
  return g_strv_builder_end(lines);
}

bool term_has_control(const char *text)
{
  for (const char *p = text; *p != '\0'; p = next_char(p))
    if (g_unichar_iscntrl(g_utf8_get_char(p)))
      return true;
  return false;
}

void term_put(FILE *stream, const char *text, int columns)
{
  for (const char *p = text; *p != '\0'; p = next_char(p)) {
    if (g_unichar_iscntrl(g_utf8_get_char(p)))
      fputs("\xef\xbf\xbd", stream);
    else
      fwrite(p, 1, (size_t)(next_char(p) - p), stream);
  }
  for (int width = term_width(text); width < columns; width++)
    fputc(' ', stream);
}
