#ifndef KIGEN_DB_ADVISORY_STEP_H
#define KIGEN_DB_ADVISORY_STEP_H

/* The steps in the life of an advisory after its draft: each asks whether it is possible
 * (planner/advisory_life.h) and for this person (the policy's approvers of its kind, never who wrote it),
 * writes, tells, and leaves an event and an audit row, all inside the open write transaction. No rule stands
 * before any of them. Errors: ADVISORY_STEP_ERROR, with the remedy. */

#include "db/advisory_store.h"
#include "db/advisory_telling.h"
#include "planner/policy.h"

#define ADVISORY_STEP_ERROR (advisory_step_error_quark())
typedef enum {
  ADVISORY_STEP_ERROR_REFUSED /* not possible in this state, or not for this person */
} AdvisoryStepError;
GQuark advisory_step_error_quark(void);

/* Approves draft `advisory` as it is. Needs a store with users. */
bool advisory_step_approve(Db *db, const AuditContext *context, gint64 advisory, const Policy *policy,
                           const char *reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Publishes it and tells it at once, superseding the revision that it corrects. While the store has users
 * only what was approved, and is still what was approved. */
bool advisory_step_publish(Db *db, const AuditContext *context, gint64 advisory, const char *reason,
                           AdvisoryTelling *ret_telling, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Withdraws it and tells everyone who was told; one that was never published is thrown away, by anybody, and
 * nobody is told. */
bool advisory_step_withdraw(Db *db, const AuditContext *context, gint64 advisory, const Policy *policy,
                            const char *reason, AdvisoryTelling *ret_telling, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
