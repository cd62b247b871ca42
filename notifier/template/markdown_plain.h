#ifndef KIGEN_NOTIFIER_TEMPLATE_MARKDOWN_PLAIN_H
#define KIGEN_NOTIFIER_TEMPLATE_MARKDOWN_PLAIN_H

/* A parsed Markdown document as text that is read, not parsed: cmark's own CommonMark renderer escapes
 * characters that Japanese texts are full of. Only markdown.c calls this. */

#include <cmark.h>
#include <glib.h>

/* Own string, without a line break at its end. */
char *markdown_plain(cmark_node *document, const char *language);

#endif
