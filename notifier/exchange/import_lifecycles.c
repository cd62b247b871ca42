/* Lifecycles: products and releases made where they are unknown, and the draft of each release's plan. */

#include <string.h>

#include "db/plan_store.h"
#include "db/product_store.h"
#include "notifier/exchange/import_job.h"
#include "planner/rule.h"
#include "planner/service_terms.h"

/* What the store has of a plan, for columns that the file lacks. */
typedef struct {
  GHashTable *plan;    /* "PRODUCT\x1fRELEASE\x1fMARKET" → SupportPlan */
  GHashTable *product; /* code → id in decimal */
} State;

static void free_plan(gpointer plan)
{
  support_plan_free(plan);
}

static char *plan_key(const char *product, const char *release, const char *market)
{
  return g_strjoin("\x1f", product, release, market, NULL);
}

static void remember_product(const char *code, gint64 id, void *data)
{
  g_hash_table_insert(((State *)data)->product, g_strdup(code), g_strdup_printf("%" G_GINT64_FORMAT, id));
}

static bool load_plans(Db *db, State *state, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!plan_store_list(db, NULL, PLAN_LATEST, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = g_ptr_array_index(rows, i);

    if (row->plan != 0)
      g_hash_table_insert(state->plan, plan_key(row->product, row->name, row->market),
                          support_plan_copy(row->dates));
  }
  return true;
}

static bool begin(ImportJob *job, GError **error)
{
  State *state = g_new0(State, 1);

  state->plan = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_plan);
  state->product = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  job->state = state;
  return load_plans(job->db, state, error) && product_store_each(job->db, remember_product, state, error);
}

static void end(ImportJob *job)
{
  State *state = job->state;

  g_hash_table_unref(state->plan);
  g_hash_table_unref(state->product);
  g_free(state);
}

static void set_date(ImportJob *job, const ImportRow *row, int target, PlanDate *date)
{
  if (!import_job_given(job, target))
    return;
  *date = (PlanDate){ 0 };
  if (row->value[target] != NULL && !plan_date_from_store(row->value[target], date))
    g_assert_not_reached(); /* values_plan_date made it */
}

static void set_text(ImportJob *job, const ImportRow *row, int target, char **text)
{
  if (!import_job_given(job, target))
    return;
  g_free(*text);
  *text = g_strdup(row->value[target]);
}

static void set_lines(ImportJob *job, ImportRow *row, LimitedSupport *support)
{
  g_autoptr(GError) error = NULL;

  if (import_job_given(job, LIFECYCLES_LINES) &&
      !limited_support_parse_lines(row->value[LIFECYCLES_LINES], support, &error))
    import_job_refuse(job, row, LIFECYCLES_LINES, NULL, "%s", error->message);
}

/* After the lines, which may end some terms: those that the file gives must find theirs. */
static void set_terms(ImportJob *job, ImportRow *row, int target, const char *language,
                      LimitedSupport *support)
{
  g_autoptr(GError) error = NULL;

  if (!import_job_given(job, target) || row->refused)
    return;
  if (!service_terms_parse(row->value[target], language, support, &error)) {
    import_job_refuse(job, row, target, NULL, "%s", error->message);
    return;
  }
  ServiceKind stray = service_terms_stray(support);

  if (stray < SERVICE_COUNT)
    import_job_refuse(job, row, target, NULL,
                      "terms of %s, which is no service line of this plan; give it a last day in "
                      "limited_support_lines, or leave its terms out",
                      service_kind_key(stray));
}

static void set_limited_support(ImportJob *job, ImportRow *row, LimitedSupport *support)
{
  set_text(job, row, LIFECYCLES_DOC, &support->doc);
  set_text(job, row, LIFECYCLES_URL, &support->url);
  set_text(job, row, LIFECYCLES_DUTIES, &support->duties_ja);
  set_text(job, row, LIFECYCLES_DUTIES_EN, &support->duties_en);
  set_text(job, row, LIFECYCLES_SUCCESSOR, &support->successor);
  set_text(job, row, LIFECYCLES_RATIONALE, &support->rationale);
  set_lines(job, row, support);
  set_terms(job, row, LIFECYCLES_TERMS, "ja", support);
  set_terms(job, row, LIFECYCLES_TERMS_EN, "en", support);
}

