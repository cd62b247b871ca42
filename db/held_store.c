#include "db/held_store.h"

#include "db/day_column.h"
#include "db/held_besides.h"
#include "db/held_release.h"
#include "db/held_site.h"

#include <string.h>

/* What a site holds, or held until after $3. In the order of the index. */
static const DbQuery holding_query = { "SELECT release, uid, version, changed_at, since, ended_on, count"
                                       " FROM holding WHERE organization = $1 AND role = $2"
                                       " AND (ended_on IS NULL OR ended_on > $3) ORDER BY release" };

/* Every release of a product and every market that ever had a plan of it in force. CROSS JOIN: in this order.
 */
static const DbQuery product_query = {
  "SELECT DISTINCT r.id, p.market, d.id, d.name_ja, d.name_en FROM product d CROSS JOIN release r"
  " CROSS JOIN support_plan p WHERE d.code = $1 AND r.product = d.id AND p.release = r.id"
  " AND " HELD_RELEASE_PUBLISHED_SQL("p") " ORDER BY r.id, p.market"
};

typedef struct {
  Db *db;
  HeldPlans *plans;
  char ended_after[DAY_TEXT_SIZE];
  HeldSet *set;
} Loader;

static bool read_holding(const Loader *loader, const HeldSite *site, DbStatement *statement, GError **error)
{
  const HeldRelease *release;

  if (!held_plans_find(loader->plans, loader->db, db_int(statement, 0), site->country, &release, error))
    return false;

  Holding *holding = holding_new(loader->set, release);

  holding->organization = site->id;
  holding->organization_name_ja = g_strdup(site->name_ja);
  holding->organization_name_en = g_strdup(site->name_en);
  holding->uid = db_dup_text(statement, 1);
  holding->version = db_int(statement, 2);
  holding->changed_at = db_dup_text(statement, 3);
  holding->since = day_column_read(statement, 4);
  holding->ended_on = day_column_read(statement, 5);
  holding->count = db_int(statement, 6);
  return true;
}

static bool load_holdings(const Loader *loader, const HeldSite *site, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(loader->db, &holding_query, &statement, error))
    return false;
  db_bind_int(statement, 1, site->id);
  db_bind_text(statement, 2, site->role);
  db_bind_text(statement, 3, loader->ended_after);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    if (!read_holding(loader, site, statement, error)) {
      db_reset(statement);
      return false;
    }
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

static bool load_sites(const Loader *loader, const GPtrArray *sites, GError **error)
{
  for (guint i = 0; i < sites->len; i++) {
    const HeldSite *site = sites->pdata[i];

    if (site->role != NULL && !load_holdings(loader, site, error))
      return false;
  }
  held_set_arrange(loader->set);
  return held_besides_load(loader->db, sites, loader->set, error);
}

static HeldSet *set_of(const HeldSite *site)
{
  HeldSet *set = held_set_new();

  set->organization = site->id;
  set->name_ja = g_strdup(site->name_ja);
  set->name_en = g_strdup(site->name_en);
  set->language = g_strdup(site->language);
  return set;
}

bool held_store_load(Db *db, gint64 organization, Day ended_after, HeldPlans *plans, HeldSet **ret_set,
                     GError **error)
{
  g_autoptr(HeldPlans) own = plans == NULL ? held_plans_new() : NULL;
  g_autoptr(GPtrArray) sites = NULL;
  g_autoptr(HeldSet) set = NULL;

  if (!held_site_load(db, organization, &sites, error))
    return false;
  if (sites->len > 0) {
    Loader loader = { .db = db, .plans = own != NULL ? own : plans, .set = set = set_of(sites->pdata[0]) };

    day_format(ended_after, loader.ended_after);
    held_plans_look(loader.plans, db);
    if (!load_sites(&loader, sites, error))
      return false;
  }
  *ret_set = g_steal_pointer(&set);
  return true;
}

static HeldSet *product_set_of(DbStatement *statement)
{
  HeldSet *set = held_set_new();

  set->is_product = true;
  set->organization = db_int(statement, 2);
  set->name_ja = db_dup_text(statement, 3);
  set->name_en = db_dup_text(statement, 4);
  set->language = g_strdup("ja");
  return set;
}

static void add_market_to_name(HeldRelease *release)
{
  char *name = g_strdup_printf("%s (%s)", release->name, release->country);

  g_free(release->name);
  release->name = name;
}

/* A holding of the product itself, which is no organization. The ids of releases never change. */
static void add_product_holding(HeldSet *set, const HeldRelease *release, bool own_market)
{
  Holding *holding = holding_new(set, release);

  holding->organization = set->organization;
  holding->organization_name_ja = g_strdup(set->name_ja);
  holding->organization_name_en = g_strdup(set->name_en);
  holding->uid = g_strdup_printf("release-%" G_GINT64_FORMAT "%s%s", release->id, own_market ? "-" : "",
                                 own_market ? release->country : "");
  holding->changed_at = g_strdup("");
}

static bool read_product_holding(Db *db, HeldSet *set, DbStatement *statement, GError **error)
{
  const char *market = db_text(statement, 1);
  bool own_market = strcmp(market, "*") != 0;
  g_autoptr(HeldRelease) release = NULL;

  if (!held_release_load(db, db_int(statement, 0), market, &release, error))
    return false;
  if (own_market)
    add_market_to_name(release);
  add_product_holding(set, release, own_market);
  return true;
}

static bool load_product(Db *db, DbStatement *statement, HeldSet **set, GError **error)
{
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    if (*set == NULL)
      *set = product_set_of(statement);
    if (!read_product_holding(db, *set, statement, error)) {
      db_reset(statement);
      return false;
    }
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

bool held_store_load_product(Db *db, const char *product, HeldSet **ret_set, GError **error)
{
  g_autoptr(HeldSet) set = NULL;
  DbStatement *statement;

  if (!db_prepare(db, &product_query, &statement, error))
    return false;
  db_bind_text(statement, 1, product);
  if (!load_product(db, statement, &set, error))
    return false;
  if (set != NULL)
    held_set_arrange(set);
  *ret_set = g_steal_pointer(&set);
  return true;
}
