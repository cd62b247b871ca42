#include "notifier/web/web_front.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "notifier/web/web_guard.h"
#include "notifier/web/web_reply.h"
#include "notifier/web/web_request.h"
#include "notifier/web/web_route.h"

#define REQUEST_BYTES (16 * 1024) /* line and headers of a request; more is refused by libmicrohttpd */
#define DRAIN_MILLISECONDS 2000
#define CACHE_BYTES (64 * 1024 * 1024)
#define CONNECTIONS 4096
#define CONNECTIONS_PER_CLIENT 64
#define POSTS_PER_MINUTE 60
#define WRITES_LOOK_EVERY 2000 /* µs */
#define OTHER_DESCRIPTORS 128  /* of threads, stores and what they need */
#define TRUSTED "127.0.0.0/8 ::1"

struct WebFront {
  WebTerms terms;
  WebGuard *guard;
  struct MHD_Daemon *daemon;
};

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

  call->is_head = g_str_equal(method, MHD_HTTP_METHOD_HEAD);
  call->route = web_route_find(method, path, &call->word, &allow);
  switch (web_request_check(call->connection, method, WEB_CALL_BODY_MAX)) {
  case WEB_REQUEST_BAD:
    return web_reply_text(call, WEB_TEXT_BAD_REQUEST);
  case WEB_REQUEST_TOO_LARGE:
    return web_reply_text(call, WEB_TEXT_TOO_LARGE);
  case WEB_REQUEST_METHOD:
    return web_reply_method(call, allow != NULL ? allow : "GET, HEAD");
  case WEB_REQUEST_GOOD:
    break;
  }
  return call->route == NULL && allow != NULL ? web_reply_method(call, allow) : MHD_YES;
}

static enum MHD_Result finish(WebCall *call)
{
  if (call->route == NULL || (call->route->may == WEB_MAY_LOCAL && !web_call_is_local(call)))
    return web_reply_text(call, WEB_TEXT_NOT_FOUND);
  return call->route->handle(call);
}

/* libmicrohttpd calls it when the headers are read, for every piece of a body, and when all is there. */
static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
  WebFront *front = data;
  WebCall *call = *request;

  if (call == NULL) {
    *request = call = web_call_new(&front->terms, connection);
    web_guard_begin(front->guard, connection);
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
  WebFront *front = data;

  if (*request == NULL)
    return;
  web_guard_end(front->guard, connection);
  web_call_free(*request);
  *request = NULL;
}

/* As many as there are descriptors for. */
static guint limit_connections(guint wanted)
{
  struct rlimit limit;

  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= (rlim_t)wanted + OTHER_DESCRIPTORS)
    return wanted;
  return limit.rlim_cur > 2 * OTHER_DESCRIPTORS ? (guint)limit.rlim_cur - OTHER_DESCRIPTORS
                                                : OTHER_DESCRIPTORS;
}

static guint number(guint value, guint otherwise)
{
  return value != 0 ? value : otherwise;
}

WebConfig web_front_config(const WebConfig *config)
{
  WebConfig full = *config;

  full.threads = number(full.threads, CLAMP(g_get_num_processors(), 2, 16));
  full.connections = limit_connections(number(full.connections, CONNECTIONS));
  full.connections_per_client = number(full.connections_per_client, CONNECTIONS_PER_CLIENT);
  full.posts_per_minute = number(full.posts_per_minute, POSTS_PER_MINUTE);
  full.idle_seconds = number(full.idle_seconds, 30);
  full.deadline_seconds = number(full.deadline_seconds, 60);
  if (full.base_url == NULL)
    full.base_url = "http://localhost";
  if (full.cache_bytes == 0)
    full.cache_bytes = CACHE_BYTES;
  if (full.trusted_proxies == NULL)
    full.trusted_proxies = TRUSTED;
  return full;
}

static struct MHD_Daemon *start_daemon(WebFront *front, int fd)
{
  const WebConfig *config = &front->terms.config;
  struct MHD_OptionItem tls[] = {
    { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(gsize)config->tls_certificate },
    { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(gsize)config->tls_key },
    { MHD_OPTION_END, 0, NULL },
  };
  bool secure = config->tls_certificate != NULL;

