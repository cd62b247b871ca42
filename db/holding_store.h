#ifndef KIGEN_DB_HOLDING_STORE_H
#define KIGEN_DB_HOLDING_STORE_H

/* Holdings: who holds how many units of which release, in which role. Feeds, audiences and counts read them,
 * not a million devices. They follow from device (its release and software release, the user) and custody
 * (owner, seller, repairer, as long as it lasts); disposed and transferred units do not count. A change of
 * the count moves the version; a holding that ends stays, with count 0 and its last day. Pairs
 * (db/holding_pair.h) and the units of extensions (db/extension_units.h) are kept with them. */

#include "db/audit.h"

/* All inside one write transaction. Clears the marks. */
bool holding_store_begin(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Marks what the device concerns: its releases, for its user and everyone in its custody. Call it before the
 * device changes and after. */
bool holding_store_touch(Db *db, gint64 device, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for one organization: after a change of its custody of the device. */
bool holding_store_touch_organization(Db *db, gint64 device, gint64 organization, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Brings what is marked up to date, and clears the marks. *ret_changed: holdings opened, changed or
 * ended. */
bool holding_store_refresh(Db *db, const AuditContext *context, gint64 *ret_changed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for everything: after a first load, or when time has ended custodies. *ret_besides (may be NULL):
 * pairs and extensions that changed. */
bool holding_store_refresh_all(Db *db, const AuditContext *context, gint64 *ret_changed, gint64 *ret_besides,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes that holdings are up to date with the custodies that had ended by `today` (db/holding_ended.h); after
 * a refresh of everything it is. */
bool holding_store_set_day(Db *db, Day today, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
