#include "notifier/web/web_guard.h"

#include <stdbool.h>
#include <sys/socket.h>

#define LOOK_EVERY G_USEC_PER_SEC

/* A connection, from its acceptance until libmicrohttpd says that it is closing: the descriptor is good in
 * between, as it says so before it closes it. */
typedef struct {
  int fd;
  gint64 since; /* monotonic, µs */
  GList link;   /* in WebGuard.connections */
} Watched;

struct WebGuard {
  GMutex mutex;
  GCond changed; /* stopping, the first connection, or a request answered */
  GQueue connections;
  guint answering;
  gint64 deadline; /* µs */
  bool stopping;
  GThread *thread;
};

static void shut_overdue(WebGuard *guard, gint64 now)
{
  for (GList *link = guard->connections.head; link != NULL; link = link->next) {
    const Watched *watched = link->data;

    if (now - watched->since > guard->deadline)
      shutdown(watched->fd, SHUT_RDWR);
  }
}

static gpointer watch(gpointer data)
{
  WebGuard *guard = data;

  g_mutex_lock(&guard->mutex);
  while (!guard->stopping) {
    if (guard->connections.length == 0)
      g_cond_wait(&guard->changed, &guard->mutex);
    else
      g_cond_wait_until(&guard->changed, &guard->mutex, g_get_monotonic_time() + LOOK_EVERY);
    shut_overdue(guard, g_get_monotonic_time());
  }
  g_mutex_unlock(&guard->mutex);
  return NULL;
}

WebGuard *web_guard_new(guint deadline_seconds)
{
  WebGuard *guard = g_new0(WebGuard, 1);

  g_mutex_init(&guard->mutex);
  g_cond_init(&guard->changed);
  g_queue_init(&guard->connections);
  guard->deadline = (gint64)deadline_seconds * G_USEC_PER_SEC;
  guard->thread = g_thread_new("web-guard", watch, guard);
  return guard;
}

void web_guard_free(WebGuard *guard)
{
  g_mutex_lock(&guard->mutex);
  guard->stopping = true;
  g_cond_broadcast(&guard->changed);
  g_mutex_unlock(&guard->mutex);
  g_thread_join(guard->thread);
  g_assert(guard->connections.length == 0);
  g_cond_clear(&guard->changed);
  g_mutex_clear(&guard->mutex);
  g_free(guard);
}

static Watched *add(WebGuard *guard, struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  Watched *watched = g_new0(Watched, 1);

  watched->fd = info->connect_fd;
  watched->since = g_get_monotonic_time();
  watched->link.data = watched;
  g_queue_push_tail_link(&guard->connections, &watched->link);
  if (guard->connections.length == 1)
    g_cond_broadcast(&guard->changed);
  return watched;
}

void web_guard_notify(void *data, struct MHD_Connection *connection, void **socket_context,
                      enum MHD_ConnectionNotificationCode code)
{
  WebGuard *guard = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    *socket_context = add(guard, connection);
    return;
  }
  Watched *watched = *socket_context;

  g_queue_unlink(&guard->connections, &watched->link);
  g_free(watched);
}

static void count(WebGuard *guard, struct MHD_Connection *connection, int step)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  Watched *watched = info->socket_context;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

  watched->since = g_get_monotonic_time();
  guard->answering += (guint)step;
  if (guard->answering == 0)
    g_cond_broadcast(&guard->changed);
}

void web_guard_begin(WebGuard *guard, struct MHD_Connection *connection)
{
  count(guard, connection, 1);
}

void web_guard_end(WebGuard *guard, struct MHD_Connection *connection)
{
  count(guard, connection, -1);
}

void web_guard_drain(WebGuard *guard, guint milliseconds)
{
  gint64 end = g_get_monotonic_time() + (gint64)milliseconds * 1000;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

  while (guard->answering > 0 && g_cond_wait_until(&guard->changed, &guard->mutex, end))
    continue;
}
