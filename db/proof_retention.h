#ifndef KIGEN_DB_PROOF_RETENTION_H
#define KIGEN_DB_PROOF_RETENTION_H

/* How long it is kept what a message was rendered from. It holds who it went to, and is needed as long as
 * somebody may ask what exactly was told; its digest, its dates and its states are kept for ever (GDPR art.
 * 5(1)(e)). */

#include "db/audit.h"

/* Messages, still kept, of which no notice is about a release that anybody may hold to its dates after
 * `limit`: every EOS of the release that was ever published or promised to a customer (extension) lies before
 * it; one that is unknown or not announced does not. */
bool proof_retention_count(Db *db, Day limit, gint64 *ret_messages, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Erases what those were rendered from, with an audit row if there are any, inside the open write
 * transaction. */
bool proof_retention_erase(Db *db, const AuditContext *context, Day limit, const char *reason,
                           gint64 *ret_messages, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
