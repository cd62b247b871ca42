#include "db/held_set.h"

static void revision_free(HeldRevision *revision)
{
  g_free(revision->published_at);
  g_free(revision->withdrawn_at);
  support_plan_free(revision->plan);
  g_free(revision->successor_ja);
  g_free(revision->successor_en);
  g_free(revision);
}

HeldRevision *held_revision_new(void)
{
  HeldRevision *revision = g_new0(HeldRevision, 1);

  revision->plan = support_plan_new();
  return revision;
}

HeldRevision *held_revision_copy(const HeldRevision *revision)
{
  HeldRevision *copy = g_memdup2(revision, sizeof *revision);

  copy->published_at = g_strdup(revision->published_at);
  copy->withdrawn_at = g_strdup(revision->withdrawn_at);
  copy->plan = support_plan_copy(revision->plan);
  copy->successor_ja = g_strdup(revision->successor_ja);
  copy->successor_en = g_strdup(revision->successor_en);
  return copy;
}

HeldRelease *held_release_new(void)
{
  HeldRelease *release = g_new0(HeldRelease, 1);

  g_ref_count_init(&release->references);
  release->revisions = g_ptr_array_new_with_free_func((GDestroyNotify)revision_free);
  return release;
}

/* What is counted is no part of what never changes. */
static grefcount *references_of(const HeldRelease *release)
{
  return &((HeldRelease *)(gsize)release)->references;
}

const HeldRelease *held_release_ref(const HeldRelease *release)
{
  g_ref_count_inc(references_of(release));
  return release;
}

static void release_free(HeldRelease *release)
{
  g_free(release->country);
  g_free(release->name);
  g_free(release->kind);
  g_free(release->product);
  g_free(release->product_name_ja);
  g_free(release->product_name_en);
  g_free(release->generic_name);
  g_free(release->approval_no);
  g_free(release->security_contact);
  g_free(release->package_insert_url);
  g_ptr_array_unref(release->revisions);
  g_free(release);
}

void held_release_unref(const HeldRelease *release)
{
  if (g_ref_count_dec(references_of(release)))
    release_free((HeldRelease *)(gsize)release);
}

static void pair_free(HeldPair *pair)
{
  g_free(pair->changed_at);
  g_free(pair);
}

HeldPair *held_pair_new(Holding *holding, const Holding *other)
{
  HeldPair *pair = g_new0(HeldPair, 1);

  pair->other = other;
  if (holding->pairs == NULL)
    holding->pairs = g_ptr_array_new_with_free_func((GDestroyNotify)pair_free);
  g_ptr_array_add(holding->pairs, pair);
  return pair;
}

static void free_holding(Holding *holding)
{
  held_release_unref(holding->release);
  g_free(holding->extension_changes.changed_at);
  g_free(holding->own_changes.changed_at);
  g_clear_pointer(&holding->own_extensions, g_array_unref);
  g_clear_pointer(&holding->pairs, g_ptr_array_unref);
  g_free(holding->organization_name_ja);
  g_free(holding->organization_name_en);
  g_free(holding->uid);
  g_free(holding->changed_at);
  g_free(holding);
}

Holding *holding_new(HeldSet *set, const HeldRelease *release)
{
  Holding *holding = g_new0(Holding, 1);

  holding->release = held_release_ref(release);
  g_ptr_array_add(set->holdings, holding);
  return holding;
}

HeldSet *held_set_new(void)
{
  HeldSet *set = g_new0(HeldSet, 1);

  set->releases = g_ptr_array_new();
  set->holdings = g_ptr_array_new_with_free_func((GDestroyNotify)free_holding);
  return set;
}

void held_set_free(HeldSet *set)
{
  if (set == NULL)
    return;
  g_free(set->name_ja);
  g_free(set->name_en);
  g_free(set->language);
  g_ptr_array_unref(set->releases);
  g_ptr_array_unref(set->holdings);
  g_free(set);
}

static int compare_ids(gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

static int compare_releases(const HeldRelease *a, const HeldRelease *b)
{
  int order = compare_ids(a->id, b->id);

  return order != 0 ? order : g_strcmp0(a->country, b->country);
}

static int compare_holdings(gconstpointer first, gconstpointer second)
{
  const Holding *a = *(Holding *const *)first, *b = *(Holding *const *)second;
  int order = compare_ids(a->release->id, b->release->id);

  if (order == 0)
    order = compare_ids(a->organization, b->organization);
  return order != 0 ? order : compare_releases(a->release, b->release);
}

/* Unless it is there: it can stand before those of other countries only, for holdings come by release. */
static void list_release(GPtrArray *releases, const HeldRelease *release)
{
  guint at = releases->len;

  while (at > 0 && compare_releases(releases->pdata[at - 1], release) > 0)
    at--;
  if (at == 0 || releases->pdata[at - 1] != release)
    g_ptr_array_insert(releases, (int)at, (HeldRelease *)(gsize)release);
}

void held_set_arrange(HeldSet *set)
{
  g_ptr_array_sort(set->holdings, compare_holdings);
  g_ptr_array_set_size(set->releases, 0);
  for (guint i = 0; i < set->holdings->len; i++)
    list_release(set->releases, ((Holding *)set->holdings->pdata[i])->release);
}

Holding *held_set_find(const HeldSet *set, gint64 release, gint64 organization)
{
  guint low = 0, high = set->holdings->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    Holding *holding = set->holdings->pdata[middle];

    if (holding->release->id == release && holding->organization == organization)
      return holding;
    if (holding->release->id < release ||
        (holding->release->id == release && holding->organization < organization))
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}
