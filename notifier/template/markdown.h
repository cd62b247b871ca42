#ifndef KIGEN_NOTIFIER_TEMPLATE_MARKDOWN_H
#define KIGEN_NOTIFIER_TEMPLATE_MARKDOWN_H

/* Markdown (CommonMark 0.30, by cmark) that a person writes, as letters carry it: an HTML part and a text
 * part made of the same document. What would not arrive (raw HTML, images, links that mail programs cut off)
 * is refused when it is written; should another program have put it into the store, it never gets further
 * than here. */

#include <glib.h>
#include <stdbool.h>

#define MARKDOWN_SIZE_MAX (256 * 1024) /* bytes: a letter, not a book */

#define MARKDOWN_ERROR (markdown_error_quark())
typedef enum {
  MARKDOWN_ERROR_ENCODING, /* no UTF-8, or control characters */
  MARKDOWN_ERROR_CONTENT   /* something that would not arrive, or nothing at all */
} MarkdownError;
GQuark markdown_error_quark(void);

/* Whether the `size` bytes of `text` can be sent as they are. The error begins with "NAME:LINE:COLUMN: ",
 * line and column (in characters) from 1, and says what to do. Errors: MARKDOWN_ERROR. */
bool markdown_check(const char *text, gsize size, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As HTML for the inside of a page: headings from h3 on, no raw HTML, no link but to http, https, mailto and
 * tel. `text` of any UTF-8. Own string. */
char *markdown_html(const char *text);

/* As text for a reader of `language` ("ja", "en"), its lines not wrapped, without a line break at its end.
 * Own string. */
char *markdown_text(const char *text, const char *language);

#endif
