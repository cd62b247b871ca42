/* The text of an advisory, as anybody wrote it, into both parts of a mail. What is taken has a text and a
 * page in valid UTF-8; whatever it is, the page holds no element but those of Markdown and no link but to a
 * whole address; what is refused is refused with file, line and column. */

#include "notifier/template/markdown.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every element that the page may begin or end. */
static const char *const elements[] = { "p",   "h3",   "h4", "h5",     "h6", "ul", "ol", "li", "blockquote",
                                        "pre", "code", "em", "strong", "a",  "br", "hr", NULL };

static void check_element(const char *open)
{
  const char *name = open[1] == '/' ? open + 2 : open + 1;
  g_autofree char *word = g_strndup(name, strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789"));

  if (g_str_has_prefix(open, "<!-- raw HTML omitted -->"))
    return;
  g_assert(g_strv_contains(elements, word));
}

static void check_link(const char *href)
{
  static const char *const schemes[] = { "\"", "https://", "http://", "mailto:", "tel:" };
  bool known = false;

  for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++)
    known = known || g_ascii_strncasecmp(href, schemes[i], strlen(schemes[i])) == 0;
  g_assert(known);
}

static void check_page(const char *html)
{
  g_assert(g_utf8_validate(html, -1, NULL));
  for (const char *p = strchr(html, '<'); p != NULL; p = strchr(p + 1, '<'))
    check_element(p);
  for (const char *p = strstr(html, "<a href=\""); p != NULL; p = strstr(p + 1, "<a href=\""))
    check_link(p + strlen("<a href=\""));
}

static void check_refusal(const GError *error)
{
  unsigned line = 0, column = 0;

  g_assert(g_utf8_validate(error->message, -1, NULL));
  g_assert(sscanf(error->message, "a.md:%u:%u: ", &line, &column) == 2 && line > 0 && column > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size); /* up to the first NUL */
  g_autofree char *html = markdown_html(text);
  g_autofree char *ja = markdown_text(text, "ja");
  g_autofree char *en = markdown_text(text, "en");
  g_autoptr(GError) error = NULL;

  check_page(html);
  g_assert(g_utf8_validate(ja, -1, NULL) && g_utf8_validate(en, -1, NULL));
  if (!markdown_check((const char *)data, size, "a.md", &error)) {
    check_refusal(error);
    return 0;
  }
  g_assert(strlen(text) == size && html[0] != '\0' && strstr(html, "<!-- raw HTML omitted -->") == NULL);
  return 0;
}
