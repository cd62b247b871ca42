#include "notifier/feed/feed_source.h"

#include "db/held_store.h"
#include "db/maker_store.h"
#include "db/setting_store.h"
#include "notifier/feed/feed_compose.h"

/* Holdings that ended longer ago are not shown, not even as cancelled. */
#define MEMORY_MONTHS 12

GQuark feed_source_error_quark(void)
{
  return g_quark_from_static_string("feed-source-error");
}

static bool load_set(Db *db, const FeedSource *source, Day today, HeldSet **ret_set, GError **error)
{
  if (source->product != NULL)
    return held_store_load_product(db, source->product, ret_set, error);
  return held_store_load(db, source->organization, day_add_months(today, -MEMORY_MONTHS) - 1, NULL, ret_set,
                         error);
}

static bool refuse(const FeedSource *source, GError **error)
{
  if (source->product != NULL)
    g_set_error(error, FEED_SOURCE_ERROR, FEED_SOURCE_ERROR_PRODUCT, "no product %s with a published plan",
                source->product);
  else
    g_set_error(error, FEED_SOURCE_ERROR, FEED_SOURCE_ERROR_ORGANIZATION,
                "no organization with number %" G_GINT64_FORMAT, source->organization);
  return false;
}

static void add_scope(GArray *scopes, ChangeKind kind, gint64 id)
{
  const ChangeScope scope = { kind, id };

  g_array_append_val(scopes, scope);
}

static int compare_scopes(gconstpointer first, gconstpointer second)
{
  const ChangeScope *a = first, *b = second;

  return a->kind != b->kind ? (int)a->kind - (int)b->kind : (a->id > b->id) - (a->id < b->id);
}

/* Each once. */
static void tidy_scopes(GArray *scopes)
{
  guint kept = 0;

  g_array_sort(scopes, compare_scopes);
  for (guint i = 0; i < scopes->len; i++) {
    const ChangeScope scope = g_array_index(scopes, ChangeScope, i);

    if (kept == 0 || compare_scopes(&scope, &g_array_index(scopes, ChangeScope, kept - 1)) != 0)
      g_array_index(scopes, ChangeScope, kept++) = scope;
  }
  g_array_set_size(scopes, kept);
}

static GArray *scopes_of(const HeldSet *set)
{
  GArray *scopes = g_array_new(FALSE, FALSE, sizeof(ChangeScope));

  if (!set->is_product)
    add_scope(scopes, CHANGE_ORGANIZATION, set->organization);
  for (guint i = 0; i < set->holdings->len; i++) {
    const Holding *holding = set->holdings->pdata[i];

    add_scope(scopes, CHANGE_RELEASE, holding->release->id);
    if (!set->is_product)
      add_scope(scopes, CHANGE_ORGANIZATION, holding->organization);
  }
  tidy_scopes(scopes);
  return scopes;
}

/* A customer's page has a token, which stands in no calendar; a product's page is everybody's. Own string. */
static char *page_url(const FeedSource *source)
{
  g_autofree char *escaped =
      source->product != NULL ? g_uri_escape_string(source->product, NULL, false) : NULL;

  if (escaped == NULL || source->base_url == NULL)
    return NULL;
  return g_strdup_printf("%s/p/%s", source->base_url, escaped);
}

bool feed_source_render_from(Db *db, const TemplateSet *templates, const FeedSource *source, Day today,
                             GBytes **ret_bytes, GArray **ret_scopes, GError **error)
{
  g_autoptr(HeldSet) set = NULL;
  g_autoptr(GHashTable) maker = NULL;
  g_auto(Setting) setting = { 0 };

  if (!load_set(db, source, today, &set, error))
    return false;
  if (set == NULL)
    return refuse(source, error);
  if (!maker_store_load(db, &maker, error) || !setting_store_load(db, &setting, error))
    return false;

  g_autofree char *page = page_url(source);
  FeedStyle style = {
    .templates = templates,
    .maker = maker,
    .uid_domain = setting.uid_domain,
    .language = source->language != NULL ? source->language : set->language,
    .page = page,
    .leads = source->leads,
    .blocks = source->blocks,
  };

  if (!feed_compose(set, &style, today, ret_bytes, error))
    return false;
  *ret_scopes = scopes_of(set);
  return true;
}

bool feed_source_render(Db *db, const TemplateSet *templates, gint64 organization, const char *language,
                        Day today, GBytes **ret_bytes, GError **error)
{
  const FeedSource source = { .organization = organization, .language = language };
  g_autoptr(GArray) scopes = NULL;

  return feed_source_render_from(db, templates, &source, today, ret_bytes, &scopes, error);
}