/* The plan that the row makes of the one in the store. */
static SupportPlan *make_plan(ImportJob *job, ImportRow *row, const char *market)
{
  const State *state = job->state;
  g_autofree char *key = plan_key(row->value[LIFECYCLES_PRODUCT], row->value[LIFECYCLES_RELEASE], market);
  const SupportPlan *stored = g_hash_table_lookup(state->plan, key);
  SupportPlan *plan = stored != NULL ? support_plan_copy(stored) : support_plan_new();

  for (int i = 0; i < MILESTONE_COUNT; i++)
    set_date(job, row, i, &plan->date[i]);
  set_date(job, row, LIFECYCLES_ANNOUNCED_ON, &plan->announced_on);
  set_date(job, row, LIFECYCLES_PRESENTED_ON, &plan->presented_on);
  set_limited_support(job, row, &plan->limited_support);
  return plan;
}

/* The store gate, with what to do about each of its rules. */
static void ask_rules(ImportJob *job, ImportRow *row, const SupportPlan *plan)
{
  static const struct {
    const char *id;
    int target;
    const char *remedy;
  } remedies[] = {
    { "LSP-1", MILESTONE_EOS,
      "declare the plan (limited_support_doc, limited_support_duties, limited_support_lines), or correct a "
      "date" },
    { "ORD-1", MILESTONE_EOL, "correct eol or eos" },
  };
  const Rule *rule = rule_store_gate(plan);
  int target = -1;
  const char *remedy = "correct the row";

  if (rule == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS(remedies); i++) {
    if (strcmp(rule->id, remedies[i].id) == 0 && import_job_given(job, remedies[i].target)) {
      target = remedies[i].target;
      remedy = remedies[i].remedy;
    }
  }
  import_job_refuse(job, row, target, rule->id, "%s; %s", rule->text_en, remedy);
}

/* The product's id; made, with the row's name, when there is none. */
static bool put_product(ImportJob *job, const ImportRow *row, const char **ret_product, GError **error)
{
  State *state = job->state;
  const char *code = row->value[LIFECYCLES_PRODUCT];
  const char *value[PRODUCT_FIELDS] = {
    [PRODUCT_CODE] = code, [PRODUCT_NAME_JA] = row->value[LIFECYCLES_NAME]
  };
  const char *known = g_hash_table_lookup(state->product, code);
  UpsertResult result;
  gint64 id;

  if (known == NULL) {
    if (!product_store_put(job->db, value, 0, &id, &result, error))
      return false;
    remember_product(code, id, state);
    known = g_hash_table_lookup(state->product, code);
  }
  *ret_product = known;
  return true;
}

static bool put_release(ImportJob *job, const ImportRow *row, gint64 *ret_release, UpsertResult *ret_result,
                        GError **error)
{
  const char *value[RELEASE_FIELDS] = {
    [RELEASE_NAME] = row->value[LIFECYCLES_RELEASE],
    [RELEASE_KIND] = row->value[LIFECYCLES_KIND],
    [RELEASE_UDI_DI] = row->value[LIFECYCLES_UDI_DI],
  };
  guint32 given = (import_job_given(job, LIFECYCLES_KIND) ? 1u << RELEASE_KIND : 0) |
                  (import_job_given(job, LIFECYCLES_UDI_DI) ? 1u << RELEASE_UDI_DI : 0);

  return put_product(job, row, &value[RELEASE_PRODUCT], error) &&
         product_store_put_release(job->db, value, given, ret_release, ret_result, error);
}

static bool store(ImportJob *job, const ImportRow *row, const char *market, const SupportPlan *plan,
                  GError **error)
{
  g_autofree char *reason = g_strdup_printf("import of %s", job->report->file);
  UpsertResult result;
  gint64 release;
  bool changed;

  if (!put_release(job, row, &release, &result, error) ||
      !plan_store_put_draft(job->db, &job->options->audit, release, market, plan, reason, &changed, error))
    return false;
  import_job_count(job, result == UPSERT_UNCHANGED && changed ? UPSERT_CHANGED : result);
  return true;
}

static bool put(ImportJob *job, ImportRow *row, GError **error)
{
  const char *market = row->value[LIFECYCLES_MARKET] != NULL ? row->value[LIFECYCLES_MARKET] : "*";

  if (!import_job_once(job, row, LIFECYCLES_RELEASE, row->value[LIFECYCLES_PRODUCT],
                       row->value[LIFECYCLES_RELEASE], market, NULL))
    return true;
  g_autoptr(SupportPlan) plan = make_plan(job, row, market);

  if (!row->refused)
    ask_rules(job, row, plan);
  return row->refused || store(job, row, market, plan, error);
}

const ImportHandler import_lifecycles_handler = { .scope = "plan", .begin = begin, .put = put, .end = end };
