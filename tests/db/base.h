#ifndef KIGEN_TESTS_DB_BASE_H
#define KIGEN_TESTS_DB_BASE_H

/* A small maker's store: products PUMP (releases 1.0, 2.0) and VIEW (release A), and plans to put on them. */

#include "db/audit.h"
#include "planner/plan.h"

#include <check.h>

/* Acts as "tester" on 2031-03-31 unless a test sets another day. */
extern AuditContext base_context;

/* A new store "kigen.db" with init's row, the products and releases. Row ids: product PUMP 1, VIEW 2;
 * releases PUMP/1.0 1, PUMP/2.0 2, VIEW/A 3. */
Db *base_store(void);

/* A declared plan; dates as ISO text, NULL unknown, "tba". */
SupportPlan *base_plan(const char *eol, const char *eos);

/* Puts `plan` as the draft of `release` (market "*") in a transaction of its own and returns the open
 * revision's id.
 */
gint64 base_draft(Db *db, gint64 release, const SupportPlan *plan);

#endif
