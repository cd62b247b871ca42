#ifndef KIGEN_CLI_CONFORMITY_PROOF_H
#define KIGEN_CLI_CONFORMITY_PROOF_H

/* What kigen itself proves of a requirement, in words: the support plans in force, how customers are told,
 * the security contact. For conformity_report.c only. */

#include "db/plan_store.h"
#include "db/report_store.h"
#include "notifier/cli/cli.h"

/* A list of { text, ok } for the proofs that `proofs` (ConformityProof bits) asks for. `releases`: PlanRow of
 * every release of the product, plan 0 where none is in force. */
Json *conformity_proof_list(guint proofs, const ReportProduct *product, const GPtrArray *releases,
                            const char *language);

#endif
