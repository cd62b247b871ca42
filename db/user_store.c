#include "db/user_store.h"

#include "db/user_password.h"
#include "planner/user_name.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

G_DEFINE_QUARK(kigen - user - store - error, user_store_error)

void user_row_free(UserRow *row)
{
  if (row == NULL)
    return;
  g_free(row->name);
  g_free(row->full_name);
  g_free(row->created_at);
  g_free(row->disabled_at);
  g_free(row);
}

/* ---- reading ---- */

/* The schema that brought users. */
#define FIRST_SCHEMA 3

bool user_store_any(Db *db, bool *ret_any, GError **error)
{
  static const DbQuery query = { "SELECT EXISTS (SELECT 1 FROM \"user\")" };
  DbStatement *statement;
  int version;
  bool row;

  if (!db_schema_version(db, &version, error))
    return false;
  if (version < FIRST_SCHEMA) {
    *ret_any = false;
    return true;
  }
  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_any = row && db_int(statement, 0) != 0;
  db_reset(statement);
  return true;
}

static UserRow *read_row(DbStatement *statement)
{
  UserRow *user = g_new0(UserRow, 1);

  user->id = db_int(statement, 0);
  user->name = db_dup_text(statement, 1);
  user->full_name = db_dup_text(statement, 2);
  user->has_password = db_int(statement, 3) != 0;
  user->created_at = db_dup_text(statement, 4);
  user->disabled_at = db_dup_text(statement, 5);
  return user;
}

/* A row a user and role, by user: the user of the present row, made when it is another than the last. */
static bool take_row(DbStatement *statement, GPtrArray *users)
{
  UserRow *last = users->len > 0 ? users->pdata[users->len - 1] : NULL;
  Role role;

  if (last == NULL || last->id != db_int(statement, 0)) {
    last = read_row(statement);
    g_ptr_array_add(users, last);
  }
  if (role_parse(db_text(statement, 6), &role))
    last->roles |= ROLE_BIT(role);
  return true;
}

/* Users by name; `name` NULL: all of them. */
static bool load(Db *db, const char *name, GPtrArray **ret_users, GError **error)
{
  static const DbQuery query = {
    "SELECT u.id, u.name, u.full_name, u.password IS NOT NULL, u.created_at, u.disabled_at, r.role"
    " FROM \"user\" u LEFT JOIN user_role r ON r.\"user\" = u.id WHERE $1 IS NULL OR u.name = $1"
    " ORDER BY u.name, u.id"
  };
  g_autoptr(GPtrArray) users = g_ptr_array_new_with_free_func((GDestroyNotify)user_row_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, name);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    take_row(statement, users);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_users = g_steal_pointer(&users);
  return true;
}

bool user_store_list(Db *db, GPtrArray **ret_users, GError **error)
{
  return load(db, NULL, ret_users, error);
}

bool user_store_find(Db *db, const char *name, UserRow **ret_user, GError **error)
{
  g_autoptr(GPtrArray) users = NULL;
  g_autofree char *spelled = NULL;

  if (user_name_parse(name, &spelled, NULL) && !load(db, spelled, &users, error))
    return false;
  *ret_user = users != NULL && users->len > 0 ? g_ptr_array_steal_index(users, 0) : NULL;
  return true;
}

