#include "db/product_store.h"

static const char *const product_fallback[PRODUCT_FIELDS] = {
  [PRODUCT_ART12_3] = "unknown",
  [PRODUCT_TRANSITION] = "0",
  [PRODUCT_SERIOUS_HARM] = "unknown",
};

static const Upsert product = {
  .fields = PRODUCT_FIELDS,
  .key = 1u << PRODUCT_CODE,
  .fallback = product_fallback,
  .find = { "SELECT id, code, name_ja, name_en, generic_name, jmdn, class, approval_no, security_contact,"
            " update_policy_doc, useful_life_years, art12_3, transition, successor, package_insert_url,"
            " art12_3_reason, serious_harm"
            " FROM product WHERE code = $1" },
  .insert = { "INSERT INTO product (code, name_ja, name_en, generic_name, jmdn, class, approval_no,"
              " security_contact, update_policy_doc, useful_life_years, art12_3, transition, successor,"
              " package_insert_url, art12_3_reason, serious_harm)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)" },
  .update = { "UPDATE product SET code = $1, name_ja = $2, name_en = $3, generic_name = $4, jmdn = $5,"
              " class = $6, approval_no = $7, security_contact = $8, update_policy_doc = $9,"
              " useful_life_years = $10, art12_3 = $11, transition = $12, successor = $13,"
              " package_insert_url = $14, art12_3_reason = $15, serious_harm = $16 WHERE id = $17" },
};

static const char *const release_fallback[RELEASE_FIELDS] = { [RELEASE_KIND] = "hardware" };

static const Upsert release = {
  .fields = RELEASE_FIELDS,
  .key = 1u << RELEASE_PRODUCT | 1u << RELEASE_NAME,
  .fallback = release_fallback,
  .find = { "SELECT id, product, name, kind, udi_di FROM release WHERE product = $1 AND name = $2" },
  .insert = { "INSERT INTO release (product, name, kind, udi_di) VALUES ($1, $2, $3, $4)" },
  .update = { "UPDATE release SET product = $1, name = $2, kind = $3, udi_di = $4 WHERE id = $5" },
};

bool product_store_put(Db *db, const char *const value[static PRODUCT_FIELDS], guint32 given, gint64 *ret_id,
                       UpsertResult *ret_result, GError **error)
{
  return upsert_put(db, &product, value, given, ret_id, ret_result, error);
}

bool product_store_put_release(Db *db, const char *const value[static RELEASE_FIELDS], guint32 given,
                               gint64 *ret_id, UpsertResult *ret_result, GError **error)
{
  return upsert_put(db, &release, value, given, ret_id, ret_result, error);
}

bool product_store_scope(Db *db, gint64 id, bool *ret_out, char **ret_reason, GError **error)
{
  static const DbQuery query = { "SELECT art12_3 = 'no', art12_3_reason FROM product WHERE id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  *ret_out = row && db_int(statement, 0) != 0;
  *ret_reason = row ? db_dup_text(statement, 1) : NULL;
  db_reset(statement);
  return true;
}

bool product_store_each(Db *db, ProductEach each, void *data, GError **error)
{
  static const DbQuery query = { "SELECT code, id FROM product" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      return true;
    each(db_text(statement, 0), db_int(statement, 1), data);
  }
}

bool product_store_each_release(Db *db, ProductEachRelease each, void *data, GError **error)
{
  static const DbQuery query = { "SELECT product, name, id FROM release" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      return true;
    each(db_int(statement, 0), db_text(statement, 1), db_int(statement, 2), data);
  }
}
