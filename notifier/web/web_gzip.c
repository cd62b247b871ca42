#include "notifier/web/web_gzip.h"

#include <gio/gio.h>
#include <string.h>

#define BLANK " \t"

/* A weight that is not 0: "q=0", "q=0.", "q=0.000" are. What is no weight at all counts as none. */
static bool is_positive(const char *weight)
{
  return g_ascii_strtod(weight, NULL) > 0;
}

/* One element of the list: "gzip", "gzip;q=0.5", "x-gzip ; q=1". */
static bool element_asks(char *element)
{
  char *rest = strchr(element, ';');

  if (rest != NULL)
    *rest++ = '\0';
  g_strstrip(element);
  if (g_ascii_strcasecmp(element, "gzip") != 0 && g_ascii_strcasecmp(element, "x-gzip") != 0)
    return false;
  if (rest == NULL)
    return true;
  rest += strspn(rest, BLANK);
  return (rest[0] == 'q' || rest[0] == 'Q') && rest[1] == '=' && is_positive(rest + 2);
}

bool web_gzip_is_asked(const char *accept_encoding)
{
  g_auto(GStrv) elements = g_strsplit(accept_encoding != NULL ? accept_encoding : "", ",", -1);

  for (guint i = 0; elements[i] != NULL; i++)
    if (element_asks(elements[i]))
      return true;
  return false;
}

GBytes *web_gzip(GBytes *bytes)
{
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  GByteArray *out = g_byte_array_new();
  gsize left;
  const guint8 *in = g_bytes_get_data(bytes, &left);
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result != G_CONVERTER_FINISHED) {
    guint8 buffer[16384];
    gsize read = 0, written = 0;

    result = g_converter_convert(G_CONVERTER(compressor), in, left, buffer, sizeof buffer,
                                 G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
    g_assert(result != G_CONVERTER_ERROR); /* there is room and input: only the end can come */
    in += read;
    left -= read;
    g_byte_array_append(out, buffer, (guint)written);
  }
  return g_byte_array_free_to_bytes(out);
}
