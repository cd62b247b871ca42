#ifndef KIGEN_NOTIFIER_TEMPLATE_MUSTACHE_VALUE_H
#define KIGEN_NOTIFIER_TEMPLATE_MUSTACHE_VALUE_H

/* What a JSON value means to a template: true or false, and as text. For mustache_render.c only. */

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* False: NULL (absent), null, false, "", 0 and an empty list. */
bool mustache_value_is_true(const json_t *value);

/* Appends `value` as text: strings as they are, true and false by name, numbers in the shortest form that
 * reads back as the same; nothing for NULL, null, lists and objects. `html`: & < > " ' become entities. */
void mustache_value_append(GString *out, const json_t *value, bool html);

#endif