  /* Descriptor and limits go by options; no MHD_USE_ERROR_LOG, which could print a URL. */
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (secure ? MHD_USE_TLS : 0), 0,
      web_guard_accept, front->guard, answer, front, MHD_OPTION_LISTEN_SOCKET, fd,
      MHD_OPTION_THREAD_POOL_SIZE, config->threads, MHD_OPTION_CONNECTION_LIMIT, config->connections,
      MHD_OPTION_CONNECTION_TIMEOUT, config->idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      (size_t)REQUEST_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded,
      NULL, MHD_OPTION_NOTIFY_COMPLETED, completed, front, MHD_OPTION_NOTIFY_CONNECTION, web_guard_notify,
      front->guard, MHD_OPTION_ARRAY, secure ? tls : tls + G_N_ELEMENTS(tls) - 1, MHD_OPTION_END);
}

void web_front_free(WebFront *front)
{
  g_clear_pointer(&front->guard, web_guard_free);
  g_clear_pointer(&front->terms.trusted, client_nets_free);
  g_free(front);
}

static bool refuse_start(const WebConfig *config, GError **error)
{
  if (config->tls_certificate != NULL)
    g_set_error_literal(error, WEB_SERVER_ERROR, WEB_SERVER_ERROR_TLS,
                        "cannot start the web service with TLS: the certificate and its key are no PEM "
                        "texts, or do not belong together");
  else
    g_set_error_literal(error, WEB_SERVER_ERROR, WEB_SERVER_ERROR_START,
                        "cannot start the web service: too few threads, descriptors or memory (ulimit -a)");
  return false;
}

bool web_front_start(WebSite *site, const WebConfig *config, int socket, WebFront **ret_front, GError **error)
{
  WebFront *front = g_new0(WebFront, 1);
  int fd = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  bool good;

  front->terms.site = site;
  front->terms.config = *config;
  good = client_nets_parse(config->trusted_proxies, &front->terms.trusted);
  g_assert(good); /* web_server_check_proxies said so */

  const WebGuardLimits limits = { config->deadline_seconds, config->connections,
                                  config->connections_per_client, front->terms.trusted };

  front->guard = web_guard_new(&limits);
  front->daemon = fd >= 0 ? start_daemon(front, fd) : NULL;
  if (front->daemon != NULL) {
    *ret_front = front;
    return true;
  }
  /* fd is not closed: libmicrohttpd may have done so already. */
  web_front_free(front);
  return refuse_start(config, error);
}

static void quiesce(WebFront *front)
{
  MHD_socket fd = MHD_quiesce_daemon(front->daemon);

  if (fd != MHD_INVALID_SOCKET)
    close(fd);
}

/* Lets no connection wait for the writer any more: libmicrohttpd stops only when none does. Each that does is
 * answered within WEB_WRITER_SECONDS, or as soon as the writer is finished. */
static void end_writes(WebFront *front)
{
  g_atomic_int_set(&front->terms.closing, 1);
  while (g_atomic_int_get(&front->terms.writing) > 0)
    g_usleep(WRITES_LOOK_EVERY);
}

static gpointer retire(gpointer data)
{
  WebFront *front = data;
  const WebConfig *config = &front->terms.config;

  web_guard_wait_closed(front->guard, (config->idle_seconds + config->deadline_seconds) * 1000);
  end_writes(front);
  web_guard_drain(front->guard, DRAIN_MILLISECONDS);
  MHD_stop_daemon(front->daemon);
  return NULL;
}

GThread *web_front_retire(WebFront *front)
{
  quiesce(front);
  g_atomic_int_set(&front->terms.retiring, 1);
  return g_thread_new("web-retire", retire, front);
}

void web_front_hurry(WebFront *front)
{
  web_guard_hurry(front->guard);
}

void web_front_stop(WebFront *front)
{
  quiesce(front);
  g_atomic_int_set(&front->terms.retiring, 1);
  end_writes(front);
  web_guard_drain(front->guard, DRAIN_MILLISECONDS);
  MHD_stop_daemon(front->daemon);
  web_front_free(front);
}
