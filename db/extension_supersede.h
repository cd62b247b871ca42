#ifndef KIGEN_DB_EXTENSION_SUPERSEDE_H
#define KIGEN_DB_EXTENSION_SUPERSEDE_H

/* What an extension overtakes: notices of EOS that tell an organization a day on which nothing of its ends
 * any more, and have not gone yet. Only extension_store.c uses this. */

#include "db/audit.h"

/* After an extension of `release` at `organization` was set or ended: as plan_supersede_messages, messages
 * that wait and carry nothing else become superseded, and such a notice is taken out of others that were
 * never tried. Inside the open write transaction. */
bool extension_supersede_messages(Db *db, const AuditContext *context, gint64 release, gint64 organization,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
