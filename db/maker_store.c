#include "db/maker_store.h"

#include "db/setting_store.h"

const char *const maker_fields[] = {
  "name_ja",    "name_en",          "postal_code",   "address_ja",      "address_en",
  "licence_no", "department_ja",    "department_en", "title_ja",        "title_en",
  "person_ja",  "person_en",        "phone",         "phone_hours_ja",  "phone_hours_en",
  "email",      "security_contact", "url",           "document_series", NULL,
};

static bool refuse_field(const char *field, GError **error)
{
  g_autofree char *known = g_strjoinv(", ", (char **)(gsize)maker_fields);

  g_set_error(error, DB_ERROR, DB_ERROR_FAILED, "the maker's record has no field '%s'; it has: %s", field,
              known);
  return false;
}

bool maker_store_set(Db *db, const char *field, const char *value, GError **error)
{
  static const DbQuery put = { "INSERT INTO maker (field, value) VALUES ($1, $2)"
                               " ON CONFLICT (field) DO UPDATE SET value = excluded.value" };
  static const DbQuery remove = { "DELETE FROM maker WHERE field = $1" };
  bool removes = value == NULL || *value == '\0';
  DbStatement *statement;

  if (!g_strv_contains(maker_fields, field)) {
    return refuse_field(field, error);
  }
  if (!db_prepare(db, removes ? &remove : &put, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 1, field);
  if (!removes) {
    db_bind_text(statement, 2, value);
  }
  return db_run(statement, error) && change_bump(db, "maker", error);
}

bool maker_store_load(Db *db, GHashTable **ret_fields, GError **error)
{
  static const DbQuery query = { "SELECT field, value FROM maker" };
  g_autoptr(GHashTable) fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error)) {
    return false;
  }
  while (row) {
    g_hash_table_insert(fields, db_dup_text(statement, 0), db_dup_text(statement, 1));
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  *ret_fields = g_steal_pointer(&fields);
  return true;
}
