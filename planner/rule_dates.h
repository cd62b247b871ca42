#ifndef KIGEN_PLANNER_RULE_DATES_H
#define KIGEN_PLANNER_RULE_DATES_H

/* The checks of the rules about dates: their order, the time customers get, changes, and what lies beside EOL
 * and EOS. Only rule_table.c calls them, as Rule.check (rule.h); when a date was told asks impact.c too. */

#include "planner/rule.h"

/* Since when customers know date `milestone`, which is known, or an earlier day for it: facts->told, or
 * today. */
Day rule_dates_told_on(const RuleFacts *facts, Milestone milestone);

/* EOL after EOS. */
RuleOutcome rule_dates_ord_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                             char **ret_detail);
/* General availability ≤ end of sale ≤ EOL; security support end ≤ EOS. */
RuleOutcome rule_dates_ord_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                             char **ret_detail);
/* Less than policy->lead_months between the first publication of EOL or EOS and that day. */
RuleOutcome rule_dates_lead_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* Transfer of responsibility not begun policy->transfer_warning_months before EOS; an error later on. */
RuleOutcome rule_dates_lead_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* Parts, repair or a service line end after EOS. */
RuleOutcome rule_dates_parts_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail);
/* Parts end before EOS. */
RuleOutcome rule_dates_parts_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail);
/* EOL earlier than end of sale + useful life. */
RuleOutcome rule_dates_life_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail);
/* EOS before the end of a lease or maintenance contract. */
RuleOutcome rule_dates_lease_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail);
/* End of sale announced less than 6 months ahead, where it risks serious harm. */
RuleOutcome rule_dates_eu_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                            char **ret_detail);

#endif
