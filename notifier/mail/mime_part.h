#ifndef KIGEN_NOTIFIER_MAIL_MIME_PART_H
#define KIGEN_NOTIFIER_MAIL_MIME_PART_H

/* The parts of a mail's body (RFC 2046), written one after another with CRLF line ends: multiparts that are
 * opened, separated and closed, leaves in base64 whose headers GMime makes, once for each kind of leaf. The
 * same parts give the same bytes (of one version of GMime). Safe from several threads. */

#include <glib.h>

/* The boundary of the multipart `subtype` in a mail of that seed; "=_" never begins a line of base64.
 * Own string. */
char *mime_part_boundary(const char *subtype, const char *seed);

/* Begins a multipart: Content-Type and the empty line that ends its headers. */
void mime_part_open(GString *out, const char *subtype, const char *boundary);

/* The line between parts; `end` "" before a part, "--" after the last one (RFC 2046 clause 5.1.1). Something
 * must be in `out` already. */
void mime_part_next(GString *out, const char *boundary, const char *end);

/* A leaf: headers, empty line and `size` bytes of `data` in base64. With a `filename` an attachment of that
 * name, without (NULL) a part that is shown. */
void mime_part_append(GString *out, const char *content_type, const char *filename, const void *data,
                      gsize size);

/* A leaf of text, whose line ends become CRLF first as RFC 2045 clause 6.8 wants. */
void mime_part_text(GString *out, const char *content_type, const char *text);

#endif
