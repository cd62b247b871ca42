#include "db/check_plans.h"

#include "db/plan_payload.h"
#include "db/plan_store.h"

#include <jansson.h>
#include <stdlib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static char *row_name(const PlanRow *row)
{
  return g_strdup_printf("support_plan %" G_GINT64_FORMAT " (%s/%s, revision %d)", row->plan, row->product,
                         row->name, row->revision);
}

static void add_broken(const CheckStep *step, const PlanRow *row, const RuleFinding *finding,
                       GPtrArray *findings)
{
  const Rule *rule = finding->rule;

  if (finding->outcome != RULE_BROKEN || finding->severity != SEVERITY_ERROR || rule->gate == GATE_FINDING)
    return;
  g_autofree char *found = finding->detail != NULL ? g_strdup_printf(" (%s)", finding->detail) : g_strdup("");

  check_add(step, findings, row_name(row), g_strdup_printf("%s: %s%s", rule->id, rule->text_en, found),
            rule->remedy_en);
}

bool check_plans_rules(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                       GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!plan_store_list(db, NULL, PLAN_IN_FORCE, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    g_autoptr(PlanFacts) facts = NULL;

    /* A warning was answered with a reason when it was published. */
    if (!plan_store_facts(db, rows->pdata[i], terms->today, true, &facts, error))
      return false;

    g_autoptr(GPtrArray) found = rule_check(plan_facts_get(facts), terms->policy);

    for (guint k = 0; k < found->len; k++)
      add_broken(step, rows->pdata[i], found->pdata[k], findings);
  }
  return true;
}

static char *key_of(const char *what, const char *market, gint64 revision)
{
  return g_strdup_printf("%s\n%s\n%" G_GINT64_FORMAT, what, market, revision);
}

static char *dump(const json_t *value)
{
  char *dumped = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
  char *text = g_strdup(dumped);

  free(dumped);
  return text;
}

/* One publication: release, market and revision → the plan that was published. */
static void add_promise(GHashTable *promises, const char *payload)
{
  g_autoptr(json_t) object = json_loads(payload, 0, NULL);
  const char *what = json_string_value(json_object_get(object, "what"));
  const char *market = json_string_value(json_object_get(object, "market"));
  const json_t *to = json_object_get(object, "to");

  if (what != NULL && market != NULL && json_is_object(to))
    g_hash_table_replace(
        promises, key_of(what, market, json_integer_value(json_object_get(object, "revision"))), dump(to));
}

static bool load_promises(Db *db, GHashTable *promises, bool *ret_erased, GError **error)
{
  static const DbQuery query = { "SELECT p.payload FROM audit a LEFT JOIN audit_payload p ON p.audit = a.id"
                                 " WHERE a.action = 'plan.publish' ORDER BY a.id" };
  DbStatement *statement;
  bool row;

  *ret_erased = false;
  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    if (db_is_null(statement, 0))
      *ret_erased = true;
    else
      add_promise(promises, db_text(statement, 0));
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

static void compare(const CheckStep *step, const PlanRow *row, const char *promise, bool erased,
                    GPtrArray *findings)
{
  g_autofree char *now = plan_payload_plan(row->dates);

  if (promise == NULL && !erased)
    check_add(step, findings, row_name(row), g_strdup("published, but the audit trail says nothing of it"),
              "find out who published it beside kigen; publish a new revision by kigen plan publish");
  else if (promise != NULL && g_strcmp0(promise, now) != 0)
    check_add(
        step, findings, row_name(row),
        g_strdup_printf("changed after it was published: it was %s, it is %s", promise, now),
        "find out who changed it; put back what was promised by a new revision, or restore the last backup");
}

bool check_plans_promises(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                          GError **error)
{
  g_autoptr(GHashTable) promises = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) rows = NULL;
  bool erased;

  if (!load_promises(db, promises, &erased, error) || !plan_store_list(db, NULL, PLAN_IN_FORCE, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];
    g_autofree char *what = g_strconcat(row->product, "/", row->name, NULL);
    g_autofree char *key = key_of(what, row->market, row->revision);

    compare(step, row, g_hash_table_lookup(promises, key), erased, findings);
  }
  return true;
}
