#include "db/custody_store.h"

#include "db/device_store.h"
#include "db/holding_store.h"

static const char *const fallback[CUSTODY_FIELDS] = { [CUSTODY_SINCE] = "" };

static const Upsert custody = {
  .fields = CUSTODY_FIELDS,
  .key = 1u << CUSTODY_DEVICE | 1u << CUSTODY_ROLE | 1u << CUSTODY_ORGANIZATION | 1u << CUSTODY_SINCE,
  .fallback = fallback,
  .find = { "SELECT id, device, role, organization, since, until, lease_end, reference FROM custody"
            " WHERE device = $1 AND role = $2 AND organization = $3 AND since = $4" },
  .insert = { "INSERT INTO custody (device, role, organization, since, until, lease_end, reference)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7)" },
  .update = { "UPDATE custody SET device = $1, role = $2, organization = $3, since = $4, until = $5,"
              " lease_end = $6, reference = $7 WHERE id = $8" },
};

/* The one who became the user last and still is, 0: custody knows none. */
static bool present_user(Db *db, const AuditContext *context, gint64 device, gint64 *ret_organization,
                         Day *ret_since, GError **error)
{
  static const DbQuery query = { "SELECT organization, since FROM custody"
                                 " WHERE device = $1 AND role = 'user' AND until IS NULL AND since <= $2"
                                 " ORDER BY since DESC, id DESC LIMIT 1" };
  char today[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  db_bind_text(statement, 2, day_format(context->today, today));
  if (!db_step(statement, &row, error))
    return false;
  *ret_since = DAY_NONE;
  *ret_organization = row ? db_int(statement, 0) : 0;
  if (row && !day_parse(db_text(statement, 1), ret_since))
    *ret_since = DAY_NONE;
  db_reset(statement);
  return true;
}

static bool move_device(Db *db, const AuditContext *context, gint64 device, GError **error)
{
  gint64 organization;
  Day since;
  bool moved;

  if (!present_user(db, context, device, &organization, &since, error))
    return false;
  return organization == 0 || device_store_move(db, context, device, organization, since, &moved, error);
}

bool custody_store_put(Db *db, const AuditContext *context, const char *const value[static CUSTODY_FIELDS],
                       guint32 given, gint64 *ret_id, UpsertResult *ret_result, GError **error)
{
  gint64 device = g_ascii_strtoll(value[CUSTODY_DEVICE], NULL, 10);

  if (!upsert_put(db, &custody, value, given, ret_id, ret_result, error))
    return false;
  if (*ret_result == UPSERT_UNCHANGED)
    return true;
  if (g_strcmp0(value[CUSTODY_ROLE], "user") == 0 && !move_device(db, context, device, error))
    return false;
  return holding_store_touch_organization(db, device, g_ascii_strtoll(value[CUSTODY_ORGANIZATION], NULL, 10),
                                          error);
}
