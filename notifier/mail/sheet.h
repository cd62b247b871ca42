#ifndef KIGEN_NOTIFIER_MAIL_SHEET_H
#define KIGEN_NOTIFIER_MAIL_SHEET_H

/* A letter on paper: the words of the mail's text part under a window address, with the link that
 * acknowledges it as a QR code and its short code in print. One HTML page of A4 (longer letters run over
 * pages), for a browser to print or to make a PDF of. As a mail it is rendered from a frozen context, and can
 * be rebuilt from that alone. */

#include "notifier/mail/letter.h"

/* Renders `letter` (over any channel) with `templates` and freezes what it was rendered from; *ret_html is
 * the page. Errors: LETTER_ERROR_ADDRESS when it goes by post and there is no postal address;
 * TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool sheet_freeze(const OutboxLetter *letter, const LetterStyle *style, const TemplateSet *templates,
                  OutboxContext **ret_context, GBytes **ret_html, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when `context` (of a frozen message) is a sheet's. */
bool sheet_is(const json_t *context);

/* The page that `context` stands for, link and codes put in (letter_answer.h). letter_rebuild calls it. */
bool sheet_render(const json_t *context, const TemplateSet *templates, GBytes **ret_html, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Several pages in one file: what stands before and after all of them, and of a page what stands between.
 * `copy`: what is to be read across a page printed again (「控え」), NULL for the first print. */
extern const char sheet_book_end[];
char *sheet_book_begin(GBytes *html);
char *sheet_book_page(GBytes *html, const char *copy);

#endif
