#include "notifier/web/web_rate.h"

#include <string.h>

#define CLIENTS_KEPT 8192

struct WebRate {
  GMutex mutex;
  GHashTable *until; /* ClientAddress → gint64: when all that it took will be forgotten, monotonic µs */
};

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

WebRate *web_rate_new(void)
{
  WebRate *rate = g_new0(WebRate, 1);

  g_mutex_init(&rate->mutex);
  rate->until = g_hash_table_new_full(hash_client, equal_clients, g_free, g_free);
  return rate;
}

void web_rate_free(WebRate *rate)
{
  g_hash_table_unref(rate->until);
  g_mutex_clear(&rate->mutex);
  g_free(rate);
}

static ClientAddress counted_as(const ClientAddress *client)
{
  static const guint8 ipv4[12] = { [10] = 0xff, [11] = 0xff };
  ClientAddress whole = *client;

  if (memcmp(whole.byte, ipv4, sizeof ipv4) != 0)
    memset(whole.byte + 8, 0, 8);
  return whole;
}

static gboolean is_over(gpointer key, gpointer value, gpointer now)
{
  return *(const gint64 *)value <= *(const gint64 *)now;
}

static void make_room(WebRate *rate, gint64 now)
{
  if (g_hash_table_size(rate->until) < CLIENTS_KEPT)
    return;
  g_hash_table_foreach_remove(rate->until, is_over, &now);
  if (g_hash_table_size(rate->until) >= CLIENTS_KEPT)
    g_hash_table_remove_all(rate->until);
}

/* Each takes its part of a minute, and a client may be a minute ahead of the time. */
bool web_rate_take(WebRate *rate, const ClientAddress *client, guint a_minute, gint64 now)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&rate->mutex);
  const ClientAddress whole = counted_as(client);
  const gint64 *last = g_hash_table_lookup(rate->until, &whole);
  gint64 until = MAX(last != NULL ? *last : 0, now) + G_TIME_SPAN_MINUTE / a_minute;

  if (until - now > G_TIME_SPAN_MINUTE)
    return false;
  make_room(rate, now);
  g_hash_table_replace(rate->until, g_memdup2(&whole, sizeof whole), g_memdup2(&until, sizeof until));
  return true;
}
