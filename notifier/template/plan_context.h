#ifndef KIGEN_NOTIFIER_TEMPLATE_PLAN_CONTEXT_H
#define KIGEN_NOTIFIER_TEMPLATE_PLAN_CONTEXT_H

/* The limited-support plan as every template sees it (templates/CONTEXT.md, `limited_support`): letters,
 * calendars and pages say the same of it. What is missing in one language is said in the other rather than
 * not at all. */

#include <jansson.h>

#include "planner/plan.h"

/* `ja` or `en` as `language` ("ja", "en") asks, the other one where that is NULL or blank; NULL where both
 * are. */
const char *plan_context_choose(const char *language, const char *ja, const char *en);

/* The lines of `text` that hold something, without the blanks at their ends, as an array of strings; an empty
 * one for NULL. Bytes that are no UTF-8 are mended, so that nothing is lost. A new reference. */
json_t *plan_context_lines(const char *text);

/* { doc, url, duties, lines [ { key, name, until, terms } ], no_period } of what `plan` declares, the dates
 * as text in `language` ("ja", "en"); a new reference, NULL when it declares no limited-support plan. */
json_t *plan_context_limited_support(const SupportPlan *plan, const char *language);

#endif
