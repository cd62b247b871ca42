/* Organizations name their parents, which may come later in the file or be in the store: so the rows are kept
 * to the end, looked over together, and stored with every parent before its children. */

#include <string.h>

#include "db/organization_store.h"
#include "notifier/exchange/import_job.h"
#include "notifier/exchange/nearest.h"

typedef struct {
  GPtrArray *rows;     /* ImportRow *, in the order of the file */
  GHashTable *by_code; /* code → ImportRow * of the file, borrowed */
  GHashTable *parent;  /* code → parent's code, of those in the store */
  GHashTable *id;      /* code → id in decimal, of those stored by now */
} State;

static void free_row(gpointer row)
{
  import_row_free(row);
}

static void remember(const char *code, gint64 id, const char *parent, void *data)
{
  State *state = data;

  g_hash_table_insert(state->id, g_strdup(code), g_strdup_printf("%" G_GINT64_FORMAT, id));
  if (parent != NULL)
    g_hash_table_insert(state->parent, g_strdup(code), g_strdup(parent));
}

static bool begin(ImportJob *job, GError **error)
{
  State *state = g_new0(State, 1);

  state->rows = g_ptr_array_new_with_free_func(free_row);
  state->by_code = g_hash_table_new(g_str_hash, g_str_equal);
  state->parent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  state->id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  job->state = state;
  return organization_store_each(job->db, remember, state, error);
}

static void end(ImportJob *job)
{
  State *state = job->state;

  g_hash_table_unref(state->by_code);
  g_hash_table_unref(state->parent);
  g_hash_table_unref(state->id);
  g_ptr_array_unref(state->rows);
  g_free(state);
}

static bool put(ImportJob *job, ImportRow *row, GError **error)
{
  State *state = job->state;

  if (!import_job_once(job, row, ORGANIZATION_CODE, row->value[ORGANIZATION_CODE], NULL))
    return true;
  ImportRow *copy = import_row_copy(row);

  row->kept = true;
  g_ptr_array_add(state->rows, copy);
  g_hash_table_insert(state->by_code, (gpointer)(gsize)copy->value[ORGANIZATION_CODE], copy);
  return true;
}

/* The parent's code as it will be, or NULL. */
static const char *parent_of(const ImportJob *job, const char *code)
{
  const State *state = job->state;
  const ImportRow *row = g_hash_table_lookup(state->by_code, code);

  if (row == NULL || row->refused || !import_job_given(job, ORGANIZATION_PARENT))
    return g_hash_table_lookup(state->parent, code);
  return row->value[ORGANIZATION_PARENT];
}

/* True when the way up from `code` comes back to it. A circle that does not pass `code` ends the walk too. */
static bool in_circle(const ImportJob *job, const char *code)
{
  const State *state = job->state;
  guint steps = g_hash_table_size(state->id) + state->rows->len;
  const char *up = parent_of(job, code);

  while (up != NULL && strcmp(up, code) != 0 && steps-- > 0)
    up = parent_of(job, up);
  return up != NULL && strcmp(up, code) == 0;
}

static const char *near_code(ImportJob *job, const char *code)
{
  const State *state = job->state;
  g_autoptr(Nearest) nearest = nearest_new(code);
  GHashTable *const tables[] = { state->id, state->by_code };
  GHashTableIter iter;
  gpointer key;

  for (gsize i = 0; i < G_N_ELEMENTS(tables) && job->searches++ < 200; i++) {
    g_hash_table_iter_init(&iter, tables[i]);
    while (g_hash_table_iter_next(&iter, &key, NULL))
      nearest_consider(nearest, key);
  }
  return nearest_found(nearest);
}

