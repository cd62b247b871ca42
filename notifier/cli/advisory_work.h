#ifndef KIGEN_CLI_ADVISORY_WORK_H
#define KIGEN_CLI_ADVISORY_WORK_H

/* One step (approve, publish, withdraw) of one advisory: found, taken in one transaction, and said. A step is
 * a row, an AdvisoryVerb. */

#include "db/advisory_step.h"
#include "notifier/cli/cli.h"

typedef struct {
  const char *done;         /* "approved" */
  const char *needs_reason; /* why there must be one, or NULL */
  const char *next;         /* "kigen advisory publish %s", or NULL */
  bool (*run)(Db *db, const AuditContext *context, const AdvisoryRow *row, const Policy *policy,
              const char *reason, AdvisoryTelling *telling, GError **error);
} AdvisoryVerb;

/* Runs `verb` on the advisory that the word names; --reason, --json. Errors: those of the step; nothing is
 * changed then. */
bool advisory_work_run(Cli *cli, const Args *args, const AdvisoryVerb *verb, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
