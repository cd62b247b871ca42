#ifndef KIGEN_CLI_CLI_USER_H
#define KIGEN_CLI_CLI_USER_H

/* Which user acts, and what proves it. As soon as the store has users, whoever writes is one of them: named
 * by --as (KIGEN_USER) and proven by the password, or by the operating system's user as [users] of kigen.conf
 * maps it. */

#include "db/user_store.h"
#include "notifier/cli/cli.h"
#include "notifier/cli/password.h"

/* --new-password-file, for commands that set a password: --password-file is that of who acts. */
extern const ArgOption cli_user_new_password_option[];

/* The user who acts in `db`, proven and enabled; NULL: the store has no users yet. Reads the password only
 * when there is one to prove. Errors: CLI_ERROR_REFUSED (no hint whether a name or its password was wrong),
 * CLI_ERROR_USAGE where nobody is named or --by is given, and those of password.h. */
bool cli_user_prove(Cli *cli, const Args *args, Db *db, UserRow **ret_user, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Refuses a command that `user` has no role for: `roles` may run `path` ("kigen import"). */
bool cli_user_check_role(const UserRow *user, guint roles, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Reads the new password of `name`: --new-password-file, else, on a terminal, an answer. *ret_given is false
 * when there is neither, or the answer is empty. Not inside a transaction. */
bool cli_user_new_password(const Args *args, const char *name, Password *ret_password, bool *ret_given,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when kigen.conf maps an operating system's user to the user `name`, and may: a user who has no
 * password can act. */
bool cli_user_is_mapped(Cli *cli, Db *db, const char *name);

#endif
