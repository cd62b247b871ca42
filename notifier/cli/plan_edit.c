#include "notifier/cli/plan_edit.h"

#include "notifier/cli/plan_field.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/suggest.h"
#include "notifier/cli/table.h"
#include "planner/service_terms.h"

#include <string.h>

bool plan_edit_find(Db *db, const char *name, const char *market, PlanRow **ret_row, GError **error)
{
  const char *slash = strchr(name, '/');
  g_autofree char *product = g_strndup(name, slash != NULL ? (gsize)(slash - name) : 0);
  gint64 release = 0;

  if (slash == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: expected PRODUCT/RELEASE", name);
    return false;
  }
  if (!plan_store_find_release(db, product, slash + 1, &release, error))
    return false;
  if (release == 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "no release %s: kigen plan show lists them, kigen import lifecycles FILE adds some", name);
    return false;
  }
  if (!plan_match_one(db, product, slash + 1, market, PLAN_LATEST, ret_row, error))
    return false;
  if (*ret_row == NULL) { /* planned for other markets only */
    *ret_row = g_new0(PlanRow, 1);
    **ret_row = (PlanRow){ .release = release,
                           .product = g_steal_pointer(&product),
                           .name = g_strdup(slash + 1),
                           .dates = support_plan_new() };
  }
  g_free((*ret_row)->market);
  (*ret_row)->market = g_strdup(market);
  return true;
}

static bool set_field(SupportPlan *plan, const char *pair, GError **error)
{
  const char *equals = strchr(pair, '=');
  g_autofree char *name = g_strndup(pair, equals != NULL ? (gsize)(equals - pair) : strlen(pair));
  const PlanField *field = plan_field_find(name);
  g_autofree char *warning = NULL;

  if (equals == NULL || field == NULL) {
    g_autofree const char **names = plan_field_names();
    g_autofree char *hint = suggest_hint(name, names);

    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: %s%s", pair,
                equals == NULL ? "expected FIELD=VALUE; " : "no such field: ", hint);
    return false;
  }
  if (!plan_field_set(field, plan, equals + 1, &warning, error)) {
    g_prefix_error(error, "%s: ", name);
    return false;
  }
  if (warning != NULL)
    cli_warn("%s: %s", name, warning);
  return true;
}

/* Terms need a line to stand at. */
static bool check_terms(const SupportPlan *plan, GError **error)
{
  ServiceKind stray = service_terms_stray(&plan->limited_support);

  if (stray == SERVICE_COUNT)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
              "terms.%s: there is no such service line; give its last day too: line.%s=DAY",
              service_kind_key(stray), service_kind_key(stray));
  return false;
}

bool plan_edit_apply(const Args *args, guint first, SupportPlan *plan, GError **error)
{
  for (guint i = first; i < args_count(args); i++)
    if (!set_field(plan, args_word(args, i), error))
      return false;
  return check_terms(plan, error);
}

Json *plan_edit_changes(const SupportPlan *was, const SupportPlan *now)
{
  g_autoptr(SupportPlan) none = support_plan_new();
  Json *changes = json_object();

  for (guint i = 0; plan_field_at(i) != NULL; i++) {
    g_autofree char *before = plan_field_show(plan_field_at(i), was != NULL ? was : none);
    g_autofree char *after = plan_field_show(plan_field_at(i), now);

    if (strcmp(before, after) != 0)
      json_object_set_new(changes, plan_field_name(plan_field_at(i)),
                          json_pack("[o, o]", cli_json_text(before), cli_json_text(after)));
  }
  return changes;
}

static void put_value(Table *table, const Json *value)
{
  const char *text = json_string_value(value);

  table_cell_styled(table, text[0] != '\0' ? text : "unknown", text[0] != '\0' ? STYLE_PLAIN : STYLE_DIM);
}

void plan_edit_print_changes(Json *changes)
{
  g_autoptr(Table) table = table_new("FIELD|WAS|NOW");
  const char *field = NULL;
  json_t *pair = NULL;

  json_object_foreach(changes, field, pair)
  {
    table_cell(table, field);
    put_value(table, json_array_get(pair, 0));
    put_value(table, json_array_get(pair, 1));
  }
  if (table_rows(table) > 0)
    table_print(table, stdout);
}
