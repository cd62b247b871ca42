#ifndef KIGEN_NOTIFIER_WEB_WEB_REPLY_H
#define KIGEN_NOTIFIER_WEB_WEB_REPLY_H

/* Answers with their headers. Every one of them tells robots and referrers to stay away. */

#include "notifier/web/web_route.h"

/* A feed in one encoding. */
typedef struct {
  GBytes *bytes; /* kept, not copied */
  const char *etag;
  const char *last_modified;
  bool gzip;
  FeedManner manner;
} WebReplyFeed;

/* For 200 and for 304: libmicrohttpd leaves the body out. */
struct MHD_Response *web_reply_feed(const WebReplyFeed *feed);

/* Queues `response`, whose body is `bytes`, as the answer to `call`, and counts it. All answers go through
 * here: while the service retires, each asks the client to close. */
enum MHD_Result web_reply_queue(const WebCall *call, unsigned status, struct MHD_Response *response,
                                GBytes *bytes);

/* The short answers, one a process: made at the first call, never freed. */
typedef enum {
  WEB_TEXT_OK,          /* 200, of /healthz */
  WEB_TEXT_ROBOTS,      /* 200 */
  WEB_TEXT_BAD_REQUEST, /* 400; the connection is closed */
  WEB_TEXT_FORBIDDEN,   /* 403, of a form that another site sends */
  WEB_TEXT_NOT_FOUND,   /* 404 */
  WEB_TEXT_GONE,        /* 410, of a calendar */
  WEB_TEXT_PAGE_GONE,   /* 410, of a page */
  WEB_TEXT_TOO_LARGE,   /* 413; the connection is closed */
  WEB_TEXT_NO_FORM,     /* 415 */
  WEB_TEXT_TOO_MANY,    /* 429, of forms */
  WEB_TEXT_UNAVAILABLE, /* 503, come back later */
  WEB_TEXT_NOT_STORED,  /* 503, of a form */
  WEB_TEXT_COUNT
} WebText;

/* Queues it. */
enum MHD_Result web_reply_text(const WebCall *call, WebText text);

/* Queues 303: the answer to a form that was stored is the page at `path`, which a reload asks for again. */
enum MHD_Result web_reply_see_other(const WebCall *call, const char *path);

/* Queues 405 for a path that answers the methods of `allow` ("GET, HEAD"). The connection is closed, as a
 * body may follow. */
enum MHD_Result web_reply_method(const WebCall *call, const char *allow);

/* Queues `bytes` (taken) of the media type `type` as the answer of a route, to be saved as the file `name`
 * (ASCII, without quotes). */
enum MHD_Result web_reply_file(const WebCall *call, const char *type, const char *name, GBytes *bytes);

/* Queues `text` of the media type `type` with status `status` as the answer of a route, with its caching.
 * The text is taken. */
enum MHD_Result web_reply_page(const WebCall *call, unsigned status, const char *type, GBytes *text);

#endif
