#ifndef KIGEN_DB_PLAN_WITHDRAW_H
#define KIGEN_DB_PLAN_WITHDRAW_H

/* Taking back a published plan: it holds no more, and nothing replaces it. */

#include "db/plan_step.h"
#include "planner/policy.h"

/* What a withdrawal makes. */
typedef struct {
  gint64 organizations; /* that are told */
  gint64 messages;      /* new outbox rows */
} PlanWithdrawal;

/* Withdraws the published revision `plan`, with a reason that everyone who holds the release is told: makes
 * the withdrawal notice and their messages, lets what waits of the plan be overtaken, appends an event and an
 * audit row; all inside the open write transaction. With users it takes a role of
 * policy->approvers[NOTICE_WITHDRAWAL], and somebody who wrote nothing of the revision. No rule stops it.
 * Errors: PLAN_STEP_ERROR. */
bool plan_withdraw(Db *db, const AuditContext *context, gint64 plan, const Policy *policy, const char *reason,
                   PlanWithdrawal *ret_withdrawal, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
