#include "notifier/cli/plan_match.h"

#include "notifier/cli/suggest.h"

#include <string.h>

/* Refuses `pattern`, which no release matches. */
static bool refuse_pattern(Db *db, const char *pattern, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  const char *last = "";

  if (!plan_store_list(db, NULL, PLAN_LATEST, &rows, error))
    return false;
  if (rows->len == 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s: the store holds no release yet: kigen import lifecycles FILE", pattern);
    return false;
  }
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];
    g_autofree char *name = g_strconcat(row->product, "/", row->name, NULL);

    g_strv_builder_add(builder, name);
    if (strcmp(last, row->product) != 0)
      g_strv_builder_add(builder, row->product);
    last = row->product;
  }

  g_auto(GStrv) names = g_strv_builder_end(builder);
  const char *nearest = suggest_nearest(pattern, (const char *const *)names);

  if (nearest != NULL)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "no release matches %s: did you mean %s?", pattern,
                nearest);
  else
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "no release matches %s: kigen plan show lists them",
                pattern);
  return false;
}

/* Row ids of release and market: what makes two rows the same. */
static char *key_of(const PlanRow *row)
{
  return g_strdup_printf("%" G_GINT64_FORMAT " %s", row->release, row->market != NULL ? row->market : "");
}

static bool add_pattern(Db *db, const char *pattern, PlanWhich which, GHashTable *seen, GPtrArray *rows,
                        GError **error)
{
  g_autoptr(GPtrArray) found = NULL;

  if (!plan_store_list(db, pattern, which, &found, error))
    return false;
  if (found->len == 0 && pattern != NULL) {
    g_autoptr(GPtrArray) any = NULL;

    if (!plan_store_list(db, pattern, PLAN_LATEST, &any, error))
      return false;
    if (any->len == 0)
      return refuse_pattern(db, pattern, error);
  }
  for (guint i = 0; i < found->len; i++)
    if (g_hash_table_add(seen, key_of(found->pdata[i])))
      g_ptr_array_add(rows, g_steal_pointer(&found->pdata[i]));
  return true;
}

static void row_free(gpointer row)
{
  plan_row_free(row);
}

bool plan_match_list(Db *db, const Args *args, PlanWhich which, GPtrArray **ret_rows, GError **error)
{
  return plan_match_list_from(db, args, 0, which, ret_rows, error);
}

bool plan_match_is_named(const Args *args, guint first, const PlanRow *row)
{
  g_autofree char *name = g_strconcat(row->product, "/", row->name, NULL);

  for (guint i = first; i < args_count(args); i++)
    if (strcmp(args_word(args, i), name) == 0)
      return true;
  return false;
}

bool plan_match_list_from(Db *db, const Args *args, guint first, PlanWhich which, GPtrArray **ret_rows,
                          GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);

  for (guint i = first; i == first || i < args_count(args); i++)
    if (!add_pattern(db, args_word(args, i), which, seen, rows, error))
      return false;
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

bool plan_match_releases(Db *db, const char *pattern, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!plan_store_list(db, pattern, PLAN_LATEST, &rows, error))
    return false;
  if (rows->len == 0)
    return refuse_pattern(db, pattern, error);
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

/* "a*b" as a pattern that matches only itself is not to be had from a glob: names are compared afterwards. */
bool plan_match_one(Db *db, const char *product, const char *name, const char *market, PlanWhich which,
                    PlanRow **ret_row, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autofree char *pattern = g_strconcat(product, "/", name, NULL);

  if (!plan_store_list(db, pattern, which, &rows, error))
    return false;
  *ret_row = NULL;
  for (guint i = 0; i < rows->len && *ret_row == NULL; i++) {
    const PlanRow *row = rows->pdata[i];

    if (strcmp(row->product, product) == 0 && strcmp(row->name, name) == 0 &&
        (row->plan == 0 || g_strcmp0(row->market, market) == 0))
      *ret_row = g_steal_pointer(&rows->pdata[i]);
  }
  return true;
}
