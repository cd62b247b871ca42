#ifndef KIGEN_DB_DEVICE_STORE_H
#define KIGEN_DB_DEVICE_STORE_H

/* Devices: installed units and lots. organization is the user. Holdings follow by holding_store.h, which the
 * caller asks at the end. */

#include "db/audit.h"
#include "db/upsert.h"

/* The fields, as texts (upsert.h). */
typedef enum {
  DEVICE_PRODUCT,          /* the product's id */
  DEVICE_RELEASE,          /* the release's id */
  DEVICE_SOFTWARE_RELEASE, /* the release's id */
  DEVICE_SERIAL,           /* as given */
  DEVICE_SERIAL_KEY,       /* what equality means; NULL: a lot */
  DEVICE_LOT,
  DEVICE_LOT_KEY,
  DEVICE_QUANTITY,
  DEVICE_UDI,
  DEVICE_ORGANIZATION, /* the organization's id */
  DEVICE_DEPARTMENT,
  DEVICE_LOCATION,
  DEVICE_ASSET_NO,
  DEVICE_SHIPPED_ON,
  DEVICE_INSTALLED_ON,
  DEVICE_DISPOSED_ON,
  DEVICE_CONTRACT_UNTIL,
  DEVICE_STATUS,
  DEVICE_FIELDS
} DeviceField;

/* True when there is no device at all. */
bool device_store_is_empty(Db *db, bool *ret_empty, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The id of the device with that key (product and serial_key; or, where serial_key is NULL, organization,
 * release and lot_key), 0 when there is none. */
bool device_store_find(Db *db, const char *const value[static DEVICE_FIELDS], gint64 *ret_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Inside the open write transaction; see upsert_put. Before and after a change the holdings concerned are
 * marked (holding_store_touch). A device that moves to another organization leaves a custody row behind. */
bool device_store_put(Db *db, const AuditContext *context, const char *const value[static DEVICE_FIELDS],
                      guint32 given, gint64 *ret_id, UpsertResult *ret_result, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The device's user becomes `organization` on `since` (DAY_NONE: unknown; context->today then ends the time
 * of the one before): custody keeps the history. Nothing when it is the user already. Marks holdings. */
bool device_store_move(Db *db, const AuditContext *context, gint64 device, gint64 organization, Day since,
                       bool *ret_moved, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The device gets another serial number, as given and as what equality means of it: no other device of its
 * product may have that. Inside the open write transaction; no holding changes by it. */
bool device_store_renumber(Db *db, gint64 device, const char *serial, const char *serial_key, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A first load into an empty table: takes the indexes of device off, and puts them on again. Between the two
 * only device_store_add is called: it neither looks for the row nor marks holdings. The caller has made sure
 * that no key comes twice. */
bool device_store_begin_load(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool device_store_add(Db *db, const char *const value[static DEVICE_FIELDS], gint64 *ret_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
bool device_store_end_load(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
