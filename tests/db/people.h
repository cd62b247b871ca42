#ifndef KIGEN_TESTS_DB_PEOPLE_H
#define KIGEN_TESTS_DB_PEOPLE_H

/* Users of a test's store, and what each of them does to a plan. */

#include "db/plan_publish.h"
#include "db/plan_review.h"
#include "db/plan_withdraw.h"
#include "tests/db/base.h"

/* Row ids. */
enum {
  SATO = 1, /* planner */
  TANAKA,   /* planner, approver */
  SUZUKI,   /* approver */
  ABE,      /* quality */
  MORI,     /* viewer */
  PEOPLE_END
};

/* Adds them, since 2031-03-30T00:00:00Z; "佐藤 一郎" and so on. */
void people_add(Db *db);
/* base_context, acted in by user `id` (0: before there are users). */
AuditContext people_context(gint64 id);

/* What a step is, for tables: "set", "submit", "approve", "reject", "publish", "withdraw", "discard",
 * "override". Takes the step in a transaction of its own on `plan` (set: on release 1, market "*"), rolled
 * back when it fails. Returns whether it was done; *error is set else. */
bool people_step(Db *db, gint64 user, const char *step, gint64 plan, const SupportPlan *content,
                 GError **error);

/* The open revision of release 1, 0 when there is none; the one in force. */
gint64 people_open(Db *db);
gint64 people_in_force(Db *db);

#endif
