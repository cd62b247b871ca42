#ifndef KIGEN_NOTIFIER_MAIL_BASE64_LINES_H
#define KIGEN_NOTIFIER_MAIL_BASE64_LINES_H

/* Base64 in lines of 76 characters (RFC 2045 clause 6.8), as the bodies of mails are written. Pure. */

#include <glib.h>

/* Appends `size` octets of `data`, each line with CRLF. */
void base64_lines_append(GString *out, const void *data, gsize size);

#endif
