#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_RECOVER_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_RECOVER_H

/* What a queue manager that died has left in `sending`. Only deliver.c calls this, which holds the sheet. */

#include "db/outbox_lease.h"
#include "notifier/mail/deliver_sheet.h"

/* Settles every lease of `channel` by what its senders have noted down: an outcome holds, a mail that was not
 * begun goes back, one that was is unknown; unknown are also those that no note can be relied on for (another
 * boot, another store). One transaction, audited. Errors: DB_ERROR. */
bool deliver_recover(Db *db, const AuditContext *audit, const char *channel, const DeliverSheet *sheet,
                     gint64 *ret_recovered, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
