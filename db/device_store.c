#include "db/device_store.h"

#include "db/holding_store.h"

static const char *const fallback[DEVICE_FIELDS] = {
  [DEVICE_LOT_KEY] = "",
  [DEVICE_QUANTITY] = "1",
  [DEVICE_STATUS] = "in-use",
};

#define COLUMNS                                                                                              \
  "product, release, software_release, serial, serial_key, lot, lot_key, quantity, udi, organization,"       \
  " department, location, asset_no, shipped_on, installed_on, disposed_on, contract_until, status"
#define INSERT                                                                                               \
  "INSERT INTO device (" COLUMNS ")"                                                                         \
  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
#define UPDATE                                                                                               \
  "UPDATE device SET product = $1, release = $2, software_release = $3, serial = $4, serial_key = $5,"       \
  " lot = $6, lot_key = $7, quantity = $8, udi = $9, organization = $10, department = $11, location = $12,"  \
  " asset_no = $13, shipped_on = $14, installed_on = $15, disposed_on = $16, contract_until = $17,"          \
  " status = $18 WHERE id = $19"

/* The fields in indexes (device_store_end_load), and the update of the others. */
#define INDEXED                                                                                              \
  (1u << DEVICE_PRODUCT | 1u << DEVICE_RELEASE | 1u << DEVICE_SOFTWARE_RELEASE | 1u << DEVICE_SERIAL_KEY |   \
   1u << DEVICE_LOT_KEY | 1u << DEVICE_ORGANIZATION | 1u << DEVICE_CONTRACT_UNTIL)
#define UPDATE_REST                                                                                          \
  "UPDATE device SET serial = $1, lot = $2, quantity = $3, udi = $4, department = $5, location = $6,"        \
  " asset_no = $7, shipped_on = $8, installed_on = $9, disposed_on = $10, status = $11 WHERE id = $12"

/* The fields that holdings follow. */
#define HELD                                                                                                 \
  (1u << DEVICE_RELEASE | 1u << DEVICE_SOFTWARE_RELEASE | 1u << DEVICE_ORGANIZATION |                        \
   1u << DEVICE_QUANTITY | 1u << DEVICE_STATUS)

static const Upsert by_serial = {
  .fields = DEVICE_FIELDS,
  .key = 1u << DEVICE_PRODUCT | 1u << DEVICE_SERIAL_KEY,
  .fallback = fallback,
  .find = { "SELECT id, " COLUMNS " FROM device WHERE product = $1 AND serial_key = $2" },
  .insert = { INSERT },
  .update = { UPDATE },
  .indexed = INDEXED,
  .update_rest = { UPDATE_REST },
};

static const Upsert by_lot = {
  .fields = DEVICE_FIELDS,
  .key = 1u << DEVICE_RELEASE | 1u << DEVICE_LOT_KEY | 1u << DEVICE_ORGANIZATION,
  .fallback = fallback,
  .find = { "SELECT id, " COLUMNS " FROM device"
            " WHERE release = $1 AND lot_key = $2 AND organization = $3 AND serial_key IS NULL" },
  .insert = { INSERT },
  .update = { UPDATE },
  .indexed = INDEXED,
  .update_rest = { UPDATE_REST },
};

static const Upsert *upsert_for(const char *const *value)
{
  return value[DEVICE_SERIAL_KEY] != NULL ? &by_serial : &by_lot;
}

bool device_store_is_empty(Db *db, bool *ret_empty, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM device LIMIT 1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  db_reset(statement);
  *ret_empty = !row;
  return true;
}

bool device_store_find(Db *db, const char *const value[static DEVICE_FIELDS], gint64 *ret_id, GError **error)
{
  return upsert_find(db, upsert_for(value), value, ret_id, error);
}

