#include "notifier/cli/policy_view.h"

#include <string.h>

/* A number of the policy, under the key that kigen.conf has for it. */
static const struct {
  const char *key, *label, *unit;
  gsize offset;
} numbers[] = {
  { "lead_months", "announced at least", "months ahead", G_STRUCT_OFFSET(Policy, lead_months) },
  { "transfer_warning_months", "transfer begun, else a warning", "months before EOS",
    G_STRUCT_OFFSET(Policy, transfer_warning_months) },
  { "transfer_error_months", "transfer begun, else an error", "months before EOS",
    G_STRUCT_OFFSET(Policy, transfer_error_months) },
  { "stale_months", "support assessed every", "months", G_STRUCT_OFFSET(Policy, stale_months) },
  { "escalation_days", "next contact asked after", "days", G_STRUCT_OFFSET(Policy, escalation_days) },
  { "escalation_days_urgent", "the same, when it is urgent, after", "days",
    G_STRUCT_OFFSET(Policy, escalation_days_urgent) },
  { "retention_months_contact", "contacts kept for", "months",
    G_STRUCT_OFFSET(Policy, retention_months_contact) },
  { "retention_years_proof", "proof of notice kept for", "years",
    G_STRUCT_OFFSET(Policy, retention_years_proof) },
};

static int number_of(const Policy *policy, gsize i)
{
  return *(const int *)(gconstpointer)((const char *)policy + numbers[i].offset);
}

static Json *leads_json(const int leads[static POLICY_LEADS_MAX])
{
  Json *list = json_array();

  for (int i = 0; i < POLICY_LEADS_MAX && leads[i] > 0; i++)
    json_array_append_new(list, json_integer(leads[i]));
  return list;
}

static Json *products_json(const Policy *policy)
{
  Json *products = json_object();

  for (gsize i = 0; i < policy->n_products; i++) {
    Policy own = policy_for_product(policy, policy->products[i].product);

    json_object_set_new(products, policy->products[i].product,
                        json_pack("{s:o, s:o}", "eol_leads", leads_json(own.eol_leads), "eos_leads",
                                  leads_json(own.eos_leads)));
  }
  return products;
}

static Json *roles_json(guint roles)
{
  Json *list = json_array();

  for (int role = 0; role < ROLE_COUNT; role++)
    if ((roles & ROLE_BIT(role)) != 0)
      json_array_append_new(list, json_string(role_key((Role)role)));
  return list;
}

Json *policy_view_json(const Policy *policy)
{
  Json *document =
      json_pack("{s:s, s:s, s:o, s:o}", "name", policy->key, "base", policy_for(policy->profile)->key,
                "eol_leads", leads_json(policy->eol_leads), "eos_leads", leads_json(policy->eos_leads));
  Json *approve = json_object();

  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    json_object_set_new(document, numbers[i].key, json_integer(number_of(policy, i)));
  for (int kind = 0; kind < NOTICE_KIND_COUNT; kind++)
    if (policy->approvers[kind] != 0)
      json_object_set_new(approve, notice_kind_key((NoticeKind)kind), roles_json(policy->approvers[kind]));
  json_object_set_new(document, "approve", approve);
  json_object_set_new(document, "override", roles_json(policy->override_signers));
  json_object_set_new(document, "products", products_json(policy));
  return document;
}

static void print_leads(const char *label, const int leads[static POLICY_LEADS_MAX], const char *suffix)
{
  printf("%-36s", label);
  for (int i = 0; i < POLICY_LEADS_MAX && leads[i] > 0; i++)
    printf("%s%d", i > 0 ? ", " : "", leads[i]);
  printf(" months before%s\n", suffix);
}

static void print_product(const Policy *policy, const char *product)
{
  Policy own = policy_for_product(policy, product);
  g_autofree char *suffix = g_strdup_printf(", for product %s", product);

  if (memcmp(own.eol_leads, policy->eol_leads, sizeof own.eol_leads) != 0)
    print_leads("EOL reminders", own.eol_leads, suffix);
  if (memcmp(own.eos_leads, policy->eos_leads, sizeof own.eos_leads) != 0)
    print_leads("EOS reminders", own.eos_leads, suffix);
}

static void print_roles(const char *label, guint roles)
{
  g_autofree char *set = role_format_set(roles);

  printf("%-36s%s\n", label, set);
}

void policy_view_print(const Policy *policy)
{
  const char *base = policy_for(policy->profile)->key;
  bool own = strcmp(base, policy->key) != 0;

  printf("Profile %s%s%s\n", policy->key, own ? ", based on " : "", own ? base : "");
  print_leads("EOL reminders", policy->eol_leads, "");
  print_leads("EOS reminders", policy->eos_leads, "");
  for (gsize i = 0; i < policy->n_products; i++)
    print_product(policy, policy->products[i].product);
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    printf("%-36s%d %s\n", numbers[i].label, number_of(policy, i), numbers[i].unit);
  for (int kind = 0; kind < NOTICE_KIND_COUNT; kind++) {
    g_autofree char *label = g_strdup_printf("%s approved by", notice_kind_key((NoticeKind)kind));

    if (policy->approvers[kind] != 0)
      print_roles(label, policy->approvers[kind]);
  }
  print_roles("overrides signed by", policy->override_signers);
}
