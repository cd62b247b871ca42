#ifndef KIGEN_DB_OUTBOX_URGENT_H
#define KIGEN_DB_OUTBOX_URGENT_H

/* The urgent mark of a message: it carries a notice that notice_kind_is_urgent says of. What is leased first
 * (db/outbox_lease.h) is read from it. Whoever puts notices into messages calls this in the same transaction,
 * once a notice or a message, not once a row; whoever takes urgent ones out of a message that stays looks
 * whether one is left (db/advisory_supersede.c). `kigen doctor` compares. */

#include "db/db.h"

/* In SQL: the kinds that are urgent, as notice_kind_is_urgent says. */
#define OUTBOX_URGENT_KINDS "('security-advisory', 'stop-use-recommendation')"

/* In SQL: messages that carry an urgent notice, a set of ids. */
#define OUTBOX_URGENT_CARRIERS                                                                               \
  "(SELECT ux.outbox FROM notice un JOIN outbox_notice ux ON ux.notice = un.id"                              \
  " WHERE un.kind IN " OUTBOX_URGENT_KINDS ")"

/* In SQL, true where row `o` of outbox is not marked and should be, and the other way round. */
#define OUTBOX_URGENT_UNMARKED(o) o ".urgent = 0 AND " o ".id IN " OUTBOX_URGENT_CARRIERS
#define OUTBOX_URGENT_MISMARKED(o) o ".urgent = 1 AND " o ".id NOT IN " OUTBOX_URGENT_CARRIERS

/* Notice `notice` was put into messages for the organizations of the connection's temporary table `audience`
 * (db/audience.h): marks these messages, where it is urgent. */
bool outbox_urgent_mark_audience(Db *db, gint64 notice, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What message `outbox` carries was put into other messages too: marks all that carry an urgent notice of it
 * for the same organization. */
bool outbox_urgent_mark_alike(Db *db, gint64 outbox, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Marks every message as what it carries says. Inside the open write transaction; *ret_changed messages were
 * marked wrongly. */
bool outbox_urgent_recount(Db *db, gint64 *ret_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
