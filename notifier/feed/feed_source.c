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

static bool load_set(Db *db, gint64 organization, Day today, HeldSet **ret_set, GError **error)
{
  if (!held_store_load(db, organization, day_add_months(today, -MEMORY_MONTHS) - 1, ret_set, error))
    return false;
  if (*ret_set == NULL) {
    g_set_error(error, FEED_SOURCE_ERROR, FEED_SOURCE_ERROR_ORGANIZATION,
                "no organization with number %" G_GINT64_FORMAT, organization);
    return false;
  }
  return true;
}

bool feed_source_render(Db *db, const TemplateSet *templates, gint64 organization, const char *language,
                        Day today, GBytes **ret_bytes, GError **error)
{
  g_autoptr(HeldSet) set = NULL;
  g_autoptr(GHashTable) maker = NULL;
  g_auto(Setting) setting = { 0 };

  if (!load_set(db, organization, today, &set, error) || !maker_store_load(db, &maker, error) ||
      !setting_store_load(db, &setting, error))
    return false;

  FeedStyle style = {
    .templates = templates,
    .maker = maker,
    .uid_domain = setting.uid_domain,
    .language = language != NULL ? language : set->language,
  };

  return feed_compose(set, &style, today, ret_bytes, error);
}
