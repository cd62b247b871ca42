#include "notifier/exchange/lookup.h"

#include "db/organization_store.h"
#include "db/product_store.h"
#include "notifier/exchange/nearest.h"

struct Lookup {
  GHashTable *product;      /* code → LookupEntry */
  GHashTable *product_id;   /* id → the same, borrowed; while releases are loaded */
  GHashTable *organization; /* code → LookupEntry */
};

static void entry_free(gpointer data)
{
  LookupEntry *entry = data;

  g_clear_pointer(&entry->release, g_hash_table_unref);
  g_free(entry);
}

static GHashTable *table_new(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
}

static LookupEntry *add(GHashTable *table, const char *code, gint64 id)
{
  LookupEntry *entry = g_new0(LookupEntry, 1);

  entry->id = id;
  g_snprintf(entry->text, sizeof entry->text, "%" G_GINT64_FORMAT, id);
  g_hash_table_insert(table, g_strdup(code), entry);
  return entry;
}

static void add_product(const char *code, gint64 id, void *data)
{
  Lookup *lookup = data;
  LookupEntry *entry = add(lookup->product, code, id);

  g_hash_table_insert(lookup->product_id, &entry->id, entry);
}

static void add_release(gint64 product, const char *name, gint64 release, void *data)
{
  Lookup *lookup = data;
  LookupEntry *entry = g_hash_table_lookup(lookup->product_id, &product);

  g_assert(entry != NULL); /* one transaction, and the foreign key */
  if (entry->release == NULL)
    entry->release = table_new();
  add(entry->release, name, release);
}

static void add_organization(const char *code, gint64 id, const char *parent, void *data)
{
  add(((Lookup *)data)->organization, code, id);
}

bool lookup_new(Db *db, bool products, bool organizations, Lookup **ret_lookup, GError **error)
{
  g_autoptr(Lookup) lookup = g_new0(Lookup, 1);

  lookup->product = table_new();
  lookup->product_id = g_hash_table_new(g_int64_hash, g_int64_equal);
  lookup->organization = table_new();
  if (products && (!product_store_each(db, add_product, lookup, error) ||
                   !product_store_each_release(db, add_release, lookup, error)))
    return false;
  if (organizations && !organization_store_each(db, add_organization, lookup, error))
    return false;
  *ret_lookup = g_steal_pointer(&lookup);
  return true;
}

void lookup_free(Lookup *lookup)
{
  if (lookup == NULL)
    return;
  g_hash_table_unref(lookup->product_id);
  g_hash_table_unref(lookup->product);
  g_hash_table_unref(lookup->organization);
  g_free(lookup);
}

const LookupEntry *lookup_product(const Lookup *lookup, const char *code)
{
  return g_hash_table_lookup(lookup->product, code);
}

const LookupEntry *lookup_release(const LookupEntry *product, const char *name)
{
  return product->release != NULL ? g_hash_table_lookup(product->release, name) : NULL;
}

const LookupEntry *lookup_organization(const Lookup *lookup, const char *code)
{
  return g_hash_table_lookup(lookup->organization, code);
}

static const char *near(GHashTable *table, const char *word)
{
  g_autoptr(Nearest) nearest = nearest_new(word);
  GHashTableIter iter;
  gpointer key;

  if (table == NULL)
    return NULL;
  g_hash_table_iter_init(&iter, table);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    nearest_consider(nearest, key);
  return nearest_found(nearest);
}

const char *lookup_near_product(const Lookup *lookup, const char *code)
{
  return near(lookup->product, code);
}

const char *lookup_near_release(const LookupEntry *product, const char *name)
{
  return product != NULL ? near(product->release, name) : NULL;
}

const char *lookup_near_organization(const Lookup *lookup, const char *code)
{
  return near(lookup->organization, code);
}
