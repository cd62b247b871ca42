#ifndef KIGEN_CLI_IMPACT_VIEW_H
#define KIGEN_CLI_IMPACT_VIEW_H

/* The impact of a plan for people. */

#include "notifier/cli/impact_report.h"

/* Prints it on standard output. */
void impact_view_print(const ImpactReport *report);

#endif
