#ifndef KIGEN_NOTIFIER_WEB_WEB_FRONT_H
#define KIGEN_NOTIFIER_WEB_WEB_FRONT_H

/* The running part of the service: libmicrohttpd under one configuration, on a socket. Several fronts may
 * serve one site, one after the other: while the next takes new connections the one before answers what it
 * has. */

#include "notifier/web/web_site.h"

typedef struct WebFront WebFront;

/* `config` with its defaults filled in. */
WebConfig web_front_config(const WebConfig *config);

/* Serves `site` on `socket`, which listens and stays the caller's, by `config`, whose pointers must live as
 * long. Errors: WEB_SERVER_ERROR. */
bool web_front_start(WebSite *site, const WebConfig *config, int socket, WebFront **ret_front, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Takes no new connection, and closes each that is open with the answer to its next request, or when it was
 * idle too long. In a thread of its own, which is returned: join it, then free `front`. */
GThread *web_front_retire(WebFront *front);
void web_front_free(WebFront *front);

/* Lets one that retires not wait any longer. */
void web_front_hurry(WebFront *front);

/* Takes no new connection, lets answers under way end (up to 2 seconds), closes all and frees `front`. */
void web_front_stop(WebFront *front);

#endif
