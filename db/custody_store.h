#ifndef KIGEN_DB_CUSTODY_STORE_H
#define KIGEN_DB_CUSTODY_STORE_H

/* Who owns, sold, repairs and used a device. */

#include "db/audit.h"
#include "db/upsert.h"

/* The fields, as texts (upsert.h). */
typedef enum {
  CUSTODY_DEVICE, /* the device's id */
  CUSTODY_ROLE,
  CUSTODY_ORGANIZATION, /* the organization's id */
  CUSTODY_SINCE,        /* NULL: unknown */
  CUSTODY_UNTIL,        /* NULL: still so */
  CUSTODY_LEASE_END,
  CUSTODY_REFERENCE,
  CUSTODY_FIELDS
} CustodyField;

/* Inside the open write transaction; see upsert_put. Marks the holdings concerned. A user without an end
 * whose time has begun becomes the device's organization (device_store_move), unless another began later. */
bool custody_store_put(Db *db, const AuditContext *context, const char *const value[static CUSTODY_FIELDS],
                       guint32 given, gint64 *ret_id, UpsertResult *ret_result, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
