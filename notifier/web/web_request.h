#ifndef KIGEN_NOTIFIER_WEB_WEB_REQUEST_H
#define KIGEN_NOTIFIER_WEB_WEB_REQUEST_H

/* Is this a request that we and every proxy in front of us read alike? libmicrohttpd 0.9.75 takes requests
 * with both Transfer-Encoding and Content-Length, and with two Content-Lengths: with those a second request
 * is smuggled past a proxy. */

#include <glib.h>
#include <microhttpd.h>

typedef enum {
  WEB_REQUEST_GOOD,
  WEB_REQUEST_BAD,       /* ambiguous, GET with a body, or POST without a length: 400 and close */
  WEB_REQUEST_TOO_LARGE, /* the body: 413 and close */
  WEB_REQUEST_METHOD     /* neither GET, HEAD nor POST: 405 and close */
} WebRequestVerdict;

/* A body has at most `body_max` bytes. */
WebRequestVerdict web_request_check(struct MHD_Connection *connection, const char *method, gsize body_max);

#endif
