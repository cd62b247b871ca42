#ifndef KIGEN_DB_USER_STORE_H
#define KIGEN_DB_USER_STORE_H

/* The maker's own people, and what each of them may do. A user is disabled, never removed: the audit trail
 * names them. As soon as there is one, somebody who can add more is always there: the first user is an admin,
 * and the last enabled admin stays one. */

#include "db/audit.h"
#include "planner/role.h"

#define USER_STORE_ERROR (user_store_error_quark())
typedef enum {
  USER_STORE_ERROR_EXISTS,     /* that name, or one that differs in case alone, is taken */
  USER_STORE_ERROR_FIRST,      /* the first user is no admin */
  USER_STORE_ERROR_LAST_ADMIN, /* nobody would be left to add or enable users */
  USER_STORE_ERROR_CHANGED,    /* who acts was disabled, or lost a role, since they proved who they are */
  USER_STORE_ERROR_PASSWORD    /* too short, too long, or no text */
} UserStoreError;
GQuark user_store_error_quark(void);

typedef struct {
  gint64 id;
  char *name;        /* what --as takes and the trail says */
  char *full_name;   /* as letters name who approved */
  guint roles;       /* ROLE_BITs */
  bool has_password; /* false: known by the operating system's user alone */
  char *created_at;  /* UTC instant */
  char *disabled_at; /* UTC instant, or NULL: enabled */
} UserRow;

void user_row_free(UserRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UserRow, user_row_free)

/* True when the store has a user, disabled or not; false in one of an older schema (DB_INSPECT). Cheap. */
bool user_store_any(Db *db, bool *ret_any, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of them, by name: GPtrArray of UserRow with free function. */
bool user_store_list(Db *db, GPtrArray **ret_users, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The user of that name, in any spelling that planner/user_name.h takes for it; NULL: there is none. */
bool user_store_find(Db *db, const char *name, UserRow **ret_user, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The user `name` whose password is `password`; NULL: there is no such user, or the password is another one,
 * and the time taken does not tell which (Argon2id, compared in constant time). A disabled user is found too:
 * look at disabled_at. Not inside a transaction: it takes long. */
bool user_store_verify(Db *db, const char *name, const char *password, UserRow **ret_user, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Inside the open write transaction: refuses a context whose user is not enabled any more, or has lost one of
 * its roles. audit_append asks it, so that the trail has no row of somebody behind the one that disabled
 * them. Errors: USER_STORE_ERROR_CHANGED. */
bool user_store_check_acting(Db *db, const AuditContext *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The writes below each append an audit row and run inside the open write transaction. `user` was read in
 * that transaction. `reason` may be NULL. Errors: USER_STORE_ERROR, DB_ERROR. */

/* Adds one; `full_name` NULL: the name; `password` NULL: none. Action "user.add". Errors: USER_NAME_ERROR
 * too. */
bool user_store_add(Db *db, const AuditContext *context, const char *name, const char *full_name, guint roles,
                    const char *password, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the user exactly these roles. *ret_changed is false, and there is no audit row, when they were these.
 * Action "user.roles". */
bool user_store_set_roles(Db *db, const AuditContext *context, const UserRow *user, guint roles,
                          const char *reason, bool *ret_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Action "user.password"; neither password nor hash reaches the trail. */
bool user_store_set_password(Db *db, const AuditContext *context, const UserRow *user, const char *password,
                             const char *reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* *ret_changed is false, and there is no audit row, when it was so. Actions "user.disable", "user.enable". */
bool user_store_set_enabled(Db *db, const AuditContext *context, const UserRow *user, bool enabled,
                            const char *reason, bool *ret_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
