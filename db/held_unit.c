#include "db/held_unit.h"

#include "db/day_column.h"
#include "db/device_place.h"
#include "db/held_role.h"
#include "db/holding_units.h"

#include <string.h>

void held_unit_free(HeldUnit *unit)
{
  if (unit == NULL)
    return;
  g_free(unit->product);
  g_free(unit->product_name_ja);
  g_free(unit->product_name_en);
  g_free(unit->model);
  g_free(unit->software);
  g_free(unit->serial);
  g_free(unit->lot);
  g_free(unit->udi);
  g_free(unit->department);
  g_free(unit->location);
  g_free(unit->asset_no);
  g_free(unit->status);
  g_free(unit);
}

/* At organization $1 … */
#define USED " FROM device d WHERE d.organization = $1 AND" HOLDING_UNITS_COUNT
/* … or in its custody as $3 on day $2. */
#define KEPT                                                                                                 \
  " FROM device d WHERE d.id IN (SELECT c.device FROM custody c WHERE c.organization = $1 AND c.role = $3"   \
  " AND (c.until IS NULL OR c.until >= $2)) AND" HOLDING_UNITS_COUNT
/* The last day of the device's own extension of one of its releases. */
#define OWN_EXTENSION(release_id)                                                                            \
  "(SELECT e.until FROM extension e WHERE e.organization = $1 AND e.release = " release_id                   \
  " AND e.device = d.id AND e.until IS NOT NULL AND e.units > 0)"
#define UNIT_ORDER "(SELECT code FROM product WHERE id = d.product), d.department, d.serial, d.lot, d.id"
#define LISTED                                                                                               \
  "SELECT d.id, (SELECT code FROM product WHERE id = d.product),"                                            \
  " (SELECT name_ja FROM product WHERE id = d.product), (SELECT name_en FROM product WHERE id = d.product)," \
  " (SELECT name FROM release WHERE id = d.release), (SELECT name FROM release"                              \
  " WHERE id = d.software_release), d.release, d.software_release, d.serial, d.lot, d.udi, d.quantity,"      \
  " " DEVICE_PLACE_SQL("$1") ", d.status, d.installed_on, d.contract_until, " OWN_EXTENSION(                 \
      "d.release") ", " OWN_EXTENSION("d.software_release")

static const Holding *find_holding(const HeldSet *set, gint64 release, gint64 organization)
{
  const Holding *holding = held_set_find(set, release, organization);

  return holding != NULL && holding->ended_on == DAY_NONE ? holding : NULL;
}

static void set_end(HeldUnit *unit, const HeldSet *set, gint64 organization, Day hardware, Day software)
{
  const Holding *own = find_holding(set, unit->hardware_release, organization);

  unit->plan = held_end_in_force(own);
  unit->end = held_end(own, hardware);
  if (unit->software_release != 0)
    unit->end = effective_unit(unit->end,
                               held_end(find_holding(set, unit->software_release, organization), software));
}

static HeldUnit *read_unit(DbStatement *statement, const HeldSet *set, gint64 organization)
{
  HeldUnit *unit = g_new0(HeldUnit, 1);

  unit->id = db_int(statement, 0);
  unit->product = db_dup_text(statement, 1);
  unit->product_name_ja = db_dup_text(statement, 2);
  unit->product_name_en = db_dup_text(statement, 3);
  unit->model = db_dup_text(statement, 4);
  unit->software = db_dup_text(statement, 5);
  unit->hardware_release = db_int(statement, 6);
  unit->software_release = db_int(statement, 7);
  unit->serial = db_dup_text(statement, 8);
  unit->lot = db_dup_text(statement, 9);
  unit->udi = db_dup_text(statement, 10);
  unit->quantity = db_int(statement, 11);
  unit->department = db_dup_text(statement, 12);
  unit->location = db_dup_text(statement, 13);
  unit->asset_no = db_dup_text(statement, 14);
  unit->status = db_dup_text(statement, 15);
  unit->installed_on = day_column_read(statement, 16);
  unit->contract_until = day_column_read(statement, 17);
  set_end(unit, set, organization, day_column_read(statement, 18), day_column_read(statement, 19));
  return unit;
}

/* *ret_role (own string): NULL when it is concerned with nothing. */
static bool load_role(Db *db, gint64 organization, char **ret_role, GError **error)
{
  static const DbQuery query = { "SELECT " HELD_ROLE_SQL("o.role") " FROM organization o WHERE o.id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, organization);
  if (!db_step(statement, &row, error))
    return false;
  *ret_role = row ? db_dup_text(statement, 0) : NULL;
  db_reset(statement);
  return true;
}

typedef struct {
  gint64 organization;
  const char *role;
  char today[DAY_TEXT_SIZE];
} Whose;

static bool is_user(const Whose *whose)
{
  return strcmp(whose->role, "user") == 0;
}

/* Prepares `used` for the organization that uses its devices, `kept` for another. */
static bool prepare(Db *db, const DbQuery *used, const DbQuery *kept, const Whose *whose,
                    DbStatement **ret_statement, GError **error)
{
  if (!db_prepare(db, is_user(whose) ? used : kept, ret_statement, error))
    return false;
  db_bind_int(*ret_statement, 1, whose->organization);
  if (!is_user(whose)) {
    db_bind_text(*ret_statement, 2, whose->today);
    db_bind_text(*ret_statement, 3, whose->role);
  }
  return true;
}

static bool count(Db *db, const Whose *whose, gint64 *ret_n, GError **error)
{
  static const DbQuery used = { "SELECT count(*)" USED }, kept = { "SELECT count(*)" KEPT };
  DbStatement *statement;
  bool row;

  if (!prepare(db, &used, &kept, whose, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_n = db_int(statement, 0);
  db_reset(statement);
  return true;
}

static bool list(Db *db, const Whose *whose, const HeldSet *set, guint max, GPtrArray *units, GError **error)
{
  static const DbQuery used = { LISTED USED " ORDER BY " UNIT_ORDER " LIMIT $2" },
                       kept = { LISTED KEPT " ORDER BY " UNIT_ORDER " LIMIT $4" };
  DbStatement *statement;
  bool row;

  if (!prepare(db, &used, &kept, whose, &statement, error))
    return false;
  db_bind_int(statement, is_user(whose) ? 2 : 4, max);
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      return true;
    g_ptr_array_add(units, read_unit(statement, set, whose->organization));
  }
}

bool held_unit_load(Db *db, const HeldSet *set, gint64 organization, Day today, guint max,
                    GPtrArray **ret_units, gint64 *ret_more, GError **error)
{
  g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func((GDestroyNotify)held_unit_free);
  g_autofree char *role = NULL;
  gint64 all = 0;

  if (!load_role(db, organization, &role, error))
    return false;
  if (role != NULL) {
    Whose whose = { organization, role, "" };

    day_format(today, whose.today);
    if (!count(db, &whose, &all, error) || !list(db, &whose, set, max, units, error))
      return false;
  }
  *ret_more = MAX(all - (gint64)units->len, 0);
  *ret_units = g_steal_pointer(&units);
  return true;
}
