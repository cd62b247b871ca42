#ifndef KIGEN_NOTIFIER_WEB_WEB_RATE_H
#define KIGEN_NOTIFIER_WEB_WEB_RATE_H

/* How many forms one client may send: so many a minute, and as many at once when it was quiet before. Counted
 * from all threads, in bounded memory. */

#include "notifier/web/client_address.h"

typedef struct WebRate WebRate;

WebRate *web_rate_new(void);
void web_rate_free(WebRate *rate);

/* Takes one of `a_minute` (above 0) for `client` at `now` (monotonic, µs). False: it has none left.
 * An IPv6 client is its /64, which one household or attacker has whole. */
bool web_rate_take(WebRate *rate, const ClientAddress *client, guint a_minute, gint64 now)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
