#include "notifier/mail/qr_svg.h"

#include <qrencode.h>

#define QUIET_ZONE 4 /* modules */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(QRcode, QRcode_free)

/* Runs of dark modules in row `y` as a path's pieces. */
static void append_row(GString *path, const QRcode *code, int y)
{
  const unsigned char *row = code->data + y * code->width;

  for (int x = 0; x < code->width; x++) {
    int run = 0;

    while (x + run < code->width && (row[x + run] & 1) != 0)
      run++;
    if (run > 0)
      g_string_append_printf(path, "M%d %dh%dv1h-%dz", x + QUIET_ZONE, y + QUIET_ZONE, run, run);
    x += run;
  }
}

char *qr_svg(const char *text)
{
  g_autoptr(QRcode) code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
  g_autoptr(GString) svg = g_string_new(NULL);

  if (code == NULL)
    return NULL;
  g_string_printf(svg,
                  "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                  "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
                  code->width + 2 * QUIET_ZONE, code->width + 2 * QUIET_ZONE, code->width + 2 * QUIET_ZONE,
                  code->width + 2 * QUIET_ZONE);
  for (int y = 0; y < code->width; y++)
    append_row(svg, code, y);
  g_string_append(svg, "\"/></svg>");
  return g_string_free(g_steal_pointer(&svg), FALSE);
}
