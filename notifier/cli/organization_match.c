#include "notifier/cli/organization_match.h"

#include "db/organization_store.h"
#include "notifier/cli/cli_error.h"
#include "notifier/cli/suggest.h"

#include <string.h>

/* Finds the organization of a code among all. */
typedef struct {
  const char *code;
  gint64 id; /* 0: none */
  GStrvBuilder *codes;
} Search;

static void look_at(const char *code, gint64 id, const char *parent, void *data)
{
  Search *search = data;

  g_strv_builder_add(search->codes, code);
  if (strcmp(code, search->code) == 0)
    search->id = id;
}

static void take(const char *code, gint64 id, const char *parent, void *data)
{
  Search *search = data;

  g_strv_builder_add(search->codes, code);
  search->id = id;
}

/* What no code is may be a name. *ret_id 0: nor that. */
static bool find_by_name(Db *db, const char *name, gint64 *ret_id, GError **error)
{
  g_autoptr(GStrvBuilder) codes = g_strv_builder_new();
  Search search = { .codes = codes };

  if (!organization_store_named(db, name, take, &search, error))
    return false;

  g_auto(GStrv) named = g_strv_builder_end(codes);
  g_autofree char *list = g_strjoinv(", ", named);

  if (g_strv_length(named) > 1) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s is the name of %s: say which, by its code", name,
                list);
    return false;
  }
  *ret_id = search.id;
  return true;
}

bool organization_match_find(Db *db, const char *code, gint64 *ret_id, GError **error)
{
  g_autoptr(GStrvBuilder) codes = g_strv_builder_new();
  Search search = { .code = code, .codes = codes };

  if (!organization_store_each(db, look_at, &search, error) ||
      (search.id == 0 && !find_by_name(db, code, &search.id, error)))
    return false;
  *ret_id = search.id;
  if (search.id != 0)
    return true;

  g_auto(GStrv) known = g_strv_builder_end(codes);
  const char *nearest = suggest_nearest(code, (const char *const *)known);

  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "no organization %s%s%s%s", code,
              nearest != NULL ? ": did you mean " : "",
              nearest != NULL ? nearest : ": kigen import organizations FILE adds some",
              nearest != NULL ? "?" : "");
  return false;
}
