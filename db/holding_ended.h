#ifndef KIGEN_DB_HOLDING_ENDED_H
#define KIGEN_DB_HOLDING_ENDED_H

/* Custodies end by themselves, on a day that was entered long before: whoever owned, sold or repaired a unit
 * until then holds it no more. Nothing is written on that day, so somebody has to look: the delivery does,
 * before it works out whom a notice concerns. */

#include "db/audit.h"

/* Brings holdings up to date with the custodies that ended since that was last done, once a day: at any other
 * call it reads one row. In a write transaction of its own, with an audit row when something changed.
 * *ret_changed: holdings changed or ended. */
bool holding_ended_catch_up(Db *db, const AuditContext *context, gint64 *ret_changed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
