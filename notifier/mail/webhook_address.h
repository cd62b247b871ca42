#ifndef KIGEN_NOTIFIER_MAIL_WEBHOOK_ADDRESS_H
#define KIGEN_NOTIFIER_MAIL_WEBHOOK_ADDRESS_H

/* Which network addresses are this machine's, its network's, or nobody's: a customer who names a webhook must
 * not make kigen post to what only this machine reaches. Pure. */

#include <stdbool.h>
#include <sys/socket.h>

/* True when `address` is not one of the public internet: loopback, private, link-local, shared, multicast,
 * reserved (the registries of RFC 6890), or such an IPv4 address inside an IPv6 one; also of any other
 * family. */
bool webhook_address_is_private(const struct sockaddr *address);

#endif
