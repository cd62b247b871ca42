#ifndef KIGEN_NOTIFIER_WEB_WEB_GUARD_H
#define KIGEN_NOTIFIER_WEB_WEB_GUARD_H

/* Deadlines and numbers of connections. libmicrohttpd's own timeout counts idle time only: a client that
 * sends a byte now and then keeps its connection for ever. Here a request has to be complete, and its answer
 * taken, within so many seconds, or the connection is shut down. One client has at most so many connections,
 * unless it is a trusted proxy; and when nearly all there may be are open, the one that waits longest without
 * a request being answered makes room for the next. */

#include "notifier/web/client_address.h"

#include <microhttpd.h>

typedef struct WebGuard WebGuard;

typedef struct {
  guint deadline_seconds;
  guint connections;            /* in all */
  guint connections_per_client; /* of one address … */
  const ClientNets *trusted;    /* … that is none of these; must live as long */
} WebGuardLimits;

/* Starts the thread that looks after them. */
WebGuard *web_guard_new(const WebGuardLimits *limits);

/* Only after MHD_stop_daemon, which ends all connections. */
void web_guard_free(WebGuard *guard);

/* An MHD_AcceptPolicyCallback, with the guard as closure: refuses a client with too many. */
enum MHD_Result web_guard_accept(void *guard, const struct sockaddr *address, socklen_t size);

/* For MHD_OPTION_NOTIFY_CONNECTION, with the guard as closure. */
void web_guard_notify(void *guard, struct MHD_Connection *connection, void **socket_context,
                      enum MHD_ConnectionNotificationCode code);

/* A request is complete and is being answered / the answer is out: the time counts from here anew. */
void web_guard_begin(WebGuard *guard, struct MHD_Connection *connection);
void web_guard_end(WebGuard *guard, struct MHD_Connection *connection);

/* Waits until no request is being answered, at most so long. */
void web_guard_drain(WebGuard *guard, guint milliseconds);

/* Waits until no connection is open, at most so long, or until web_guard_hurry. */
void web_guard_wait_closed(WebGuard *guard, guint milliseconds);
void web_guard_hurry(WebGuard *guard);

#endif
