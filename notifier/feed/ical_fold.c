#include "notifier/feed/ical_fold.h"

#include <stdbool.h>
#include <string.h>

/* How far back from the 75th octet we look for a place without a blank beside it. */
#define LOOK_BACK 32

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

/* True when `at` lies inside a UTF-8 sequence. Of bytes that are no UTF-8, at most three in a row count, as
 * no sequence has more. */
static bool inside_sequence(const char *text, gsize at)
{
  for (gsize back = 0; back < 4 && back <= at; back++) {
    guint8 byte = (guint8)text[at - back];

    if ((byte & 0xC0) != 0x80)
      return back > 0 && byte >= 0xC0;
  }
  return false;
}

/* A split here would leave a blank at the end or the beginning of a line, or take an escape apart. */
static bool beside_blank_or_escape(const char *text, gsize at)
{
  return is_blank(text[at - 1]) || is_blank(text[at]) || text[at - 1] == '\\' || text[at - 1] == '\r';
}

/* Where to split `text`, which is longer than `room`: 1..room. */
static gsize split_at(const char *text, gsize room)
{
  gsize last = room;

  while (inside_sequence(text, last))
    last--;
  for (gsize at = last; at > room - LOOK_BACK; at--) {
    if (!inside_sequence(text, at) && !beside_blank_or_escape(text, at))
      return at;
  }
  return last;
}

/* A line that began with a blank would be read as the rest of the one before; one that ends in CR is the
 * work of libical 3.0.16, which counts the CRLF and folds between CR and LF too. */
static void append_line(GString *out, const char *line, gsize length)
{
  gsize room = ICAL_FOLD_OCTETS;

  for (; length > 0 && is_blank(*line); length--)
    line++;
  while (length > 0 && line[length - 1] == '\r')
    length--;
  if (length == 0)
    return;
  while (length > room) {
    gsize n = split_at(line, room);

    g_string_append_len(out, line, (gssize)n);
    g_string_append_len(out, "\r\n ", 3);
    line += n;
    length -= n;
    room = ICAL_FOLD_OCTETS - 1;
  }
  g_string_append_len(out, line, (gssize)length);
  g_string_append_len(out, "\r\n", 2);
}

/* The line that begins at `text`: its length without CRLF or LF, and where the next one begins. */
static gsize line_length(const char *text, const char *end, const char **ret_next)
{
  const char *newline = memchr(text, '\n', (gsize)(end - text));

  if (newline == NULL) {
    *ret_next = end;
    return (gsize)(end - text);
  }
  *ret_next = newline + 1;
  if (newline > text && newline[-1] == '\r')
    newline--;
  return (gsize)(newline - text);
}

void ical_fold_text(GString *out, const char *text, gsize length)
{
  g_autoptr(GString) unfolded = g_string_new(NULL);
  const char *end = text + length;

  while (text < end) {
    const char *line = text;
    gsize n = line_length(line, end, &text);

    if (text < end && is_blank(*text)) {
      g_string_truncate(unfolded, 0);
      g_string_append_len(unfolded, line, (gssize)n);
      while (text < end && is_blank(*text)) {
        const char *part = text + 1;

        n = line_length(part, end, &text);
        g_string_append_len(unfolded, part, (gssize)n);
      }
      line = unfolded->str;
      n = unfolded->len;
    }
    append_line(out, line, n);
  }
}
