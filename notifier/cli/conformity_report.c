#include "notifier/cli/conformity_report.h"

#include "db/document_store.h"
#include "db/maker_store.h"
#include "notifier/cli/conformity_proof.h"
#include "notifier/mail/letter_words.h"
#include "planner/conformity.h"
#include "planner/date_text.h"
#include "planner/limited_support.h"

#include <string.h>

/* What the report is made of. */
typedef struct {
  ReportProduct *product;
  GPtrArray *documents; /* of DocumentRow, the product's and its releases' */
  GPtrArray *releases;  /* of PlanRow: the latest revision of each; its plan is 0 unless it is in force */
  GHashTable *maker;
  const char *language;
} Source;

static void source_clear(Source *source)
{
  report_product_free(source->product);
  g_clear_pointer(&source->documents, g_ptr_array_unref);
  g_clear_pointer(&source->releases, g_ptr_array_unref);
  g_clear_pointer(&source->maker, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

static const char *in(const char *language, const char *ja, const char *en)
{
  return *language == 'j' || en == NULL ? ja : en;
}

/* Moves the rows of `release` from `rows` to the end of `found`; false when there is none. */
static bool move_rows(GPtrArray *rows, gint64 release, GPtrArray *found)
{
  guint before = found->len;

  for (guint i = 0; i < rows->len; i++)
    if (rows->pdata[i] != NULL && ((const PlanRow *)rows->pdata[i])->release == release)
      g_ptr_array_add(found, g_steal_pointer(&rows->pdata[i]));
  return found->len > before;
}

static void row_free(gpointer row)
{
  plan_row_free(row);
}

/* Each release with its plans in force, one a market, or else one row without a plan. */
static bool load_releases(Db *db, Source *source, GError **error)
{
  g_autoptr(GPtrArray) latest = NULL, in_force = NULL;
  gint64 last = 0;

  if (!plan_store_list(db, source->product->code, PLAN_IN_FORCE, &in_force, error) ||
      !plan_store_list(db, source->product->code, PLAN_LATEST, &latest, error))
    return false;
  source->releases = g_ptr_array_new_with_free_func(row_free);
  for (guint i = 0; i < latest->len; i++) {
    PlanRow *row = latest->pdata[i];

    if (row->release == last)
      continue;
    last = row->release;
    if (move_rows(in_force, row->release, source->releases))
      continue;
    row->plan = 0;
    g_ptr_array_add(source->releases, g_steal_pointer(&latest->pdata[i]));
  }
  return true;
}

static bool load(Db *db, const char *code, Source *source, GError **error)
{
  if (!report_store_product(db, code, &source->product, error))
    return false;
  return source->product == NULL ||
         (document_store_list(db, code, &source->documents, error) && load_releases(db, source, error) &&
          maker_store_load(db, &source->maker, error));
}

/* True when `row` names a document for `item` that counts, for `release` (NULL: for the product). */
static bool names(const DocumentRow *row, const ConformityItem *item, const char *release)
{
  return strcmp(row->item, item->id) == 0 && g_strcmp0(row->target->release_name, release) == 0 &&
         limited_support_doc_counts(row->document) && (release != NULL || !item->per_release);
}

static bool is_named(const Source *source, const ConformityItem *item, const char *release)
{
  for (guint i = 0; i < source->documents->len; i++)
    if (names(source->documents->pdata[i], item, release))
      return true;
  return false;
}

/* The documents of `item`, the product's first. */
static Json *documents_json(const Source *source, const ConformityItem *item)
{
  Json *list = json_array();

  for (guint i = 0; i < source->documents->len; i++) {
    const DocumentRow *row = source->documents->pdata[i];

    if (names(row, item, row->target->release_name))
      json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "document", cli_json_text(row->document),
                                            "title", cli_json_text(row->title), "release",
                                            cli_json_text(row->target->release_name)));
  }
  return list;
}

/* Names of the releases that no document of `item` covers: all of them where the product has no release. */
static char *uncovered(const Source *source, const ConformityItem *item, bool *ret_any)
{
  GString *names_of = g_string_new(NULL);
  bool product = is_named(source, item, NULL);
  gint64 last = 0; /* a release has a row for each market */

  for (guint i = 0; !product && i < source->releases->len; i++) {
    const PlanRow *row = source->releases->pdata[i];
    bool again = row->release == last;

    last = row->release;
    if (!again && !is_named(source, item, row->name))
      g_string_append_printf(names_of, "%s%s", names_of->len > 0 ? ", " : "", row->name);
  }
  *ret_any = names_of->len > 0 || (!product && source->releases->len == 0);
  return g_string_free(names_of, FALSE);
}

/* "named", "partly", "missing" or "exempt". */
static Json *item_json(const Source *source, const ConformityItem *item)
{
  Json *documents = documents_json(source, item);
  bool any = false, exempt = !conformity_applies(item, source->product->transition);
  g_autofree char *missing_for = uncovered(source, item, &any);
  bool none = json_array_size(documents) == 0;
  const char *state = exempt ? "exempt" : !any ? "named" : none ? "missing" : "partly";

  return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:s, s:o}", "item", item->id, "clause", item->clause,
                   "requirement", in(source->language, item->text_ja, item->text_en), "source", item->source,
                   "state", state, state, true, "documents", documents, "missing_for",
                   exempt || !any ? "" : missing_for, "proofs",
                   conformity_proof_list(item->proofs, source->product, source->releases, source->language));
}

