#include "planner/policy.h"

#include <string.h>

#define SAFETY (ROLE_BIT(ROLE_SAFETY_OFFICER) | ROLE_BIT(ROLE_GENERAL_MANAGER))
#define RESPONSIBLE (SAFETY | ROLE_BIT(ROLE_QUALITY))
#define APPROVERS (RESPONSIBLE | ROLE_BIT(ROLE_APPROVER))

/* Who approves: a plan, and what is made from it, whoever is trusted with approving; a measure of safety the
 * safety officer or who stands above him (GVP 省令 第9条: 安全確保措置). Reminders follow from a plan that
 * was approved. */
#define SIGNERS                                                                                              \
  .approvers = { [NOTICE_PLAN_ANNOUNCEMENT] = APPROVERS,                                                     \
                 [NOTICE_PLAN_CHANGE] = APPROVERS,                                                           \
                 [NOTICE_COMPONENT] = APPROVERS,                                                             \
                 [NOTICE_SECURITY_ADVISORY] = SAFETY,                                                        \
                 [NOTICE_STOP_USE] = SAFETY,                                                                 \
                 [NOTICE_WITHDRAWAL] = APPROVERS },                                                          \
  .override_signers = RESPONSIBLE

/* Lead times by domain.md, Notices; N70 §7.1.1 (at least 2 years) and §7.3.1 (approximately 2–3 years) hold
 * in every market. What differs between the profiles so far is in the rule table. */
#define LEADS                                                                                                \
  .eol_leads = { 24, 12, 6, 3, 1 }, .eos_leads = { 36, 24, 12, 6, 3, 1 }, .lead_months = 24,                 \
  .transfer_warning_months = 36, .transfer_error_months = 24

/* Practice, not a clause: an assessment is good for two years; a silent contact gets two weeks, unless
 * somebody may come to harm. */
#define PATIENCE .stale_months = 24, .escalation_days = 14, .escalation_days_urgent = 2

/* No clause sets these: a contact stays as long as the longest lead time, proof as long as a device may be in
 * use after its EOS. A maker's own profile says otherwise. */
#define RETENTION .retention_months_contact = 36, .retention_years_proof = 15

static const Policy policies[PROFILE_COUNT] = {
  [PROFILE_JP] = { .profile = PROFILE_JP, .key = "jp", LEADS, PATIENCE, SIGNERS, RETENTION },
  [PROFILE_US] = { .profile = PROFILE_US, .key = "us", LEADS, PATIENCE, SIGNERS, RETENTION },
  [PROFILE_EU] = { .profile = PROFILE_EU, .key = "eu", LEADS, PATIENCE, SIGNERS, RETENTION },
};

const Policy *policy_for(Profile profile)
{
  g_assert(profile < PROFILE_COUNT);
  return &policies[profile];
}

bool profile_parse(const char *key, Profile *ret_profile)
{
  for (int i = 0; key != NULL && i < PROFILE_COUNT; i++) {
    if (strcmp(policies[i].key, key) == 0) {
      *ret_profile = policies[i].profile;
      return true;
    }
  }
  return false;
}

Policy policy_for_product(const Policy *policy, const char *product)
{
  Policy own = *policy;

  for (gsize i = 0; i < policy->n_products; i++) {
    const PolicyProduct *row = &policy->products[i];

    if (strcmp(row->product, product) != 0)
      continue;
    if (row->eol_leads[0] > 0)
      memcpy(own.eol_leads, row->eol_leads, sizeof own.eol_leads);
    if (row->eos_leads[0] > 0)
      memcpy(own.eos_leads, row->eos_leads, sizeof own.eos_leads);
  }
  return own;
}

int policy_escalation_days(const Policy *policy, NoticeKind kind)
{
  return notice_kind_is_urgent(kind) ? policy->escalation_days_urgent : policy->escalation_days;
}
