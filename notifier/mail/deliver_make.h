#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_MAKE_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_MAKE_H

/* What falls due today becomes notices and waiting messages: the first half of a delivery, and what a
 * simulation plays day by day. */

#include "db/audit.h"
#include "planner/calendar.h"
#include "planner/policy.h"

/* By which rules, for which day. Nothing is owned. */
typedef struct {
  const AuditContext *audit; /* its `today` is the day */
  const Policy *policy;
  const BusinessCalendar *calendar;
  const GPtrArray *plans; /* PlanRow: only these plans in force, as a simulation that knows whose turn it is
                             says; NULL: every one */
  bool escalate;          /* to the next contacts too, which takes a look at all that was told: once a day */
} DeliverMaking;

/* First brings holdings up to date with custodies that ended (db/holding_ended.h). Then for every plan in
 * force makes the notices due on audit->today or overdue that are not made yet; of several overdue reminders
 * of a kind only the latest, none from before the plan's publication. Whoever came to hold the release since
 * its plan was announced gets that announcement now, and an advisory in force about it (domain.md, Notices).
 * In the end what came back, or nobody answers, goes to the next contacts (db/escalation_store.h).
 * Idempotent: a second call makes nothing. Opens its own write transactions, one a plan or a
 * notice that is escalated, and none for one with nothing to do. *ret_notices = notices made, *ret_messages =
 * outbox rows made. Errors: DB_ERROR. */
bool deliver_make_due(Db *db, const DeliverMaking *making, gint64 *ret_notices, gint64 *ret_messages,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Plays one day on a copy of the store, for a simulation: makes what falls due on audit->today, lists what
 * then waits over any channel (GPtrArray of OutboxTelling, db/outbox_list.h, with free function) and lets it
 * count as gone. Writes to `db`; sends nothing. Errors: DB_ERROR. */
bool deliver_make_and_pretend(Db *db, const DeliverMaking *making, GPtrArray **ret_tellings, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
