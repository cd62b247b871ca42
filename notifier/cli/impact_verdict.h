#ifndef KIGEN_CLI_IMPACT_VERDICT_H
#define KIGEN_CLI_IMPACT_VERDICT_H

/* The end of the impact of a plan for people: what the rules say of it, and what stands in its way. */

#include "notifier/cli/impact_report.h"

/* Prints it on standard output. */
void impact_verdict_print(const ImpactReport *report);

#endif
