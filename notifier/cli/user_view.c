#include "notifier/cli/user_view.h"

#include "notifier/cli/suggest.h"
#include "notifier/cli/table.h"

Json *user_view_json(const UserRow *user)
{
  Json *roles = json_array();

  for (int i = 0; i < ROLE_COUNT; i++)
    if ((user->roles & ROLE_BIT(i)) != 0)
      json_array_append_new(roles, json_string(role_key((Role)i)));
  return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o}", "name", cli_json_text(user->name), "full_name",
                   cli_json_text(user->full_name), "roles", roles, "password", user->has_password,
                   "created_at", cli_json_text(user->created_at), "disabled_at",
                   cli_json_text(user->disabled_at));
}

void user_view_print(const GPtrArray *users)
{
  g_autoptr(Table) table = table_new("NAME|FULL NAME|ROLES|PASSWORD|DISABLED");

  for (guint i = 0; i < users->len; i++) {
    const UserRow *user = users->pdata[i];
    TermStyle style = user->disabled_at != NULL ? STYLE_DIM : STYLE_PLAIN;
    g_autofree char *roles = role_format_set(user->roles);

    table_cell_styled(table, user->name, style);
    table_cell_styled(table, user->full_name, style);
    table_cell_styled(table, roles, style);
    table_cell_styled(table, user->has_password ? "yes" : "no", style);
    table_cell_styled(table, user->disabled_at, style);
  }
  table_print(table, stdout);
}

bool user_view_hint(Db *db, const char *name, char **ret_hint, GError **error)
{
  g_autoptr(GPtrArray) users = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new();

  if (!user_store_list(db, &users, error))
    return false;
  for (guint i = 0; i < users->len; i++)
    g_ptr_array_add(names, ((const UserRow *)users->pdata[i])->name);
  g_ptr_array_add(names, NULL);
  *ret_hint = users->len > 0 ? suggest_hint(name, (const char *const *)names->pdata)
                             : g_strdup("there is none yet: kigen user add NAME --role admin");
  return true;
}

bool user_view_find(Db *db, const char *name, UserRow **ret_user, GError **error)
{
  g_autofree char *hint = NULL;
  UserRow *user = NULL;

  if (!user_store_find(db, name, &user, error))
    return false;
  if (user != NULL) {
    *ret_user = user;
    return true;
  }
  if (user_view_hint(db, name, &hint, error))
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "no user %s: %s", name, hint);
  return false;
}

bool user_view_read_roles(const char *text, guint *ret_roles, GError **error)
{
  const char *known[ROLE_COUNT + 1] = { NULL };
  g_autofree char *bad = NULL;

  if (role_parse_set(text, ret_roles, &bad))
    return true;
  for (int i = 0; i < ROLE_COUNT; i++)
    known[i] = role_key((Role)i);

  g_autofree char *hint = suggest_hint(bad, known);

  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "\"%s\" is no role: %s", bad, hint);
  return false;
}
