#include "db/sqlite_wipe.h"

#include "db/sqlite_error.h"

bool sqlite_wipe(Sqlite *sqlite, bool *ret_clean, GError **error)
{
  /* secure_delete overwrites what is deleted, but not the copies that pages keep when they are split: only a
   * file that is written anew is free of them. */
  if (!sqlite_exec(sqlite, "VACUUM", error))
    return false;

  int code = sqlite3_wal_checkpoint_v2(sqlite->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    return sqlite_error_set(sqlite, code, error);
  *ret_clean = code == SQLITE_OK;
  return true;
}
