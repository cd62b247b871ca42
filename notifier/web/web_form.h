#ifndef KIGEN_NOTIFIER_WEB_WEB_FORM_H
#define KIGEN_NOTIFIER_WEB_WEB_FORM_H

/* The fields of a form as a browser sends it: application/x-www-form-urlencoded (WHATWG URL §5.1), read
 * strictly. A browser sends each field once and encodes all of it; what differs was made by something else
 * and is refused as a whole, rather than read in one of several ways. Pure. */

#include <glib.h>
#include <stdbool.h>

#define WEB_FORM_ERROR (web_form_error_quark())
typedef enum {
  WEB_FORM_ERROR_TYPE,      /* the body is of another media type */
  WEB_FORM_ERROR_MALFORMED, /* a broken escape, no UTF-8, a control character */
  WEB_FORM_ERROR_FIELD      /* a field that the form does not have, or twice */
} WebFormError;
GQuark web_form_error_quark(void);

typedef struct WebForm WebForm;

/* Reads the `size` bytes at `data` (NULL with 0) of the media type `type` (a Content-Type, or NULL). `known`,
 * NULL-terminated, are the fields that the form may have. Errors: WEB_FORM_ERROR; no message holds a value.
 */
bool web_form_parse(const char *type, const char *data, gsize size, const char *const *known,
                    WebForm **ret_form, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void web_form_free(WebForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebForm, web_form_free)

/* The value of a field, "" when it was not sent: UTF-8 without blanks at its ends, its lines ended by LF, and
 * without other control characters. Belongs to the form. */
const char *web_form_get(const WebForm *form, const char *name);

#endif
