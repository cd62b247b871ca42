#include "notifier/template/markdown.h"

#include "notifier/template/markdown_plain.h"

#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK(kigen - markdown - error, markdown_error)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cmark_node, cmark_node_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cmark_iter, cmark_iter_free)

#define HEADING_FIRST 3 /* the letter's own headings are h1 and h2 */
#define HEADING_MAX 6
#define DEPTH_MAX 32 /* blocks and emphasis in each other: no text needs more, and a walk has to end */

/* Column in characters of the byte at `offset` of `line`. */
static int column_of(const char *line, gsize offset)
{
  int column = 1;

  for (gsize i = 0; i < offset && line[i] != '\0'; i++)
    column += (line[i] & 0xc0) != 0x80;
  return column;
}

/* Line and column of the byte at `offset`. CR, LF and CRLF each end a line. */
static void locate(const char *text, gsize offset, int *ret_line, int *ret_column)
{
  gsize begin = 0;
  int line = 1;

  for (gsize i = 0; i < offset; i++) {
    bool ends = text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');

    if (ends) {
      line++;
      begin = i + 1;
    }
  }
  *ret_line = line;
  *ret_column = column_of(text + begin, offset - begin);
}

static bool check_characters(const char *text, gsize size, const char *name, GError **error)
{
  const char *bad = text;
  bool valid = g_utf8_validate_len(text, size, &bad);
  int line, column;

  for (const char *p = text; p < bad; p++) {
    guchar c = (guchar)*p;

    if ((c >= ' ' || strchr("\t\n\r", c) != NULL) && c != 0x7f)
      continue;
    locate(text, (gsize)(p - text), &line, &column);
    g_set_error(error, MARKDOWN_ERROR, MARKDOWN_ERROR_ENCODING,
                "%s:%d:%d: a control character (0x%02x): take it out", name, line, column, c);
    return false;
  }
  if (valid)
    return true;
  locate(text, (gsize)(bad - text), &line, &column);
  g_set_error(
      error, MARKDOWN_ERROR, MARKDOWN_ERROR_ENCODING,
      "%s:%d:%d: byte 0x%02x is not valid UTF-8: save the file as UTF-8 (iconv -f CP932 -t UTF-8 makes "
      "it from one of an older Windows editor)",
      name, line, column, (guchar)*bad);
  return false;
}