/* Ends, on `end`, the time of everyone else who was the user without an end. */
static bool end_users(Db *db, gint64 device, gint64 organization, const char *end, GError **error)
{
  static const DbQuery query = { "UPDATE custody SET until = $3 WHERE device = $1 AND role = 'user'"
                                 " AND organization <> $2 AND until IS NULL AND since <= $3" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  db_bind_int(statement, 2, organization);
  db_bind_text(statement, 3, end);
  return db_run(statement, error);
}

/* Notes the user up to `end` where custody does not know of it. */
static bool note_user(Db *db, gint64 device, gint64 organization, const char *end, GError **error)
{
  static const DbQuery query = { "INSERT INTO custody (device, role, organization, until)"
                                 " SELECT $1, 'user', $2, $3 WHERE NOT EXISTS (SELECT 1 FROM custody"
                                 " WHERE device = $1 AND role = 'user' AND organization = $2)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  db_bind_int(statement, 2, organization);
  db_bind_text(statement, 3, end);
  return db_run(statement, error);
}

/* Custody keeps that the device was at `from` before it went to `to` on `since`. */
static bool keep_history(Db *db, const AuditContext *context, gint64 device, gint64 from, gint64 to,
                         Day since, GError **error)
{
  char end[DAY_TEXT_SIZE];

  day_format(since != DAY_NONE ? since - 1 : context->today, end);
  return end_users(db, device, to, end, error) && note_user(db, device, from, end, error);
}

static gint64 number(const char *text)
{
  return g_ascii_strtoll(text, NULL, 10);
}

bool device_store_put(Db *db, const AuditContext *context, const char *const value[static DEVICE_FIELDS],
                      guint32 given, gint64 *ret_id, UpsertResult *ret_result, GError **error)
{
  const Upsert *upsert = upsert_for(value);
  g_auto(UpsertRow) row = { 0 };

  if (!upsert_look(db, upsert, value, given, &row, error))
    return false;
  bool stored = row.id != 0;
  bool held = row.differs && (!stored || (row.changed & HELD) != 0);
  bool moves = stored && (row.changed & 1u << DEVICE_ORGANIZATION) != 0;

  if (stored && held && !holding_store_touch(db, row.id, error))
    return false;
  if (moves && !keep_history(db, context, row.id, number(row.stored[DEVICE_ORGANIZATION]),
                             number(row.written[DEVICE_ORGANIZATION]), DAY_NONE, error))
    return false;
  if (!upsert_write(db, upsert, &row, error) || (held && !holding_store_touch(db, row.id, error)))
    return false;
  *ret_id = row.id;
  *ret_result = !stored ? UPSERT_ADDED : row.differs ? UPSERT_CHANGED : UPSERT_UNCHANGED;
  return true;
}

static bool load_organization(Db *db, gint64 device, gint64 *ret_organization, GError **error)
{
  static const DbQuery query = { "SELECT organization FROM device WHERE id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  if (!db_step(statement, &row, error))
    return false;
  g_assert(row);
  *ret_organization = db_int(statement, 0);
  db_reset(statement);
  return true;
}

static bool set_organization(Db *db, gint64 device, gint64 organization, GError **error)
{
  static const DbQuery query = { "UPDATE device SET organization = $2 WHERE id = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  db_bind_int(statement, 2, organization);
  return db_run(statement, error);
}

bool device_store_move(Db *db, const AuditContext *context, gint64 device, gint64 organization, Day since,
                       bool *ret_moved, GError **error)
{
  gint64 from;

  if (!load_organization(db, device, &from, error))
    return false;
  if (from != organization &&
      (!holding_store_touch(db, device, error) ||
       !keep_history(db, context, device, from, organization, since, error) ||
       !set_organization(db, device, organization, error) || !holding_store_touch(db, device, error)))
    return false;
  *ret_moved = from != organization;
  return true;
}

bool device_store_renumber(Db *db, gint64 device, const char *serial, const char *serial_key, GError **error)
{
  static const DbQuery query = { "UPDATE device SET serial = $2, serial_key = $3 WHERE id = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, device);
  db_bind_text(statement, 2, serial);
  db_bind_text(statement, 3, serial_key);
  return db_run(statement, error);
}

bool device_store_begin_load(Db *db, GError **error)
{
  static const DbQuery queries[] = {
    { "DROP INDEX device_serial" },           { "DROP INDEX device_lot" },
    { "DROP INDEX device_organization" },     { "DROP INDEX device_release" },
    { "DROP INDEX device_software_release" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
    if (!db_exec(db, &queries[i], error))
      return false;
  }
  return true;
}

bool device_store_add(Db *db, const char *const value[static DEVICE_FIELDS], gint64 *ret_id, GError **error)
{
  return upsert_insert(db, &by_serial, value, ret_id, error);
}

bool device_store_end_load(Db *db, GError **error)
{
  /* As in db/migrations; a test compares. */
  static const DbQuery queries[] = {
    { "CREATE UNIQUE INDEX device_serial ON device (product, serial_key) WHERE serial_key IS NOT NULL" },
    { "CREATE UNIQUE INDEX device_lot ON device (organization, release, lot_key) WHERE serial_key IS NULL" },
    { "CREATE INDEX device_organization ON device (organization, release)" },
    { "CREATE INDEX device_release ON device (release, contract_until)" },
    { "CREATE INDEX device_software_release ON device (software_release, contract_until)"
      " WHERE software_release IS NOT NULL" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
    if (!db_exec(db, &queries[i], error))
      return false;
  }
  return true;
}