static bool load_hash(Db *db, gint64 user, char **ret_hash, GError **error)
{
  static const DbQuery query = { "SELECT password FROM \"user\" WHERE id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, user);
  if (!db_step(statement, &row, error))
    return false;
  *ret_hash = row ? db_dup_text(statement, 0) : NULL;
  if (row)
    db_reset(statement);
  return true;
}

bool user_store_verify(Db *db, const char *name, const char *password, UserRow **ret_user, GError **error)
{
  g_autoptr(UserRow) user = NULL;
  g_autofree char *hash = NULL;

  if (!user_store_find(db, name, &user, error) || !load_hash(db, user != NULL ? user->id : 0, &hash, error))
    return false;
  *ret_user = user_password_verify(hash, password) ? g_steal_pointer(&user) : NULL;
  return true;
}

bool user_store_check_acting(Db *db, const AuditContext *context, GError **error)
{
  static const DbQuery query = { "SELECT r.role FROM \"user\" u JOIN user_role r ON r.\"user\" = u.id"
                                 " WHERE u.id = $1 AND u.disabled_at IS NULL" };
  DbStatement *statement;
  guint roles = 0;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, context->user);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    Role role;

    if (role_parse(db_text(statement, 0), &role))
      roles |= ROLE_BIT(role);
    if (!db_step(statement, &row, error))
      return false;
  }
  if (roles != 0 && (context->roles & ~roles) == 0)
    return true;
  g_set_error(error, USER_STORE_ERROR, USER_STORE_ERROR_CHANGED,
              "%s was disabled or lost a role just now: nothing was written (kigen user list)",
              context->actor);
  return false;
}

/* ---- writing ---- */

/* {"what": name, …, "why"}; takes over `facts`. */
static bool append_audit(Db *db, const AuditContext *context, const char *action, const char *name,
                         json_t *facts, const char *reason, GError **error)
{
  g_autoptr(json_t) payload = facts;

  json_object_set_new(payload, "what", json_string(name));
  if (reason != NULL)
    json_object_set_new(payload, "why", json_string(reason));

  char *text = json_dumps(payload, JSON_COMPACT);
  bool done = audit_append(db, context, action, text, error);

  free(text);
  return done;
}

static json_t *roles_json(guint roles)
{
  json_t *list = json_array();

  for (int i = 0; i < ROLE_COUNT; i++)
    if ((roles & ROLE_BIT(i)) != 0)
      json_array_append_new(list, json_string(role_key((Role)i)));
  return list;
}

