#ifndef KIGEN_CLI_ADVISORY_AUDIENCE_H
#define KIGEN_CLI_ADVISORY_AUDIENCE_H

/* Whom an advisory would go to, as a preview shows it. */

#include "db/advisory_telling.h"
#include "notifier/cli/cli.h"

/* Counts by role, channel and language, and the names of those who are not reached. `recipients`: of
 * AdvisoryRecipient. */
void advisory_audience_print(const GPtrArray *recipients);

/* All of them, and the counts. */
Json *advisory_audience_json(const GPtrArray *recipients);

#endif
