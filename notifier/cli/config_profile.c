#include "notifier/cli/config_profile.h"

#include "notifier/cli/suggest.h"
#include "planner/rule.h"

#include <string.h>

#define MONTHS_EXPECTED                                                                                      \
  "months before, the longest first, like 36, 24, 12, 6, 3, 1 (at most 16 of them, none above 240)"

static void free_profile(gpointer data)
{
  ConfigProfile *profile = data;

  g_free(profile->name);
  g_free(profile);
}

static void clear_product(gpointer product)
{
  g_free((gpointer)(gsize)((PolicyProduct *)product)->product);
}

GPtrArray *config_profile_list_new(void)
{
  return g_ptr_array_new_with_free_func(free_profile);
}

GArray *config_profile_products_new(void)
{
  GArray *products = g_array_new(FALSE, FALSE, sizeof(PolicyProduct));

  g_array_set_clear_func(products, clear_product);
  return products;
}

const ConfigProfile *config_profile_find(const GPtrArray *profiles, const char *name)
{
  for (guint i = 0; i < profiles->len; i++) {
    const ConfigProfile *profile = profiles->pdata[i];

    if (strcmp(profile->name, name) == 0)
      return profile;
  }
  return NULL;
}

char *config_profile_group(const char *group, const char *word)
{
  size_t length = strlen(word);

  if (strncmp(group, word, length) != 0 || (group[length] != ' ' && group[length] != '\0'))
    return NULL;
  return g_strstrip(g_strdup(group + length));
}

static bool take_base(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                      char **ret_why)
{
  Policy *policy = target;
  const char *name = policy->key;
  Profile base;

  if (!profile_parse(value, &base))
    return false;
  *policy = *policy_for(base);
  policy->key = name;
  return true;
}

static bool take_number(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                        char **ret_why)
{
  gint64 number;

  if (!g_ascii_string_to_signed(value, 10, row->min, row->max, &number, NULL))
    return false;
  *(int *)(gpointer)((char *)target + row->offset) = (int)number;
  return true;
}

/* Each shorter than the one before. */
static bool take_leads(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                       char **ret_why)
{
  g_auto(GStrv) words = g_strsplit(value, ",", -1);
  int leads[POLICY_LEADS_MAX] = { 0 };
  gint64 before = POLICY_LEAD_MONTHS_MAX + 1;

  if (g_strv_length(words) > POLICY_LEADS_MAX)
    return false;
  for (guint i = 0; words[i] != NULL; i++) {
    if (!g_ascii_string_to_signed(g_strstrip(words[i]), 10, 1, before - 1, &before, NULL))
      return false;
    leads[i] = (int)before;
  }
  memcpy((char *)target + row->offset, leads, sizeof leads);
  return true;
}

static char *hint_rules(const char *id)
{
  gsize n;
  const Rule *rules = rule_table(&n);
  g_autofree const char **ids = g_new0(const char *, n + 1);
  g_autofree char *upper = g_ascii_strup(id, -1);

  for (gsize i = 0; i < n; i++)
    ids[i] = rules[i].id;
  return suggest_hint(upper, ids);
}

static bool take_severity(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                          char **ret_why)
{
  const Rule *rule = rule_find(rest);
  RuleSeverity severity;

  if (rule == NULL) {
    g_autofree char *hint = hint_rules(rest);

    *ret_why = g_strdup_printf("no rule %s: %s", rest, hint);
    return false;
  }
  if (!rule_severity_parse(value, &severity))
    return false;
  if (!rule_set_severity(target, rule, severity)) {
    *ret_why = g_strdup_printf(
        "%s is never softened: the store itself refuses what breaks it; remove the line", rule->id);
    return false;
  }
  return true;
}

static char *hint_kinds(const char *key, const Policy *policy)
{
  const char *known[NOTICE_KIND_COUNT + 1] = { NULL };
  guint n = 0;

  for (int kind = 0; kind < NOTICE_KIND_COUNT; kind++)
    if (policy->approvers[kind] != 0)
      known[n++] = notice_kind_key((NoticeKind)kind);
  return suggest_hint(key, known);
}

static bool take_roles(const char *value, guint *roles, char **ret_why)
{
  const char *known[ROLE_COUNT + 1] = { NULL };
  g_autofree char *bad = NULL;

  if (role_parse_set(value, roles, &bad))
    return true;
  for (int role = 0; role < ROLE_COUNT; role++)
    known[role] = role_key((Role)role);

  g_autofree char *hint = suggest_hint(bad, known);

  *ret_why = g_strdup_printf("no role \"%s\": %s", bad, hint);
  return false;
}

static bool take_approvers(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                           char **ret_why)
{
  Policy *policy = target;
  NoticeKind kind;
  bool known = notice_kind_parse(rest, &kind);

  if (known && policy->approvers[kind] != 0)
    return take_roles(value, &policy->approvers[kind], ret_why);

  g_autofree char *hint = known ? NULL : hint_kinds(rest, policy);

  *ret_why =
      known ? g_strdup_printf("nobody approves %s notices: they follow from a plan that was approved", rest)
            : g_strdup_printf("no notice %s: %s", rest, hint);
  return false;
}

