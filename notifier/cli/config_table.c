#include "notifier/cli/config_table.h"

#include "notifier/cli/cli_error.h"
#include "notifier/cli/suggest.h"

#include <errno.h>
#include <string.h>

static ConfigTable *config_table_new(const char *path)
{
  ConfigTable *table = g_new0(ConfigTable, 1);

  table->path = g_strdup(path);
  table->keys = g_key_file_new();
  return table;
}

bool config_table_read(const char *path, bool may_be_missing, ConfigTable **ret_table, GError **error)
{
  g_autoptr(ConfigTable) table = config_table_new(path);
  g_autoptr(GError) cause = NULL;
  int code = config_file_read(path, &table->file);

  if (code == ENOENT && may_be_missing) {
    *ret_table = NULL;
    return true;
  }
  if (code != 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: cannot read the configuration: %s", path,
                g_strerror(code));
    return false;
  }
  if (!g_key_file_load_from_data(table->keys, table->file.text->str, table->file.text->len, G_KEY_FILE_NONE,
                                 &cause)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", path, cause->message);
    return false;
  }
  *ret_table = g_steal_pointer(&table);
  return true;
}

void config_table_free(ConfigTable *table)
{
  if (table == NULL)
    return;
  g_free(table->path);
  config_file_clear(&table->file);
  g_key_file_unref(table->keys);
  g_free(table);
}

/* The line, from 1, that sets `key` in `group`, or begins `group`; 0 when it cannot be told. Of a key that is
 * set twice it is the last, as that is what counts. */
static int find_line(const ConfigTable *table, const char *group, const char *key)
{
  g_autofree char *header = g_strdup_printf("[%s]", group);
  bool inside = false;
  int found = 0;

  g_auto(GStrv) lines = g_strsplit(table->file.text->str, "\n", -1);

  for (int i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip(lines[i]);
    size_t length = strcspn(line, " \t=");

    if (line[0] == '[')
      inside = strcmp(line, header) == 0;
    if (key == NULL && inside)
      return i + 1;
    if (key != NULL && inside && strlen(key) == length && strncmp(line, key, length) == 0)
      found = i + 1;
  }
  return found;
}

bool config_table_refuse(const ConfigTable *table, const char *group, const char *key, GError **error,
                         const char *format, ...)
{
  int line = find_line(table, group, key);
  g_autofree char *message = NULL;
  va_list arguments;

  va_start(arguments, format);
  message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  if (line > 0)
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s:%d: %s", table->path, line, message);
  else
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", table->path, message);
  return false;
}

/* What of `key` is left to read when it is of `row`, or NULL. */
static const char *rest_of(const ConfigKey *row, const char *key)
{
  if (strcmp(row->key, "*") == 0)
    return key;
  if (g_str_has_suffix(row->key, "."))
    return g_str_has_prefix(key, row->key) ? key + strlen(row->key) : NULL;
  return strcmp(row->key, key) == 0 ? "" : NULL;
}

static bool refuse_unknown(const ConfigTable *table, const char *group, const char *key,
                           const ConfigKey *rows, gsize n, GError **error)
{
  g_autofree const char **known = g_new0(const char *, n + 1);

  for (gsize i = 0; i < n; i++)
    known[i] = rows[i].key;

  g_autofree char *hint = suggest_hint(key, known);

  return config_table_refuse(table, group, key, error, "unknown key \"%s\" in [%s]: %s", key, group, hint);
}

static bool check_known(const ConfigTable *table, const char *group, char **keys, const ConfigKey *rows,
                        gsize n, GError **error)
{
  for (guint k = 0; keys[k] != NULL; k++) {
    bool known = false;

    for (gsize i = 0; i < n && !known; i++)
      known = rest_of(&rows[i], keys[k]) != NULL;
    if (!known)
      return refuse_unknown(table, group, keys[k], rows, n, error);
  }
  return true;
}

static bool take_key(ConfigTable *table, const char *group, const char *key, const ConfigKey *row,
                     gpointer target, GError **error)
{
  g_autofree char *value = g_key_file_get_string(table->keys, group, key, NULL);
  g_autofree char *why = NULL;

  if (value != NULL &&
      (g_strstrip(value)[0] == '\0' || row->take(target, row, rest_of(row, key), value, &why)))
    return true;
  return config_table_refuse(table, group, key, error, "%s = %s: %s%s", key,
                             value != NULL ? value : "(broken)", why != NULL ? "" : "expected ",
                             why != NULL ? why : row->expected);
}

bool config_table_take(ConfigTable *table, const char *group, const ConfigKey *rows, gsize n, gpointer target,
                       GError **error)
{
  g_auto(GStrv) keys = g_key_file_get_keys(table->keys, group, NULL, error);

  if (keys == NULL || !check_known(table, group, keys, rows, n, error))
    return false;
  for (gsize i = 0; i < n; i++)
    for (guint k = 0; keys[k] != NULL; k++)
      if (rest_of(&rows[i], keys[k]) != NULL && !take_key(table, group, keys[k], &rows[i], target, error))
        return false;
  return true;
}
