#include "db/migrate.h"

#include "db/migrations_resource.h"
#include "db/sqlite_statement.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/kigen/migrations/sqlite/"
#define APPLICATION_ID 0x6b67656e /* "kgen"; 0001_initial.sql sets it */

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* File names "NNNN_name.sql", sorted: NNNN is the version and counts from 1. */
static char **list_files(void)
{
  char **names =
      g_resource_enumerate_children(migrations_get_resource(), FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert(names != NULL && names[0] != NULL);
  qsort(names, g_strv_length(names), sizeof *names, by_name);
  return names;
}

int migrate_latest(void)
{
  g_auto(GStrv) names = list_files();

  return (int)g_strv_length(names);
}

static bool refuse_foreign(const char *shown, GError **error)
{
  g_set_error(
      error, DB_ERROR, DB_ERROR_NOT_A_STORE,
      "%s is not a kigen store (another program's database, or what an interrupted 'kigen init' left): name "
      "another file, or remove this one if it holds nothing and run 'kigen init'",
      shown);
  return false;
}

bool migrate_version(Sqlite *sqlite, const char *shown, int *ret_version, GError **error)
{
  gint64 application, version;

  if (!sqlite_number(sqlite, "PRAGMA application_id", &application, error)) {
    return false;
  }
  if (application != APPLICATION_ID) {
    return refuse_foreign(shown, error);
  }
  if (!sqlite_number(sqlite, "SELECT max(version) FROM migration", &version, error)) {
    return false;
  }
  if (version > migrate_latest()) {
    g_set_error(
        error, DB_ERROR, DB_ERROR_NEWER_SCHEMA,
        "store %s was made by a newer kigen (schema version %d; this one knows %d): install that kigen, or "
        "restore a backup made before the upgrade",
        shown, (int)version, migrate_latest());
    return false;
  }
  *ret_version = (int)version;
  return true;
}

/* The name comes from our own file list, not from input. */
static bool record(Sqlite *sqlite, int version, const char *name, GError **error)
{
  static const char sql[] = "INSERT INTO migration (version, name, applied_at)"
                            " VALUES ($1, $2, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))";
  g_autoptr(SqliteStatement) statement = NULL;
  bool row;

  if (!sqlite_statement_new(sqlite, sql, &statement, error)) {
    return false;
  }
  sqlite_statement_bind_int(statement, 1, version);
  sqlite_statement_bind_text(statement, 2, name, -1, true);
  return sqlite_statement_step(statement, &row, error);
}

static bool run_file(Sqlite *sqlite, int version, const char *name, GError **error)
{
  g_autofree char *path = g_strconcat(FOLDER, name, NULL);
  g_autoptr(GBytes) script =
      g_resource_lookup_data(migrations_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert(script != NULL && strtol(name, NULL, 10) == version);
  /* glib-compile-resources ends the data with a NUL that is not counted. */
  if (!sqlite_exec(sqlite, g_bytes_get_data(script, NULL), error)) {
    g_prefix_error(error, "schema version %s: ", name);
    return false;
  }
  return record(sqlite, version, name, error);
}

bool migrate_run(Sqlite *sqlite, int version, GError **error)
{
  g_auto(GStrv) names = list_files();

  for (int i = version; names[i] != NULL; i++) {
    if (!run_file(sqlite, i + 1, names[i], error)) {
      return false;
    }
  }
  return true;
}
