#include "db/contact_store.h"

static const char *const fallback[CONTACT_FIELDS] = {
  [CONTACT_LANGUAGE] = "ja",
  [CONTACT_CHANNEL] = "mail",
  [CONTACT_ORDER] = "1",
};

static const Upsert contact = {
  .fields = CONTACT_FIELDS,
  .key = 1u << CONTACT_ORGANIZATION | 1u << CONTACT_NAME,
  .fallback = fallback,
  .find = { "SELECT id, organization, name, kana, department, title, email, phone, role, language, channel,"
            " escalation_order, valid_from, valid_to, webhook FROM contact WHERE organization = $1 AND name "
            "= $2" },
  .insert = { "INSERT INTO contact (organization, name, kana, department, title, email, phone, role, "
              "language,"
              " channel, escalation_order, valid_from, valid_to, webhook)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)" },
  .update = { "UPDATE contact SET organization = $1, name = $2, kana = $3, department = $4, title = $5,"
              " email = $6, phone = $7, role = $8, language = $9, channel = $10, escalation_order = $11,"
              " valid_from = $12, valid_to = $13, webhook = $14 WHERE id = $15" },
};

bool contact_store_put(Db *db, const char *const value[static CONTACT_FIELDS], guint32 given, gint64 *ret_id,
                       UpsertResult *ret_result, GError **error)
{
  return upsert_put(db, &contact, value, given, ret_id, ret_result, error);
}

bool contact_store_has(Db *db, gint64 organization, const char *name, bool *ret_has, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM contact WHERE organization = $1 AND name = $2" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, organization);
  db_bind_text(statement, 2, name);
  if (!db_step(statement, ret_has, error))
    return false;
  db_reset(statement);
  return true;
}