static bool remove_roles(Db *db, gint64 user, GError **error)
{
  static const DbQuery query = { "DELETE FROM user_role WHERE \"user\" = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, user);
  return db_run(statement, error);
}

static bool insert_roles(Db *db, gint64 user, guint roles, GError **error)
{
  static const DbQuery query = { "INSERT INTO user_role (\"user\", role) VALUES ($1, $2)" };
  DbStatement *statement;

  for (int i = 0; i < ROLE_COUNT; i++) {
    if ((roles & ROLE_BIT(i)) == 0)
      continue;
    if (!db_prepare(db, &query, &statement, error))
      return false;
    db_bind_int(statement, 1, user);
    db_bind_text(statement, 2, role_key((Role)i));
    if (!db_run(statement, error))
      return false;
  }
  return true;
}

/* Refuses a name that is taken, and a first user who could not add the second. */
static bool check_new(Db *db, const char *name, guint roles, GError **error)
{
  g_autoptr(GPtrArray) users = NULL;

  if (!user_store_list(db, &users, error))
    return false;
  for (guint i = 0; i < users->len; i++) {
    const UserRow *user = users->pdata[i];

    if (!user_name_is_like(user->name, name))
      continue;
    g_set_error(error, USER_STORE_ERROR, USER_STORE_ERROR_EXISTS, "there is a user %s already%s", user->name,
                user->disabled_at != NULL ? ", who is disabled: kigen user enable brings them back" : "");
    return false;
  }
  if (users->len > 0 || (roles & ROLE_BIT(ROLE_ADMIN)) != 0)
    return true;
  g_set_error(error, USER_STORE_ERROR, USER_STORE_ERROR_FIRST,
              "the first user needs the role admin, or nobody could add the second: --role admin, or with "
              "another one --role admin,planner");
  return false;
}

static bool insert_user(Db *db, const AuditContext *context, const char *name, const char *full_name,
                        const char *hash, GError **error)
{
  static const DbQuery query = { "INSERT INTO \"user\" (name, full_name, password, created_at)"
                                 " VALUES ($1, $2, $3, $4)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, name);
  db_bind_text(statement, 2, full_name);
  db_bind_text(statement, 3, hash);
  db_bind_text(statement, 4, context->now);
  return db_run(statement, error);
}

bool user_store_add(Db *db, const AuditContext *context, const char *name, const char *full_name, guint roles,
                    const char *password, GError **error)
{
  g_autofree char *spelled = NULL, *full = NULL, *hash = NULL;

  if (!user_name_parse(name, &spelled, error) ||
      !user_name_parse_full(full_name != NULL ? full_name : spelled, &full, error) ||
      !check_new(db, spelled, roles, error) ||
      (password != NULL && !user_password_hash(password, &hash, error)))
    return false;
  return insert_user(db, context, spelled, full, hash, error) &&
         insert_roles(db, db_last_id(db), roles, error) &&
         append_audit(db, context, "user.add", spelled,
                      json_pack("{s:s, s:o, s:b}", "full_name", full, "roles", roles_json(roles), "password",
                                hash != NULL),
                      NULL, error);
}

/* Refuses to lose the admin `user` when no other one is enabled. */
static bool check_admin_stays(Db *db, const UserRow *user, GError **error)
{
  static const DbQuery query = {
    "SELECT EXISTS (SELECT 1 FROM \"user\" u JOIN user_role r ON r.\"user\" = u.id"
    " WHERE r.role = 'admin' AND u.disabled_at IS NULL AND u.id <> $1)"
  };
  DbStatement *statement;
  bool row;

  if (user->disabled_at != NULL || (user->roles & ROLE_BIT(ROLE_ADMIN)) == 0)
    return true;
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, user->id);
  if (!db_step(statement, &row, error))
    return false;

  bool stays = row && db_int(statement, 0) != 0;

  db_reset(statement);
  if (!stays)
    g_set_error(error, USER_STORE_ERROR, USER_STORE_ERROR_LAST_ADMIN,
                "%s is the last enabled admin, and without one nobody can add or enable users: give "
                "somebody else the role admin first (kigen user roles)",
                user->name);
  return stays;
}

bool user_store_set_roles(Db *db, const AuditContext *context, const UserRow *user, guint roles,
                          const char *reason, bool *ret_changed, GError **error)
{
  bool changed = roles != user->roles;
  bool stays_admin = (roles & ROLE_BIT(ROLE_ADMIN)) != 0;

  /* The trail first: somebody may give up a role of their own. */
  if (changed &&
      ((!stays_admin && !check_admin_stays(db, user, error)) ||
       !append_audit(db, context, "user.roles", user->name,
                     json_pack("{s:o, s:o}", "from", roles_json(user->roles), "to", roles_json(roles)),
                     reason, error) ||
       !remove_roles(db, user->id, error) || !insert_roles(db, user->id, roles, error)))
    return false;
  *ret_changed = changed;
  return true;
}

bool user_store_set_password(Db *db, const AuditContext *context, const UserRow *user, const char *password,
                             const char *reason, GError **error)
{
  static const DbQuery query = { "UPDATE \"user\" SET password = $2 WHERE id = $1" };
  g_autofree char *hash = NULL;
  DbStatement *statement;

  if (!user_password_hash(password, &hash, error) || !db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, user->id);
  db_bind_text(statement, 2, hash);
  return db_run(statement, error) &&
         append_audit(db, context, "user.password", user->name, json_object(), reason, error);
}

bool user_store_set_enabled(Db *db, const AuditContext *context, const UserRow *user, bool enabled,
                            const char *reason, bool *ret_changed, GError **error)
{
  static const DbQuery query = { "UPDATE \"user\" SET disabled_at = $2 WHERE id = $1" };
  const char *action = enabled ? "user.enable" : "user.disable";
  bool changed = enabled != (user->disabled_at == NULL);
  DbStatement *statement;

  if (changed) {
    /* The trail first: an admin may disable themselves. */
    if ((!enabled && !check_admin_stays(db, user, error)) ||
        !append_audit(db, context, action, user->name, json_object(), reason, error) ||
        !db_prepare(db, &query, &statement, error))
      return false;
    db_bind_int(statement, 1, user->id);
    db_bind_text(statement, 2, enabled ? NULL : context->now);
    if (!db_run(statement, error))
      return false;
  }
  *ret_changed = changed;
  return true;
}
