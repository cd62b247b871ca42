#ifndef KIGEN_DB_OUTBOX_OVERTAKEN_H
#define KIGEN_DB_OUTBOX_OVERTAKEN_H

/* What a message no longer says: db/plan_supersede.c and its like take an overtaken notice out of a message
 * that was never tried; one that was tried may have arrived, and is rendered anew only where it cannot have.
 * Only then is it known what it says, and what it left out must not count as told by it. */

#include "db/outbox_store.h"

/* Takes out of message `id` the notices that are overtaken and that `context`, what it is rendered from, does
 * not hold. Inside the open write transaction. Errors: DB_ERROR. */
bool outbox_overtaken_leave_out(Db *db, gint64 id, const OutboxContext *context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
