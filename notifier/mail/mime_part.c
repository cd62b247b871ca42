#include "notifier/mail/mime_part.h"

#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>

#include "notifier/mail/base64_lines.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeContentType, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimePart, g_object_unref)

#define LINE_MAX_CHARACTERS 76
#define HEADS_MAX 64

static void init_gmime(void)
{
  static gsize once = 0;

  if (g_once_init_enter(&once)) {
    g_mime_init();
    g_once_init_leave(&once, 1);
  }
}

/* `text` with CRLF line ends, as RFC 2045 clause 6.8 wants text before base64; CRs of its own count as line
 * ends too. */
static GString *with_crlf(const char *text)
{
  gsize length = strlen(text);
  const char *end = text + length;
  bool has_cr = memchr(text, '\r', length) != NULL; /* hardly ever, and strpbrk takes its time */
  GString *lines = g_string_sized_new(length * 17 / 16 + 64);

  while (text < end) {
    const char *stop = has_cr ? strpbrk(text, "\r\n") : memchr(text, '\n', (gsize)(end - text));

    g_string_append_len(lines, text, stop != NULL ? stop - text : end - text);
    if (stop == NULL)
      break;
    g_string_append_len(lines, "\r\n", 2);
    text = stop + (stop[0] == '\r' && stop[1] == '\n' ? 2 : 1);
  }
  return lines;
}

/* The headers of a leaf part in base64 and the empty line after them, as GMime writes them. */
static char *make_head(const char *content_type, const char *filename)
{
  init_gmime();

  g_autoptr(GMimeContentType) type = g_mime_content_type_parse(NULL, content_type);
  g_autoptr(GMimePart) part = g_mime_part_new();
  GMimeFormatOptions *options = g_mime_format_options_new();

  g_mime_object_set_content_type(GMIME_OBJECT(part), type);
  g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
  if (filename != NULL) {
    g_mime_object_set_disposition(GMIME_OBJECT(part), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(part, filename);
  }
  g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);

  g_autofree char *headers = g_mime_object_get_headers(GMIME_OBJECT(part), options);

  g_mime_format_options_free(options);
  return g_strconcat(headers, "\r\n", NULL);
}

/* The same for a kind of part that was there before: most mails have the same few, and GMime takes its time.
 * Own string. */
static char *head_of(const char *content_type, const char *filename)
{
  static GMutex mutex;
  static GHashTable *known;
  g_autofree char *key = g_strconcat(content_type, "\n", filename, NULL);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&mutex);

  if (known == NULL)
    known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

  const char *head = g_hash_table_lookup(known, key);

  if (head != NULL)
    return g_strdup(head);

  char *made = make_head(content_type, filename);

  if (g_hash_table_size(known) < HEADS_MAX)
    g_hash_table_insert(known, g_steal_pointer(&key), g_strdup(made));
  return made;
}

void mime_part_append(GString *out, const char *content_type, const char *filename, const void *data,
                      gsize size)
{
  g_autofree char *head = head_of(content_type, filename);

  g_string_append(out, head);
  base64_lines_append(out, data, size);
}

void mime_part_text(GString *out, const char *content_type, const char *text)
{
  g_autoptr(GString) lines = with_crlf(text);

  mime_part_append(out, content_type, NULL, lines->str, lines->len);
}

char *mime_part_boundary(const char *subtype, const char *seed)
{
  g_autofree char *text = g_strdup_printf("kigen boundary %s %s", subtype, seed);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf("=_%.32s", hash);
}

void mime_part_open(GString *out, const char *subtype, const char *boundary)
{
  gsize size = strlen("Content-Type: multipart/; boundary=\"\"") + strlen(subtype) + strlen(boundary);

  /* Folded where it is too long for one line, as GMime does. */
  g_string_append_printf(out, "Content-Type: multipart/%s;%sboundary=\"%s\"\r\n\r\n", subtype,
                         size > LINE_MAX_CHARACTERS ? "\r\n\t" : " ", boundary);
}

void mime_part_next(GString *out, const char *boundary, const char *end)
{
  const char *begin = out->str[out->len - 3] == '\n' ? "" : "\r\n"; /* an empty line was written last */

  g_string_append_printf(out, "%s--%s%s\r\n", begin, boundary, end);
}
