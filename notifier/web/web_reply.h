#ifndef KIGEN_NOTIFIER_WEB_WEB_REPLY_H
#define KIGEN_NOTIFIER_WEB_WEB_REPLY_H

/* Answers with their headers. Every one of them tells robots and referrers to stay away. */

#include "notifier/web/web_route.h"

/* A feed, for 200 and for 304: libmicrohttpd leaves the body out. `bytes` are kept, not copied. */
struct MHD_Response *web_reply_feed(GBytes *bytes, const char *etag, const char *last_modified);

/* The short answers, one a process: made at the first call, never freed. */
typedef enum {
  WEB_TEXT_OK,          /* 200, of /healthz */
  WEB_TEXT_ROBOTS,      /* 200 */
  WEB_TEXT_BAD_REQUEST, /* 400; the connection is closed */
  WEB_TEXT_NOT_FOUND,   /* 404 */
  WEB_TEXT_GONE,        /* 410 */
  WEB_TEXT_TOO_LARGE,   /* 413; the connection is closed */
  WEB_TEXT_UNAVAILABLE, /* 503, come back later */
  WEB_TEXT_COUNT
} WebText;

/* Queues it. */
enum MHD_Result web_reply_text(struct MHD_Connection *connection, WebText text);

/* Queues 405 for a path that answers the methods of `allow` ("GET, HEAD"). The connection is closed, as a
 * body may follow. */
enum MHD_Result web_reply_method(struct MHD_Connection *connection, const char *allow);

/* Queues `text` of the media type `type` with status `status` as the answer of a route, with its caching.
 * The text is taken. */
enum MHD_Result web_reply_page(const WebCall *call, unsigned status, const char *type, GBytes *text);

#endif
