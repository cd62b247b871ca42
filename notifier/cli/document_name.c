#include "notifier/cli/document_name.h"

#include "notifier/cli/suggest.h"
#include "planner/conformity.h"
#include "planner/limited_support.h"

char *document_name_target(const DocumentTarget *target)
{
  return target->release_name == NULL ? g_strdup(target->product_code)
                                      : g_strconcat(target->product_code, "/", target->release_name, NULL);
}

char *document_name_items(guint32 items)
{
  gsize n;
  const ConformityItem *table = conformity_table(&n);
  GString *names = g_string_new(NULL);

  for (gsize i = 0; i < n; i++)
    if ((items & 1u << i) != 0)
      g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", table[i].id);
  return g_string_free(names, FALSE);
}

bool document_name_read_items(const char *text, guint32 *ret_items, GError **error)
{
  guint32 items = conformity_parse(text);

  if (items == 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                "no item %s: they are 1(1) to 1(6), 2(1) to 2(4), F.2 to F.4 (kigen documents items)", text);
    return false;
  }
  *ret_items = items;
  return true;
}

bool document_name_read_number(const char *text, const char *title, char **ret_number, GError **error)
{
  g_autofree char *number = g_strstrip(g_strdup(text));

  if (term_has_control(number) || (title != NULL && term_has_control(title))) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "the document's number and title must be on one line, without control characters");
    return false;
  }
  if (!limited_support_doc_counts(number)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "\"%s\" names no document: give its number, or take the entry away by kigen documents remove",
                number);
    return false;
  }
  *ret_number = g_steal_pointer(&number);
  return true;
}

/* The nearest known product or release to `word`; own string, NULL for none. */
static char *nearest(Db *db, const char *word)
{
  g_autoptr(GPtrArray) products = NULL, releases = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

  if (!document_store_targets(db, "*", &products, NULL) ||
      !document_store_targets(db, "*/*", &releases, NULL))
    return NULL;
  for (guint i = 0; i < products->len; i++)
    g_ptr_array_add(names, document_name_target(products->pdata[i]));
  for (guint i = 0; i < releases->len; i++)
    g_ptr_array_add(names, document_name_target(releases->pdata[i]));
  g_ptr_array_add(names, NULL);
  return g_strdup(suggest_nearest(word, (const char *const *)names->pdata));
}

bool document_name_find(Db *db, const char *pattern, GPtrArray **ret_targets, GError **error)
{
  g_autoptr(GPtrArray) targets = NULL;

  if (!document_store_targets(db, pattern, &targets, error))
    return false;
  if (targets->len == 0) {
    g_autofree char *meant = nearest(db, pattern);

    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "no product or release %s: %s%s%s", pattern,
                meant != NULL ? "did you mean " : "kigen plan show lists them", meant != NULL ? meant : "",
                meant != NULL ? "?" : "");
    return false;
  }
  *ret_targets = g_steal_pointer(&targets);
  return true;
}

bool document_name_find_release(Db *db, const char *word, gint64 *ret_release, GError **error)
{
  g_autoptr(GPtrArray) targets = NULL;

  if (!document_name_find(db, word, &targets, error))
    return false;

  const DocumentTarget *target = targets->pdata[0];

  if (targets->len > 1 || target->release == 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: name one release, as PRODUCT/RELEASE", word);
    return false;
  }
  *ret_release = target->release;
  return true;
}

bool document_name_check_scope(const GPtrArray *targets, guint32 items, GError **error)
{
  gsize n;
  const ConformityItem *table = conformity_table(&n);

  for (guint i = 0; i < targets->len; i++) {
    const DocumentTarget *target = targets->pdata[i];

    for (gsize item = 0; target->release == 0 && item < n; item++)
      if ((items & 1u << item) != 0 && table[item].per_release) {
        g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                    "%s is named for each version: kigen documents set %s/RELEASE %s DOC", table[item].id,
                    target->product_code, table[item].id);
        return false;
      }
  }
  return true;
}
