#ifndef KIGEN_DB_PLAN_PUBLISH_H
#define KIGEN_DB_PLAN_PUBLISH_H

/* Putting a revision in force, and telling it. */

#include "db/plan_step.h"
#include "db/plan_telling.h"

/* Publishes the open revision `plan`: supersedes the one in force, sets who and when, makes the announcement
 * and the change notice with the outbox rows for everyone concerned, appends an event and an audit row: all
 * inside the open write transaction. While the store has users only what was approved, and is still what was
 * approved, is published; its reason is then the one that was approved too, and `reason` stands in the trail
 * alone. The caller has checked the rules. Errors: PLAN_STEP_ERROR. */
bool plan_publish(Db *db, const AuditContext *context, gint64 plan, const char *reason,
                  PlanTelling *ret_telling, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
