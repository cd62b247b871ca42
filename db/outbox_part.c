#include "db/outbox_part.h"

#include <sodium.h>
#include <string.h>

#define HASH_SIZE crypto_generichash_BYTES

OutboxPart *outbox_part_new(char *json)
{
  guint8 hash[HASH_SIZE];
  OutboxPart *part = g_atomic_rc_box_new(OutboxPart);

  crypto_generichash(hash, sizeof hash, (const guint8 *)json, strlen(json), NULL, 0);
  part->hash = g_malloc(2 * sizeof hash + 1);
  sodium_bin2hex(part->hash, 2 * sizeof hash + 1, hash, sizeof hash);
  part->json = json;
  return part;
}

OutboxPart *outbox_part_ref(OutboxPart *part)
{
  return g_atomic_rc_box_acquire(part);
}

static void clear(gpointer data)
{
  OutboxPart *part = data;

  g_free(part->hash);
  g_free(part->json);
}

void outbox_part_unref(OutboxPart *part)
{
  g_atomic_rc_box_release_full(part, clear);
}

GPtrArray *outbox_part_array_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)outbox_part_unref);
}

static bool forget(Db *db, gint64 id, GError **error)
{
  static const DbQuery query = { "DELETE FROM message_part WHERE outbox = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  return db_run(statement, error);
}

/* False in *ret_known: no such part is kept yet, or one of that hash that was changed beside kigen. */
static bool name(Db *db, gint64 id, const OutboxPart *part, bool *ret_known, GError **error)
{
  static const DbQuery query = { "INSERT INTO message_part (outbox, part)"
                                 " SELECT $1, id FROM context_part WHERE hash = $2 AND json = $3" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, part->hash);
  db_bind_text(statement, 3, part->json);
  if (!db_run(statement, error))
    return false;
  *ret_known = db_changes(db) > 0;
  return true;
}

static bool keep(Db *db, const OutboxPart *part, GError **error)
{
  static const DbQuery query = { "INSERT INTO context_part (hash, json) VALUES ($1, $2)"
                                 " ON CONFLICT (hash) DO UPDATE SET json = excluded.json" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, part->hash);
  db_bind_text(statement, 2, part->json);
  return db_run(statement, error);
}

bool outbox_part_put(Db *db, gint64 id, const GPtrArray *parts, GError **error)
{
  if (!forget(db, id, error))
    return false;
  for (guint i = 0; parts != NULL && i < parts->len; i++) {
    const OutboxPart *part = parts->pdata[i];
    bool known = false;

    if (!name(db, id, part, &known, error) ||
        (!known && (!keep(db, part, error) || !name(db, id, part, &known, error))))
      return false;
  }
  return true;
}

bool outbox_part_load(Db *db, gint64 id, GPtrArray **ret_parts, GError **error)
{
  static const DbQuery query = { "SELECT p.json FROM message_part m JOIN context_part p ON p.id = m.part"
                                 " WHERE m.outbox = $1 ORDER BY m.part" };
  g_autoptr(GPtrArray) parts = outbox_part_array_new();
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(parts, outbox_part_new(db_dup_text(statement, 0)));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_parts = g_steal_pointer(&parts);
  return true;
}
