#ifndef KIGEN_DB_PRESENTATION_STORE_H
#define KIGEN_DB_PRESENTATION_STORE_H

/* The record that a limited-support plan was shown to an organization by another way than mail: handed over,
 * posted, faxed, or its page opened. db/presented.h says what it counts for. */

#include "db/audit.h"
#include "db/upsert.h"
#include "planner/presentation.h"

#define PRESENTATION_STORE_ERROR (presentation_store_error_quark())
typedef enum {
  PRESENTATION_STORE_ERROR_NO_PLAN /* nothing could be shown on that day; the message says why, and what to do
                                    */
} PresentationStoreError;
GQuark presentation_store_error_quark(void);

/* What can be shown to an organization. */
typedef struct {
  gint64 plan; /* the revision */
  bool uses;   /* the organization has a unit of the release in use */
  Day due; /* presentation_due by the revision in force now: after that day it takes a reason; DAY_NONE: none
            */
} PresentationTarget;

/* The revision of `release` that could be shown to `organization` on `day`, not later than `today`: the one
 * then in force in its market, which must declare a limited-support plan; before the first publication, the
 * first published one whose announced_on or presented_on says that it was known by then (history from before
 * kigen). Errors: PRESENTATION_STORE_ERROR, DB_ERROR. */
bool presentation_store_find(Db *db, gint64 release, gint64 organization, Day day, Day today,
                             PresentationTarget *ret_target, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Records that `plan` was shown to `organization` on `day`. Once for each way and day: again it only changes
 * the note, where another one is given (NULL: it stays). Inside the open write transaction; appends no audit
 * row. */
bool presentation_store_put(Db *db, const AuditContext *context, gint64 plan, gint64 organization,
                            PresentationWay way, Day day, const char *note, UpsertResult *ret_result,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* *ret_known: it is recorded that `plan` was shown to `organization` by `way`, on whatever day. */
bool presentation_store_is_known(Db *db, gint64 plan, gint64 organization, PresentationWay way,
                                 bool *ret_known, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes back what was recorded by mistake: of whatever revision of `release`. *ret_removed false: there was
 * none. Inside the open write transaction; appends no audit row. */
bool presentation_store_remove(Db *db, gint64 release, gint64 organization, PresentationWay way, Day day,
                               bool *ret_removed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
