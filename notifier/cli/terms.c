#include "notifier/cli/terms.h"

#include "db/product_store.h"
#include "notifier/cli/config_calendar.h"
#include "notifier/cli/suggest.h"

static void add_code(const char *code, gint64 id, void *codes)
{
  g_hash_table_add(codes, g_strdup(code));
}

static void warn_of_product(const Config *config, const char *product, GHashTable *codes)
{
  g_autofree const char **known = g_new0(const char *, g_hash_table_size(codes) + 1);
  GHashTableIter each;
  gpointer code;
  guint n = 0;

  g_hash_table_iter_init(&each, codes);
  while (g_hash_table_iter_next(&each, &code, NULL))
    known[n++] = code;

  const char *nearest = suggest_nearest(product, known);

  cli_warn("%s: [product %s] changes nothing, the store has no such product%s%s%s", config->path, product,
           nearest != NULL ? ": did you mean " : "", nearest != NULL ? nearest : "",
           nearest != NULL ? "?" : "");
}

static bool check_products(const Config *config, Db *db, GError **error)
{
  g_autoptr(GHashTable) codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

  if (config->policy.n_products > 0 && !product_store_each(db, add_code, codes, error))
    return false;
  for (gsize i = 0; i < config->policy.n_products; i++)
    if (!g_hash_table_contains(codes, config->policy.products[i].product))
      warn_of_product(config, config->policy.products[i].product, codes);
  return true;
}

bool terms_load(Cli *cli, Db *db, Day today, const Policy **ret_policy, BusinessCalendar **ret_calendar,
                GError **error)
{
  g_autoptr(BusinessCalendar) calendar = NULL;
  g_auto(GStrv) doubts = NULL;
  const Config *config = NULL;

  if (!cli_config(cli, &config, error) || !config_calendar_load(config, today, &calendar, &doubts, error) ||
      !check_products(config, db, error))
    return false;
  for (guint i = 0; doubts[i] != NULL; i++)
    cli_warn("%s", doubts[i]);
  *ret_policy = &config->policy;
  *ret_calendar = g_steal_pointer(&calendar);
  return true;
}
