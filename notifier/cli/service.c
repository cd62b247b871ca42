#include "notifier/cli/service.h"

#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3

static gint64 number_of(const char *variable)
{
  const char *text = g_getenv(variable);
  gint64 number = 0;

  if (text != NULL && !g_ascii_string_to_signed(text, 10, 0, G_MAXINT, &number, NULL))
    return 0;
  return number;
}

int service_socket(void)
{
  gint64 sockets = number_of("LISTEN_FDS");
  bool ours = number_of("LISTEN_PID") == getpid();

  g_unsetenv("LISTEN_FDS");
  g_unsetenv("LISTEN_PID");
  g_unsetenv("LISTEN_FDNAMES");
  if (!ours || sockets < 1)
    return 0;
  fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC);
  return FIRST_FD;
}

/* A path, or with "@" in front a name of the abstract space. */
static socklen_t fill_address(struct sockaddr_un *address, const char *name)
{
  gsize length = strlen(name);

  if ((name[0] != '/' && name[0] != '@') || length >= sizeof address->sun_path)
    return 0;
  *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
  memcpy(address->sun_path, name, length);
  if (name[0] == '@')
    address->sun_path[0] = '\0';
  return (socklen_t)(G_STRUCT_OFFSET(struct sockaddr_un, sun_path) + length);
}

void service_notify(const char *state)
{
  const char *name = g_getenv("NOTIFY_SOCKET");
  struct sockaddr_un address;
  socklen_t size = name != NULL ? fill_address(&address, name) : 0;
  int fd = size > 0 ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;

  if (fd < 0)
    return;
  (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, size);
  close(fd);
}

void service_notify_reloading(void)
{
  g_autofree char *state =
      g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());

  service_notify(state);
}
