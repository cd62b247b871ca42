#ifndef KIGEN_NOTIFIER_WEB_WEB_SERVER_H
#define KIGEN_NOTIFIER_WEB_WEB_SERVER_H

/* The web service: libmicrohttpd with epoll and a pool of threads, each with a read connection of its own to
 * the store. What it serves are the rows of web_route.c. It installs no signal handler and writes no log; a
 * token never stands in a message. */

#include "notifier/template/template_set.h"
#include "planner/day.h"
#include "planner/policy.h"

#define WEB_SERVER_ERROR (web_server_error_quark())
typedef enum {
  WEB_SERVER_ERROR_ADDRESS, /* no address and port, or one that this machine cannot listen on */
  WEB_SERVER_ERROR_TLS,     /* certificate and key are none, or do not belong together */
  WEB_SERVER_ERROR_START    /* no threads, no descriptors … */
} WebServerError;
GQuark web_server_error_quark(void);

/* How to serve. {0} with store, templates and today set is good. Pointers must live until web_server_stop;
 * the two functions are called from several threads. */
typedef struct {
  const char *store;    /* the store's URL (db/db.h) */
  const char *address;  /* numeric, "127.0.0.1", "::"; NULL: 127.0.0.1 */
  guint16 port;         /* 0: any that is free, see web_server_port */
  const char *base_url; /* what others reach it by, "https://support.example.co.jp"; NULL: http://localhost */
  const TemplateSet *templates;
  const Policy *policy;         /* whose lead times feeds have that ask for them; NULL: none */
  Day (*today)(gpointer data);  /* the civil day to render for */
  gint64 (*now)(gpointer data); /* seconds since 1970; NULL: the real time */
  void (*report)(const char *message, gpointer data); /* an inner error was met, for a log; or NULL */
  gpointer data;                                      /* of the three */
  int socket;                                         /* one that listens, instead of address; 0: none */
  guint threads;                                      /* 0: as many as processors, 2 to 16 */
  guint connections;                                  /* at once; 0: 4096, or as many as descriptors allow */
  guint connections_per_client;                       /* of one address that is no trusted proxy; 0: 64 */
  guint idle_seconds;                                 /* a connection without a byte; 0: 30 */
  guint deadline_seconds; /* for a request and for its answer, however slowly they come; 0: 60 */
  gsize cache_bytes;      /* of feeds in memory; 0: 64 MiB */
  guint posts_per_minute; /* forms of one client; 0: 60 */
  bool plain;             /* nothing is compressed, whatever is asked for */
  bool today_is_given;    /* by somebody, instead of the clock: only a simulation store is written then */
  const char *trusted_proxies; /* addresses and networks ("127.0.0.1 10.0.0.0/8") whose X-Forwarded-For
                                  counts; NULL: this machine's own */
  const char *tls_certificate, *tls_key; /* PEM texts; NULL: no TLS */
} WebConfig;

typedef struct WebServer WebServer;

/* Reads "ADDR:PORT", "[ADDR]:PORT" or "PORT", as `kigen web --listen` takes it; *ret_address (own string) is
 * NULL for a port alone. Errors: WEB_SERVER_ERROR_ADDRESS. */
bool web_server_parse_listen(const char *text, char **ret_address, guint16 *ret_port, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* True when `text` is what trusted_proxies may be. */
bool web_server_check_proxies(const char *text);

/* Starts to serve and returns. The store is opened once before, so that what is wrong with it is said here.
 * Errors: WEB_SERVER_ERROR, DB_ERROR. */
bool web_server_start(const WebConfig *config, WebServer **ret_server, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The port it listens on. */
guint16 web_server_port(const WebServer *server);

/* Goes on with `config`, except for store, templates, clock and report, which stay: new connections are
 * served by it; those that are open get the answer to their next request and are closed. The feeds in memory
 * are kept. With the same address and port (or the same socket) no connection is refused in between. After an
 * error all is as before. Errors: WEB_SERVER_ERROR. */
bool web_server_reload(WebServer *server, const WebConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes no new connection, lets answers under way end (up to 2 seconds), closes all and frees `server`. NULL
 * is allowed. */
void web_server_stop(WebServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebServer, web_server_stop)

#endif