static Json *items_json(const Source *source, int *ret_asked, int *ret_open)
{
  gsize n;
  const ConformityItem *table = conformity_table(&n);
  Json *list = json_array();

  for (gsize i = 0; i < n; i++) {
    if (table[i].annex_f && !source->product->transition)
      continue;

    Json *item = item_json(source, &table[i]);
    const char *state = json_string_value(json_object_get(item, "state"));

    *ret_asked += strcmp(state, "exempt") != 0 ? 1 : 0;
    *ret_open += strcmp(state, "missing") == 0 || strcmp(state, "partly") == 0 ? 1 : 0;
    json_array_append_new(list, item);
  }
  return list;
}

static Json *date_json(PlanDate date, const char *language)
{
  g_autofree char *text = date.state == DATE_KNOWN ? letter_words_short_date(date.day, language)
                          : date.state == DATE_TBA ? g_strdup(in(language, "未定", "not announced"))
                                                   : g_strdup("―");

  return json_string(text);
}

/* A release and its plan in force. */
static Json *release_json(const PlanRow *row, const char *language)
{
  PlanDate published = { row->published_on != DAY_NONE ? DATE_KNOWN : DATE_UNKNOWN, row->published_on };

  if (row->plan == 0)
    return json_pack("{s:o, s:b}", "release", cli_json_text(row->name), "planned", false);
  return json_pack("{s:o, s:b, s:o, s:i, s:o, s:o, s:o, s:o, s:o}", "release", cli_json_text(row->name),
                   "planned", true, "market", cli_json_text(row->market), "revision", row->revision,
                   "published", date_json(published, language), "end_of_sale",
                   date_json(row->dates->date[MILESTONE_END_OF_SALE], language), "eol",
                   date_json(row->dates->date[MILESTONE_EOL], language), "eos",
                   date_json(row->dates->date[MILESTONE_EOS], language), "limited_support_doc",
                   cli_json_text(row->dates->limited_support.doc));
}

static Json *releases_json(const Source *source)
{
  Json *list = json_array();

  for (guint i = 0; i < source->releases->len; i++)
    json_array_append_new(list, release_json(source->releases->pdata[i], source->language));
  return list;
}

/* Whether the product is in scope of 基本要件基準12条3項, and why. Out of scope asks for a reason. */
static char *scope_text(const Source *source)
{
  const ReportProduct *product = source->product;
  bool out = strcmp(product->art12_3, "no") == 0;
  const char *scope = strcmp(product->art12_3, "yes") == 0 ? in(source->language, "対象", "in scope")
                      : out                                ? in(source->language, "対象外", "out of scope")
                                                           : in(source->language, "不明", "unknown");
  const char *reason = limited_support_doc_counts(product->art12_3_reason) ? product->art12_3_reason
                       : out ? in(source->language, "理由未記入", "no reason given")
                             : NULL;

  if (reason == NULL)
    return g_strdup(scope);
  return *source->language == 'j' ? g_strdup_printf("%s（%s）", scope, reason)
                                  : g_strdup_printf("%s (%s)", scope, reason);
}

static Json *product_json(const Source *source)
{
  const ReportProduct *product = source->product;
  g_autofree char *scope = scope_text(source);

  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:b}", "code", cli_json_text(product->code),
                   "name", cli_json_text(in(source->language, product->name_ja, product->name_en)),
                   "generic_name", cli_json_text(product->generic_name), "class",
                   cli_json_text(product->class), "approval_no", cli_json_text(product->approval_no),
                   "art12_3", product->art12_3, "art12_3_reason", cli_json_text(product->art12_3_reason),
                   "scope", cli_json_text(scope), "transition", product->transition);
}

static Json *maker_json(const Source *source)
{
  bool japanese = *source->language == 'j';
  const char *name = g_hash_table_lookup(source->maker, japanese ? "name_ja" : "name_en");

  return json_pack("{s:o, s:o}", "name",
                   cli_json_text(name != NULL ? name : g_hash_table_lookup(source->maker, "name_ja")),
                   "licence_no", cli_json_text(g_hash_table_lookup(source->maker, "licence_no")));
}

bool conformity_report_build(Db *db, const char *code, const char *language, Day today, Json **ret_report,
                             GError **error)
{
  g_auto(Source) source = { .language = language };
  g_autofree char *date = *language == 'j' ? date_text_japanese(today) : date_text_english(today);
  int asked = 0, open = 0;

  if (!load(db, code, &source, error))
    return false;
  if (source.product == NULL) {
    *ret_report = NULL;
    return true;
  }
  Json *items = items_json(&source, &asked, &open);

  *ret_report = json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:i, s:i, s:b}", "language", language, "today",
                          cli_json_day(today), "date", date, "maker", maker_json(&source), "product",
                          product_json(&source), "items", items, "releases", releases_json(&source), "asked",
                          asked, "open", open, "complete", open == 0);
  return true;
}
