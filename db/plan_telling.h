#ifndef KIGEN_DB_PLAN_TELLING_H
#define KIGEN_DB_PLAN_TELLING_H

/* Telling a revision that came into force: who was told an older one gets the change notice (was, now, why),
 * who was not gets the announcement. So one publication can make two notices. */

#include "db/audit.h"

/* What was made. */
typedef struct {
  gint64 announced; /* organizations that get the announcement */
  gint64 changed;   /* organizations that get the change notice */
  gint64 messages;  /* new outbox rows: a notice can join a message that waits */
} PlanTelling;

/* At publication: makes the notices of `plan`, due on context->today, and a message for everyone whom it
 * concerns and who holds the release, and lets messages of older revisions that have not gone be overtaken.
 * Inside the open write transaction. */
bool plan_telling_make(Db *db, const AuditContext *context, gint64 plan, PlanTelling *ret_telling,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many hold the release of `plan`, which is in force and was told at its publication, and are concerned
 * by none of its notices yet: units sold, or found, since. */
bool plan_telling_count_newcomers(Db *db, gint64 plan, gint64 *ret_organizations, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Tells them. `published_on`: the plan's. Inside the open write transaction. */
bool plan_telling_make_newcomers(Db *db, const AuditContext *context, gint64 plan, Day published_on,
                                 PlanTelling *ret_telling, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
