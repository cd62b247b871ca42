#include "notifier/cli/cmd.h"
#include "notifier/cli/finding_view.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/table.h"

static const ArgOption options[] = {
  { "unknown", NULL, "list rules that cannot be judged, too: data, or a reason, is missing" },
  { NULL },
};

static const char help[] = "Asks every rule about the latest revision of every plan that matches, and lists "
                           "what is broken. Exit code 1 when an\n"
                           "error stands. \"unknown\" is not \"ok\": the data to judge by is missing; nor is "
                           "\"overridden\": it is broken, and a second\n"
                           "person signed for it (kigen plan override). kigen rules ID explains a rule.";

/* Findings by what they say. */
typedef enum {
  COUNT_ERROR,
  COUNT_WARNING,
  COUNT_OVERRIDDEN,
  COUNT_UNKNOWN,
  COUNT_OK,
  COUNT_NOT_APPLICABLE,
  COUNT_KINDS
} CountKind;

typedef struct {
  gint64 of_rule[COUNT_KINDS];
} RuleCount;

typedef struct {
  guint plans;
  gint64 total[COUNT_KINDS];
  RuleCount *rules; /* by place in rule_table() */
  bool list_unknown;
  Table *table;
  Json *plan_list; /* or NULL: text is asked for */
} Check;

static CountKind kind_of(const RuleFinding *finding)
{
  if (finding->outcome == RULE_BROKEN)
    return finding->severity == SEVERITY_ERROR ? COUNT_ERROR : COUNT_WARNING;
  return finding->outcome == RULE_UNKNOWN      ? COUNT_UNKNOWN
         : finding->outcome == RULE_OVERRIDDEN ? COUNT_OVERRIDDEN
         : finding->outcome == RULE_OK         ? COUNT_OK
                                               : COUNT_NOT_APPLICABLE;
}

/* True when it is of interest: what is broken (signed for or not), what cannot be judged, and a rule that
 * does not apply where something is amiss all the same. */
static bool is_told(const RuleFinding *finding, bool unknown)
{
  CountKind kind = kind_of(finding);

  return kind <= COUNT_OVERRIDDEN ||
         (unknown && (kind == COUNT_UNKNOWN || (kind == COUNT_NOT_APPLICABLE && finding->detail != NULL)));
}

static void add_row(Check *check, const char *name, const RuleFinding *finding)
{
  table_cell(check->table, name);
  table_cell(check->table, finding->rule->id);
  table_cell_styled(check->table, finding_view_word(finding), finding_view_style(finding));
  table_cell(check->table, rule_gate_key(finding->rule->gate));
  table_cell(check->table, finding->detail != NULL ? finding->detail : finding_view_text(finding->rule));
}

static void add_to_json(Check *check, const PlanRow *row, const GPtrArray *findings, Day today)
{
  Json *list = json_array();

  for (guint i = 0; i < findings->len; i++)
    if (is_told(findings->pdata[i], true))
      json_array_append_new(list, finding_view_json(findings->pdata[i]));
  json_array_append_new(check->plan_list,
                        json_pack("{s:s, s:s, s:s, s:i, s:o, s:s, s:o}", "product", row->product, "release",
                                  row->name, "market", row->market != NULL ? row->market : "*", "revision",
                                  row->revision, "state", cli_json_text(row->plan != 0 ? row->state : NULL),
                                  "stage", stage_key(support_plan_stage(row->dates, today)), "findings",
                                  list));
}

static void add_findings(Check *check, const PlanRow *row, const GPtrArray *findings, Day today)
{
  g_autofree char *name = plan_view_name(row);
  gsize n = 0;
  const Rule *rules = rule_table(&n);

  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];
    CountKind kind = kind_of(finding);

    check->total[kind]++;
    check->rules[finding->rule - rules].of_rule[kind]++;
    if (check->plan_list == NULL && is_told(finding, check->list_unknown))
      add_row(check, name, finding);
  }
  check->plans++;
  if (check->plan_list != NULL)
    add_to_json(check, row, findings, today);
}

static bool check_all(Check *check, Db *db, const GPtrArray *rows, const Policy *policy, Day today,
                      GError **error)
{
  g_autoptr(Progress) progress = progress_new("plans");

  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];
    g_autoptr(PlanFacts) facts = NULL;

    if (!plan_store_facts(db, row, today, true, &facts, error))
      return false;

    g_autoptr(GPtrArray) findings = rule_check(plan_facts_get(facts), policy);

    add_findings(check, row, findings, today);
    progress_update(progress, i + 1, rows->len, g_get_monotonic_time());
  }
  return true;
}

