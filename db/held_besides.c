#include "db/held_besides.h"

#include "db/day_column.h"

/* Every one ever, for how often they changed. In the order of the index. */
static const DbQuery extension_query = { "SELECT release, device IS NOT NULL, until, ended_on IS NOT NULL,"
                                         " coalesce(units, 0), version, changed_at FROM extension"
                                         " WHERE organization = $1 ORDER BY release, id" };

/* Those that are gone too, for the same reason. */
static const DbQuery pair_query = { "SELECT hardware, software, count, version, changed_at FROM holding_pair"
                                    " WHERE organization = $1 AND role = $2 ORDER BY hardware, software" };

static void count_changes(HeldChanges *changes, DbStatement *statement, int column)
{
  const char *at = db_text(statement, column + 1);

  changes->version += db_int(statement, column);
  if (g_strcmp0(at, changes->changed_at) > 0) {
    g_free(changes->changed_at);
    changes->changed_at = g_strdup(at);
  }
}

static void add_own(Holding *holding, HeldExtension extension)
{
  if (holding->own_extensions == NULL)
    holding->own_extensions = g_array_new(FALSE, FALSE, sizeof(HeldExtension));
  g_array_append_val(holding->own_extensions, extension);
}

static void read_extension(HeldSet *set, const HeldSite *site, DbStatement *statement)
{
  Holding *holding = held_set_find(set, db_int(statement, 0), site->id);
  bool own = db_int(statement, 1) != 0;
  HeldExtension extension = { day_column_read(statement, 2), db_int(statement, 3) != 0,
                              db_int(statement, 4) };

  if (holding == NULL)
    return;
  count_changes(own ? &holding->own_changes : &holding->extension_changes, statement, 5);
  if (extension.until == DAY_NONE)
    return;
  if (!own)
    holding->extension = extension;
  else if (extension.units > 0)
    add_own(holding, extension);
}

static void add_pair(Holding *holding, const Holding *other, DbStatement *statement)
{
  HeldPair *pair;

  if (holding == NULL)
    return;
  pair = held_pair_new(holding, other);
  pair->count = db_int(statement, 2);
  pair->version = db_int(statement, 3);
  pair->changed_at = db_dup_text(statement, 4);
}

static void read_pair(HeldSet *set, const HeldSite *site, DbStatement *statement)
{
  Holding *hardware = held_set_find(set, db_int(statement, 0), site->id);
  Holding *software = held_set_find(set, db_int(statement, 1), site->id);

  add_pair(hardware, software, statement);
  add_pair(software, hardware, statement);
}

typedef void (*Read)(HeldSet *set, const HeldSite *site, DbStatement *statement);

static bool read_all(DbStatement *statement, Read read, HeldSet *set, const HeldSite *site, GError **error)
{
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    read(set, site, statement);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

static bool load_extensions(Db *db, HeldSet *set, const HeldSite *site, GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, &extension_query, &statement, error))
    return false;
  db_bind_int(statement, 1, site->id);
  return read_all(statement, read_extension, set, site, error);
}

static bool load_pairs(Db *db, HeldSet *set, const HeldSite *site, GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, &pair_query, &statement, error))
    return false;
  db_bind_int(statement, 1, site->id);
  db_bind_text(statement, 2, site->role);
  return read_all(statement, read_pair, set, site, error);
}

static int compare_until(gconstpointer first, gconstpointer second)
{
  const HeldExtension *a = first, *b = second;

  return (a->until > b->until) - (a->until < b->until);
}

/* Those of one day stay in the order in which they were made. */
static void sort_own(Holding *holding)
{
  if (holding->own_extensions != NULL)
    g_array_sort(holding->own_extensions, compare_until);
}

bool held_besides_load(Db *db, const GPtrArray *sites, HeldSet *set, GError **error)
{
  for (guint i = 0; i < sites->len; i++) {
    const HeldSite *site = sites->pdata[i];

    if (site->role != NULL && (!load_extensions(db, set, site, error) || !load_pairs(db, set, site, error)))
      return false;
  }
  for (guint i = 0; i < set->holdings->len; i++)
    sort_own(set->holdings->pdata[i]);
  return true;
}
