#ifndef KIGEN_CLI_IMPACT_JSON_H
#define KIGEN_CLI_IMPACT_JSON_H

/* The impact of a plan for programs: a form, for one, with each key that is pressed. */

#include "notifier/cli/impact_report.h"

/* All of it. A new reference. */
Json *impact_json(const ImpactReport *report);

#endif
