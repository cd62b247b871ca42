#ifndef KIGEN_NOTIFIER_MAIL_INCOMING_TEXT_H
#define KIGEN_NOTIFIER_MAIL_INCOMING_TEXT_H

/* The readable text of incoming mail, whatever its encoding says it is, and out of HTML. Pure. */

#include <glib.h>

/* `bytes` as text: in `charset` (or NULL) where that holds, else in whatever Japanese encoding they are valid
 * in, else with what is wrong replaced. Own string, valid UTF-8, without NUL. */
char *incoming_text_decode(const void *bytes, gsize size, const char *charset);

/* HTML as the text that a reader sees, without what it quotes (blockquote and its like). Own string. */
char *incoming_text_plain(const char *html);

#endif
