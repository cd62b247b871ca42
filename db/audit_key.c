#include "db/audit_key.h"

#include <glib/gstdio.h>
#include <jansson.h>

#define ACTION "audit.key"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static bool announce(Db *db, const AuditContext *context, const SignKey *key, GError **error)
{
  SignKeyPublic public_key = sign_key_public(key);
  g_autofree char *text = sign_key_public_format(&public_key);
  g_autofree char *payload = g_strdup_printf("{\"public_key\":\"%s\"}", text);

  return audit_append(db, context, ACTION, payload, error);
}

bool audit_key_make(Db *db, const AuditContext *context, const char *path, GError **error)
{
  g_autoptr(SignKey) key = NULL;

  if (!sign_key_create(path, error))
    return false;
  if (sign_key_load(path, &key, error) && announce(db, context, key, error))
    return true;
  g_unlink(path);
  return false;
}

static bool read_payload(const char *payload, SignKeyPublic *ret_public)
{
  g_autoptr(json_t) object = payload != NULL ? json_loads(payload, 0, NULL) : NULL;
  const char *text = json_string_value(json_object_get(object, "public_key"));

  return text != NULL && sign_key_public_parse(text, ret_public, NULL);
}

bool audit_key_find(Db *db, gint64 *ret_row, SignKeyPublic *ret_public, GError **error)
{
  static const DbQuery query = { "SELECT a.id, p.payload FROM audit a JOIN audit_payload p ON p.audit = a.id"
                                 " WHERE a.action = '" ACTION "' ORDER BY a.id DESC LIMIT 1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_row = row && read_payload(db_text(statement, 1), ret_public) ? db_int(statement, 0) : 0;
  db_reset(statement);
  return true;
}
