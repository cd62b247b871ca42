#include "notifier/web/web_listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "notifier/web/web_server.h"

#define BACKLOG 511

static bool refuse(GError **error, const char *address, guint16 port, const char *why)
{
  g_set_error(error, WEB_SERVER_ERROR, WEB_SERVER_ERROR_ADDRESS, "cannot listen on %s port %u: %s", address,
              (unsigned)port, why);
  return false;
}

static bool refuse_errno(GError **error, const char *address, guint16 port)
{
  int saved = errno;

  if (saved == EADDRINUSE)
    return refuse(error, address, port,
                  "it is in use; stop what listens there, or choose another by --listen");
  if (saved == EACCES)
    return refuse(error, address, port, "not permitted; choose a port from 1024 on by --listen");
  return refuse(error, address, port, g_strerror(saved));
}

static bool bind_to(int fd, const struct addrinfo *where)
{
  const int on = 1;

  return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
         bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0;
}

guint16 web_listen_port(int fd)
{
  struct sockaddr_storage address = { 0 };
  socklen_t size = sizeof address;

  if (getsockname(fd, (struct sockaddr *)&address, &size) < 0 ||
      (address.ss_family != AF_INET && address.ss_family != AF_INET6))
    return 0;
  return g_ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

static bool listen_on(const struct addrinfo *where, const char *address, guint16 port, int *ret_fd,
                      GError **error)
{
  int fd = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0)
    return refuse_errno(error, address, port);
  if (!bind_to(fd, where)) {
    refuse_errno(error, address, port);
    close(fd);
    return false;
  }
  *ret_fd = fd;
  return true;
}

bool web_listen(const char *address, guint16 port, int *ret_fd, guint16 *ret_port, GError **error)
{
  const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                  .ai_socktype = SOCK_STREAM };
  struct addrinfo *where = NULL;
  char service[8];

  if (address == NULL)
    address = "127.0.0.1";
  g_snprintf(service, sizeof service, "%u", (unsigned)port);
  if (getaddrinfo(address, service, &hints, &where) != 0)
    return refuse(error, address, port, "it is no IP address; write 127.0.0.1, 0.0.0.0 or [::1]");

  bool done = listen_on(where, address, port, ret_fd, error);

  freeaddrinfo(where);
  if (done)
    *ret_port = web_listen_port(*ret_fd);
  return done;
}
