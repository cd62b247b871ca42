#ifndef KIGEN_DB_EXTENSION_UNITS_H
#define KIGEN_DB_EXTENSION_UNITS_H

/* How many units an extension of one device stands for: the device's, as long as it is that customer's and of
 * that release, else none (the contract stays, and holds again when the device comes back). Kept with the
 * holdings. */

#include "db/audit.h"
#include "db/holding_units.h"

/* The device d is the organization o's on day $2, and counts. Whom a device belongs to depends on how the
 * organization is concerned: a lessor owns it, a hospital uses it. */
#define EXTENSION_UNITS_THEIRS                                                                               \
  HOLDING_UNITS_COUNT " AND CASE o.role WHEN 'lessor' THEN EXISTS (SELECT 1 FROM custody c"                  \
                      " WHERE c.device = d.id AND c.organization = o.id AND c.role = 'owner'"                \
                      " AND (c.until IS NULL OR c.until >= $2)) ELSE d.organization = o.id END"

/* What the extension x stands for on day $2. */
#define EXTENSION_UNITS_OF(x)                                                                                \
  "coalesce((SELECT d.quantity FROM device d JOIN organization o ON o.id = " x ".organization WHERE d.id ="  \
  " " x ".device AND (d.release = " x ".release OR d.software_release = " x ".release)"                      \
  " AND" EXTENSION_UNITS_THEIRS "), 0)"

/* Brings up to date those of which release and organization are marked (temporary table holding_touched of
 * holding_store.c). Adds to *changed how many that were. */
bool extension_units_refresh(Db *db, const AuditContext *context, gint64 *changed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for every one. */
bool extension_units_refresh_all(Db *db, const AuditContext *context, gint64 *changed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
