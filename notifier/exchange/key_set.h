#ifndef KIGEN_NOTIFIER_EXCHANGE_KEY_SET_H
#define KIGEN_NOTIFIER_EXCHANGE_KEY_SET_H

/* The natural keys a file has named so far, with their lines: millions of them in little memory. A key is
 * kept as 96 bits of a keyed hash: two of ten million different keys meet once in 10^15 files, and nobody can
 * make them meet. */

#include <glib.h>
#include <stdbool.h>

typedef struct KeySet KeySet;

typedef struct {
  guint line;   /* where the key stood */
  guint32 note; /* whatever the caller wants to compare */
} KeySeen;

KeySet *key_set_new(void);
void key_set_free(KeySet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeySet, key_set_free)

/* Adds the key of `size` bytes. False when it is there already: *ret_seen then tells of the first one. */
bool key_set_add(KeySet *set, const char *key, gsize size, KeySeen seen, KeySeen *ret_seen);

#endif
