#include "db/check_users.h"

#include "db/user_store.h"
#include "planner/user_name.h"

#define USERS(value, wrong)                                                                                  \
  "SELECT 'user ' || x.id || ' (' || x.name || ')', " value " FROM \"user\" x WHERE " wrong
#define ROLES "give them a role, or disable them: kigen user roles, kigen user disable"
#define RESTORE "restore the last backup: kigen restore FILE --force"

/* Adjacent strings and macros: clang-format never comes to rest over them. */
/* clang-format off */
static const CheckQuery queries[] = {
  { { "SELECT 'user', count(*) || ' users' FROM \"user\" HAVING count(*) > 0 AND NOT EXISTS (SELECT 1 FROM \"user\" u"
      " JOIN user_role r ON r.\"user\" = u.id WHERE r.role = 'admin' AND u.disabled_at IS NULL)" },
    "no admin is enabled: nobody can add or enable users",
    "move the store away, with its -wal and -shm files, and restore the last backup: kigen restore FILE" },
  { { USERS("NULL", "x.disabled_at IS NULL AND NOT EXISTS (SELECT 1 FROM user_role r WHERE r.\"user\" = x.id)") },
    "a user without a role, who can do nothing",
    ROLES },
  { { "SELECT 'user_role ' || r.\"user\" || coalesce(' (' || u.name || ')', ''), r.role FROM user_role r"
      " LEFT JOIN \"user\" u ON u.id = r.\"user\" WHERE r.role NOT IN ('planner', 'approver', 'viewer', 'admin',"
      " 'safety_officer', 'quality', 'general_manager')" },
    "a role that is none",
    RESTORE },
  { { "SELECT 'user ' || group_concat(x.id, ', '), x.name FROM \"user\" x GROUP BY x.name HAVING count(*) > 1" },
    "one name twice",
    RESTORE },
  { { USERS("NULL", "x.password IS NOT NULL AND x.password NOT LIKE '$argon2id$%'") },
    "a password that is no Argon2id hash",
    "set a new one: kigen user password" },
};
/* clang-format on */

/* What --as can never name. */
static void check_name(const CheckStep *step, const UserRow *user, GPtrArray *findings)
{
  g_autofree char *spelled = NULL;

  if (user_name_parse(user->name, &spelled, NULL) && g_str_equal(spelled, user->name))
    return;
  check_add(step, findings, g_strdup_printf("user %" G_GINT64_FORMAT " (%s)", user->id, user->name),
            g_strdup("a name that kigen would not have given: --as cannot name this user"), RESTORE);
}

bool check_users(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
{
  g_autoptr(GPtrArray) users = NULL;

  if (!check_queries(step, db, terms, queries, G_N_ELEMENTS(queries), findings, error) ||
      !user_store_list(db, &users, error))
    return false;
  for (guint i = 0; i < users->len; i++)
    check_name(step, users->pdata[i], findings);
  return true;
}
