#ifndef KIGEN_NOTIFIER_WEB_WEB_CONDITION_H
#define KIGEN_NOTIFIER_WEB_WEB_CONDITION_H

/* Conditional requests (RFC 9110 §13): does the client have it already? Pure. */

#include <glib.h>
#include <stdbool.h>

/* True when a GET or HEAD is answered with 304. `if_none_match` and `if_modified_since` are the headers, or
 * NULL; with the former the latter does not count, and a date that cannot be read counts as absent. `etag`
 * is strong, quotes included; `last_modified` in seconds since 1970. Only If-Modified-Since that very second
 * counts, as with nginx: a clock that was set back must not make a client keep an old calendar. */
bool web_condition_not_modified(const char *if_none_match, const char *if_modified_since, const char *etag,
                                gint64 last_modified);

#endif
