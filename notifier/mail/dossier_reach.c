#include "notifier/mail/dossier_reach.h"

#include "db/report_store_advisory.h"
#include "db/report_store_coverage.h"
#include "notifier/mail/letter_json.h"

#include <string.h>

/* An organization as either report names it. */
typedef struct {
  const char *market, *kind; /* NULL: an advisory's; a plan's */
  int revision;
  const char *organization, *name;
  Reach reach;
  bool acknowledged;
} Row;

static bool is_of(const json_t *entry, const Row *row)
{
  return json_integer_value(json_object_get(entry, "revision")) == row->revision &&
         g_strcmp0(letter_json_get(entry, "market"), row->market) == 0 &&
         g_strcmp0(letter_json_get(entry, "kind"), row->kind) == 0;
}

/* The entry of `coverage` that `row` belongs to: rows come revision by revision. */
static json_t *entry_of(json_t *coverage, const DossierSubject *subject, const Row *row)
{
  gsize n = json_array_size(coverage);
  json_t *entry = n > 0 ? json_array_get(coverage, n - 1) : NULL;

  if (entry != NULL && is_of(entry, row))
    return entry;
  entry = json_object();
  letter_json_text(entry, "name", subject->name);
  letter_json_text(entry, "market", row->market);
  letter_json_text(entry, "kind", row->kind);
  json_object_set_new(entry, "revision", json_integer(row->revision));
  json_object_set_new(entry, "reach", json_object());
  json_object_set_new(entry, "organizations", json_array());
  json_array_append_new(coverage, entry);
  return entry;
}

static void count(json_t *object, const char *key, bool one)
{
  gint64 before = json_integer_value(json_object_get(object, key));

  json_object_set_new(object, key, json_integer(before + one));
}

static bool has_revision(const DossierSubject *subject, const Row *row)
{
  for (guint i = 0; i < subject->revisions->len; i++) {
    const DossierRevision *revision = subject->revisions->pdata[i];

    if (revision->revision == row->revision &&
        (row->market == NULL || g_strcmp0(revision->market, row->market) == 0))
      return true;
  }
  return false;
}

static void add(json_t *coverage, const DossierSubject *subject, const Row *row)
{
  bool reached = row->reach >= REACH_ACCEPTED;
  json_t *entry, *organization;

  if (!has_revision(subject, row))
    return;
  entry = entry_of(coverage, subject, row);
  organization = json_object();
  letter_json_text(organization, "organization", row->organization);
  letter_json_text(organization, "name", row->name);
  letter_json_text(organization, "reach", reach_key(row->reach));
  json_object_set_new(organization, "reached", json_boolean(reached));
  json_object_set_new(organization, "acknowledged", json_boolean(row->acknowledged));
  json_array_append_new(json_object_get(entry, "organizations"), organization);
  count(entry, "affected", true);
  count(entry, "reached", reached);
  count(entry, "acknowledged", row->acknowledged);
  count(entry, "unreached", !reached && !row->acknowledged);
  count(json_object_get(entry, "reach"), reach_key(row->reach), true);
}

static bool add_plans(Db *db, const DossierSubject *subject, json_t *coverage, GError **error)
{
  g_autoptr(GPtrArray) names = NULL;

  if (!report_store_coverage_names(db, subject->name, &names, error))
    return false;
  for (guint i = 0; i < names->len; i++) {
    const CoverageName *name = names->pdata[i];
    Row row = { name->market, NULL,        name->revision,    name->organization,
                name->name,   name->reach, name->acknowledged };
    g_autofree char *full = g_strconcat(name->product, "/", name->release, NULL);

    if (strcmp(full, subject->name) == 0) /* the report takes a pattern */
      add(coverage, subject, &row);
  }
  return true;
}

static bool add_advisories(Db *db, const DossierSubject *subject, json_t *coverage, GError **error)
{
  g_autoptr(GPtrArray) names = NULL;

  if (!report_store_advisory_names(db, subject->name, &names, error))
    return false;
  for (guint i = 0; i < names->len; i++) {
    const AdvisoryCoverageName *name = names->pdata[i];
    Row row = { NULL,       name->kind,  name->revision,    name->organization,
                name->name, name->reach, name->acknowledged };

    add(coverage, subject, &row);
  }
  return true;
}

bool dossier_reach_load(Db *db, const DossierSubject *subject, json_t **ret_coverage, GError **error)
{
  g_autoptr(json_t) coverage = json_array();

  if (!add_plans(db, subject, coverage, error) || !add_advisories(db, subject, coverage, error))
    return false;
  *ret_coverage = g_steal_pointer(&coverage);
  return true;
}

json_t *dossier_reach_counts(const json_t *coverage)
{
  json_t *counts = json_deep_copy(coverage);

  for (gsize i = 0; i < json_array_size(counts); i++)
    json_object_del(json_array_get(counts, i), "organizations");
  return counts;
}

/* Those of `organizations` that are unreached. A new reference. */
static json_t *open_json(const json_t *organizations)
{
  json_t *open = json_array();

  for (gsize i = 0; i < json_array_size(organizations); i++) {
    const json_t *organization = json_array_get(organizations, i);
    json_t *shown;

    if (json_is_true(json_object_get(organization, "reached")) ||
        json_is_true(json_object_get(organization, "acknowledged")))
      continue;
    shown = json_deep_copy(organization);
    letter_json_flag(shown, letter_json_get(shown, "reach"), true);
    json_array_append_new(open, shown);
  }
  return open;
}

json_t *dossier_reach_page(const json_t *coverage)
{
  json_t *page = dossier_reach_counts(coverage);

  for (gsize i = 0; i < json_array_size(page); i++)
    json_object_set_new(json_array_get(page, i), "open",
                        open_json(json_object_get(json_array_get(coverage, i), "organizations")));
  return page;
}
