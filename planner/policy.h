#ifndef KIGEN_PLANNER_POLICY_H
#define KIGEN_PLANNER_POLICY_H

/* Policy profiles: how much each rule weighs, when customers are reminded, who signs, how long things are
 * kept. jp (default), us and eu are built in; a maker's own profile is a copy of one of them with some of it
 * changed (kigen.conf). A plain value: copy it freely. */

#include "planner/notice_kind.h"
#include "planner/role.h"

typedef enum { PROFILE_JP, PROFILE_US, PROFILE_EU, PROFILE_COUNT } Profile;

#define POLICY_LEADS_MAX 16
#define POLICY_LEAD_MONTHS_MAX 240 /* no lead time is longer */
#define POLICY_RULES_MAX 64        /* rows of the rule table, at most */

/* Lead times of one product that differ from its profile's; a list that begins with 0 does not. */
typedef struct {
  const char *product; /* its code */
  int eol_leads[POLICY_LEADS_MAX];
  int eos_leads[POLICY_LEADS_MAX];
} PolicyProduct;

typedef struct {
  Profile profile;                   /* the built-in one that it is, or rests on */
  const char *key;                   /* "jp", or an own profile's name, which its owner keeps */
  guint8 severity[POLICY_RULES_MAX]; /* rule.h's alone: rule_severity, rule_set_severity */
  int eol_leads[POLICY_LEADS_MAX];   /* months before EOL, descending, 0 ends */
  int eos_leads[POLICY_LEADS_MAX];   /* months before EOS */
  int lead_months;                   /* LEAD-1, CHG-2: 24 */
  int transfer_warning_months;       /* LEAD-2, ACK-1: 36 */
  int transfer_error_months;         /* LEAD-2: 24 */
  int stale_months;                  /* STALE-1: 24 */
  int escalation_days;        /* a contact is silent or its mail bounced: the next one is asked too after */
  int escalation_days_urgent; /* the same for urgent notices */
  guint approvers[NOTICE_KIND_COUNT]; /* ROLE_BITs: any of these approves what makes a notice of that kind */
  guint override_signers;             /* ROLE_BITs: any of these signs an override (LSP-3, CHG-2) */
  int retention_months_contact;       /* a contact that nothing needs any more may be erased after: 36 */
  int retention_years_proof;          /* proof of notice is kept for: 15 years */
  const PolicyProduct *products;      /* n_products of them, or NULL; their owner keeps them */
  gsize n_products;
} Policy;

/* The built-in profile; never NULL, static storage. */
const Policy *policy_for(Profile profile);
bool profile_parse(const char *key, Profile *ret_profile) G_GNUC_WARN_UNUSED_RESULT;

/* `policy` with the lead times of the product with code `product`. */
Policy policy_for_product(const Policy *policy, const char *product);

/* Days after which the next contact is asked when the one who got a notice of `kind` is silent or bounced. */
int policy_escalation_days(const Policy *policy, NoticeKind kind);

#endif
