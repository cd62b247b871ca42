#include "notifier/web/web_style.h"

#include <sodium.h>
#include <string.h>

#define TEMPLATE "page/style.css"
#define DIGEST_BYTES 16

struct WebStyle {
  GBytes *bytes;
  char name[2 * DIGEST_BYTES + 1];
  char *path;
};

bool web_style_new(const TemplateSet *templates, WebStyle **ret_style, GError **error)
{
  GString *text = g_string_new(NULL);
  guint8 digest[DIGEST_BYTES];
  WebStyle *style;

  if (!template_set_render(templates, TEMPLATE, NULL, text, error)) {
    g_string_free(text, TRUE);
    return false;
  }
  style = g_new0(WebStyle, 1);
  crypto_generichash(digest, sizeof digest, (const guint8 *)text->str, text->len, NULL, 0);
  sodium_bin2hex(style->name, sizeof style->name, digest, sizeof digest);
  style->path = g_strdup_printf("/style/%s.css", style->name);
  style->bytes = g_string_free_to_bytes(text);
  *ret_style = style;
  return true;
}

void web_style_free(WebStyle *style)
{
  if (style == NULL)
    return;
  g_bytes_unref(style->bytes);
  g_free(style->path);
  g_free(style);
}

const char *web_style_path(const WebStyle *style)
{
  return style->path;
}

bool web_style_is(const WebStyle *style, const char *name)
{
  return strcmp(name, style->name) == 0;
}

GBytes *web_style_bytes(const WebStyle *style)
{
  return style->bytes;
}
