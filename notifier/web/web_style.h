#ifndef KIGEN_NOTIFIER_WEB_WEB_STYLE_H
#define KIGEN_NOTIFIER_WEB_WEB_STYLE_H

/* The one stylesheet of all pages. Its address holds a digest of what stands in it, so that browsers keep it
 * for good and have the next one at once. Made once, read by all threads. */

#include "notifier/template/template_set.h"

#include <microhttpd.h>

typedef struct WebStyle WebStyle;

/* Errors: TEMPLATE_SET_ERROR. */
bool web_style_new(const TemplateSet *templates, WebStyle **ret_style, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void web_style_free(WebStyle *style);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebStyle, web_style_free)

/* "/style/0123456789abcdef.css". */
const char *web_style_path(const WebStyle *style);
/* True when `name` is the one of the path, without folder and suffix. */
bool web_style_is(const WebStyle *style, const char *name);
GBytes *web_style_bytes(const WebStyle *style);

#endif
