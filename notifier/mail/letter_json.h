#ifndef KIGEN_NOTIFIER_MAIL_LETTER_JSON_H
#define KIGEN_NOTIFIER_MAIL_LETTER_JSON_H

/* Small helps for the JSON context of a letter: absent values stay absent, as templates/CONTEXT.md wants it.
 */

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* Sets `key` to `text`; nothing for NULL and "". What is no UTF-8 is mended: texts come from the store, where
 * another program may have written anything, and the letter must not be lost for it. */
void letter_json_text(json_t *object, const char *key, const char *text);
/* The same, taking `text`. */
void letter_json_take(json_t *object, const char *key, char *text);
/* Sets `key` to true; nothing when `value` is false. */
void letter_json_flag(json_t *object, const char *key, bool value);
/* `wanted` or, where it is NULL or empty, `other`. */
const char *letter_json_choose(const char *wanted, const char *other);

/* The text of `key`, NULL when it is absent or none. Belongs to `object`. */
const char *letter_json_get(const json_t *object, const char *key);

#endif
