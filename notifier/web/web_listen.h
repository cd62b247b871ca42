#ifndef KIGEN_NOTIFIER_WEB_WEB_LISTEN_H
#define KIGEN_NOTIFIER_WEB_WEB_LISTEN_H

/* The listening socket: our own, so that what is wrong with an address can be said. */

#include <glib.h>
#include <stdbool.h>

/* A socket that listens on numeric `address` (NULL: 127.0.0.1) and `port` (0: any free); *ret_port is the one
 * it got. The caller closes *ret_fd. Errors: WEB_SERVER_ERROR_ADDRESS. */
bool web_listen(const char *address, guint16 port, int *ret_fd, guint16 *ret_port, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The port that a listening socket has, 0 when it is no IP socket. */
guint16 web_listen_port(int fd);

#endif
