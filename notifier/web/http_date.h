#ifndef KIGEN_NOTIFIER_WEB_HTTP_DATE_H
#define KIGEN_NOTIFIER_WEB_HTTP_DATE_H

/* Dates in HTTP headers (RFC 9110 §5.6.7), whatever the locale. */

#include <glib.h>
#include <stdbool.h>

#define HTTP_DATE_SIZE 30 /* "Sun, 06 Nov 1994 08:49:37 GMT" and its NUL */

/* Writes `seconds` since 1970 as IMF-fixdate into `buffer` and returns it. */
const char *http_date_format(gint64 seconds, char buffer[static HTTP_DATE_SIZE]);

/* Reads IMF-fixdate and the two obsolete forms (RFC 850's with two digits of the year, asctime's), which a
 * server has to take; false, and *ret_seconds untouched, otherwise. A two-digit year is one of 1970 to
 * 2069. */
bool http_date_parse(const char *text, gint64 *ret_seconds) G_GNUC_WARN_UNUSED_RESULT;

#endif
