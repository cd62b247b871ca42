#include "db/held_site.h"

#include "db/held_role.h"

#define SITE "SELECT o.id, o.name_ja, o.name_en, o.language, o.country, " HELD_ROLE_SQL("o.role")

static const DbQuery itself_query = { SITE " FROM organization o WHERE o.id = $1" };
static const DbQuery below_query = { SITE " FROM organization o WHERE o.parent = $1" };

static void free_site(gpointer data)
{
  HeldSite *site = data;

  g_free(site->name_ja);
  g_free(site->name_en);
  g_free(site->language);
  g_free(site->country);
  g_free(site->role);
  g_free(site);
}

static HeldSite *read_site(DbStatement *statement)
{
  HeldSite *site = g_new0(HeldSite, 1);

  site->id = db_int(statement, 0);
  site->name_ja = db_dup_text(statement, 1);
  site->name_en = db_dup_text(statement, 2);
  site->language = db_dup_text(statement, 3);
  site->country = db_dup_text(statement, 4);
  site->role = db_dup_text(statement, 5);
  return site;
}

/* Each has one parent, so that of all sites the first alone can be met again. */
static bool is_first(const GPtrArray *sites, DbStatement *statement)
{
  return sites->len > 0 && db_int(statement, 0) == ((const HeldSite *)sites->pdata[0])->id;
}

static bool add_sites(Db *db, const DbQuery *query, gint64 id, GPtrArray *sites, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    if (!is_first(sites, statement))
      g_ptr_array_add(sites, read_site(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

bool held_site_load(Db *db, gint64 organization, GPtrArray **ret_sites, GError **error)
{
  g_autoptr(GPtrArray) sites = g_ptr_array_new_with_free_func(free_site);

  if (!add_sites(db, &itself_query, organization, sites, error))
    return false;
  for (guint i = 0; i < sites->len; i++)
    if (!add_sites(db, &below_query, ((HeldSite *)sites->pdata[i])->id, sites, error))
      return false;
  *ret_sites = g_steal_pointer(&sites);
  return true;
}
