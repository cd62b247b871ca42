#include "notifier/mail/smtp_watch.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define NONE G_MAXINT64
#define TICK                                                                                                 \
  (G_TIME_SPAN_SECOND /                                                                                      \
   5) /* the thread looks at the deadline so often: to wake it for every mail would cost more */

struct SmtpWatch {
  guint16 port;
  int deadline_seconds;
  GThread *thread;
  GMutex mutex; /* guards what follows */
  GCond ended;
  gint64 deadline; /* monotonic microseconds; NONE: at rest */
  bool is_ended;
  bool is_expired;
  int socket; /* a duplicate, so that its number cannot become another file's; -1: none yet */
};

/* The port that socket `fd` is connected to, 0 when it is none. */
static guint16 peer_port(int fd)
{
  struct sockaddr_storage peer = { 0 };
  socklen_t size = sizeof peer;

  if (getpeername(fd, (struct sockaddr *)&peer, &size) != 0)
    return 0;
  if (peer.ss_family == AF_INET)
    return ntohs(((const struct sockaddr_in *)&peer)->sin_port);
  if (peer.ss_family == AF_INET6)
    return ntohs(((const struct sockaddr_in6 *)&peer)->sin6_port);
  return 0;
}

static bool has_no_delay(int fd)
{
  int on = 0;
  socklen_t size = sizeof on;

  return getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &size) != 0 || on != 0;
}

/* The socket just connected to `port`, or -1. */
static int find_socket(guint16 port)
{
  g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);

  for (const char *name = dir ? g_dir_read_name(dir) : NULL; name != NULL; name = g_dir_read_name(dir)) {
    int fd = (int)g_ascii_strtoll(name, NULL, 10);

    if (peer_port(fd) == port && !has_no_delay(fd))
      return fd;
  }
  return -1;
}

/* With the mutex held. */
static void cut(SmtpWatch *watch)
{
  if (watch->socket >= 0)
    shutdown(watch->socket, SHUT_RDWR);
}

static gpointer wait_for_deadline(gpointer data)
{
  SmtpWatch *watch = data;

  g_mutex_lock(&watch->mutex);
  while (!watch->is_ended && !watch->is_expired) {
    g_cond_wait_until(&watch->ended, &watch->mutex, g_get_monotonic_time() + TICK);
    watch->is_expired = watch->deadline <= g_get_monotonic_time();
  }
  if (watch->is_expired && !watch->is_ended)
    cut(watch);
  g_mutex_unlock(&watch->mutex);
  return NULL;
}

static void set_deadline(SmtpWatch *watch, gint64 deadline)
{
  g_mutex_lock(&watch->mutex);
  watch->deadline = deadline;
  g_mutex_unlock(&watch->mutex);
}

void smtp_watch_arm(SmtpWatch *watch)
{
  set_deadline(watch, g_get_monotonic_time() + watch->deadline_seconds * G_TIME_SPAN_SECOND);
}

void smtp_watch_rest(SmtpWatch *watch)
{
  set_deadline(watch, NONE);
}

SmtpWatch *smtp_watch_new(guint16 port, int deadline_seconds)
{
  SmtpWatch *watch = g_new0(SmtpWatch, 1);

  watch->port = port;
  watch->deadline_seconds = deadline_seconds;
  watch->deadline = NONE;
  watch->socket = -1;
  g_mutex_init(&watch->mutex);
  g_cond_init(&watch->ended);
  watch->thread = g_thread_new("smtp-watch", wait_for_deadline, watch);
  return watch;
}

void smtp_watch_free(SmtpWatch *watch)
{
  if (watch == NULL)
    return;
  g_mutex_lock(&watch->mutex);
  watch->is_ended = true;
  g_cond_signal(&watch->ended);
  g_mutex_unlock(&watch->mutex);
  g_thread_join(watch->thread);
  if (watch->socket >= 0)
    close(watch->socket);
  g_mutex_clear(&watch->mutex);
  g_cond_clear(&watch->ended);
  g_free(watch);
}

void smtp_watch_connected(SmtpWatch *watch)
{
  int fd = find_socket(watch->port);
  int on = 1;

  if (fd < 0)
    return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  g_mutex_lock(&watch->mutex);
  if (watch->socket >= 0)
    close(watch->socket); /* of the host's address tried before */
  watch->socket = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (watch->is_expired)
    cut(watch);
  g_mutex_unlock(&watch->mutex);
}

void smtp_watch_cork(SmtpWatch *watch, bool hold)
{
  int on = hold;

  g_mutex_lock(&watch->mutex);
  if (watch->socket >= 0)
    setsockopt(watch->socket, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
  g_mutex_unlock(&watch->mutex);
}

void smtp_watch_cut(SmtpWatch *watch)
{
  g_mutex_lock(&watch->mutex);
  cut(watch);
  g_mutex_unlock(&watch->mutex);
}

bool smtp_watch_expired(SmtpWatch *watch)
{
  g_mutex_lock(&watch->mutex);

  bool expired = watch->is_expired;

  g_mutex_unlock(&watch->mutex);
  return expired;
}
