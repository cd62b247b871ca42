#include "notifier/web/web_server.h"

#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#include "notifier/web/web_condition.h"
#include "notifier/web/web_feed.h"
#include "notifier/web/web_guard.h"
#include "notifier/web/web_listen.h"
#include "notifier/web/web_reply.h"
#include "notifier/web/web_request.h"

#define FEED_PREFIX "/feeds/"
#define FEED_SUFFIX ".ics"
#define REQUEST_BYTES (16 * 1024) /* line and headers of a request; more is refused by libmicrohttpd */
#define DRAIN_MILLISECONDS 2000

struct WebServer {
  WebConfig config;
  WebFeed *feed;
  WebGuard *guard;
  struct MHD_Daemon *daemon;
  guint16 port;
};

GQuark web_server_error_quark(void)
{
  return g_quark_from_static_string("web-server-error");
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
  return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result serve_found(struct MHD_Connection *connection, const CachedFeed *feed)
{
  bool same = web_condition_not_modified(header_of(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
                                         header_of(connection, MHD_HTTP_HEADER_IF_MODIFIED_SINCE), feed->etag,
                                         feed->last_modified);

  return MHD_queue_response(connection, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, feed->response);
}

static enum MHD_Result serve_feed(WebServer *server, struct MHD_Connection *connection, const char *path)
{
  static const WebText texts[] = {
    [WEB_FEED_UNKNOWN] = WEB_TEXT_NOT_FOUND,
    [WEB_FEED_REVOKED] = WEB_TEXT_GONE,
    [WEB_FEED_FAILED] = WEB_TEXT_UNAVAILABLE,
  };
  const char *name = path + strlen(FEED_PREFIX);
  g_autofree char *token = NULL;
  g_autoptr(CachedFeed) feed = NULL;

  if (!g_str_has_suffix(name, FEED_SUFFIX))
    return web_reply_text(connection, WEB_TEXT_NOT_FOUND);
  token = g_strndup(name, strlen(name) - strlen(FEED_SUFFIX));

  WebFeedOutcome outcome = web_feed_get(server->feed, token, &feed);

  return outcome == WEB_FEED_FOUND ? serve_found(connection, feed)
                                   : web_reply_text(connection, texts[outcome]);
}

static enum MHD_Result serve_health(WebServer *server, struct MHD_Connection *connection, const char *path)
{
  return web_reply_text(connection, web_feed_is_healthy(server->feed) ? WEB_TEXT_OK : WEB_TEXT_UNAVAILABLE);
}

static enum MHD_Result serve_robots(WebServer *server, struct MHD_Connection *connection, const char *path)
{
  return web_reply_text(connection, WEB_TEXT_ROBOTS);
}

static const struct {
  const char *path;
  bool prefix; /* also everything below it */
  enum MHD_Result (*serve)(WebServer *server, struct MHD_Connection *connection, const char *path);
} routes[] = {
  { FEED_PREFIX, true, serve_feed },
  { "/healthz", false, serve_health },
  { "/robots.txt", false, serve_robots },
};

static enum MHD_Result route(WebServer *server, struct MHD_Connection *connection, const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
    if (routes[i].prefix ? g_str_has_prefix(path, routes[i].path) : g_str_equal(path, routes[i].path))
      return routes[i].serve(server, connection, path);
  }
  return web_reply_text(connection, WEB_TEXT_NOT_FOUND);
}

/* The first call, when the headers are read. What is refused is answered now: libmicrohttpd then reads no
 * body and closes the connection. */
static enum MHD_Result begin(WebServer *server, struct MHD_Connection *connection, const char *method)
{
  static const WebText refusals[] = {
    [WEB_REQUEST_BAD] = WEB_TEXT_BAD_REQUEST,
    [WEB_REQUEST_METHOD] = WEB_TEXT_METHOD,
  };
  WebRequestVerdict verdict = web_request_check(connection, method);

  web_guard_begin(server->guard, connection);
  return verdict == WEB_REQUEST_GOOD ? MHD_YES : web_reply_text(connection, refusals[verdict]);
}

/* libmicrohttpd calls it twice for a request. */
static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
  WebServer *server = data;

  if (*request != NULL)
    return route(server, connection, url);
  *request = server;
  return begin(server, connection, method);
}

