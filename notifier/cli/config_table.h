#ifndef KIGEN_CLI_CONFIG_TABLE_H
#define KIGEN_CLI_CONFIG_TABLE_H

/* The groups of kigen.conf by tables: every key is a row that says how its value is taken. Every error names
 * file, line and remedy. Only config*.c use this. */

#include "notifier/cli/config_file.h"

#include <stdbool.h>

typedef struct {
  char *path;
  ConfigFile file;
  GKeyFile *keys; /* of that file */
} ConfigTable;

typedef struct ConfigKey ConfigKey;
struct ConfigKey {
  const char *key; /* one that ends in '.' begins the keys of a family: "severity." of "severity.LSP-4"; "*"
                      is any key */
  /* Takes `value` (not empty) into `target`; `rest` is what follows the dot of a family, or the key that is
   * any. False: it is none; *ret_why (own string) may say why, else the row's `expected` does. */
  bool (*take)(gpointer target, const ConfigKey *row, const char *rest, const char *value, char **ret_why);
  const char *expected;
  gsize offset; /* for `take`: where the value lies in `target` … */
  int min, max; /* … and its limits */
};

/* The file at `path`; *ret_table NULL when it is missing and `may_be_missing`. Errors: CLI_ERROR_ENVIRONMENT.
 */
bool config_table_read(const char *path, bool may_be_missing, ConfigTable **ret_table, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void config_table_free(ConfigTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConfigTable, config_table_free)

/* Takes the keys of `group` by `rows` (n) into `target`, in the rows' order, so that a key can rest on one of
 * a row above; an empty value leaves the default. Errors: CLI_ERROR_ENVIRONMENT for an unknown key, with the
 * nearest known one, and for a value that is none. */
bool config_table_take(ConfigTable *table, const char *group, const ConfigKey *rows, gsize n, gpointer target,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets CLI_ERROR_ENVIRONMENT for `key` of `group` (NULL: the group itself); always false. */
bool config_table_refuse(const ConfigTable *table, const char *group, const char *key, GError **error,
                         const char *format, ...) G_GNUC_PRINTF(5, 6);

#endif
