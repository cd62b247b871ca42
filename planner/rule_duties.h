#ifndef KIGEN_PLANNER_RULE_DUTIES_H
#define KIGEN_PLANNER_RULE_DUTIES_H

/* The checks of the rules about what a maker must have and do beside the dates. Those whose data kigen does
 * not hold yet report RULE_UNKNOWN where they apply, never RULE_OK. Only rule_table.c calls them, as
 * Rule.check (rule.h). */

#include "planner/rule.h"

/* On sale without a support plan. */
RuleOutcome rule_duties_plan_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail);
/* No security contact. */
RuleOutcome rule_duties_doc_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* No internal document named for an item of the 適合性確認通知 (planner/conformity.h): a line each. Where it
 * is neither known that the product is in scope nor any document named, there is no data. */
RuleOutcome rule_duties_doc_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* SBOM missing or incomplete. */
RuleOutcome rule_duties_sbom_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail);
/* A component's EOS before the release's. */
RuleOutcome rule_duties_cmp_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* Transition release without the rationale of its version or the migration plan: a line each. */
RuleOutcome rule_duties_trn_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* Organizations without a contact that can be reached. */
RuleOutcome rule_duties_reach_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                                char **ret_detail);
/* Transfer of responsibility not confirmed. */
RuleOutcome rule_duties_ack_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* Support assessment too old. */
RuleOutcome rule_duties_stale_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                                char **ret_detail);

#endif
