#ifndef KIGEN_CLI_CONFIG_USER_H
#define KIGEN_CLI_CONFIG_USER_H

/* Group [users] of kigen.conf: which user of the store an operating system's user is. It stands in for a
 * password, so it counts only in a file that nobody else could have written: owned by root or by the store's
 * owner, and writable by its owner alone. Otherwise anybody could name a file of their own by KIGEN_CONFIG.
 */

#include "notifier/cli/config.h"

/* The user of the store that `os_user` is, as the file spells it; NULL: it names none. */
const char *config_user_of(const Config *config, const char *os_user);

/* True when some operating system's user is mapped to the user `name` of the store. */
bool config_user_is_mapped(const Config *config, const char *name);

/* Refuses the group in a file that somebody else than root and the owner of the store at `store_path` may
 * have written. Errors: CLI_ERROR_REFUSED with the remedy, CLI_ERROR_ENVIRONMENT. */
bool config_user_check(const Config *config, const char *store_path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
