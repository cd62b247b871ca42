#include "planner/role.h"

#include <string.h>

static const struct {
  const char *key, *ja, *en;
} roles[ROLE_COUNT] = {
  [ROLE_PLANNER] = { "planner", "計画担当者", "planner" },
  [ROLE_APPROVER] = { "approver", "承認者", "approver" },
  [ROLE_VIEWER] = { "viewer", "閲覧者", "viewer" },
  [ROLE_ADMIN] = { "admin", "システム管理者", "administrator" },
  [ROLE_SAFETY_OFFICER] = { "safety_officer", "安全管理責任者", "safety officer" },
  [ROLE_QUALITY] = { "quality", "国内品質業務運営責任者", "domestic quality manager" },
  [ROLE_GENERAL_MANAGER] = { "general_manager", "総括製造販売責任者",
                             "general marketing compliance officer" },
};

const char *role_key(Role role)
{
  g_assert(role < ROLE_COUNT);
  return roles[role].key;
}

bool role_parse(const char *key, Role *ret_role)
{
  for (int i = 0; key != NULL && i < ROLE_COUNT; i++) {
    if (strcmp(roles[i].key, key) == 0) {
      *ret_role = (Role)i;
      return true;
    }
  }
  return false;
}

const char *role_name(Role role, const char *language)
{
  g_assert(role < ROLE_COUNT);
  return strcmp(language, "ja") == 0 ? roles[role].ja : roles[role].en;
}

char *role_format_set(guint set)
{
  g_autoptr(GString) text = g_string_new(NULL);

  for (int i = 0; i < ROLE_COUNT; i++) {
    if ((set & ROLE_BIT(i)) != 0)
      g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", roles[i].key);
  }
  return g_strdup(text->str);
}

bool role_parse_set(const char *text, guint *ret_roles, char **ret_bad)
{
  g_auto(GStrv) words = g_strsplit(text, ",", -1);
  guint set = 0;

  for (guint i = 0; words[i] != NULL; i++) {
    Role role;

    if (!role_parse(g_strstrip(words[i]), &role)) {
      if (ret_bad != NULL)
        *ret_bad = g_strdup(words[i]);
      return false;
    }
    set |= ROLE_BIT(role);
  }
  if (set == 0) {
    if (ret_bad != NULL)
      *ret_bad = g_strdup("");
    return false;
  }
  *ret_roles = set;
  return true;
}