static Json *counts_json(const gint64 counts[])
{
  return json_pack("{s:I, s:I, s:I, s:I, s:I}", "errors", (json_int_t)counts[COUNT_ERROR], "warnings",
                   (json_int_t)counts[COUNT_WARNING], "overridden", (json_int_t)counts[COUNT_OVERRIDDEN],
                   "unknown", (json_int_t)counts[COUNT_UNKNOWN], "ok", (json_int_t)counts[COUNT_OK]);
}

static void print_json(const Check *check, const Policy *policy, Day today)
{
  gsize n = 0;
  const Rule *rules = rule_table(&n);
  Json *by_rule = json_object();

  for (gsize i = 0; i < n; i++)
    json_object_set_new(by_rule, rules[i].id, counts_json(check->rules[i].of_rule));

  g_autoptr(Json) document = json_pack(
      "{s:o, s:s, s:i, s:o, s:o, s:O}", "today", cli_json_day(today), "profile", policy->key, "count",
      (int)check->plans, "total", counts_json(check->total), "rules", by_rule, "releases", check->plan_list);

  cli_print_json(document);
}

static void print_count(Table *table, gint64 count, TermStyle style)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, count);

  table_cell_styled(table, count > 0 ? text : "-", count > 0 ? style : STYLE_DIM);
}

static void print_text(const Check *check, Day today)
{
  gsize n = 0;
  const Rule *rules = rule_table(&n);
  char buffer[DAY_TEXT_SIZE];
  g_autoptr(Table) summary = table_new("RULE|>ERRORS|>WARNINGS|>OVERRIDDEN|>UNKNOWN|>OK|BROKEN MEANS");

  table_print(check->table, stdout);
  if (table_rows(check->table) > 0)
    putchar('\n');
  for (gsize i = 0; i < n; i++) {
    const gint64 *counts = check->rules[i].of_rule;

    if (counts[COUNT_ERROR] + counts[COUNT_WARNING] + counts[COUNT_OVERRIDDEN] + counts[COUNT_UNKNOWN] +
            counts[COUNT_OK] ==
        0)
      continue;
    table_cell(summary, rules[i].id);
    print_count(summary, counts[COUNT_ERROR], STYLE_RED);
    print_count(summary, counts[COUNT_WARNING], STYLE_YELLOW);
    print_count(summary, counts[COUNT_OVERRIDDEN], STYLE_YELLOW);
    print_count(summary, counts[COUNT_UNKNOWN], STYLE_PLAIN);
    print_count(summary, counts[COUNT_OK], STYLE_PLAIN);
    table_cell(summary, finding_view_text(&rules[i]));
  }
  table_print(summary, stdout);
  g_autofree char *overridden =
      check->total[COUNT_OVERRIDDEN] > 0
          ? g_strdup_printf("%" G_GINT64_FORMAT " overridden, ", check->total[COUNT_OVERRIDDEN])
          : g_strdup("");

  printf("%s%u %s on %s: %" G_GINT64_FORMAT " errors, %" G_GINT64_FORMAT " warnings, %s%" G_GINT64_FORMAT
         " unknown, %" G_GINT64_FORMAT " ok\n",
         table_rows(summary) > 0 ? "\n" : "", check->plans, check->plans == 1 ? "release" : "releases",
         day_format(today, buffer), check->total[COUNT_ERROR], check->total[COUNT_WARNING], overridden,
         check->total[COUNT_UNKNOWN], check->total[COUNT_OK]);
}

static bool check_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(Table) table = table_new("PRODUCT/RELEASE|RULE|FINDING|GATE|WHAT");
  g_autoptr(Json) plan_list = cli_json(cli) ? json_array() : NULL;
  g_autofree RuleCount *counts = NULL;
  const Policy *policy = NULL;
  Db *db = NULL;
  Day today = DAY_NONE;
  gsize n = 0;

  if (!cli_today(cli, &today, error) || !cli_policy(cli, &policy, error) ||
      !cli_store(cli, DB_READ, &db, error))
    return false;
  rule_table(&n);
  counts = g_new0(RuleCount, n);
  if (!db_begin_read(db, error) || !plan_match_list(db, args, PLAN_LATEST, &rows, error))
    return false;

  Check check = {
    .rules = counts, .list_unknown = args_flag(args, "unknown"), .table = table, .plan_list = plan_list
  };

  if (!check_all(&check, db, rows, policy, today, error))
    return false;
  if (cli_json(cli))
    print_json(&check, policy, today);
  else
    print_text(&check, today);
  cli_set_exit(cli, check.total[COUNT_ERROR] > 0 ? CLI_EXIT_REFUSED : CLI_EXIT_DONE);
  return true;
}

const Command cmd_check = {
  .name = "check",
  .summary = "Ask every rule about every plan; exit 1 when an error stands",
  .words = "[PRODUCT[/RELEASE]…]",
  .max_words = -1,
  .options = { options },
  .help = help,
  .run = check_run,
};
