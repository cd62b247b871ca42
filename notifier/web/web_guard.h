#ifndef KIGEN_NOTIFIER_WEB_WEB_GUARD_H
#define KIGEN_NOTIFIER_WEB_WEB_GUARD_H

/* Deadlines for connections. libmicrohttpd's own timeout counts idle time only: a client that sends a byte
 * now and then keeps its connection for ever. Here a request has to be complete, and its answer taken, within
 * so many seconds, or the connection is shut down. */

#include <glib.h>
#include <microhttpd.h>

typedef struct WebGuard WebGuard;

/* Starts the thread that looks after them. */
WebGuard *web_guard_new(guint deadline_seconds);

/* Only after MHD_stop_daemon, which ends all connections. */
void web_guard_free(WebGuard *guard);

/* For MHD_OPTION_NOTIFY_CONNECTION, with the guard as closure. */
void web_guard_notify(void *guard, struct MHD_Connection *connection, void **socket_context,
                      enum MHD_ConnectionNotificationCode code);

/* A request is complete and is being answered / the answer is out: the time counts from here anew. */
void web_guard_begin(WebGuard *guard, struct MHD_Connection *connection);
void web_guard_end(WebGuard *guard, struct MHD_Connection *connection);

/* Waits until no request is being answered, at most so long. */
void web_guard_drain(WebGuard *guard, guint milliseconds);

#endif
