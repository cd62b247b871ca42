#include "notifier/cli/cmd.h"
#include "notifier/cli/suggest.h"
#include "notifier/cli/table.h"
#include "planner/rule.h"

static const ArgOption options[] = {
  { "profile", "P", "show the severities of jp, us or eu (default: the configured one)" },
  { NULL },
};

static Json *severities(const Rule *rule)
{
  Json *document = json_object();

  for (Profile profile = 0; profile < PROFILE_COUNT; profile++)
    json_object_set_new(document, policy_for(profile)->key,
                        json_string(rule_severity_key(rule->severity[profile])));
  return document;
}

static Json *rule_json(const Rule *rule)
{
  return json_pack("{s:s, s:s, s:o, s:s, s:s, s:s}", "id", rule->id, "gate", rule_gate_key(rule->gate),
                   "severity", severities(rule), "text_ja", rule->text_ja, "text_en", rule->text_en, "source",
                   rule->source);
}

static const char *rule_text(const Rule *rule)
{
  return cli_is_japanese() ? rule->text_ja : rule->text_en;
}

static void print_list(const Policy *policy, bool json)
{
  gsize n = 0;
  const Rule *rules = rule_table(&n);
  g_autoptr(Json) list = json_array();
  g_autoptr(Table) table = table_new("RULE|GATE|SEVERITY|WHAT IT SAYS");

  for (gsize i = 0; i < n; i++) {
    json_array_append_new(list, rule_json(&rules[i]));
    table_cell_styled(table, rules[i].id, STYLE_BOLD);
    table_cell(table, rule_gate_key(rules[i].gate));
    table_cell(table, rule_severity_key(rules[i].severity[policy->profile]));
    table_cell(table, rule_text(&rules[i]));
  }
  if (json) {
    cli_print_json_list("rules", list);
    return;
  }
  table_print(table, stdout);
  printf("\nProfile %s. Gates: store = never enters the store; publish = an error blocks publication, a "
         "warning needs "
         "--reason; finding = listed, blocks nothing.\n",
         policy->key);
}

static void print_one(const Rule *rule, bool json)
{
  g_autoptr(Json) document = rule_json(rule);

  if (json) {
    cli_print_json(document);
    return;
  }
  printf("%s%s%s\n\n%s\n%s\n\n", term_begin(stdout, STYLE_BOLD), rule->id, term_end(stdout, STYLE_BOLD),
         rule->text_en, rule->text_ja);
  printf("gate      %s\nseverity ", rule_gate_key(rule->gate));
  for (Profile profile = 0; profile < PROFILE_COUNT; profile++)
    printf(" %s: %s%s", policy_for(profile)->key, rule_severity_key(rule->severity[profile]),
           profile + 1 < PROFILE_COUNT ? "," : "\n");
  printf("source    %s\n", rule->source);
}

static bool refuse_unknown(const char *id, GError **error)
{
  gsize n = 0;
  const Rule *rules = rule_table(&n);
  g_autofree const char **ids = g_new0(const char *, n + 1);
  g_autofree char *upper = g_ascii_strup(id, -1);

  for (gsize i = 0; i < n; i++)
    ids[i] = rules[i].id;

  g_autofree char *hint = suggest_hint(upper, ids);

  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "no rule %s: %s", id, hint);
  return false;
}

static bool rules_run(Cli *cli, const Args *args, GError **error)
{
  const Policy *policy = NULL;
  Profile profile = PROFILE_JP;
  const char *key = args_text(args, "profile");
  const char *id = args_word(args, 0);

  if (key != NULL && !profile_parse(key, &profile)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--profile %s: expected jp, us or eu", key);
    return false;
  }
  if (key != NULL)
    policy = policy_for(profile);
  else if (!cli_policy(cli, &policy, error))
    return false;
  if (id == NULL)
    print_list(policy, cli_json(cli));
  else if (rule_find(id) == NULL)
    return refuse_unknown(id, error);
  else
    print_one(rule_find(id), cli_json(cli));
  return true;
}

const Command cmd_rules = {
  .name = "rules",
  .summary = "List the rules, or explain one",
  .words = "[ID]",
  .max_words = 1,
  .options = { options },
  .run = rules_run,
};