static bool has_safe_scheme(const char *url)
{
  static const char *const schemes[] = { "https://", "http://", "mailto:", "tel:" };

  for (gsize i = 0; url != NULL && i < G_N_ELEMENTS(schemes); i++)
    if (g_ascii_strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
      return true;
  return false;
}

/* The byte column of `node` in characters; cmark counts bytes, and lines without their ends. */
static int node_column(const char *text, const cmark_node *node)
{
  cmark_node *mutable = (cmark_node *)GPOINTER_TO_SIZE(node);
  int wanted = cmark_node_get_start_line(mutable), line = 1;
  const char *p = text;

  for (; line < wanted && *p != '\0'; p++)
    line += *p == '\n' || (*p == '\r' && p[1] != '\n');
  return column_of(p, (gsize)MAX(cmark_node_get_start_column(mutable) - 1, 0));
}

/* The first line of `text`, shortened, for a message. Own string. */
static char *excerpt(const char *text)
{
  g_autofree char *line = g_strndup(text != NULL ? text : "", text != NULL ? strcspn(text, "\r\n") : 0);
  const char *end = g_utf8_strlen(line, -1) > 40 ? g_utf8_offset_to_pointer(line, 40) : NULL;

  return end != NULL ? g_strdup_printf("%.*s…", (int)(end - line), line) : g_strdup(line);
}

static bool is_too_deep(cmark_node *node)
{
  int depth = 0;

  for (cmark_node *up = node; up != NULL && depth <= DEPTH_MAX; up = cmark_node_parent(up))
    depth++;
  return depth > DEPTH_MAX;
}

/* Why `node` would not arrive; NULL: it does. Own string. */
static char *problem_of(cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type(node);
  const char *literal = cmark_node_get_literal(node), *url = cmark_node_get_url(node);
  if (is_too_deep(node))
    return g_strdup("lists, quotations or emphasis lie too deep in each other: make them flatter");

  g_autofree char *shown = excerpt(type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE ? url : literal);

  if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
    return g_strdup_printf(
        "raw HTML (%s) would not arrive: say it in Markdown, or write \\< for the sign itself", shown);
  if (type == CMARK_NODE_IMAGE)
    return g_strdup_printf(
        "an image (%s) would not arrive: mail programs do not load it. Link to it: take the ! away", shown);
  if (type == CMARK_NODE_LINK && !has_safe_scheme(url))
    return g_strdup_printf("the link to \"%s\" would not arrive: give a whole address, https://…, http://…, "
                           "mailto:… or tel:…",
                           shown);
  return NULL;
}

static bool check_nodes(cmark_node *document, const char *text, const char *name, GError **error)
{
  g_autoptr(cmark_iter) iter = cmark_iter_new(document);
  bool any = false;

  while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
    cmark_node *node = cmark_iter_get_node(iter);
    g_autofree char *problem = problem_of(node);

    any = any || cmark_node_get_literal(node) != NULL;
    if (problem == NULL)
      continue;
    g_set_error(error, MARKDOWN_ERROR, MARKDOWN_ERROR_CONTENT, "%s:%d:%d: %s", name,
                MAX(cmark_node_get_start_line(node), 1), node_column(text, node), problem);
    return false;
  }
  if (!any)
    g_set_error(error, MARKDOWN_ERROR, MARKDOWN_ERROR_CONTENT, "%s:1:1: it says nothing", name);
  return any;
}

bool markdown_check(const char *text, gsize size, const char *name, GError **error)
{
  if (size > MARKDOWN_SIZE_MAX) {
    g_set_error(error, MARKDOWN_ERROR, MARKDOWN_ERROR_CONTENT,
                "%s:1:1: %" G_GSIZE_FORMAT
                " bytes are more than a letter carries (%d): put the details where "
                "customers can look them up, and link to it",
                name, size, MARKDOWN_SIZE_MAX);
    return false;
  }
  if (!check_characters(text, size, name, error))
    return false;

  g_autoptr(cmark_node) document = cmark_parse_document(text, size, CMARK_OPT_DEFAULT);

  return check_nodes(document, text, name, error);
}

/* The character next to a line break, 0 where there is none: the last of `text`, or its first. */
static gunichar edge_of(cmark_node *node, bool last)
{
  const char *text = node != NULL ? cmark_node_get_literal(node) : NULL;

  if (text == NULL || text[0] == '\0')
    return 0;
  return g_utf8_get_char(last ? g_utf8_prev_char(text + strlen(text)) : text);
}

/* Japanese is written without blanks: a line that the writer broke between two of its characters is none. */
static void join_japanese(cmark_node *node)
{
  gunichar before = edge_of(cmark_node_previous(node), true), after = edge_of(cmark_node_next(node), false);

  if (before != 0 && after != 0 && g_unichar_iswide(before) && g_unichar_iswide(after))
    cmark_node_free(node);
}

/* An image that got past markdown_check is a link to it. */
static void link_image(cmark_node *node)
{
  cmark_node *link = cmark_node_new(CMARK_NODE_LINK), *child;

  cmark_node_set_url(link, cmark_node_get_url(node));
  cmark_node_insert_before(node, link);
  while ((child = cmark_node_first_child(node)) != NULL)
    cmark_node_append_child(link, child); /* takes it out where it is */
  cmark_node_free(node);
}

/* Only whole addresses of known kinds are links; others stay as their words. */
static void cut_link(cmark_node *node)
{
  if (!has_safe_scheme(cmark_node_get_url(node)))
    cmark_node_set_url(node, "");
}

