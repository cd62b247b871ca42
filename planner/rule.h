#ifndef KIGEN_PLANNER_RULE_H
#define KIGEN_PLANNER_RULE_H

/* The rules of domain.md as one table, and their evaluation over facts that the caller gathered. Pure. */

#include "planner/plan.h"
#include "planner/policy.h"

typedef enum { GATE_STORE, GATE_PUBLISH, GATE_FINDING } RuleGate;
typedef enum { SEVERITY_OFF, SEVERITY_WARNING, SEVERITY_ERROR } RuleSeverity;
typedef enum {
  RULE_OK,
  RULE_BROKEN,
  RULE_UNKNOWN,        /* data is missing: blocks nothing, never shown or counted as OK */
  RULE_NOT_APPLICABLE, /* the rule does not concern this plan */
  RULE_OVERRIDDEN /* broken, and a second person signed for it: blocks nothing, never shown or counted as OK
                   */
} RuleOutcome;

/* A signed override that holds for the plan as it is. Strings belong to the caller. */
typedef struct {
  const char *rule;   /* Rule.id */
  const char *by;     /* full name */
  const char *role;   /* role_key */
  const char *reason; /* how customers are helped (Rule.override_en) */
  Day day;
} RuleOverride;

typedef enum { SCOPE_UNKNOWN, SCOPE_YES, SCOPE_NO } Scope12_3; /* 基本要件基準12条3項 */

/* Transfer of responsibility at EOS: begun with the first notice that asks customers for it (EOS reminder).
 */
typedef enum { TRANSFER_UNKNOWN, TRANSFER_NOT_BEGUN, TRANSFER_BEGUN } TransferState;

/* Does a discontinuation risk serious harm (MDR art. 10a)? Only the maker can say. */
typedef enum { HARM_UNKNOWN, HARM_YES, HARM_NO } SeriousHarm;

/* What the rules look at. Whatever is not known stays 0/NULL/-1 as said; the rule then reports RULE_UNKNOWN.
 */
typedef struct {
  Day today;
  const SupportPlan *plan;
  const SupportPlan *in_force;  /* the published plan this one would replace for its customers, or NULL */
  Day told[MILESTONE_COUNT];    /* since when customers know that date of `plan`, or an earlier one: today for
                                   what    is told now; DAY_NONE where it is not known (planner/told.h) */
  bool reason_given;            /* a reason for the change comes with it */
  const char *security_contact; /* the product's, or NULL */
  const char *update_policy_doc; /* or NULL */
  int useful_life_years;         /* 耐用期間, -1 unknown */
  Scope12_3 art12_3;
  const char *art12_3_reason;       /* or NULL */
  SeriousHarm serious_harm;         /* EU-1 */
  bool transition;                  /* transition release */
  gint64 affected_organizations;    /* organizations with an open holding, -1 unknown */
  gint64 unreachable_organizations; /* of those, without a contact that can be reached, -1 unknown */
  const char *unreachable_names;    /* "A病院, B医院", or NULL */
  gint64 not_presented; /* hospitals without a presentation that counts (LSP-4, planner/presentation.h), -1
                           unknown */
  gint64 presentation_pending; /* of those, hospitals that got their first unit lately and have days left to
                                  be told */
  const char *not_presented_names; /* of the first few: "A病院, B医院 …", or NULL */
  Day latest_contract_end;         /* latest lease or maintenance contract end, DAY_NONE unknown */
  Day bare_contract_end;  /* of those, the latest that no customer's own, later EOS reaches; DAY_NONE: none */
  bool published;         /* `plan` is itself the published revision */
  TransferState transfer; /* LEAD-2 */
  bool eos_told;          /* ACK-1: a notice of the EOS in force was made */
  gint64 users;           /* ACK-1: organizations that use the release, -1 unknown */
  gint64 not_confirmed;   /* of those, without a confirmed transfer at the EOS in force */
  Day assessed_on;   /* STALE-1: latest assessment, the publication in force being one; DAY_NONE unknown */
  guint32 documents; /* items of planner/conformity.h that an internal document is named for, as bits */
  const RuleOverride *overrides;
  guint n_overrides;
} RuleFacts;

typedef struct Rule Rule; /* a row of the table */
struct Rule {
  const char *id; /* "LSP-1" */
  RuleGate gate;
  RuleSeverity severity[PROFILE_COUNT]; /* of the built-in profiles, at its mildest (a rule that hardens with
                                           time says so in its finding): read it by rule_severity */
  const char *text_ja;                  /* one line: what is wrong and why */
  const char *text_en;
  const char *source;
  const char *remedy_ja; /* one line: what to do */
  const char *remedy_en;
  const char *override_ja; /* what the reason of a signed override has to say; NULL: nothing lifts the rule */
  const char *override_en;
  /* Evaluates; on RULE_BROKEN may raise *severity (LSP-2c, LSP-4, LEAD-2) and sets *ret_detail (own string,
   * language neutral): what exactly, with dates (several lines: each is a finding of its own, DOC-2's "error
   * per item"); on RULE_UNKNOWN the data that is missing. */
  RuleOutcome (*check)(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                       char **ret_detail);
};

typedef struct {
  const Rule *rule;
  RuleOutcome outcome;
  RuleSeverity severity; /* of this finding */
  char *detail;          /* or NULL; broken: what exactly, with dates; unknown: the data that is missing;
                            overridden: what exactly, and who let it pass in which role, when and why */
} RuleFinding;

void rule_finding_free(RuleFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleFinding, rule_finding_free)

/* The whole table in the order of domain.md; *ret_n rows, static. */
const Rule *rule_table(gsize *ret_n);
/* One row by id (ASCII case ignored), or NULL. */
const Rule *rule_find(const char *id);

/* How much a broken `rule` weighs under `policy`, at its mildest. */
RuleSeverity rule_severity(const Rule *rule, const Policy *policy);
/* Lets it weigh `severity` in `policy`. False, and nothing done, where that would soften a rule of the store
 * gate: the store itself refuses what breaks it. */
bool rule_set_severity(Policy *policy, const Rule *rule, RuleSeverity severity) G_GNUC_WARN_UNUSED_RESULT;

/* Evaluates every rule that is not off in `policy`: one RuleFinding each, or more where it is broken in
 * several ways, in table order (element free function set). */
GPtrArray *rule_check(const RuleFacts *facts, const Policy *policy);

/* The store gate alone (LSP-1, ORD-1): the first rule broken by `plan`, or NULL. Imports and forms call it
 * before anything is stored. */
const Rule *rule_store_gate(const SupportPlan *plan);

/* True when a broken error of the publish or store gate stands among `findings`. */
bool rule_blocks_publication(const GPtrArray *findings);
/* True when a broken warning of the publish gate stands among them (it must be answered with a reason). */
bool rule_needs_reason(const GPtrArray *findings);

/* True when `finding` stands in the way of a publication that comes with a reason, or without one. */
bool rule_finding_blocks(const RuleFinding *finding, bool reason_given);
/* True when `reason` can be that of a signed override: some words, and none of those that declare nothing
 * (未定, 調整中, N/A …). What it says only a person can judge. */
bool rule_override_reason_counts(const char *reason);

const char *rule_gate_key(RuleGate gate);             /* "store", "publish", "finding" */
const char *rule_severity_key(RuleSeverity severity); /* "off", "warning", "error" */
bool rule_severity_parse(const char *key, RuleSeverity *ret_severity) G_GNUC_WARN_UNUSED_RESULT;
const char *rule_outcome_key(RuleOutcome outcome); /* "ok", "broken", "unknown", "not-applicable",
                                                      "overridden" */

#endif
