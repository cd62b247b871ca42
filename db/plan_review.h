#ifndef KIGEN_DB_PLAN_REVIEW_H
#define KIGEN_DB_PLAN_REVIEW_H

/* The steps between writing a revision and publishing it. Each is for the open write transaction, leaves an
 * event and an audit row, and fails with PLAN_STEP_ERROR where it is not possible, or not for this person. */

#include "db/plan_step.h"
#include "planner/rule.h"

/* Hands the draft `plan` to whoever approves. `reason` (or NULL) stays with the plan: it is the "why" of the
 * change notice, and answers the warnings. The caller has asked the rules. */
bool plan_review_submit(Db *db, const AuditContext *context, gint64 plan, const char *reason, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Approves what was submitted, in a role that `policy` names for the notice that publication will make; never
 * by who wrote any of it. */
bool plan_review_approve(Db *db, const AuditContext *context, gint64 plan, const Policy *policy,
                         const char *reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives it back to its author as a draft. With users it takes a role that could approve it. */
bool plan_review_reject(Db *db, const AuditContext *context, gint64 plan, const Policy *policy,
                        const char *reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Lets the open revision, as it is now, past `rule`: signed in one of policy->override_signers by somebody
 * who wrote none of it. Errors also for a rule that nothing lifts and a reason that says nothing. The caller
 * has seen that the rule stands in the way. */
bool plan_review_override(Db *db, const AuditContext *context, gint64 plan, const Policy *policy,
                          const Rule *rule, const char *reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Throws the open revision away; the audit row keeps what it was. */
bool plan_review_discard(Db *db, const AuditContext *context, gint64 plan, const char *reason, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
