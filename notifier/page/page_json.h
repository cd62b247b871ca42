#ifndef KIGEN_NOTIFIER_PAGE_PAGE_JSON_H
#define KIGEN_NOTIFIER_PAGE_PAGE_JSON_H

/* How a page's context is put together: what there is not is not set, and what is no UTF-8 (another program
 * may have written anything into the store) is mended, so that nothing is lost. */

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* Sets `key` of `object` to `text`; nothing for NULL and "". */
void page_json_text(json_t *object, const char *key, const char *text);
/* The same with `text`, which is taken. */
void page_json_take(json_t *object, const char *key, char *text);
/* Sets `key` to true; nothing for false. */
void page_json_flag(json_t *object, const char *key, bool value);
/* Sets `key` to the address `url` where it is an absolute http or https one without blanks, quotes and angle
 * brackets: anything else is no link. */
void page_json_url(json_t *object, const char *key, const char *url);
/* Sets `key` to { text, mail }: mail is true where `text` is a mail address and nothing else. */
void page_json_contact(json_t *object, const char *key, const char *text);

#endif
