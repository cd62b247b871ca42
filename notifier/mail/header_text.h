#ifndef KIGEN_NOTIFIER_MAIL_HEADER_TEXT_H
#define KIGEN_NOTIFIER_MAIL_HEADER_TEXT_H

/* Header values of a mail, encoded and folded here rather than by GMime, which made a 145-character line of a
 * Japanese subject. Lines stay within 76 characters, encoded words within 75 (RFC 2047 clause 2), no encoded
 * word splits a character. A value comes out as GMime takes it raw: a space first, lines ended by LF. */

#include <glib.h>

/* `text` (valid UTF-8) fit for a header: line breaks, control characters and direction overrides become
 * spaces, runs of blanks one space, none at the ends. Own string. Nothing that passes can begin a header. */
char *header_text_clean(const char *text);

/* The value of the unstructured header `name` ("Subject"): `text` (valid UTF-8) cleaned. Own string. */
char *header_text_unstructured(const char *name, const char *text);

/* The value of the address header `name` ("To"): `display` (valid UTF-8, or NULL) cleaned, and `address`,
 * which the caller has checked (planner/email_address.h). Own string. */
char *header_text_mailbox(const char *name, const char *display, const char *address);

#endif
