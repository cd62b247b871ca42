#ifndef KIGEN_PLANNER_ROLE_H
#define KIGEN_PLANNER_ROLE_H

/* The roles of the maker's own people (users). Three are those of Japanese law: 安全管理責任者 (GVP 省令),
 * 国内品質業務 運営責任者 (QMS 省令 第72条) and 総括製造販売責任者 (薬機法 第23条の2の14). Which role may do
 * what: planner/policy.h for approvals, the command table for the rest. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  ROLE_PLANNER,         /* writes plans, imports, submits, publishes what was approved */
  ROLE_APPROVER,        /* approves */
  ROLE_VIEWER,          /* reads */
  ROLE_ADMIN,           /* users, keys, restore; approves nothing by that */
  ROLE_SAFETY_OFFICER,  /* 安全管理責任者 */
  ROLE_QUALITY,         /* 国内品質業務運営責任者 */
  ROLE_GENERAL_MANAGER, /* 総括製造販売責任者 */
  ROLE_COUNT
} Role;

/* A set of roles has a bit for each. */
#define ROLE_BIT(role) (1u << (role))
#define ROLE_ANY ((1u << ROLE_COUNT) - 1)

/* The word in CLI, configuration and store: "planner", "approver", "viewer", "admin", "safety_officer",
 * "quality", "general_manager". */
const char *role_key(Role role);
bool role_parse(const char *key, Role *ret_role) G_GNUC_WARN_UNUSED_RESULT;
/* As people read it; `language` is "ja" or "en". */
const char *role_name(Role role, const char *language);

/* "approver, safety_officer" of a set; "" of none. Own string. */
char *role_format_set(guint roles);
/* The inverse: words between commas, blanks ignored. False for a word that is none, or no word at all;
 * *ret_bad (may be NULL) is then that word, own string. */
bool role_parse_set(const char *text, guint *ret_roles, char **ret_bad) G_GNUC_WARN_UNUSED_RESULT;

#endif
