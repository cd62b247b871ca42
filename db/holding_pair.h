#ifndef KIGEN_DB_HOLDING_PAIR_H
#define KIGEN_DB_HOLDING_PAIR_H

/* Pairs: how many units an organization has that are made of one hardware and one software release, by role,
 * counted as holdings are and kept with them: only holding_store.c uses this. A change of the count moves the
 * version; a pair that is gone stays, with count 0, and its version moves by as much as both releases have
 * changed meanwhile: what a feed counts from it never falls (notifier/feed/feed_history.h). */

#include "db/audit.h"

/* Makes the temporary table it works with, empty. */
bool holding_pair_begin(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Brings up to date the pairs of which both releases are marked for the organization (temporary table
 * holding_touched). Adds to *changed how many that were. */
bool holding_pair_refresh(Db *db, const AuditContext *context, gint64 *changed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for every pair. */
bool holding_pair_refresh_all(Db *db, const AuditContext *context, gint64 *changed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
