#include "db/relay_store.h"

void relay_free(Relay *relay)
{
  if (relay == NULL)
    return;
  g_free(relay->url);
  g_free(relay->accepted_at);
  g_free(relay->failing_since);
  g_free(relay->reply);
  g_free(relay);
}

static bool write_relay(Db *db, const DbQuery *query, const char *url, const char *now, const char *reply,
                        GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_text(statement, 1, url);
  db_bind_text(statement, 2, now);
  if (reply != NULL)
    db_bind_text(statement, 3, reply);
  return db_run(statement, error);
}

bool relay_store_accepted(Db *db, const char *url, const char *now, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO relay (url, accepted_at) VALUES ($1, $2)"
    " ON CONFLICT (url) DO UPDATE SET accepted_at = excluded.accepted_at, failing_since = NULL, reply = NULL"
  };

  return write_relay(db, &query, url, now, NULL, error);
}

bool relay_store_failing(Db *db, const char *url, const char *now, const char *reply, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO relay (url, failing_since, reply) VALUES ($1, $2, $3)"
    " ON CONFLICT (url) DO UPDATE SET failing_since = coalesce(relay.failing_since, excluded.failing_since),"
    " reply = excluded.reply"
  };

  return write_relay(db, &query, url, now, reply != NULL ? reply : "", error);
}

bool relay_store_list(Db *db, GPtrArray **ret_relays, GError **error)
{
  static const DbQuery query = { "SELECT url, accepted_at, failing_since, reply FROM relay ORDER BY url" };
  g_autoptr(GPtrArray) relays = g_ptr_array_new_with_free_func((GDestroyNotify)relay_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    Relay *relay = g_new0(Relay, 1);

    relay->url = db_dup_text(statement, 0);
    relay->accepted_at = db_dup_text(statement, 1);
    relay->failing_since = db_dup_text(statement, 2);
    relay->reply = db_dup_text(statement, 3);
    g_ptr_array_add(relays, relay);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_relays = g_steal_pointer(&relays);
  return true;
}
