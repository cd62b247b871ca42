#ifndef KIGEN_NOTIFIER_WEB_WEB_CSRF_H
#define KIGEN_NOTIFIER_WEB_WEB_CSRF_H

/* Does a form come from a page of ours? Who knows a page's address can do what the page can: no cookie, no
 * session. What is signed here keeps another site, into which somebody pasted that address, from sending a
 * form in a reader's name, and old copies of a page from being sent again. Pure. */

#include "db/link_key.h"
#include "planner/day.h"

/* The signed field of form `form` ("acknowledge") on the page of `token`, as made on `today`: own string of
 * LINK_KEY_TOKEN_LENGTH characters. A keyed BLAKE2b of all three. */
char *web_csrf_field(const LinkKey *key, const char *token, const char *form, Day today);

/* True when `given` is that field as made on `today` or on the day before: a page may lie open over midnight.
 * In a time that tells nothing of it. */
bool web_csrf_holds(const LinkKey *key, const char *token, const char *form, Day today, const char *given);

/* True unless the headers say that another site sends the form: Sec-Fetch-Site (Fetch Metadata §2.4) decides
 * where it is sent, else Origin (RFC 6454 §7), which must name `host`, or is "null", as browsers send it from
 * a page that tells no referrer. Each may be NULL. */
bool web_csrf_is_own(const char *host, const char *origin, const char *fetch_site);

#endif
