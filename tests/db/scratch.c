#include "tests/db/scratch.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder;

void scratch_setup(void)
{
  folder = g_dir_make_tmp("kigen-db-XXXXXX", NULL);
  ck_assert_ptr_nonnull(folder);
}

static void empty(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *child = g_build_filename(path, name, NULL);

    if (g_file_test(child, G_FILE_TEST_IS_DIR) && !g_file_test(child, G_FILE_TEST_IS_SYMLINK)) {
      empty(child);
    }
    (void)g_remove(child);
  }
}

void scratch_teardown(void)
{
  empty(folder);
  (void)g_rmdir(folder);
  g_clear_pointer(&folder, g_free);
}

char *scratch_path(const char *name)
{
  return g_build_filename(folder, name, NULL);
}

Db *scratch_store(const char *name)
{
  g_autofree char *path = scratch_path(name);
  Db *db = NULL;

  assert_done(db_open(path, DB_CREATE, &db, ERR));
  return db;
}

/* A query's address is its id and must outlive the connection: one for each text. */
static const DbQuery *query_of(const char *sql)
{
  static GHashTable *queries;

  if (queries == NULL) {
    queries = g_hash_table_new(g_str_hash, g_str_equal);
  }
  DbQuery *query = g_hash_table_lookup(queries, sql);

  if (query == NULL) {
    query = g_new0(DbQuery, 1);
    query->sql = g_strdup(sql);
    g_hash_table_insert(queries, (gpointer)(gsize)query->sql, query);
  }
  return query;
}

void scratch_sql(Db *db, const char *sql)
{
  assert_done(db_exec(db, query_of(sql), ERR));
}

char *scratch_text(Db *db, const char *sql)
{
  DbStatement *statement;
  bool row;

  assert_done(db_prepare(db, query_of(sql), &statement, ERR));
  assert_done(db_step(statement, &row, ERR));
  char *text = row ? db_dup_text(statement, 0) : NULL;

  db_reset(statement);
  return text;
}

gint64 scratch_number(Db *db, const char *sql)
{
  g_autofree char *text = scratch_text(db, sql);

  return text != NULL ? g_ascii_strtoll(text, NULL, 10) : -1;
}

int scratch_shell(const char *name, const char *sql, char **ret_output)
{
  g_autofree char *path = scratch_path(name);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) input = g_bytes_new(sql, strlen(sql));
  g_autoptr(GBytes) output = NULL;
  g_autoptr(GSubprocess) shell = g_subprocess_new(
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
      &error, "sqlite3", "-batch", "-init", "/dev/null", path, NULL);

  ck_assert_msg(shell != NULL, "%s", error != NULL ? error->message : "no shell");
  bool talked = g_subprocess_communicate(shell, input, NULL, &output, NULL, &error);

  ck_assert_msg(talked, "%s", error != NULL ? error->message : "no talk");
  if (ret_output != NULL) {
    *ret_output = g_strndup(g_bytes_get_data(output, NULL), g_bytes_get_size(output));
  }
  return g_subprocess_get_exit_status(shell);
}
