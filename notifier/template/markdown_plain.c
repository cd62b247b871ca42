#include "notifier/template/markdown_plain.h"

#include <stdbool.h>
#include <string.h>

/* How a language marks what HTML shows by its style. */
typedef struct {
  const char *heading; /* before a heading */
  const char *bullet;  /* before an item … */
  const char *indent;  /* … and before its further lines */
  const char *link[2]; /* around an address behind its words */
  const char *rule;
  bool underline; /* a heading is underlined */
} Marks;

static const Marks japanese = { "■", "・", "　", { "（", "）" }, "――――――――――", false };
static const Marks english = { "", "- ", "  ", { " <", ">" }, "----------", true };

typedef struct {
  GString *out;
  const Marks *marks;
} Plain;

static void add_inlines(GString *line, cmark_node *parent, const Marks *marks);

/* The words, and the address behind them unless they are it. */
static void add_link(GString *line, cmark_node *node, const Marks *marks)
{
  const char *url = cmark_node_get_url(node);
  gsize begin = line->len;

  add_inlines(line, node, marks);
  const char *bare = g_str_has_prefix(url, "mailto:") ? url + 7
                     : g_str_has_prefix(url, "tel:")  ? url + 4
                                                      : url;

  if (strcmp(line->str + begin, url) == 0) { /* <mailto:…>: the words are the address */
    g_string_truncate(line, begin);
    g_string_append(line, bare);
  } else if (url[0] != '\0' && strcmp(line->str + begin, bare) != 0)
    g_string_append_printf(line, "%s%s%s", marks->link[0], bare, marks->link[1]);
}

static void add_inline(GString *line, cmark_node *node, const Marks *marks)
{
  switch ((int)cmark_node_get_type(node)) {
  case CMARK_NODE_TEXT:
  case CMARK_NODE_CODE:
    g_string_append(line, cmark_node_get_literal(node));
    break;
  case CMARK_NODE_SOFTBREAK:
    g_string_append_c(line, ' ');
    break;
  case CMARK_NODE_LINEBREAK:
    g_string_append_c(line, '\n');
    break;
  case CMARK_NODE_LINK:
    add_link(line, node, marks);
    break;
  case CMARK_NODE_EMPH:
  case CMARK_NODE_STRONG:
    add_inlines(line, node, marks);
    break;
  default: /* raw HTML */
    break;
  }
}

static void add_inlines(GString *line, cmark_node *parent, const Marks *marks)
{
  for (cmark_node *node = cmark_node_first_child(parent); node != NULL; node = cmark_node_next(node))
    add_inline(line, node, marks);
}

/* Each line of `text` behind `first`, the further ones behind `rest`. */
static void write_lines(GString *out, const char *first, const char *rest, const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf(out, "%s%s\n", i == 0 ? first : rest, lines[i]);
}

static void write_blocks(Plain *plain, cmark_node *parent, const char *first, const char *rest, bool tight);

static void write_heading(Plain *plain, cmark_node *node, const char *first, const char *rest)
{
  g_autoptr(GString) words = g_string_new(plain->marks->heading);

  add_inlines(words, node, plain->marks);
  write_lines(plain->out, first, rest, words->str);
  if (!plain->marks->underline)
    return;
  g_string_append(plain->out, rest);
  for (glong i = 0; i < g_utf8_strlen(words->str, -1); i++)
    g_string_append_c(plain->out, '-');
  g_string_append_c(plain->out, '\n');
}

static void write_paragraph(Plain *plain, cmark_node *node, const char *first, const char *rest)
{
  g_autoptr(GString) words = g_string_new(NULL);

  add_inlines(words, node, plain->marks);
  write_lines(plain->out, first, rest, words->str);
}

static void write_code(Plain *plain, cmark_node *node, const char *first, const char *rest)
{
  g_autofree char *code = g_strdup(cmark_node_get_literal(node));
  g_autofree char *begins = g_strconcat(first, "    ", NULL);
  g_autofree char *goes_on = g_strconcat(rest, "    ", NULL);

  if (g_str_has_suffix(code, "\n"))
    code[strlen(code) - 1] = '\0';
  write_lines(plain->out, begins, goes_on, code);
}

static void write_list(Plain *plain, cmark_node *list, const char *first, const char *rest)
{
  bool ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
  bool tight = cmark_node_get_list_tight(list) != 0;
  int number = cmark_node_get_list_start(list);

  for (cmark_node *item = cmark_node_first_child(list); item != NULL; item = cmark_node_next(item)) {
    g_autofree char *mark = ordered ? g_strdup_printf("%d. ", number++) : g_strdup(plain->marks->bullet);
    g_autofree char *begins = g_strconcat(item == cmark_node_first_child(list) ? first : rest, mark, NULL);
    g_autofree char *goes_on = g_strconcat(rest, ordered ? "   " : plain->marks->indent, NULL);

    write_blocks(plain, item, begins, goes_on, tight);
    if (!tight && cmark_node_next(item) != NULL)
      g_string_append_printf(plain->out, "%s\n", rest);
  }
}

static void write_quote(Plain *plain, cmark_node *node, const char *first, const char *rest)
{
  g_autofree char *begins = g_strconcat(first, "> ", NULL);
  g_autofree char *goes_on = g_strconcat(rest, "> ", NULL);

  write_blocks(plain, node, begins, goes_on, false);
}

static void write_block(Plain *plain, cmark_node *node, const char *first, const char *rest)
{
  switch ((int)cmark_node_get_type(node)) {
  case CMARK_NODE_HEADING:
    write_heading(plain, node, first, rest);
    break;
  case CMARK_NODE_PARAGRAPH:
    write_paragraph(plain, node, first, rest);
    break;
  case CMARK_NODE_CODE_BLOCK:
    write_code(plain, node, first, rest);
    break;
  case CMARK_NODE_LIST:
    write_list(plain, node, first, rest);
    break;
  case CMARK_NODE_BLOCK_QUOTE:
    write_quote(plain, node, first, rest);
    break;
  case CMARK_NODE_THEMATIC_BREAK:
    write_lines(plain->out, first, rest, plain->marks->rule);
    break;
  default: /* raw HTML */
    break;
  }
}

/* Blocks with an empty line between them; in a tight list, and under a heading, without. */
static void write_blocks(Plain *plain, cmark_node *parent, const char *first, const char *rest, bool tight)
{
  const char *prefix = first;

  if (cmark_node_first_child(parent) == NULL)
    g_string_append_printf(plain->out, "%s\n", first);
  for (cmark_node *node = cmark_node_first_child(parent); node != NULL; node = cmark_node_next(node)) {
    write_block(plain, node, prefix, rest);
    prefix = rest;
    if (!tight && cmark_node_next(node) != NULL && cmark_node_get_type(node) != CMARK_NODE_HEADING)
      g_string_append_printf(plain->out, "%s\n", rest);
  }
}

char *markdown_plain(cmark_node *document, const char *language)
{
  Plain plain = { g_string_new(NULL), strcmp(language, "ja") == 0 ? &japanese : &english };

  write_blocks(&plain, document, "", "", false);
  while (plain.out->len > 0 && plain.out->str[plain.out->len - 1] == '\n')
    g_string_truncate(plain.out, plain.out->len - 1);
  return g_string_free(plain.out, FALSE);
}