static bool take_override(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                          char **ret_why)
{
  Policy *policy = target;

  return take_roles(value, &policy->override_signers, ret_why);
}

#define NUMBER(key, field, min, max, expected)                                                               \
  {                                                                                                          \
    key, take_number, expected, G_STRUCT_OFFSET(Policy, field), min, max                                     \
  }

static const ConfigKey profile_keys[] = {
  { "base", take_base, "jp, us or eu", 0, 0, 0 }, /* first: the others change it */
  { "severity.", take_severity, "off, warning or error", 0, 0, 0 },
  { "eol_leads", take_leads, MONTHS_EXPECTED, G_STRUCT_OFFSET(Policy, eol_leads), 0, 0 },
  { "eos_leads", take_leads, MONTHS_EXPECTED, G_STRUCT_OFFSET(Policy, eos_leads), 0, 0 },
  NUMBER("lead_months", lead_months, 1, 240, "months, 1 to 240"),
  NUMBER("transfer_warning_months", transfer_warning_months, 1, 240, "months, 1 to 240"),
  NUMBER("transfer_error_months", transfer_error_months, 1, 240, "months, 1 to 240"),
  NUMBER("stale_months", stale_months, 1, 240, "months, 1 to 240"),
  NUMBER("escalation_days", escalation_days, 1, 365, "days, 1 to 365"),
  NUMBER("escalation_days_urgent", escalation_days_urgent, 1, 365, "days, 1 to 365"),
  { "approve.", take_approvers, "roles", 0, 0, 0 },
  { "override", take_override, "roles", 0, 0, 0 },
  NUMBER("retention_months_contact", retention_months_contact, 1, 1200, "months, 1 to 1200"),
  NUMBER("retention_years_proof", retention_years_proof, 1, 100, "years, 1 to 100"),
};

static const ConfigKey product_keys[] = {
  { "eol_leads", take_leads, MONTHS_EXPECTED, G_STRUCT_OFFSET(PolicyProduct, eol_leads), 0, 0 },
  { "eos_leads", take_leads, MONTHS_EXPECTED, G_STRUCT_OFFSET(PolicyProduct, eos_leads), 0, 0 },
};

static bool refuse_twice(const ConfigTable *table, const char *group, GError **error)
{
  return config_table_refuse(table, group, NULL, error, "[%s] is here twice: put both into one", group);
}

/* What two keys say together. */
static bool check_profile(ConfigTable *table, const char *group, const Policy *policy, GError **error)
{
  bool error_given = g_key_file_has_key(table->keys, group, "transfer_error_months", NULL);

  if (policy->transfer_error_months > policy->transfer_warning_months)
    return config_table_refuse(table, group,
                               error_given ? "transfer_error_months" : "transfer_warning_months", error,
                               "transfer_error_months is %d, transfer_warning_months %d: the warning comes "
                               "first, so it needs as many months or more",
                               policy->transfer_error_months, policy->transfer_warning_months);
  return true;
}

static bool check_name(const GPtrArray *profiles, const ConfigTable *table, const char *group,
                       const char *name, GError **error)
{
  Profile built_in;

  if (*name == '\0')
    return config_table_refuse(table, group, NULL, error, "[%s]: a profile needs a name: [profile NAME]",
                               group);
  if (profile_parse(name, &built_in))
    return config_table_refuse(table, group, NULL, error,
                               "[%s]: %s is built in: give yours another name, and say base = %s", group,
                               name, name);
  return config_profile_find(profiles, name) == NULL || refuse_twice(table, group, error);
}

bool config_profile_add(GPtrArray *profiles, ConfigTable *table, const char *group, const char *name,
                        GError **error)
{
  ConfigProfile *profile;

  if (!check_name(profiles, table, group, name, error))
    return false;
  profile = g_new0(ConfigProfile, 1);
  profile->name = g_strdup(name);
  profile->policy = *policy_for(PROFILE_JP);
  profile->policy.key = profile->name;
  g_ptr_array_add(profiles, profile);
  return config_table_take(table, group, profile_keys, G_N_ELEMENTS(profile_keys), &profile->policy, error) &&
         check_profile(table, group, &profile->policy, error);
}

static bool is_among(const GArray *products, const char *code)
{
  for (guint i = 0; i < products->len; i++)
    if (strcmp(g_array_index(products, PolicyProduct, i).product, code) == 0)
      return true;
  return false;
}

bool config_profile_add_product(GArray *products, ConfigTable *table, const char *group, const char *code,
                                GError **error)
{
  PolicyProduct product = { .product = NULL };

  if (*code == '\0')
    return config_table_refuse(table, group, NULL, error, "[%s]: which product? [product CODE]", group);
  if (is_among(products, code))
    return refuse_twice(table, group, error);
  if (!config_table_take(table, group, product_keys, G_N_ELEMENTS(product_keys), &product, error))
    return false;
  product.product = g_strdup(code);
  g_array_append_val(products, product);
  return true;
}
