#ifndef KIGEN_DB_OUTBOX_GAUGE_H
#define KIGEN_DB_OUTBOX_GAUGE_H

/* How much waits in the outbox, and for how long: for a monitor that calls somebody when notices stand still.
 */

#include "db/db.h"
#include "planner/day.h"
#include "planner/outbox_life.h"

typedef struct {
  gint64 count[OUTBOX_STATE_COUNT];
  gint64 oldest; /* seconds since 1970 at which the oldest message was made that is due and has not gone out
                    (pending, sending, deferred, unknown); 0: none waits */
} OutboxGauge;

/* As of `today`. Errors: DB_ERROR. */
bool outbox_gauge_load(Db *db, Day today, OutboxGauge *ret_gauge, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
