#include "db/audit.h"

#include "db/audit_check.h"
#include "db/user_store.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* `payload` with who did it, keys sorted so that the same facts give the same bytes. */
static bool add_actor(const char *payload, const char *actor, char **ret_payload, GError **error)
{
  json_error_t said;
  g_autoptr(json_t) object = json_loads(payload, JSON_REJECT_DUPLICATES, &said);
  g_autoptr(json_t) name = json_string(actor);

  if (!json_is_object(object) || name == NULL) {
    g_set_error(error, DB_ERROR, DB_ERROR_FAILED, "the audit trail takes UTF-8 text alone: %s",
                object == NULL ? said.text : "the name of who acts is none");
    return false;
  }
  json_object_set(object, "actor", name);
  char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);

  *ret_payload = g_strdup(text);
  free(text);
  return true;
}

bool audit_load_end(Db *db, AuditPoint *ret_end, GError **error)
{
  static const DbQuery query = { "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1" };
  AuditPoint end = { 0 };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  if (row) {
    gsize size;
    const void *hash = db_blob(statement, 1, &size);

    end.id = db_int(statement, 0);
    if (hash != NULL)
      memcpy(end.hash, hash, MIN(size, sizeof end.hash));
  }
  db_reset(statement);
  *ret_end = end;
  return true;
}

static bool insert_row(Db *db, const AuditContext *context, const char *day, const char *action,
                       const AuditPoint *end, const guint8 *digest, GError **error)
{
  static const DbQuery query = { "INSERT INTO audit (id, version, at, day, action, digest, hash)"
                                 " VALUES ($1, 1, $2, $3, $4, $5, $6)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, end->id);
  db_bind_text(statement, 2, context->now);
  db_bind_text(statement, 3, day);
  db_bind_text(statement, 4, action);
  db_bind_blob(statement, 5, digest, AUDIT_HASH_SIZE);
  db_bind_blob(statement, 6, end->hash, AUDIT_HASH_SIZE);
  return db_run(statement, error);
}

static bool insert_payload(Db *db, gint64 id, const guint8 *salt, const char *payload, GError **error)
{
  static const DbQuery query = { "INSERT INTO audit_payload (audit, salt, payload) VALUES ($1, $2, $3)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_blob(statement, 2, salt, AUDIT_SALT_SIZE);
  db_bind_text(statement, 3, payload);
  return db_run(statement, error);
}

bool audit_append(Db *db, const AuditContext *context, const char *action, const char *payload,
                  GError **error)
{
  guint8 salt[AUDIT_SALT_SIZE], digest[AUDIT_HASH_SIZE];
  char buffer[DAY_TEXT_SIZE];
  const char *day = day_format(context->today, buffer);
  g_autofree char *full = NULL;
  AuditPoint end;
  AuditRow row = { .at = audit_field_text(context->now),
                   .day = audit_field_text(day),
                   .action = audit_field_text(action),
                   .digest = { digest, sizeof digest } };

  g_assert(sodium_init() >= 0);
  if ((context->user != 0 && !user_store_check_acting(db, context, error)) ||
      !add_actor(payload, context->actor, &full, error) || !audit_load_end(db, &end, error))
    return false;
  end.id++;
  randombytes_buf(salt, sizeof salt);
  audit_chain_digest((AuditField){ salt, sizeof salt }, audit_field_text(full), digest);
  audit_chain_hash(end.hash, end.id, &row, end.hash);
  return insert_row(db, context, day, action, &end, digest, error) &&
         insert_payload(db, end.id, salt, full, error);
}

bool audit_verify(Db *db, gint64 *ret_rows, gint64 *ret_bad_id, GError **error)
{
  g_auto(AuditResult) result = { 0 };

  if (!audit_check_store(db, NULL, NULL, &result, error))
    return false;
  *ret_rows = result.rows;
  *ret_bad_id = result.seen;
  return true;
}

bool audit_erase(Db *db, gint64 id, GError **error)
{
  static const DbQuery query = { "DELETE FROM audit_payload WHERE audit = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  return db_run(statement, error);
}
