#ifndef KIGEN_CLI_USER_VIEW_H
#define KIGEN_CLI_USER_VIEW_H

/* Users as the commands show and find them. */

#include "db/user_store.h"
#include "notifier/cli/cli.h"

/* {"name", "full_name", "roles", "password", "created_at", "disabled_at"}. */
Json *user_view_json(const UserRow *user);

/* Prints them (UserRows) as a table. */
void user_view_print(const GPtrArray *users);

/* What stands behind "no such user: ": the nearest name, or all there are. Own string. */
bool user_view_hint(Db *db, const char *name, char **ret_hint, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The user of that name. Errors: CLI_ERROR_REFUSED with that hint. */
bool user_view_find(Db *db, const char *name, UserRow **ret_user, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads roles, words between commas. Errors: CLI_ERROR_REFUSED with the nearest word that is one. */
bool user_view_read_roles(const char *text, guint *ret_roles, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
