#include "notifier/web/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define BITS 128
#define MAPPED_BITS 96 /* of ::ffff:0:0/96, in front of an IPv4 address */
#define SEPARATORS " \t,"

typedef struct {
  ClientAddress address;
  guint bits; /* how many of its bits count */
} Net;

struct ClientNets {
  GArray *nets; /* Net */
};

static ClientAddress from_ipv4(const struct in_addr *address)
{
  ClientAddress mapped = { .byte = { [10] = 0xff, [11] = 0xff } };

  memcpy(mapped.byte + MAPPED_BITS / 8, address, sizeof *address);
  return mapped;
}

ClientAddress client_address_of(const struct sockaddr *address)
{
  ClientAddress any = { .byte = { 0 } };

  if (address->sa_family == AF_INET)
    return from_ipv4(&((const struct sockaddr_in *)(gconstpointer)address)->sin_addr);
  if (address->sa_family == AF_INET6)
    memcpy(any.byte, &((const struct sockaddr_in6 *)(gconstpointer)address)->sin6_addr, sizeof any.byte);
  return any;
}

bool client_address_parse(const char *text, ClientAddress *ret_address)
{
  struct in_addr four;
  struct in6_addr six;

  if (inet_pton(AF_INET, text, &four) == 1) {
    *ret_address = from_ipv4(&four);
    return true;
  }
  if (inet_pton(AF_INET6, text, &six) != 1)
    return false;
  memcpy(ret_address->byte, &six, sizeof ret_address->byte);
  return true;
}

static bool is_ipv4(const ClientAddress *address)
{
  static const guint8 prefix[MAPPED_BITS / 8] = { [10] = 0xff, [11] = 0xff };

  return memcmp(address->byte, prefix, sizeof prefix) == 0;
}

char *client_address_text(const ClientAddress *address)
{
  char text[INET6_ADDRSTRLEN];
  const char *shown = is_ipv4(address)
                          ? inet_ntop(AF_INET, address->byte + MAPPED_BITS / 8, text, sizeof text)
                          : inet_ntop(AF_INET6, address->byte, text, sizeof text);

  return g_strdup(shown);
}

bool client_address_equal(const ClientAddress *a, const ClientAddress *b)
{
  return memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

bool client_address_is_loopback(const ClientAddress *address)
{
  static const ClientAddress six = { .byte = { [15] = 1 } };

  return is_ipv4(address) ? address->byte[MAPPED_BITS / 8] == IN_LOOPBACKNET
                          : client_address_equal(address, &six);
}

/* "10.0.0.0/8" or an address alone. */
static bool parse_net(char *text, Net *ret_net)
{
  char *slash = strchr(text, '/');
  guint64 bits;

  if (slash != NULL)
    *slash = '\0';
  if (!client_address_parse(text, &ret_net->address))
    return false;

  guint before = is_ipv4(&ret_net->address) && strchr(text, ':') == NULL ? MAPPED_BITS : 0;

  ret_net->bits = BITS;
  if (slash == NULL)
    return true;
  if (!g_ascii_string_to_unsigned(slash + 1, 10, 0, BITS - before, &bits, NULL))
    return false;
  ret_net->bits = before + (guint)bits;
  return true;
}

bool client_nets_parse(const char *text, ClientNets **ret_nets)
{
  g_auto(GStrv) words = g_strsplit_set(text, SEPARATORS, -1);
  g_autoptr(GArray) nets = g_array_new(FALSE, FALSE, sizeof(Net));

  for (guint i = 0; words[i] != NULL; i++) {
    Net net;

    if (words[i][0] == '\0')
      continue;
    if (!parse_net(words[i], &net))
      return false;
    g_array_append_val(nets, net);
  }
  *ret_nets = g_new0(ClientNets, 1);
  (*ret_nets)->nets = g_steal_pointer(&nets);
  return true;
}

void client_nets_free(ClientNets *nets)
{
  if (nets == NULL)
    return;
  g_array_unref(nets->nets);
  g_free(nets);
}

static bool net_has(const Net *net, const ClientAddress *address)
{
  guint whole = net->bits / 8, rest = net->bits % 8;

  if (memcmp(net->address.byte, address->byte, whole) != 0)
    return false;
  return rest == 0 || ((net->address.byte[whole] ^ address->byte[whole]) >> (8 - rest)) == 0;
}

bool client_nets_have(const ClientNets *nets, const ClientAddress *address)
{
  for (guint i = 0; i < nets->nets->len; i++)
    if (net_has(&g_array_index(nets->nets, Net, i), address))
      return true;
  return false;
}

ClientAddress client_address_behind(ClientAddress peer, const ClientNets *trusted, const char *forwarded_for)
{
  g_auto(GStrv) hops = NULL;

  if (forwarded_for == NULL || !client_nets_have(trusted, &peer))
    return peer;
  hops = g_strsplit(forwarded_for, ",", -1);
  for (guint i = g_strv_length(hops); i > 0 && client_nets_have(trusted, &peer); i--)
    if (!client_address_parse(g_strstrip(hops[i - 1]), &peer))
      break;
  return peer;
}
