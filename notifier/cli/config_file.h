#ifndef KIGEN_CLI_CONFIG_FILE_H
#define KIGEN_CLI_CONFIG_FILE_H

/* The bytes of a configuration file, and whose it is. */

#include <glib.h>
#include <sys/types.h>

typedef struct {
  GString *text;
  uid_t owner;
  mode_t mode;
} ConfigFile;

void config_file_clear(ConfigFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ConfigFile, config_file_clear)

/* Reads the file at `path`; owner and mode are of the same open file, or it could be exchanged in between.
 * Returns 0 or errno. */
int config_file_read(const char *path, ConfigFile *ret_file);

#endif
