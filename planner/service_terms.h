#ifndef KIGEN_PLANNER_SERVICE_TERMS_H
#define KIGEN_PLANNER_SERVICE_TERMS_H

/* The terms of service lines (planner/limited_support.h) as people write them: for one line, or for all of a
 * plan in one cell, "parts:有償;telephone:平日9-17時". Pure. */

#include "planner/limited_support.h"

#define SERVICE_TERMS_MAX                                                                                    \
  1000 /* characters a line: a letter and a calendar carry them; the plan's document says more */

#define SERVICE_TERMS_ERROR (service_terms_error_quark())
typedef enum {
  SERVICE_TERMS_ERROR_FORM /* not KIND:TERMS;…, a control character, no UTF-8, or too long; the message says
                              so */
} ServiceTermsError;
GQuark service_terms_error_quark(void);

/* The terms of `line` in `language` ("ja" or "en") become `text`, trimmed, line breaks as \n; NULL and blank
 * text clear them. On error *line is unchanged. Errors: SERVICE_TERMS_ERROR. */
bool service_terms_set(ServiceLine *line, const char *language, const char *text, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Reads "parts:有償;telephone:平日9-17時" into the terms of *plan's lines in `language`; those of the other
 * lines are cleared, NULL and "" clear them all. ： and ； count as : and ;, the first colon of a part ends
 * its kind, and
 * \; (or \；, \\) stands for the character itself. On error *plan is unchanged; the message names the part
 * and the known kinds. Whether a line goes on at all is not asked here. Errors: SERVICE_TERMS_ERROR. */
bool service_terms_parse(const char *text, const char *language, LimitedSupport *plan, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The inverse, own string; "" when no line has terms in that language. */
char *service_terms_format(const LimitedSupport *plan, const char *language);

/* The first kind that has terms but no last day, so that there is no line to store them with; SERVICE_COUNT
 * when there is none. Whoever sets terms asks at the end. */
ServiceKind service_terms_stray(const LimitedSupport *plan);

#endif
