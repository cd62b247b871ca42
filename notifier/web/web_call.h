#ifndef KIGEN_NOTIFIER_WEB_WEB_CALL_H
#define KIGEN_NOTIFIER_WEB_WEB_CALL_H

/* A request under way: from its headers to its answer. A handler gets it whole, its body included, and
 * queues one answer (web_reply.h). */

#include "notifier/web/web_site.h"
#include "notifier/web/web_writer.h"

#include <microhttpd.h>

#define WEB_CALL_BODY_MAX (64 * 1024) /* bytes of a POST; more is refused with 413 */

typedef struct WebRoute WebRoute;

typedef struct {
  WebSite *site;
  const WebTerms *terms;
  struct MHD_Connection *connection;
  bool is_head;          /* only the headers of the answer are asked for */
  const WebRoute *route; /* NULL: nothing here has that path */
  char *word;            /* what the path has where the route's pattern has <…>, decoded; or NULL */
  GString *body;         /* of a POST, as it came; NULL otherwise */
  WebWrite *write;       /* what it has to write, given to the writer or done: web_post.h; or NULL */
} WebCall;

WebCall *web_call_new(const WebTerms *terms, struct MHD_Connection *connection);
void web_call_free(WebCall *call);

/* A header of the request, or NULL; belongs to it. */
const char *web_call_header(const WebCall *call, const char *name);

/* An argument of the request's query (?name=value), decoded: own string, or NULL when it is not there or no
 * valid text. */
char *web_call_argument(const WebCall *call, const char *name);

/* Keeps `size` more bytes of the body. False: that is more than was announced and is allowed. */
bool web_call_take_body(WebCall *call, const char *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;

/* The client's address: the other end's, or what a trusted proxy says of it. */
ClientAddress web_call_address(const WebCall *call);

/* The same as text (own string). */
char *web_call_client(const WebCall *call);

/* True when the client is on this machine. */
bool web_call_is_local(const WebCall *call);

/* True when the connection is closed with this answer, because the service retires. */
bool web_call_is_last(const WebCall *call);

#endif
