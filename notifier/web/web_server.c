#include "notifier/web/web_server.h"

#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#include "notifier/web/web_guard.h"
#include "notifier/web/web_listen.h"
#include "notifier/web/web_reply.h"
#include "notifier/web/web_request.h"
#include "notifier/web/web_route.h"

#define REQUEST_BYTES (16 * 1024) /* line and headers of a request; more is refused by libmicrohttpd */
#define DRAIN_MILLISECONDS 2000

struct WebServer {
  WebSite site;
  WebGuard *guard;
  struct MHD_Daemon *daemon;
  guint16 port;
};

GQuark web_server_error_quark(void)
{
  return g_quark_from_static_string("web-server-error");
}

/* The path as it was sent, without the query: the words in it are decoded one by one (web_route.h), so that a
 * slash in one is no slash between two. */
static size_t keep_encoded(void *data, struct MHD_Connection *connection, char *text)
{
  return strlen(text);
}

/* Headers that another reader could read otherwise, and bodies that are not wanted, are answered at once:
 * libmicrohttpd then reads no body and closes the connection. */
static enum MHD_Result begin(WebCall *call, const char *method, const char *path)
{
  const char *allow;

  call->route = web_route_find(method, path, &call->word, &allow);
  switch (web_request_check(call->connection, method, WEB_CALL_BODY_MAX)) {
  case WEB_REQUEST_BAD:
    return web_reply_text(call->connection, WEB_TEXT_BAD_REQUEST);
  case WEB_REQUEST_TOO_LARGE:
    return web_reply_text(call->connection, WEB_TEXT_TOO_LARGE);
  case WEB_REQUEST_METHOD:
    return web_reply_method(call->connection, allow != NULL ? allow : "GET, HEAD");
  case WEB_REQUEST_GOOD:
    break;
  }
  return call->route == NULL && allow != NULL ? web_reply_method(call->connection, allow) : MHD_YES;
}

static enum MHD_Result finish(WebCall *call)
{
  if (call->route == NULL || (call->route->may == WEB_MAY_LOCAL && !web_call_is_local(call)))
    return web_reply_text(call->connection, WEB_TEXT_NOT_FOUND);
  return call->route->handle(call);
}

/* libmicrohttpd calls it when the headers are read, for every piece of a body, and when all is there. */
static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
  WebServer *server = data;
  WebCall *call = *request;

  if (call == NULL) {
    *request = call = web_call_new(&server->site, connection);
    web_guard_begin(server->guard, connection);
    return begin(call, method, url);
  }
  if (*upload_size == 0)
    return finish(call);

  gsize size = *upload_size;

  *upload_size = 0;
  return web_call_take_body(call, upload, size) ? MHD_YES : MHD_NO;
}

static void completed(void *data, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode code)
{
  WebServer *server = data;

  if (*request == NULL)
    return;
  web_guard_end(server->guard, connection);
  web_call_free(*request);
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
  const WebConfig *config = &server->site.config;

  /* Descriptor and limits go by options; no MHD_USE_ERROR_LOG, which could print a URL. */
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, answer, server, MHD_OPTION_LISTEN_SOCKET,
      fd, MHD_OPTION_THREAD_POOL_SIZE, config->threads, MHD_OPTION_CONNECTION_LIMIT, config->connections,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, config->connections_per_client, MHD_OPTION_CONNECTION_TIMEOUT,
      config->idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL,
      MHD_OPTION_NOTIFY_COMPLETED, completed, server, MHD_OPTION_NOTIFY_CONNECTION, web_guard_notify,
      server->guard, MHD_OPTION_END);
}

static bool start(WebServer *server, GError **error)
{
  int fd;

  if (!web_feed_new(&server->site.config, &server->site.feed, error) ||
      !web_listen(server->site.config.address, server->site.config.port, &fd, &server->port, error))
    return false;
  server->guard = web_guard_new(server->site.config.deadline_seconds);
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

  server->site.config = with_defaults(config);
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
  g_clear_pointer(&server->site.feed, web_feed_free);
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
