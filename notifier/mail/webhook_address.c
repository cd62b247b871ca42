#include "notifier/mail/webhook_address.h"

#include <glib.h>
#include <netinet/in.h>
#include <string.h>

typedef struct {
  guint8 octets[16];
  guint bits;
} Prefix;

static const Prefix private4[] = {
  { { 0 }, 8 },             /* this network */
  { { 10 }, 8 },            /* private */
  { { 100, 64 }, 10 },      /* shared (RFC 6598) */
  { { 127 }, 8 },           /* loopback */
  { { 169, 254 }, 16 },     /* link-local; clouds keep their secrets there */
  { { 172, 16 }, 12 },      /* private */
  { { 192, 0, 0 }, 24 },    /* IETF protocols */
  { { 192, 0, 2 }, 24 },    /* documentation */
  { { 192, 168 }, 16 },     /* private */
  { { 198, 18 }, 15 },      /* benchmarks */
  { { 198, 51, 100 }, 24 }, /* documentation */
  { { 203, 0, 113 }, 24 },  /* documentation */
  { { 224 }, 3 },           /* multicast, reserved, broadcast */
};

static const Prefix private6[] = {
  { { 0 }, 128 },                     /* unspecified */
  { { [15] = 1 }, 128 },              /* loopback */
  { { 0x01 }, 64 },                   /* discard */
  { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
  { { 0xfc }, 7 },                    /* unique local */
  { { 0xfe, 0x80 }, 9 },              /* link-local, site-local */
  { { 0xff }, 8 },                    /* multicast */
};

/* Where an IPv4 address lies inside an IPv6 one. */
static const struct {
  Prefix prefix;
  guint at;
} mapped[] = {
  { { { [10] = 0xff, [11] = 0xff }, 96 }, 12 }, /* ::ffff:0:0/96 */
  { { { 0 }, 96 }, 12 },                        /* the old "compatible" ones */
  { { { 0x00, 0x64, 0xff, 0x9b }, 96 }, 12 },   /* NAT64 */
  { { { 0x20, 0x02 }, 16 }, 2 },                /* 6to4 */
};

static bool begins(const guint8 *octets, const Prefix *prefix)
{
  guint whole = prefix->bits / 8, rest = prefix->bits % 8;
  guint8 mask = (guint8)(0xff << (8 - rest));

  return memcmp(octets, prefix->octets, whole) == 0 &&
         (rest == 0 || ((octets[whole] ^ prefix->octets[whole]) & mask) == 0);
}

static bool is_one_of(const guint8 *octets, const Prefix *prefixes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (begins(octets, &prefixes[i]))
      return true;
  return false;
}

static bool is_private4(const guint8 *octets)
{
  return is_one_of(octets, private4, G_N_ELEMENTS(private4));
}

static bool is_private6(const guint8 *octets)
{
  for (gsize i = 0; i < G_N_ELEMENTS(mapped); i++)
    if (begins(octets, &mapped[i].prefix) && is_private4(octets + mapped[i].at))
      return true;
  return is_one_of(octets, private6, G_N_ELEMENTS(private6));
}

bool webhook_address_is_private(const struct sockaddr *address)
{
  if (address->sa_family == AF_INET) {
    struct sockaddr_in in;

    memcpy(&in, address, sizeof in);
    return is_private4((const guint8 *)&in.sin_addr);
  }
  if (address->sa_family == AF_INET6) {
    struct sockaddr_in6 in;

    memcpy(&in, address, sizeof in);
    return is_private6(in.sin6_addr.s6_addr);
  }
  return true;
}
