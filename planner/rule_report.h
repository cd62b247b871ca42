#ifndef KIGEN_PLANNER_RULE_REPORT_H
#define KIGEN_PLANNER_RULE_REPORT_H

/* How the checks of the rule table say what they found. Private to planner/ (rule_lsp, rule_dates,
 * rule_duties). Details name dates as ISO and fields by their column names: language neutral. */

#include "planner/rule.h"

#define MILESTONE_BIT(milestone) (1u << (milestone))

/* Asks for dates of `plan` (MILESTONE_BIT of each): RULE_OK when all are known; RULE_UNKNOWN, named in
 * *ret_detail, when there is no data for one; else RULE_NOT_APPLICABLE, for one is not announced and there is
 * nothing to compare yet. */
RuleOutcome rule_report_need(const SupportPlan *plan, guint milestones, char **ret_detail);

/* The same where each known date was looked at by itself: RULE_OK as soon as one is known and the others are
 * not announced. */
RuleOutcome rule_report_rest(const SupportPlan *plan, guint milestones, char **ret_detail);

/* RULE_BROKEN, with the detail. */
RuleOutcome rule_report_broken(char **ret_detail, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* RULE_UNKNOWN, `missing` (column names or words) being what there is no data for. */
RuleOutcome rule_report_unknown(char **ret_detail, const char *missing);

/* The plan of the release that customers can rely on: `facts->plan` when it is published, else the one it
 * would replace, or NULL. */
const SupportPlan *rule_report_in_force(const RuleFacts *facts);
/* True when customers were told of a plan: by kigen, or (imported history) before it. */
bool rule_report_is_announced(const RuleFacts *facts);

/* "2031-03-31", "tba" or "-". */
const char *rule_report_date(PlanDate date, char buffer[static DAY_TEXT_SIZE]);

#endif
