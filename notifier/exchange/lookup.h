#ifndef KIGEN_NOTIFIER_EXCHANGE_LOOKUP_H
#define KIGEN_NOTIFIER_EXCHANGE_LOOKUP_H

/* Products, releases and organizations by their codes, loaded once: a million rows ask. */

#include "db/db.h"

typedef struct LookupEntry LookupEntry;
struct LookupEntry {
  gint64 id;
  char text[21];       /* the id in decimal, as the stores take it */
  GHashTable *release; /* of a product: name → LookupEntry, or NULL: none */
};

typedef struct Lookup Lookup;

/* Loads products and releases, or organizations, or both. */
bool lookup_new(Db *db, bool products, bool organizations, Lookup **ret_lookup, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void lookup_free(Lookup *lookup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lookup, lookup_free)

/* NULL: unknown. Entries belong to `lookup`. */
const LookupEntry *lookup_product(const Lookup *lookup, const char *code);
const LookupEntry *lookup_release(const LookupEntry *product, const char *name);
const LookupEntry *lookup_organization(const Lookup *lookup, const char *code);

/* The known code or name nearest to the unknown one, or NULL; owned by `lookup`. `product` NULL: nothing. */
const char *lookup_near_product(const Lookup *lookup, const char *code);
const char *lookup_near_release(const LookupEntry *product, const char *name);
const char *lookup_near_organization(const Lookup *lookup, const char *code);

#endif