static void completed(void *data, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode code)
{
  WebServer *server = data;

  if (*request != NULL)
    web_guard_end(server->guard, connection);
  *request = NULL;
}

static WebConfig with_defaults(const WebConfig *config)
{
  WebConfig full = *config;

  full.threads = full.threads != 0 ? full.threads : CLAMP(g_get_num_processors(), 2, 16);
  full.connections = full.connections != 0 ? full.connections : 512;
  full.idle_seconds = full.idle_seconds != 0 ? full.idle_seconds : 30;
  full.deadline_seconds = full.deadline_seconds != 0 ? full.deadline_seconds : 60;
  return full;
}

static struct MHD_Daemon *start_daemon(WebServer *server, int fd)
{
  const WebConfig *config = &server->config;

  /* Descriptor and limits go by options; no MHD_USE_ERROR_LOG, which could print a URL. */
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, answer, server, MHD_OPTION_LISTEN_SOCKET,
      fd, MHD_OPTION_THREAD_POOL_SIZE, config->threads, MHD_OPTION_CONNECTION_LIMIT, config->connections,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, config->connections_per_client, MHD_OPTION_CONNECTION_TIMEOUT,
      config->idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, completed, server,
      MHD_OPTION_NOTIFY_CONNECTION, web_guard_notify, server->guard, MHD_OPTION_END);
}

static bool start(WebServer *server, GError **error)
{
  int fd;

  if (!web_feed_new(&server->config, &server->feed, error) ||
      !web_listen(server->config.address, server->config.port, &fd, &server->port, error))
    return false;
  server->guard = web_guard_new(server->config.deadline_seconds);
  server->daemon = start_daemon(server, fd);
  if (server->daemon != NULL)
    return true;
  /* fd is not closed: libmicrohttpd may have done so already. */
  g_set_error_literal(error, WEB_SERVER_ERROR, WEB_SERVER_ERROR_START,
                      "cannot start the web service: too few threads, descriptors or memory (ulimit -a)");
  return false;
}

bool web_server_start(const WebConfig *config, WebServer **ret_server, GError **error)
{
  g_autoptr(WebServer) server = g_new0(WebServer, 1);

  server->config = with_defaults(config);
  if (!start(server, error))
    return false;
  *ret_server = g_steal_pointer(&server);
  return true;
}

guint16 web_server_port(const WebServer *server)
{
  return server->port;
}

static void stop_daemon(WebServer *server)
{
  MHD_socket fd = MHD_quiesce_daemon(server->daemon);

  if (fd != MHD_INVALID_SOCKET)
    close(fd);
  web_guard_drain(server->guard, DRAIN_MILLISECONDS);
  MHD_stop_daemon(server->daemon);
}

void web_server_stop(WebServer *server)
{
  if (server == NULL)
    return;
  if (server->daemon != NULL)
    stop_daemon(server);
  g_clear_pointer(&server->guard, web_guard_free);
  g_clear_pointer(&server->feed, web_feed_free);
  g_free(server);
}

static bool parse_port(const char *text, guint16 *ret_port)
{
  guint64 port;

  if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT16, &port, NULL))
    return false;
  *ret_port = (guint16)port;
  return true;
}

/* The address in front of the last colon, without its brackets; NULL when there is none. */
static char *parse_address(const char *text, const char *colon)
{
  gsize length = (gsize)(colon - text);

  if (text[0] == '[' && length > 2 && text[length - 1] == ']')
    return g_strndup(text + 1, length - 2);
  return length > 0 && memchr(text, ':', length) == NULL && text[0] != '[' ? g_strndup(text, length) : NULL;
}

bool web_server_parse_listen(const char *text, char **ret_address, guint16 *ret_port, GError **error)
{
  const char *colon = strrchr(text, ':');
  g_autofree char *address = colon != NULL ? parse_address(text, colon) : NULL;

  if ((colon != NULL && address == NULL) || !parse_port(colon != NULL ? colon + 1 : text, ret_port)) {
    g_set_error(error, WEB_SERVER_ERROR, WEB_SERVER_ERROR_ADDRESS,
                "'%s' is no address to listen on: write 127.0.0.1:8765, [::1]:8765 or 8765", text);
    return false;
  }
  *ret_address = g_steal_pointer(&address);
  return true;
}
