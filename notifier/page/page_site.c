#include "notifier/page/page_site.h"

#include "db/held_store.h"

/* A tour under way. */
typedef struct {
  Db *db;
  const PageFrame *frame;
  GHashTable *seen; /* row ids: a site may lie below two of the page's organizations */
  HeldPlans *plans;
  guint room; /* units that may still be loaded */
  PageSiteVisit visit;
  gpointer data;
} Tour;

bool page_site_holds(const PageSite *site, const Holding *holding)
{
  return holding->organization == site->id && holding->ended_on == DAY_NONE && holding->count > 0;
}

static bool visit_site(Tour *tour, PageSite *site, GError **error)
{
  g_autoptr(GPtrArray) units = NULL;

  if (!g_hash_table_add(tour->seen, g_memdup2(&site->id, sizeof site->id)))
    return true;
  if (!held_unit_load(tour->db, site->set, site->id, tour->frame->today, tour->room, &units, &site->more,
                      error))
    return false;
  tour->room -= units->len;
  site->units = units;
  return tour->visit(site, tour->data, error);
}

/* The organization itself, then the sites below it. */
static bool visit_organization(Tour *tour, const PageOrganization *organization, GError **error)
{
  const PageFrame *frame = tour->frame;
  g_autoptr(HeldSet) set = NULL;
  PageSite own = { .id = organization->id,
                   .name = page_frame_choose(frame, organization->name_ja, organization->name_en) };

  if (!held_store_load(tour->db, organization->id, frame->today, tour->plans, &set, error))
    return false;
  if (set == NULL)
    return true;
  own.set = set;
  if (!visit_site(tour, &own, error))
    return false;
  for (guint i = 0; i < set->holdings->len; i++) {
    const Holding *holding = set->holdings->pdata[i];
    PageSite site = { .id = holding->organization, .below = true, .set = set };

    site.name = page_frame_choose(frame, holding->organization_name_ja, holding->organization_name_en);
    if (page_site_holds(&site, holding) && !visit_site(tour, &site, error))
      return false;
  }
  return true;
}

bool page_site_each(Db *db, const PageFrame *frame, const PageRow *page, guint max, PageSiteVisit visit,
                    gpointer data, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr(HeldPlans) plans = held_plans_new();
  Tour tour = { db, frame, seen, plans, max, visit, data };

  for (guint i = 0; i < page->organizations->len; i++)
    if (!visit_organization(&tour, page->organizations->pdata[i], error))
      return false;
  return true;
}
