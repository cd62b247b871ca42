#include "db/held_besides.h"

#include "db/held_role.h"
#include "db/held_sites.h"

/* Every one ever, for how often they changed. */
static const DbQuery extension_query = {
  HELD_SITES_SQL " SELECT x.release, x.organization, x.device IS NOT NULL, x.until, x.ended_on IS NOT NULL,"
                 " coalesce(x.units, 0), x.version, x.changed_at FROM site s"
                 " CROSS JOIN extension x WHERE x.organization = s.id ORDER BY x.until, x.id"
};

/* Those that are gone too, for the same reason. */
static const DbQuery pair_query = {
  HELD_SITES_SQL
  " SELECT hp.hardware, hp.software, hp.organization, hp.count, hp.version, hp.changed_at"
  " FROM site s CROSS JOIN organization o CROSS JOIN holding_pair hp WHERE o.id = s.id"
  " AND hp.organization = o.id AND hp.role = " HELD_ROLE_SQL("o.role") " ORDER BY hp.hardware, hp.software"
};

static Day read_day(DbStatement *statement, int column)
{
  const char *text = db_text(statement, column);
  Day day;

  return text != NULL && day_parse(text, &day) ? day : DAY_NONE;
}

static void count_changes(HeldChanges *changes, DbStatement *statement, int column)
{
  const char *at = db_text(statement, column + 1);

  changes->version += db_int(statement, column);
  if (g_strcmp0(at, changes->changed_at) > 0) {
    g_free(changes->changed_at);
    changes->changed_at = g_strdup(at);
  }
}

static void read_extension(HeldSet *set, DbStatement *statement)
{
  Holding *holding = held_set_find(set, db_int(statement, 0), db_int(statement, 1));
  bool own = db_int(statement, 2) != 0;
  HeldExtension extension = { read_day(statement, 3), db_int(statement, 4) != 0, db_int(statement, 5) };

  if (holding == NULL)
    return;
  count_changes(own ? &holding->own_changes : &holding->extension_changes, statement, 6);
  if (extension.until == DAY_NONE)
    return;
  if (!own) {
    holding->extension = extension;
  } else if (extension.units > 0) {
    if (holding->own_extensions == NULL)
      holding->own_extensions = g_array_new(FALSE, FALSE, sizeof(HeldExtension));
    g_array_append_val(holding->own_extensions, extension);
  }
}

static void add_pair(Holding *holding, const Holding *other, DbStatement *statement)
{
  HeldPair *pair;

  if (holding == NULL)
    return;
  pair = held_pair_new(holding, other);
  pair->count = db_int(statement, 3);
  pair->version = db_int(statement, 4);
  pair->changed_at = db_dup_text(statement, 5);
}

static void read_pair(HeldSet *set, DbStatement *statement)
{
  gint64 organization = db_int(statement, 2);
  Holding *hardware = held_set_find(set, db_int(statement, 0), organization);
  Holding *software = held_set_find(set, db_int(statement, 1), organization);

  add_pair(hardware, software, statement);
  add_pair(software, hardware, statement);
}

static bool read_all(Db *db, const DbQuery *query, HeldSet *set, void (*read)(HeldSet *, DbStatement *),
                     GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, set->organization);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    read(set, statement);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

bool held_besides_load(Db *db, HeldSet *set, GError **error)
{
  return read_all(db, &extension_query, set, read_extension, error) &&
         read_all(db, &pair_query, set, read_pair, error);
}
