#ifndef KIGEN_PLANNER_RULE_LSP_H
#define KIGEN_PLANNER_RULE_LSP_H

/* The checks of the limited-support rules (QA2 Q10). Only rule_table.c calls them, as Rule.check (rule.h). */

#include "planner/rule.h"

/* EOL = EOS and no limited-support plan declared. */
RuleOutcome rule_lsp_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                       char **ret_detail);
/* EOL or EOS known, no limited-support plan declared. */
RuleOutcome rule_lsp_2a(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                        char **ret_detail);
/* EOS known, EOL not. */
RuleOutcome rule_lsp_2b(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                        char **ret_detail);
/* EOL known, EOS not announced; an error from EOL on. */
RuleOutcome rule_lsp_2c(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                        char **ret_detail);
/* EOL = EOS with a declared plan. */
RuleOutcome rule_lsp_3(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                       char **ret_detail);
/* Hospitals to whom the plan was not presented before EOL; an error from EOL on. */
RuleOutcome rule_lsp_4(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                       char **ret_detail);

#endif
