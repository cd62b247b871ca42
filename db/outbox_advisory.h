#ifndef KIGEN_DB_OUTBOX_ADVISORY_H
#define KIGEN_DB_OUTBOX_ADVISORY_H

/* The advisories of a message, each with the releases that it is about and the organization has. Only
 * outbox_letter.c uses this. */

#include "db/outbox_letter.h"

/* Puts the live advisories' notices of message `letter->id` into letter->notices, urgent ones first, without
 * devices; those of a superseded or withdrawn advisory (a withdrawal excepted) are counted as overtaken. */
bool outbox_advisory_load(Db *db, OutboxLetter *letter, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A notice of stored advisory `id` to `organization`, as it would be if it were published, or as it is: for a
 * letter that is only shown. */
bool outbox_advisory_imagine(Db *db, gint64 id, gint64 organization, OutboxNotice **ret_notice,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
