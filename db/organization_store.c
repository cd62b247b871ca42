#include "db/organization_store.h"

static const char *const fallback[ORGANIZATION_FIELDS] = {
  [ORGANIZATION_COUNTRY] = "JP",
  [ORGANIZATION_LANGUAGE] = "ja",
  [ORGANIZATION_DISCLOSED] = "1",
};

static const Upsert organization = {
  .fields = ORGANIZATION_FIELDS,
  .key = 1u << ORGANIZATION_CODE,
  .fallback = fallback,
  .find = { "SELECT id, code, name_ja, role, name_en, kana, country, language, time_zone, parent, "
            "postal_code,"
            " address, phone, fax, corporate_no, facility_code, budget_month, disclosed"
            " FROM organization WHERE code = $1" },
  .insert = { "INSERT INTO organization (code, name_ja, role, name_en, kana, country, language, time_zone,"
              " parent, postal_code, address, phone, fax, corporate_no, facility_code, budget_month, "
              "disclosed)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)" },
  .update = { "UPDATE organization SET code = $1, name_ja = $2, role = $3, name_en = $4, kana = $5,"
              " country = $6, language = $7, time_zone = $8, parent = $9, postal_code = $10, address = $11,"
              " phone = $12, fax = $13, corporate_no = $14, facility_code = $15, budget_month = $16,"
              " disclosed = $17 WHERE id = $18" },
};

bool organization_store_put(Db *db, const char *const value[static ORGANIZATION_FIELDS], guint32 given,
                            gint64 *ret_id, UpsertResult *ret_result, GError **error)
{
  return upsert_put(db, &organization, value, given, ret_id, ret_result, error);
}

#define EACH "SELECT o.code, o.id, p.code FROM organization o LEFT JOIN organization p ON p.id = o.parent"

/* The rows of a statement of EACH. */
static bool tell_each(DbStatement *statement, OrganizationEach each, void *data, GError **error)
{
  bool row;

  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      return true;
    each(db_text(statement, 0), db_int(statement, 1), db_text(statement, 2), data);
  }
}

bool organization_store_each(Db *db, OrganizationEach each, void *data, GError **error)
{
  static const DbQuery query = { EACH };
  DbStatement *statement;

  return db_prepare(db, &query, &statement, error) && tell_each(statement, each, data, error);
}

bool organization_store_named(Db *db, const char *name, OrganizationEach each, void *data, GError **error)
{
  static const DbQuery query = { EACH " WHERE o.name_ja = $1 OR o.name_en = $1 ORDER BY o.code" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, name);
  return tell_each(statement, each, data, error);
}
