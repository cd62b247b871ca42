#include "db/change_set.h"

#include <string.h>

#include "db/setting_store.h"

static const char *const kind_names[CHANGE_KIND_COUNT] = { "release", "organization", "feed" };

struct ChangeSet {
  gint64 total, common;
  GHashTable *rows[CHANGE_KIND_COUNT]; /* id → n, each a gint64 of its own */
};

bool change_set_bump(Db *db, ChangeKind kind, gint64 id, GError **error)
{
  g_autofree char *scope = g_strdup_printf("%s/%" G_GINT64_FORMAT, kind_names[kind], id);

  return change_bump(db, scope, error);
}

/* "release/12"; false for what concerns everything, which is what an unknown scope does as well. */
static bool parse_scope(const char *text, ChangeScope *ret_scope)
{
  const char *slash = strchr(text, '/');

  for (int kind = 0; slash != NULL && kind < CHANGE_KIND_COUNT; kind++) {
    if (strlen(kind_names[kind]) == (gsize)(slash - text) && g_str_has_prefix(text, kind_names[kind])) {
      ret_scope->kind = (ChangeKind)kind;
      return g_ascii_string_to_signed(slash + 1, 10, 0, G_MAXINT64, &ret_scope->id, NULL);
    }
  }
  return false;
}

static void add(ChangeSet *set, const char *text, gint64 n)
{
  ChangeScope scope;

  set->total += n;
  if (parse_scope(text, &scope))
    g_hash_table_insert(set->rows[scope.kind], g_memdup2(&scope.id, sizeof scope.id),
                        g_memdup2(&n, sizeof n));
  else
    set->common += n;
}

bool change_set_load(Db *db, ChangeSet **ret_set, GError **error)
{
  static const DbQuery query = { "SELECT scope, n FROM change" };
  g_autoptr(ChangeSet) set = g_new0(ChangeSet, 1);
  DbStatement *statement;
  bool row;

  for (int kind = 0; kind < CHANGE_KIND_COUNT; kind++)
    set->rows[kind] = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  if (!db_prepare(db, &query, &statement, error))
    return false;
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      break;
    add(set, db_text(statement, 0), db_int(statement, 1));
  }
  *ret_set = g_steal_pointer(&set);
  return true;
}

void change_set_free(ChangeSet *set)
{
  if (set == NULL)
    return;
  for (int kind = 0; kind < CHANGE_KIND_COUNT; kind++)
    g_hash_table_unref(set->rows[kind]);
  g_free(set);
}

gint64 change_set_total(const ChangeSet *set)
{
  return set->total;
}

gint64 change_set_sum(const ChangeSet *set, const ChangeScope *scopes, gsize n)
{
  gint64 sum = set->common;

  for (gsize i = 0; i < n; i++) {
    const gint64 *count = g_hash_table_lookup(set->rows[scopes[i].kind], &scopes[i].id);

    sum += count != NULL ? *count : 0;
  }
  return sum;
}
