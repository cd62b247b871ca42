#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_IDENTITY_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_IDENTITY_H

/* Who sends: addresses checked once, the maker's record as it is now, the signed head of the trail. Only
 * deliver.c calls this. */

#include "notifier/mail/deliver.h"

/* Checks the addresses of `options` and those that the store gives instead. Errors: DELIVER_ERROR_SENDER,
 * DB_ERROR. */
bool deliver_identity_check(Db *db, const DeliverOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The style of the mails that are rendered from now on. Errors: the same. */
bool deliver_identity_style(Db *db, const DeliverOptions *options, const AuditContext *audit,
                            DeliverStyle **ret_style, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
