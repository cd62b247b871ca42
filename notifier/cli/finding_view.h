#ifndef KIGEN_CLI_FINDING_VIEW_H
#define KIGEN_CLI_FINDING_VIEW_H

/* What a rule found, as text and as JSON; and what to do about it. */

#include "notifier/cli/cli.h"
#include "planner/rule.h"

/* "error", "warning", "overridden", "unknown", "ok" or "not-applicable". */
const char *finding_view_word(const RuleFinding *finding);
TermStyle finding_view_style(const RuleFinding *finding);

/* What is wrong where the rule is broken, and what to do, in the user's language. */
const char *finding_view_text(const Rule *rule);
const char *finding_view_advice(const Rule *rule);
/* The command that mends what `rule` found on `name` ("PRODUCT/RELEASE"). Own string; NULL where there is
 * none. */
char *finding_view_remedy(const Rule *rule, const char *name);

/* Refuses a plan that the store gate's `rule` refuses: explanation in both languages and the remedy. */
void finding_view_refuse(const Rule *rule, const char *name, GError **error);

/* Prints one that stands in the way of `name`: rule, what it means and what exactly, what to do. */
void finding_view_print(const RuleFinding *finding, const char *name);

/* Refuses `name` for all of `findings`, which are said the same way. `what`: "cannot be submitted". */
void finding_view_refuse_all(const GPtrArray *findings, const char *name, const char *what, GError **error);

Json *finding_view_json(const RuleFinding *finding);

#endif
