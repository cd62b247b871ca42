#include "db/contact_erased.h"

#include "planner/person.h"

#include <string.h>

bool contact_erased_is_name(const char *name)
{
  gsize prefix = strlen(CONTACT_ERASED_PREFIX);

  return g_str_has_prefix(name, CONTACT_ERASED_PREFIX) && name[prefix] != '\0' &&
         strspn(name + prefix, "0123456789") == strlen(name + prefix);
}

void contact_erased_digest(const LinkKey *key, gint64 organization, const char *name,
                           guint8 ret_digest[static LINK_KEY_TOKEN_HASH_SIZE])
{
  g_autofree char *folded = person_key(name);
  g_autofree char *token = link_key_token(key, LINK_ERASED, organization, folded);

  link_key_token_hash(token, ret_digest);
}

struct ContactErasedNames {
  const LinkKey *key;
  GHashTable *days; /* digest → Day */
};

void contact_erased_names_free(ContactErasedNames *names)
{
  if (names == NULL)
    return;
  g_hash_table_unref(names->days);
  g_free(names);
}

#define KNOWN " FROM contact WHERE erased_on IS NOT NULL AND erased_key IS NOT NULL"

bool contact_erased_count(Db *db, gint64 *ret_count, GError **error)
{
  static const DbQuery query = { "SELECT count(*)" KNOWN };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_count = db_int(statement, 0);
  db_reset(statement);
  return true;
}

static void unref_bytes(gpointer bytes)
{
  g_bytes_unref(bytes);
}

bool contact_erased_names_load(Db *db, const LinkKey *key, ContactErasedNames **ret_names, GError **error)
{
  static const DbQuery query = { "SELECT erased_key, erased_on" KNOWN " ORDER BY erased_on" };
  g_autoptr(ContactErasedNames) names = g_new0(ContactErasedNames, 1);
  DbStatement *statement;
  bool row;

  names->key = key;
  names->days = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, unref_bytes, NULL);
  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    gsize size = 0;
    const void *digest = db_blob(statement, 0, &size);
    Day day = DAY_NONE;

    if (day_parse(db_text(statement, 1), &day))
      g_hash_table_replace(names->days, g_bytes_new(digest, size), GUINT_TO_POINTER(day));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_names = g_steal_pointer(&names);
  return true;
}

Day contact_erased_names_find(const ContactErasedNames *names, gint64 organization, const char *name)
{
  guint8 digest[LINK_KEY_TOKEN_HASH_SIZE];

  contact_erased_digest(names->key, organization, name, digest);

  g_autoptr(GBytes) key = g_bytes_new(digest, sizeof digest);

  return GPOINTER_TO_UINT(g_hash_table_lookup(names->days, key));
}

/* Adds who is there in `older` by the number and organization of an erased contact. */
static bool add_returning(Db *older, gint64 contact, const char *organization, GPtrArray *people,
                          GError **error)
{
  static const DbQuery query = { "SELECT o.code || ' ' || c.name FROM contact c JOIN organization o"
                                 " ON o.id = c.organization WHERE c.id = $1 AND o.code = $2"
                                 " AND c.erased_on IS NULL" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(older, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, contact);
  db_bind_text(statement, 2, organization);
  if (!db_step(statement, &row, error))
    return false;
  if (row)
    g_ptr_array_add(people, db_dup_text(statement, 0));
  db_reset(statement);
  return true;
}

bool contact_erased_returning(Db *now, Db *older, GPtrArray **ret_people, GError **error)
{
  static const DbQuery query = { "SELECT c.id, o.code FROM contact c JOIN organization o"
                                 " ON o.id = c.organization WHERE c.erased_on IS NOT NULL ORDER BY c.id" };
  g_autoptr(GPtrArray) people = g_ptr_array_new_with_free_func(g_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(now, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    if (!add_returning(older, db_int(statement, 0), db_text(statement, 1), people, error)) {
      db_reset(statement);
      return false;
    }
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_people = g_steal_pointer(&people);
  return true;
}
