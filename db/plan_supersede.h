#ifndef KIGEN_DB_PLAN_SUPERSEDE_H
#define KIGEN_DB_PLAN_SUPERSEDE_H

/* What a newer revision, or a withdrawal, overtakes: messages that have not gone yet. Only plan_telling.c
 * and plan_withdraw.c use this. */

#include "db/plan_store.h"

/* For the `plan` just published, or just withdrawn (then its own notices are overtaken too): messages that
 * wait (pending, deferred) and carry nothing but notices of older revisions of its release and market, or,
 * where it is a market's own plan, of those for every market to organizations of that market, become
 * superseded, with an outbox_event; where such a notice shares a message with others, it is taken out of it.
 * Inside the open write transaction. */
bool plan_supersede_messages(Db *db, const AuditContext *context, gint64 plan, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
