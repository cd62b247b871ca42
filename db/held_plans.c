#include "db/held_plans.h"

#include "db/held_release.h"

#define REMEMBERED_MAX 4096 /* releases, of some kilobytes each */

struct HeldPlans {
  GHashTable *releases; /* HeldRelease, by id and country */
  gsize view;           /* db_view they are of; 0: none that lasts */
};

static guint hash(gconstpointer data)
{
  const HeldRelease *release = data;

  return g_int64_hash(&release->id) ^ g_str_hash(release->country);
}

static gboolean equal(gconstpointer first, gconstpointer second)
{
  const HeldRelease *a = first, *b = second;

  return a->id == b->id && g_str_equal(a->country, b->country);
}

HeldPlans *held_plans_new(void)
{
  HeldPlans *plans = g_new0(HeldPlans, 1);

  plans->releases = g_hash_table_new_full(hash, equal, (GDestroyNotify)held_release_unref, NULL);
  return plans;
}

void held_plans_free(HeldPlans *plans)
{
  if (plans == NULL)
    return;
  g_hash_table_unref(plans->releases);
  g_free(plans);
}

void held_plans_look(HeldPlans *plans, Db *db)
{
  gsize view = db_view(db);

  if (view == 0 || view != plans->view || g_hash_table_size(plans->releases) > REMEMBERED_MAX)
    g_hash_table_remove_all(plans->releases);
  plans->view = view;
}

bool held_plans_find(HeldPlans *plans, Db *db, gint64 id, const char *country,
                     const HeldRelease **ret_release, GError **error)
{
  const HeldRelease wanted = { .id = id, .country = (char *)(gsize)country };
  HeldRelease *release = g_hash_table_lookup(plans->releases, &wanted);

  if (release == NULL) {
    if (!held_release_load(db, id, country, &release, error))
      return false;
    g_hash_table_add(plans->releases, release);
  }
  *ret_release = release;
  return true;
}
