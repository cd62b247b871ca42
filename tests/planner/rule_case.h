#ifndef KIGEN_TESTS_PLANNER_RULE_CASE_H
#define KIGEN_TESTS_PLANNER_RULE_CASE_H

/* A plan and its facts, written as words over a sound plan: "eol=2031-03-31 eos=tba doc=-". "-" empties;
 * "was.eol=…" makes a published plan that differs from what the words before it made. */

#include "planner/rule.h"

typedef struct {
  SupportPlan *plan, *in_force;
  RuleFacts facts;
} RuleCase;

/* A word that is none fails the test. */
void rule_case_make(RuleCase *made, const char *words);
void rule_case_clear(RuleCase *made);

/* The finding of rule `id` among `findings`, or NULL. */
const RuleFinding *rule_case_finding(const GPtrArray *findings, const char *id);

#endif
