#include "notifier/mail/sheet.h"

#include <string.h>

#include "notifier/mail/letter_json.h"
#include "notifier/mail/qr_svg.h"

#define PAGE_BEGIN "<section class=\"sheet\">"
#define PAGE_END "</section>\n"

const char sheet_book_end[] = "</body>\n</html>\n";

bool sheet_is(const json_t *context)
{
  return json_is_object(json_object_get(context, "sheet"));
}

/* A word that text sets to the middle or the right by ideographic spaces (記, 敬具, 以上) is set there by the
 * page. */
#define INDENT "　"
#define CENTRED_FROM 8
#define RIGHT_FROM 24

/* `line` without such spaces; how many they were. */
static const char *unindent(const char *line, gsize *ret_spaces)
{
  gsize spaces = 0;

  while (g_str_has_prefix(line + spaces * strlen(INDENT), INDENT))
    spaces++;
  *ret_spaces = spaces;
  return spaces >= CENTRED_FROM ? line + spaces * strlen(INDENT) : line;
}

/* The lines of `text`; an empty one is a gap, and none stands first, last or twice. */
static json_t *lines_json(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  json_t *array = json_array();
  bool gap = false;

  for (gsize i = 0; lines[i] != NULL; i++) {
    if (lines[i][0] == '\0') {
      gap = json_array_size(array) > 0;
      continue;
    }

    json_t *line = json_object();
    gsize spaces;

    letter_json_flag(line, "gap", gap);
    letter_json_text(line, "text", unindent(lines[i], &spaces));
    letter_json_flag(line, "right", spaces >= RIGHT_FROM);
    letter_json_flag(line, "centre", spaces >= CENTRED_FROM && spaces < RIGHT_FROM);
    json_array_append_new(array, line);
    gap = false;
  }
  return array;
}

/* Sets `name` to the lines of `template` of that language. */
static bool set_lines(json_t *seen, const json_t *context, const TemplateSet *templates, const char *language,
                      const char *template, const char *name, GError **error)
{
  g_autofree char *path = g_strdup_printf("mail/%s/%s.txt", language, template);
  g_autoptr(GString) text = g_string_new(NULL);

  if (!template_set_render(templates, path, context, text, error))
    return false;
  json_object_set_new(seen, name, lines_json(text->str));
  return true;
}

bool sheet_render(const json_t *context, const TemplateSet *templates, GBytes **ret_html, GError **error)
{
  const char *language = letter_json_choose(letter_json_get(context, "language"), "ja");
  const char *link = letter_json_get(json_object_get(context, "answer"), "link");
  g_autofree char *page = g_strdup_printf("mail/%s/sheet.html", language);
  g_autofree char *qr = link != NULL ? qr_svg(link) : NULL;
  g_autoptr(GString) html = g_string_new(NULL);
  g_autoptr(json_t) seen = json_object();

  json_object_update(seen, (json_t *)GPOINTER_TO_SIZE(context)); /* jansson reads it, const in all but name */
  letter_json_text(seen, "qr", qr);
  if (!set_lines(seen, context, templates, language, "body", "lines", error) ||
      !set_lines(seen, context, templates, language, "contact", "contact_lines", error) ||
      !template_set_render(templates, page, seen, html, error))
    return false;
  *ret_html = g_string_free_to_bytes(g_steal_pointer(&html));
  return true;
}

static bool check_address(const OutboxLetter *letter, GError **error)
{
  if (strcmp(letter->channel, "letter") != 0 || (letter->address != NULL && letter->address[0] != '\0'))
    return true;
  g_set_error(error, LETTER_ERROR, LETTER_ERROR_ADDRESS,
              "%s has no postal address: kigen import organizations", letter->organization_name_ja);
  return false;
}

bool sheet_freeze(const OutboxLetter *letter, const LetterStyle *style, const TemplateSet *templates,
                  OutboxContext **ret_context, GBytes **ret_html, GError **error)
{
  g_autoptr(GPtrArray) parts = context_part_array_new();
  g_autoptr(json_t) object = letter_context_own(letter, style, parts);
  g_autoptr(OutboxContext) context = NULL;
  GBytes *html = NULL;

  if (!check_address(letter, error))
    return false;
  json_object_set_new(object, "sheet", json_pack("{s:s}", "channel", letter->channel));
  context = letter_freeze_context(object, parts, letter, style, templates);
  if (!letter_rebuild(context, templates, style->key, &html, error))
    return false;
  context->sha256 = letter_digest(html);
  *ret_context = g_steal_pointer(&context);
  *ret_html = html;
  return true;
}

/* Where the page stands in `html`; the whole of it where a maker's own template has no such section. */
static void find_page(GBytes *html, gsize *ret_begin, gsize *ret_end)
{
  gsize size;
  const char *text = g_bytes_get_data(html, &size);
  const char *begin = g_strstr_len(text, (gssize)size, PAGE_BEGIN);
  const char *end = g_strrstr_len(text, (gssize)size, PAGE_END);

  *ret_begin = begin != NULL && end != NULL ? (gsize)(begin - text) : 0;
  *ret_end = begin != NULL && end != NULL ? (gsize)(end - text) + strlen(PAGE_END) : size;
}

char *sheet_book_begin(GBytes *html)
{
  gsize begin, end;

  find_page(html, &begin, &end);
  return g_strndup(g_bytes_get_data(html, NULL), begin);
}

char *sheet_book_page(GBytes *html, const char *copy)
{
  gsize begin, end;

  find_page(html, &begin, &end);

  g_autofree char *page = g_strndup((const char *)g_bytes_get_data(html, NULL) + begin, end - begin);
  g_autofree char *mark = copy != NULL ? g_markup_escape_text(copy, -1) : NULL;

  return mark == NULL
             ? g_steal_pointer(&page)
             : g_strdup_printf("<div class=\"again\"><p class=\"copy\">%s</p>\n%s</div>\n", mark, page);
}
