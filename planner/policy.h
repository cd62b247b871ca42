#ifndef KIGEN_PLANNER_POLICY_H
#define KIGEN_PLANNER_POLICY_H

/* Policy profiles: what differs between jp (default), us and eu: severities (in the rule table), lead times.
 */

#include "planner/notice_kind.h"
#include "planner/role.h"

typedef enum { PROFILE_JP, PROFILE_US, PROFILE_EU, PROFILE_COUNT } Profile;

#define POLICY_LEADS_MAX 8

typedef struct {
  Profile profile;
  const char *key;                    /* "jp" */
  int eol_leads[POLICY_LEADS_MAX];    /* months before EOL, descending, 0 ends */
  int eos_leads[POLICY_LEADS_MAX];    /* months before EOS */
  int lead_months;                    /* LEAD-1, CHG-2: 24 */
  int transfer_warning_months;        /* LEAD-2: 36 */
  int transfer_error_months;          /* LEAD-2: 24 */
  guint approvers[NOTICE_KIND_COUNT]; /* ROLE_BITs: any of these approves what makes a notice of that kind */
  guint override_signers;             /* ROLE_BITs: any of these signs an override (LSP-3, CHG-2) */
  int retention_months_contact;       /* a contact that nothing needs any more may be erased after: 36 */
  int retention_years_proof;          /* proof of notice is kept for: 15 years */
} Policy;

/* The built-in profile; never NULL, static storage. */
const Policy *policy_for(Profile profile);
bool profile_parse(const char *key, Profile *ret_profile) G_GNUC_WARN_UNUSED_RESULT;

#endif
