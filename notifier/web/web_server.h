#ifndef KIGEN_NOTIFIER_WEB_WEB_SERVER_H
#define KIGEN_NOTIFIER_WEB_WEB_SERVER_H

/* The web service: libmicrohttpd with epoll and a pool of threads, each with a read connection of its own to
 * the store. It serves GET and HEAD of
 *
 *   /feeds/<token>.ics   a feed: 200 or 304; 404 for an unknown token, 410 for a revoked one
 *   /healthz             200 when the store can be read, else 503
 *   /robots.txt          nothing here is for robots
 *
 * and nothing else. It installs no signal handler and writes no log; a token never stands in a message. */

#include "notifier/template/template_set.h"
#include "planner/day.h"

#define WEB_SERVER_ERROR (web_server_error_quark())
typedef enum {
  WEB_SERVER_ERROR_ADDRESS, /* no address and port, or one that this machine cannot listen on */
  WEB_SERVER_ERROR_START    /* no threads, no descriptors … */
} WebServerError;
GQuark web_server_error_quark(void);

/* How to serve. {0} with store, templates and today set is good. Pointers must live until web_server_stop;
 * the two functions are called from several threads. */
typedef struct {
  const char *store;   /* the store's URL (db/db.h) */
  const char *address; /* numeric, "127.0.0.1", "::"; NULL: 127.0.0.1 */
  guint16 port;        /* 0: any that is free, see web_server_port */
  const TemplateSet *templates;
  Day (*today)(gpointer data);                        /* the civil day to render for */
  void (*report)(const char *message, gpointer data); /* an inner error was met, for a log; or NULL */
  gpointer data;                                      /* of both */
  guint threads;                                      /* 0: as many as processors, 2 to 16 */
  guint connections;                                  /* at once; 0: 512 */
  guint connections_per_client; /* of one address; 0: no limit, as behind a proxy, where all have one */
  guint idle_seconds;           /* a connection without a byte; 0: 30 */
  guint deadline_seconds;       /* for a request and for its answer, however slowly they come; 0: 60 */
} WebConfig;

typedef struct WebServer WebServer;

/* Reads "ADDR:PORT", "[ADDR]:PORT" or "PORT", as `kigen web --listen` takes it; *ret_address (own string) is
 * NULL for a port alone. Errors: WEB_SERVER_ERROR_ADDRESS. */
bool web_server_parse_listen(const char *text, char **ret_address, guint16 *ret_port, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Starts to serve and returns. The store is opened once before, so that what is wrong with it is said here.
 * Errors: WEB_SERVER_ERROR, DB_ERROR. */
bool web_server_start(const WebConfig *config, WebServer **ret_server, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The port it listens on. */
guint16 web_server_port(const WebServer *server);

/* Takes no new connection, lets answers under way end (up to 2 seconds), closes all and frees `server`. NULL
 * is allowed. */
void web_server_stop(WebServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebServer, web_server_stop)

#endif
