#include "notifier/exchange/key_set.h"

#include <sodium.h>
#include <string.h>

#define FIRST_SLOTS 1024

typedef struct {
  guint32 hash[3];
  KeySeen seen; /* line 0: the slot is free */
} Slot;

struct KeySet {
  unsigned char secret[crypto_shorthash_siphashx24_KEYBYTES];
  gsize slots; /* a power of two */
  gsize used;
  Slot *slot;
};

KeySet *key_set_new(void)
{
  KeySet *set = g_new0(KeySet, 1);

  randombytes_buf(set->secret, sizeof set->secret);
  set->slots = FIRST_SLOTS;
  set->slot = g_new0(Slot, set->slots);
  return set;
}

void key_set_free(KeySet *set)
{
  if (set == NULL)
    return;
  g_free(set->slot);
  g_free(set);
}

/* The slot of that hash, or the free one where it belongs. */
static Slot *find(const KeySet *set, const guint32 hash[static 3])
{
  gsize i = hash[0] & (set->slots - 1);

  while (set->slot[i].seen.line != 0 && memcmp(set->slot[i].hash, hash, sizeof set->slot[i].hash) != 0)
    i = (i + 1) & (set->slots - 1);
  return &set->slot[i];
}

static void grow(KeySet *set)
{
  g_autofree Slot *old = set->slot;
  gsize n = set->slots;

  set->slots *= 2;
  set->slot = g_new0(Slot, set->slots);
  for (gsize i = 0; i < n; i++) {
    if (old[i].seen.line != 0)
      *find(set, old[i].hash) = old[i];
  }
}

bool key_set_add(KeySet *set, const char *key, gsize size, KeySeen seen, KeySeen *ret_seen)
{
  guint32 hash[crypto_shorthash_siphashx24_BYTES / sizeof(guint32)];

  g_assert(seen.line != 0);
  if (set->used >= set->slots / 4 * 3)
    grow(set);
  crypto_shorthash_siphashx24((unsigned char *)hash, (const unsigned char *)key, size, set->secret);
  Slot *slot = find(set, hash);

  if (slot->seen.line != 0) {
    *ret_seen = slot->seen;
    return false;
  }
  memcpy(slot->hash, hash, sizeof slot->hash);
  slot->seen = seen;
  set->used++;
  return true;
}
