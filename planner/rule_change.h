#ifndef KIGEN_PLANNER_RULE_CHANGE_H
#define KIGEN_PLANNER_RULE_CHANGE_H

/* The checks of the rules about changing what is published: RuleFacts.plan against RuleFacts.in_force.
 * Published dates are the milestones and the last days of the service lines. Only rule_table.c calls them, as
 * Rule.check (rule.h). */

#include "planner/rule.h"

/* A published date changes without a reason. (The new revision and the notices come with every publication.)
 */
RuleOutcome rule_change_chg_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* A published date moves earlier and leaves less than policy->lead_months from today. */
RuleOutcome rule_change_chg_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);

#endif
