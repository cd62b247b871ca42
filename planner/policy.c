#include "planner/policy.h"

#include <string.h>

/* Lead times by domain.md, Notices; N70 §7.1.1 (at least 2 years) and §7.3.1 (approximately 2–3 years) hold
 * in every market. What differs between the profiles so far is in the rule table. */
#define LEADS                                                                                                \
  .eol_leads = { 24, 12, 6, 3, 1 }, .eos_leads = { 36, 24, 12, 6, 3, 1 }, .lead_months = 24,                 \
  .transfer_warning_months = 36, .transfer_error_months = 24

static const Policy policies[PROFILE_COUNT] = {
  [PROFILE_JP] = { .profile = PROFILE_JP, .key = "jp", LEADS },
  [PROFILE_US] = { .profile = PROFILE_US, .key = "us", LEADS },
  [PROFILE_EU] = { .profile = PROFILE_EU, .key = "eu", LEADS },
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
