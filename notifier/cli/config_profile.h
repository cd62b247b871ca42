#ifndef KIGEN_CLI_CONFIG_PROFILE_H
#define KIGEN_CLI_CONFIG_PROFILE_H

/* A maker's own policy in kigen.conf: profiles, [profile NAME], each a built-in one with some of it changed;
 * and lead times of one product, [product CODE], on top of whichever profile is in force. Only config.c uses
 * this. */

#include "notifier/cli/config_table.h"
#include "planner/policy.h"

typedef struct {
  char *name;
  Policy policy;
} ConfigProfile;

/* Lists of ConfigProfile and of PolicyProduct, which own what is in them. */
GPtrArray *config_profile_list_new(void);
GArray *config_profile_products_new(void);

/* The profile with that name, or NULL. */
const ConfigProfile *config_profile_find(const GPtrArray *profiles, const char *name);

/* NAME of a group "WORD NAME", without blanks around it (own string); NULL when the group is none of `word`.
 */
char *config_profile_group(const char *group, const char *word);

/* Reads [profile NAME] into `profiles`. Errors: CLI_ERROR_ENVIRONMENT, with line and remedy. */
bool config_profile_add(GPtrArray *profiles, ConfigTable *table, const char *group, const char *name,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads [product CODE] into `products`. Errors as above. */
bool config_profile_add_product(GArray *products, ConfigTable *table, const char *group, const char *code,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
