#include "notifier/web/web_server.h"

#include <string.h>
#include <unistd.h>

#include "notifier/web/web_front.h"
#include "notifier/web/web_listen.h"

#define WRITES_MILLISECONDS 2000 /* for those under way at the end */

/* A front that a reload put out of service. */
typedef struct {
  WebFront *front;
  GThread *thread;
} Retired;

/* What a service listens on. */
typedef struct {
  int fd;        /* the fronts have copies of their own */
  bool is_own;   /* not the caller's */
  char *address; /* as asked for, or NULL */
  guint16 port;  /* of it … */
  guint16 asked; /* … and as asked for: 0 for any */
} Socket;

struct WebServer {
  WebSite site;
  WebFront *front;
  GArray *retired; /* Retired */
  Socket socket;
};

GQuark web_server_error_quark(void)
{
  return g_quark_from_static_string("web-server-error");
}

bool web_server_check_proxies(const char *text)
{
  g_autoptr(ClientNets) nets = NULL;

  return client_nets_parse(text, &nets);
}

static void socket_clear(Socket *socket)
{
  if (socket->is_own)
    close(socket->fd);
  g_free(socket->address);
  *socket = (Socket){ 0 };
}

/* The socket to serve by `config` on. */
static bool socket_open(const WebConfig *config, Socket *ret_socket, GError **error)
{
  Socket socket = { .fd = config->socket, .is_own = config->socket == 0, .asked = config->port };

  if (!socket.is_own)
    socket.port = web_listen_port(socket.fd);
  else if (!web_listen(config->address, config->port, &socket.fd, &socket.port, error))
    return false;
  socket.address = g_strdup(config->address);
  *ret_socket = socket;
  return true;
}

static void report(const GError *error, gpointer data)
{
  web_feed_report(data, error);
}

/* Without the key feeds are served, and forms are not taken: what is wrong with it is reported. */
static bool start_forms(WebSite *site, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(Db) db = NULL;

  if (!db_open(site->config.store, DB_READ, &db, error))
    return false;

  g_autofree char *path = link_key_path(db_path(db));

  if (!link_key_load(path, &site->key, &cause))
    web_feed_report(site->feed, cause);
  site->rate = web_rate_new();
  site->writer = web_writer_new(&site->config, report, site->feed);
  return true;
}

static void stop_forms(WebSite *site)
{
  g_clear_pointer(&site->writer, web_writer_free);
  g_clear_pointer(&site->rate, web_rate_free);
  g_clear_pointer(&site->key, link_key_free);
}

static bool start(WebServer *server, GError **error)
{
  return web_feed_new(&server->site.config, &server->site.metrics, &server->site.feed, error) &&
         start_forms(&server->site, error) && socket_open(&server->site.config, &server->socket, error) &&
         web_front_start(&server->site, &server->site.config, server->socket.fd, &server->front, error);
}

bool web_server_start(const WebConfig *config, WebServer **ret_server, GError **error)
{
  g_autoptr(WebServer) server = g_new0(WebServer, 1);

  server->site.config = web_front_config(config);
  server->retired = g_array_new(FALSE, FALSE, sizeof(Retired));
  if (!start(server, error))
    return false;
  *ret_server = g_steal_pointer(&server);
  return true;
}

guint16 web_server_port(const WebServer *server)
{
  return server->socket.port;
}

static bool is_same(const Socket *socket, const WebConfig *config)
{
  if (config->socket != 0 || !socket->is_own)
    return config->socket == socket->fd;
  return g_strcmp0(config->address, socket->address) == 0 && config->port == socket->asked;
}

static void retire(WebServer *server, WebFront *front)
{
  const Retired old = { front, web_front_retire(front) };

  g_array_append_val(server->retired, old);
}

/* Goes on with `next` on `socket`. */
static bool replace_front(WebServer *server, const WebConfig *next, const Socket *socket, GError **error)
{
  WebFront *front;

  if (!web_front_start(&server->site, next, socket->fd, &front, error))
    return false;
  retire(server, server->front);
  server->front = front;
  feed_cache_set_max(web_feed_cache(server->site.feed), next->cache_bytes);
  return true;
}

bool web_server_reload(WebServer *server, const WebConfig *config, GError **error)
{
  const WebConfig next = web_front_config(config);
  Socket socket;

  if (is_same(&server->socket, &next))
    return replace_front(server, &next, &server->socket, error);
  if (!socket_open(&next, &socket, error))
    return false;
  if (!replace_front(server, &next, &socket, error)) {
    socket_clear(&socket);
    return false;
  }
  socket_clear(&server->socket);
  server->socket = socket;
  return true;
}

static void join_retired(WebServer *server)
{
  for (guint i = 0; i < server->retired->len; i++) {
    Retired *old = &g_array_index(server->retired, Retired, i);

    web_front_hurry(old->front);
    g_thread_join(old->thread);
    web_front_free(old->front);
  }
}

void web_server_stop(WebServer *server)
{
  if (server == NULL)
    return;
  if (server->site.writer != NULL)
    web_writer_finish(server->site.writer, WRITES_MILLISECONDS);
  g_clear_pointer(&server->front, web_front_stop);
  join_retired(server);
  g_array_unref(server->retired);
  stop_forms(&server->site);
  g_clear_pointer(&server->site.feed, web_feed_free);
  socket_clear(&server->socket);
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
