#ifndef KIGEN_CLI_PLAN_FIELD_H
#define KIGEN_CLI_PLAN_FIELD_H

/* The fields of a support plan as people write and read them: FIELD=VALUE of `plan set`, lines of `plan
 * show`. The names are the columns of the lifecycles import, and of each service line line.KIND, terms.KIND
 * and terms_en.KIND. */

#include "planner/plan.h"

typedef struct PlanField PlanField;

/* Every field, in the order it is shown; NULL behind the last. Service lines come one by one, day and terms,
 * so that a difference shows which; plan_field_find knows limited_support_lines, _terms and _terms_en too,
 * all at once. */
const PlanField *plan_field_at(guint i);
/* The field of that name or short name ("lines"), or NULL. */
const PlanField *plan_field_find(const char *name);
/* Names of all fields, NULL-terminated; free with g_free. */
const char **plan_field_names(void);

const char *plan_field_name(const PlanField *field);

/* True for the day and the terms of one service line: where there is no such line, nothing is missing. */
bool plan_field_is_of_line(const PlanField *field);

/* What is shown: a date, "not announced", a text; "" when it is unknown. Own string. */
char *plan_field_show(const PlanField *field, const SupportPlan *plan);

/* Sets the field from `value` in any form an import takes; empty: unknown. *ret_warning (own, or NULL) is
 * what was taken with doubt. An empty day removes its service line with the terms; who sets terms asks
 * service_terms_stray at the end. Errors: DATE_TEXT_ERROR, SERVICE_TERMS_ERROR, WEB_ADDRESS_ERROR,
 * VALUES_ERROR; the plan is unchanged then. */
bool plan_field_set(const PlanField *field, SupportPlan *plan, const char *value, char **ret_warning,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
