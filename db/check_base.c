#include "db/check_base.h"

#include "db/audit_check.h"

#include <glib/gstdio.h>
#include <string.h>

#define RESTORE "stop all kigen programs and restore the last backup: kigen restore FILE --force"

bool check_base_integrity(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                          GError **error)
{
  static const CheckQuery query = {
    { "SELECT 'the store', integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'" },
    "the file is damaged",
    RESTORE,
    false
  };

  return check_queries(step, db, terms, &query, 1, findings, error);
}

bool check_base_references(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                           GError **error)
{
  static const CheckQuery query = { { "SELECT \"table\" || coalesce(' ' || rowid, ''), 'row of ' || parent"
                                      " FROM pragma_foreign_key_check" },
                                    "it refers to a row that does not exist",
                                    "restore the last backup, or put the missing row back",
                                    false };

  return check_queries(step, db, terms, &query, 1, findings, error);
}

/* "table device", "trigger audit_update" … → its SQL text. */
static bool load_schema(Db *db, GHashTable **ret_schema, GError **error)
{
  static const DbQuery query = { "SELECT type || ' ' || name, sql FROM sqlite_schema"
                                 " WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'" };
  g_autoptr(GHashTable) schema = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    g_hash_table_replace(schema, db_dup_text(statement, 0), db_dup_text(statement, 1));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_schema = g_steal_pointer(&schema);
  return true;
}

/* The schema of a store that this program makes. */
static bool load_expected(GHashTable **ret_schema, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp("kigen-doctor-XXXXXX", error);
  g_autofree char *path = folder != NULL ? g_build_filename(folder, "new.db", NULL) : NULL;
  Db *db = NULL;

  if (folder == NULL)
    return false;

  bool done = db_open(path, DB_CREATE, &db, error) && load_schema(db, ret_schema, error);

  if (db != NULL)
    db_discard(db);
  (void)g_rmdir(folder);
  return done;
}

/* Names what `these` holds and `those` does not, or holds otherwise. */
static void compare(const CheckStep *step, GHashTable *these, GHashTable *those, bool other,
                    const char *message, GPtrArray *findings)
{
  GHashTableIter iter;
  gpointer name, text;

  g_hash_table_iter_init(&iter, these);
  while (g_hash_table_iter_next(&iter, &name, &text)) {
    gpointer counterpart = NULL;
    bool found = g_hash_table_lookup_extended(those, name, NULL, &counterpart);

    if (found == other && (!found || g_strcmp0(text, counterpart) != 0))
      check_add(
          step, findings, g_strdup(name), g_strdup(message),
          "somebody changed the schema: find out who and why, then restore the last backup, or export and "
          "import into a new store");
  }
}

bool check_base_schema(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                       GError **error)
{
  g_autoptr(GHashTable) found = NULL;
  g_autoptr(GHashTable) expected = NULL;

  if (!load_schema(db, &found, error) || !load_expected(&expected, error))
    return false;
  compare(step, expected, found, false, "it is missing", findings);
  compare(step, expected, found, true, "it differs from what kigen made", findings);
  compare(step, found, expected, false, "kigen does not know it", findings);
  return true;
}

bool check_base_audit(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                      GError **error)
{
  g_auto(AuditResult) result = { 0 };

  if (!audit_check_store(db, NULL, NULL, &result, error))
    return false;
  if (result.verdict != AUDIT_HOLDS)
    check_add(step, findings, g_strdup_printf("audit %" G_GINT64_FORMAT, result.id),
              g_strdup_printf("%s: %s", audit_verdict_key(result.verdict), result.detail),
              "find out who could write the store, and compare it with a backup or an export of the trail");
  return true;
}
