#include "tests/db/storage.h"

#include <string.h>

Db *storage_open(const char *name, DbMode mode)
{
  g_autofree char *path = scratch_path(name);
  Db *db = NULL;

  assert_done(db_open(path, mode, &db, ERR));
  return db;
}

void storage_check_error(bool done, GError *error, DbError expected, const char *word)
{
  ck_assert(!done);
  ck_assert_msg(g_error_matches(error, DB_ERROR, (int)expected), "%d: %s", error->code, error->message);
  ck_assert_msg(strstr(error->message, word) != NULL, "no «%s» in: %s", word, error->message);
}

bool storage_insert(Db *db, int n, int size, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO template_set (hash, bytes) VALUES (hex(randomblob(16)), zeroblob($1))"
  };
  DbStatement *statement;

  if (!db_begin(db, error)) {
    return false;
  }
  for (int i = 0; i < n; i++) {
    if (!db_prepare(db, &query, &statement, error)) {
      db_rollback(db);
      return false;
    }
    db_bind_int(statement, 1, size);
    if (!db_run(statement, error)) {
      db_rollback(db);
      return false;
    }
  }
  return db_commit(db, error);
}

gint64 storage_rows(Db *db)
{
  return scratch_number(db, "SELECT count(*) FROM template_set");
}

void storage_assert_integrity(Db *db)
{
  g_autofree char *verdict = scratch_text(db, "SELECT integrity_check FROM pragma_integrity_check");

  ck_assert_str_eq(verdict, "ok");
}
