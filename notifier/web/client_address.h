#ifndef KIGEN_NOTIFIER_WEB_CLIENT_ADDRESS_H
#define KIGEN_NOTIFIER_WEB_CLIENT_ADDRESS_H

/* Whose request is it? The other end of the connection says it, unless that is a proxy that is trusted to
 * say it better. Pure. */

#include <glib.h>
#include <stdbool.h>

struct sockaddr;

/* An IP address; IPv4 as IPv6 knows it, ::ffff:192.0.2.1. */
typedef struct {
  guint8 byte[16];
} ClientAddress;

/* All zero (::) for what is no IP address. */
ClientAddress client_address_of(const struct sockaddr *address);

/* Reads "192.0.2.1", "2001:db8::1". */
bool client_address_parse(const char *text, ClientAddress *ret_address) G_GNUC_WARN_UNUSED_RESULT;
/* Own string. */
char *client_address_text(const ClientAddress *address);
bool client_address_equal(const ClientAddress *a, const ClientAddress *b);
bool client_address_is_loopback(const ClientAddress *address);

/* Addresses and networks. */
typedef struct ClientNets ClientNets;

/* Reads "127.0.0.1 10.0.0.0/8, ::1": with blanks or commas between them; an empty text is none. */
bool client_nets_parse(const char *text, ClientNets **ret_nets) G_GNUC_WARN_UNUSED_RESULT;
void client_nets_free(ClientNets *nets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClientNets, client_nets_free)
bool client_nets_have(const ClientNets *nets, const ClientAddress *address);

/* Who is behind `peer`: while that is trusted, the last address of `forwarded_for` (the header
 * X-Forwarded-For, or NULL), and so on to the left. What cannot be read ends it. */
ClientAddress client_address_behind(ClientAddress peer, const ClientNets *trusted, const char *forwarded_for);

#endif