static const struct {
  cmark_node_type type;
  void (*change)(cmark_node *node);
} changes[] = {
  { CMARK_NODE_SOFTBREAK, join_japanese },
  { CMARK_NODE_IMAGE, link_image },
  { CMARK_NODE_LINK, cut_link },
};

/* The nodes of `type`, collected first: a walk does not survive changes. */
static void change_all(cmark_node *document, cmark_node_type type, void (*change)(cmark_node *))
{
  g_autoptr(cmark_iter) iter = cmark_iter_new(document);
  g_autoptr(GPtrArray) nodes = g_ptr_array_new();
  cmark_event_type event;

  while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
    cmark_node *node = cmark_iter_get_node(iter);

    if (cmark_node_get_type(node) == type && event == CMARK_EVENT_ENTER)
      g_ptr_array_add(nodes, node);
  }
  for (guint i = nodes->len; i > 0; i--) /* inner ones first */
    change(nodes->pdata[i - 1]);
}

static bool any_too_deep(cmark_node *document)
{
  g_autoptr(cmark_iter) iter = cmark_iter_new(document);

  while (cmark_iter_next(iter) != CMARK_EVENT_DONE)
    if (is_too_deep(cmark_iter_get_node(iter)))
      return true;
  return false;
}

/* What got past markdown_check and cannot be walked is shown as it was written. */
static cmark_node *as_written(const char *text)
{
  cmark_node *document = cmark_node_new(CMARK_NODE_DOCUMENT), *block = cmark_node_new(CMARK_NODE_CODE_BLOCK);
  g_autofree char *valid = g_utf8_make_valid(text, -1);

  cmark_node_set_literal(block, valid);
  cmark_node_append_child(document, block);
  return document;
}

/* The headings of `document`, those in lists and quotations too. */
static GPtrArray *headings_of(cmark_node *document)
{
  g_autoptr(cmark_iter) iter = cmark_iter_new(document);
  GPtrArray *headings = g_ptr_array_new();
  cmark_event_type event;

  while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
    cmark_node *node = cmark_iter_get_node(iter);

    if (event == CMARK_EVENT_ENTER && cmark_node_get_type(node) == CMARK_NODE_HEADING)
      g_ptr_array_add(headings, node);
  }
  return headings;
}

/* The writer's highest heading is the first below the letter's own, whichever level they began with. */
static void lower_headings(cmark_node *document)
{
  g_autoptr(GPtrArray) headings = headings_of(document);
  int highest = HEADING_MAX;

  for (guint i = 0; i < headings->len; i++)
    highest = MIN(highest, cmark_node_get_heading_level(headings->pdata[i]));
  for (guint i = 0; i < headings->len; i++) {
    cmark_node *node = headings->pdata[i];
    int level = cmark_node_get_heading_level(node) - highest + HEADING_FIRST;

    cmark_node_set_heading_level(node, MIN(level, HEADING_MAX));
  }
}

static cmark_node *parse(const char *text)
{
  /* VALIDATE_UTF8 mends what another program wrote; texts that were checked stay as they are. */
  cmark_node *document = cmark_parse_document(text, strlen(text), CMARK_OPT_VALIDATE_UTF8);

  if (any_too_deep(document)) {
    cmark_node_free(document);
    return as_written(text);
  }
  cmark_consolidate_text_nodes(document);
  lower_headings(document);
  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++)
    change_all(document, changes[i].type, changes[i].change);
  return document;
}

char *markdown_html(const char *text)
{
  g_autoptr(cmark_node) document = parse(text);
  char *html = cmark_render_html(document, CMARK_OPT_DEFAULT);
  char *own = g_strdup(html);

  free(html);
  return own;
}

char *markdown_text(const char *text, const char *language)
{
  g_autoptr(cmark_node) document = parse(text);

  return markdown_plain(document, language);
}
