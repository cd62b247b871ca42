#ifndef KIGEN_DB_PLAN_STEP_H
#define KIGEN_DB_PLAN_STEP_H

/* What every step in the life of a revision has in common: whether it is possible now, who may take it, the
 * event and the audit row that it leaves. The steps themselves: plan_review.h, plan_publish.h,
 * plan_withdraw.h.
 */

#include "db/plan_event_store.h"
#include "planner/revision.h"

#define PLAN_STEP_ERROR (plan_step_error_quark())
typedef enum {
  PLAN_STEP_ERROR_REFUSED, /* not possible in this state, or not for this person */
  PLAN_STEP_ERROR_CLOCK    /* today lies before what happened to the release last: a clock was set back */
} PlanStepError;
GQuark plan_step_error_quark(void);

/* A step that is possible. */
typedef struct {
  PlanRow *row;      /* the revision as it was before */
  PlanRow *in_force; /* the published revision of its release and market, or NULL; it may be the same one */
  bool again;        /* a revision of it was published before */
  bool two_people;   /* the store has users */
  guint8 content[PLAN_EVENT_CONTENT_SIZE];
} PlanStep;

void plan_step_clear(PlanStep *step);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlanStep, plan_step_clear)

/* Loads revision `plan` and asks revision_next whether `event` is possible, and the clock. Inside the open
 * write transaction. Errors: PLAN_STEP_ERROR, with the remedy. */
bool plan_step_begin(Db *db, const AuditContext *context, gint64 plan, RevisionEvent event,
                     PlanStep *ret_step, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a step that changes no state: the revision has to be open. `what`: "be overridden". */
bool plan_step_begin_open(Db *db, const AuditContext *context, gint64 plan, const char *what,
                          PlanStep *ret_step, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets PLAN_STEP_ERROR_REFUSED: "PUMP/1.0, revision 2, " and what is said. Returns false. */
bool plan_step_refuse(const PlanStep *step, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Refuses whoever of the context has none of the roles `allowed`, or wrote any of the revision. *ret_role =
 * key of the role in which the step is taken: of several the one that answers for most. `what`: "approve it".
 * Needs a store with users. */
bool plan_step_person(Db *db, const AuditContext *context, const PlanStep *step, guint allowed,
                      const char *what, const char **ret_role, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Leaves the event, and the audit row "plan.<event>" with what the plan says (and, of an open revision, what
 * the plan in force says). */
bool plan_step_record(Db *db, const AuditContext *context, const PlanStep *step, const PlanEventWords *words,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
