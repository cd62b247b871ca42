#include "db/token_row.h"

#include <sodium.h>

bool token_row_next(Db *db, const DbQuery *query, gint64 *ret_id, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_id = db_int(statement, 0);
  db_reset(statement);
  return true;
}

void token_row_bind(DbStatement *statement, int n, const char *token)
{
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];

  link_key_token_hash(token, hash);
  db_bind_blob(statement, n, hash, sizeof hash);
}

bool token_row_step(DbStatement *statement, int column, const char *token, bool *ret_found, GError **error)
{
  guint8 hash[LINK_KEY_TOKEN_HASH_SIZE];
  gsize size = 0;
  bool row;

  if (!db_step(statement, &row, error))
    return false;

  const void *stored = row ? db_blob(statement, column, &size) : NULL;

  /* The index compares hashes of what was guessed, which tells a guesser nothing; this only makes sure. */
  link_key_token_hash(token, hash);
  *ret_found = size == sizeof hash && sodium_memcmp(stored, hash, sizeof hash) == 0;
  return true;
}
