#include "notifier/mail/base64_lines.h"

#include <string.h>

#define LINE_OCTETS 57
#define LINE_CHARACTERS 76

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The two characters of every 12 bits. */
static char pairs[4096][2];

static void init_pairs(void)
{
  static gsize once = 0;

  if (!g_once_init_enter(&once))
    return;
  for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
    pairs[i][0] = alphabet[i >> 6];
    pairs[i][1] = alphabet[i & 63];
  }
  g_once_init_leave(&once, 1);
}

/* Whole groups of three octets; the end of what was written. */
static char *put_groups(char *to, const guint8 *from, gsize groups)
{
  for (; groups > 0; groups--, from += 3, to += 4) {
    guint bits = (guint)from[0] << 16 | (guint)from[1] << 8 | from[2];

    memcpy(to, pairs[bits >> 12], 2);
    memcpy(to + 2, pairs[bits & 4095], 2);
  }
  return to;
}

/* One or two octets that are left, with their padding. */
static char *put_rest(char *to, const guint8 *from, gsize size)
{
  const guint8 filled[] = { from[0], size > 1 ? from[1] : 0, 0 };

  put_groups(to, filled, 1);
  to[3] = '=';
  if (size == 1)
    to[2] = '=';
  return to + 4;
}

/* Six octets, of eight that can be read. */
static char *put_six(char *to, const guint8 *from)
{
  guint64 bits;

  memcpy(&bits, from, sizeof bits);
  bits = GUINT64_FROM_BE(bits);
  for (int shift = 52; shift >= 16; shift -= 12, to += 2)
    memcpy(to, pairs[bits >> shift & 4095], 2);
  return to;
}

static char *put_line(char *to, const guint8 *from, gsize size)
{
  for (; size >= sizeof(guint64); size -= 6, from += 6)
    to = put_six(to, from);
  to = put_groups(to, from, size / 3);
  if (size % 3 != 0)
    to = put_rest(to, from + size - size % 3, size % 3);
  memcpy(to, "\r\n", 2);
  return to + 2;
}

void base64_lines_append(GString *out, const void *data, gsize size)
{
  gsize before = out->len;
  const guint8 *from = data;

  init_pairs();
  g_string_set_size(out, before + (size / LINE_OCTETS + 1) * (LINE_CHARACTERS + 2));

  char *to = out->str + before;

  for (gsize line; size > 0; size -= line, from += line) {
    line = MIN(size, LINE_OCTETS);
    to = put_line(to, from, line);
  }
  g_string_truncate(out, (gsize)(to - out->str));
}
