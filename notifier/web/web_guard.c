#include "notifier/web/web_guard.h"

#include <stdbool.h>
#include <sys/socket.h>

#define LOOK_EVERY G_USEC_PER_SEC

/* A connection, from its acceptance until libmicrohttpd says that it is closing: the descriptor is good in
 * between, as it says so before it closes it. */
typedef struct {
  int fd;
  ClientAddress client;
  gint64 since; /* monotonic, µs */
  bool answering;
  GList link; /* in WebGuard.connections */
} Watched;

struct WebGuard {
  GMutex mutex;
  GCond work;    /* for the thread: stopping, or the first connection */
  GCond changed; /* for who waits: hurry, the last connection gone, or no request under way. Apart from
                    `work`, so that a request wakes nobody */
  WebGuardLimits limits;
  GQueue connections;
  GHashTable *clients; /* ClientAddress → how many connections it has */
  guint answering;
  bool stopping, hurry;
  GThread *thread;
};

static void shut_overdue(WebGuard *guard, gint64 now)
{
  for (GList *link = guard->connections.head; link != NULL; link = link->next) {
    const Watched *watched = link->data;

    if (now - watched->since > (gint64)guard->limits.deadline_seconds * G_USEC_PER_SEC)
      shutdown(watched->fd, SHUT_RDWR);
  }
}

static gpointer watch(gpointer data)
{
  WebGuard *guard = data;

  g_mutex_lock(&guard->mutex);
  while (!guard->stopping) {
    if (guard->connections.length == 0)
      g_cond_wait(&guard->work, &guard->mutex);
    else
      g_cond_wait_until(&guard->work, &guard->mutex, g_get_monotonic_time() + LOOK_EVERY);
    shut_overdue(guard, g_get_monotonic_time());
  }
  g_mutex_unlock(&guard->mutex);
  return NULL;
}

static guint hash_client(gconstpointer key)
{
  const ClientAddress *client = key;
  guint hash = 5381;

  for (gsize i = 0; i < sizeof client->byte; i++)
    hash = hash * 33 + client->byte[i];
  return hash;
}

static gboolean equal_clients(gconstpointer a, gconstpointer b)
{
  return client_address_equal(a, b);
}

WebGuard *web_guard_new(const WebGuardLimits *limits)
{
  WebGuard *guard = g_new0(WebGuard, 1);

  g_mutex_init(&guard->mutex);
  g_cond_init(&guard->work);
  g_cond_init(&guard->changed);
  g_queue_init(&guard->connections);
  guard->limits = *limits;
  guard->clients = g_hash_table_new_full(hash_client, equal_clients, g_free, NULL);
  guard->thread = g_thread_new("web-guard", watch, guard);
  return guard;
}

void web_guard_free(WebGuard *guard)
{
  g_mutex_lock(&guard->mutex);
  guard->stopping = true;
  g_cond_signal(&guard->work);
  g_mutex_unlock(&guard->mutex);
  g_thread_join(guard->thread);
  g_assert(guard->connections.length == 0);
  g_hash_table_unref(guard->clients);
  g_cond_clear(&guard->work);
  g_cond_clear(&guard->changed);
  g_mutex_clear(&guard->mutex);
  g_free(guard);
}

static guint connections_of(WebGuard *guard, const ClientAddress *client)
{
  return GPOINTER_TO_UINT(g_hash_table_lookup(guard->clients, client));
}

static void count_client(WebGuard *guard, const ClientAddress *client, int step)
{
  guint n = connections_of(guard, client) + (guint)step;

  if (n > 0)
    g_hash_table_replace(guard->clients, g_memdup2(client, sizeof *client), GUINT_TO_POINTER(n));
  else
    g_hash_table_remove(guard->clients, client);
}

enum MHD_Result web_guard_accept(void *data, const struct sockaddr *address, socklen_t size)
{
  WebGuard *guard = data;
  const ClientAddress client = client_address_of(address);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

  return connections_of(guard, &client) < guard->limits.connections_per_client ||
                 client_nets_have(guard->limits.trusted, &client)
             ? MHD_YES
             : MHD_NO;
}

/* Shuts down the connection that waits longest without being answered. */
static void make_room(WebGuard *guard)
{
  Watched *oldest = NULL;

  for (GList *link = guard->connections.head; link != NULL; link = link->next) {
    Watched *watched = link->data;

    if (!watched->answering && (oldest == NULL || watched->since < oldest->since))
      oldest = watched;
  }
  if (oldest == NULL)
    return;
  shutdown(oldest->fd, SHUT_RDWR);
  oldest->since = G_MAXINT64 / 2; /* not it again */
}

static bool is_nearly_full(const WebGuard *guard)
{
  return guard->connections.length > guard->limits.connections - guard->limits.connections / 8;
}

static Watched *add(WebGuard *guard, struct MHD_Connection *connection)
{
  int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  Watched *watched = g_new0(Watched, 1);

  watched->fd = fd;
  watched->client = client_address_of(info->client_addr);
  watched->since = g_get_monotonic_time();
  watched->link.data = watched;
  if (is_nearly_full(guard))
    make_room(guard);
  g_queue_push_tail_link(&guard->connections, &watched->link);
  count_client(guard, &watched->client, 1);
  if (guard->connections.length == 1)
    g_cond_signal(&guard->work);
  return watched;
}

static void drop(WebGuard *guard, Watched *watched)
{
  g_queue_unlink(&guard->connections, &watched->link);
  count_client(guard, &watched->client, -1);
  if (guard->connections.length == 0)
    g_cond_broadcast(&guard->changed);
  g_free(watched);
}

void web_guard_notify(void *data, struct MHD_Connection *connection, void **socket_context,
                      enum MHD_ConnectionNotificationCode code)
{
  WebGuard *guard = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    *socket_context = add(guard, connection);
  else
    drop(guard, *socket_context);
}

static void count(WebGuard *guard, struct MHD_Connection *connection, int step)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  Watched *watched = info->socket_context;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

  watched->since = g_get_monotonic_time();
  watched->answering = step > 0;
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

void web_guard_wait_closed(WebGuard *guard, guint milliseconds)
{
  gint64 end = g_get_monotonic_time() + (gint64)milliseconds * 1000;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

  while (guard->connections.length > 0 && !guard->hurry &&
         g_cond_wait_until(&guard->changed, &guard->mutex, end))
    continue;
}

void web_guard_hurry(WebGuard *guard)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

  guard->hurry = true;
  g_cond_broadcast(&guard->changed);
}