static void refuse_unknown(ImportJob *job, ImportRow *row)
{
  const State *state = job->state;
  const char *parent = row->value[ORGANIZATION_PARENT];
  const ImportRow *other = g_hash_table_lookup(state->by_code, parent);
  const char *near = other == NULL ? near_code(job, parent) : NULL;

  if (other != NULL)
    import_job_refuse(job, row, ORGANIZATION_PARENT, NULL,
                      "line %u, which says what that is, is refused; "
                      "correct that line first",
                      other->line);
  else if (near != NULL)
    import_job_refuse(job, row, ORGANIZATION_PARENT, NULL, "unknown organization; is it \"%s\"?", near);
  else
    import_job_refuse(job, row, ORGANIZATION_PARENT, NULL,
                      "unknown organization; add it to the file, or correct "
                      "it");
}

/* True when the row's parent is in the store or among the rows still accepted. */
static bool has_parent(const ImportJob *job, const ImportRow *row)
{
  const State *state = job->state;
  const char *parent = row->value[ORGANIZATION_PARENT];
  const ImportRow *other = parent != NULL ? g_hash_table_lookup(state->by_code, parent) : NULL;

  return parent == NULL || g_hash_table_contains(state->id, parent) || (other != NULL && !other->refused);
}

/* Every row of a circle, before the first is refused: each of them could be the wrong one. */
static void refuse_circles(ImportJob *job)
{
  const State *state = job->state;
  g_autoptr(GPtrArray) found = g_ptr_array_new();

  for (guint i = 0; i < state->rows->len; i++) {
    ImportRow *row = g_ptr_array_index(state->rows, i);

    if (row->value[ORGANIZATION_PARENT] != NULL && in_circle(job, row->value[ORGANIZATION_CODE]))
      g_ptr_array_add(found, row);
  }
  for (guint i = 0; i < found->len; i++)
    import_job_refuse(job, g_ptr_array_index(found, i), ORGANIZATION_PARENT, NULL,
                      "the way up from here comes back to \"%s\": no organization is its own parent; correct "
                      "one of the rows",
                      ((ImportRow *)g_ptr_array_index(found, i))->value[ORGANIZATION_CODE]);
}

/* A row refused takes its children with it, so until nothing changes. */
static void refuse_orphans(ImportJob *job)
{
  const State *state = job->state;
  bool again = true;

  while (again) {
    again = false;
    for (guint i = 0; i < state->rows->len; i++) {
      ImportRow *row = g_ptr_array_index(state->rows, i);

      if (!row->refused && !has_parent(job, row)) {
        refuse_unknown(job, row);
        again = true;
      }
    }
  }
}

/* Stores the row, its parent first; each once. */
static bool store(ImportJob *job, ImportRow *row, GError **error)
{
  State *state = job->state;
  const char *value[ORGANIZATION_FIELDS];
  const char *parent = row->value[ORGANIZATION_PARENT];
  ImportRow *above = parent != NULL ? g_hash_table_lookup(state->by_code, parent) : NULL;
  UpsertResult result;
  gint64 id;

  if (!row->kept) /* `kept` of the copy: stored already */
    row->kept = true;
  else
    return true;
  if (above != NULL && !above->refused && !store(job, above, error))
    return false;
  memcpy(value, row->value, sizeof value);
  value[ORGANIZATION_PARENT] = parent != NULL ? g_hash_table_lookup(state->id, parent) : NULL;
  if (!organization_store_put(job->db, value, job->map->given, &id, &result, error))
    return false;
  g_hash_table_insert(state->id, g_strdup(row->value[ORGANIZATION_CODE]),
                      g_strdup_printf("%" G_GINT64_FORMAT, id));
  import_job_count(job, result);
  return true;
}

static bool check(ImportJob *job, GError **error)
{
  State *state = job->state;

  refuse_circles(job);
  refuse_orphans(job);
  for (guint i = 0; i < state->rows->len; i++) {
    ImportRow *row = g_ptr_array_index(state->rows, i);

    if (!row->refused && !store(job, row, error))
      return false;
    if (!import_job_settle(job, row, error))
      return false;
  }
  return true;
}

const ImportHandler import_organizations_handler = {
  .scope = "organization",
  .begin = begin,
  .put = put,
  .check = check,
  .end = end,
};
