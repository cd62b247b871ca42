#ifndef KIGEN_CLI_CONFIG_TEMPLATE_H
#define KIGEN_CLI_CONFIG_TEMPLATE_H

/* The kigen.conf that `kigen init` writes: the defaults, and a comment for what else there is. */

#include <glib.h>
#include <stdbool.h>

/* Writes it to `path`, which must not exist. Errors: G_FILE_ERROR. */
bool config_template_write(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
