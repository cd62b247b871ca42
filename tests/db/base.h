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

/* The base store with hospitals and plan PUMP/1.0 (release 1) in draft:
 * 1 H1 (two contacts, the second first in order), 2 H2 of corporation 9, without a contact of its own, 3 H3
 * with nobody, 4 D4 a distributor, 5 H5 whose holding has ended, 6 H6 of corporation 9 too, with an expired
 * contact, 7 and 8 that are each other's parents, 9 the corporation, 10 H10 with a contact that has no e-mail
 * and one by fax. */
Db *base_installed(void);

/* Publishes base_plan(eol, "2038-03-31") for `release` in a transaction of its own; returns the messages
 * made. */
gint64 base_publish(Db *db, gint64 release, const char *eol);

/* Fails the test unless outbox.urgent is what each message carries; returns how many are urgent. */
gint64 base_urgent(Db *db);

#endif
