#ifndef KIGEN_NOTIFIER_WEB_WEB_GZIP_H
#define KIGEN_NOTIFIER_WEB_WEB_GZIP_H

/* The gzip content coding (RFC 9110 §8.4.1.3): does a client ask for it, and the bytes. Pure. */

#include <glib.h>
#include <stdbool.h>

/* True when the header Accept-Encoding (NULL: absent) asks for gzip by name, with a weight above 0
 * (§12.5.3). "*" asks for nothing in particular: calendar programs broke on compressed feeds. */
bool web_gzip_is_asked(const char *accept_encoding);

/* `bytes` compressed: the same bytes for the same, with no name and no time in them. */
GBytes *web_gzip(GBytes *bytes);

#endif
