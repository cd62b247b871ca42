#ifndef KIGEN_DB_ADVISORY_SUPERSEDE_H
#define KIGEN_DB_ADVISORY_SUPERSEDE_H

/* Messages that a correction, or a withdrawal, overtakes. Only advisory_telling.c uses this. */

#include "db/audit.h"

/* Supersedes messages that have not gone and carry only older revisions of `advisory` (once it is withdrawn:
 * also itself), and takes these out of messages never tried that carry something else too. Who was told is to
 * be remembered before. Inside the open write transaction. */
bool advisory_supersede_messages(Db *db, const AuditContext *context, gint64 advisory, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
