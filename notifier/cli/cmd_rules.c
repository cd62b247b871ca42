#include "notifier/cli/cmd.h"
#include "notifier/cli/policy_view.h"
#include "notifier/cli/suggest.h"
#include "notifier/cli/table.h"
#include "planner/rule.h"

#include <string.h>

static const ArgOption options[] = {
  { "profile", "P", "show those of jp, us, eu or an own profile (default: the one in force)" },
  { NULL },
};

static bool is_own(const Policy *policy)
{
  return strcmp(policy->key, policy_for(policy->profile)->key) != 0;
}

/* Of the built-in profiles, and of `policy` where it is none of them. */
static Json *severities(const Rule *rule, const Policy *policy)
{
  Json *document = json_object();

  for (Profile profile = 0; profile < PROFILE_COUNT; profile++)
    json_object_set_new(document, policy_for(profile)->key,
                        json_string(rule_severity_key(rule->severity[profile])));
  if (is_own(policy))
    json_object_set_new(document, policy->key, json_string(rule_severity_key(rule_severity(rule, policy))));
  return document;
}

static Json *rule_json(const Rule *rule, const Policy *policy)
{
  const char *override = cli_is_japanese() ? rule->override_ja : rule->override_en;

  return json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:s}", "id", rule->id, "gate", rule_gate_key(rule->gate),
                   "severity", severities(rule, policy), "text_ja", rule->text_ja, "text_en", rule->text_en,
                   "override", cli_json_text(override), "source", rule->source);
}

static const char *rule_text(const Rule *rule)
{
  return cli_is_japanese() ? rule->text_ja : rule->text_en;
}

static void print_json(const Policy *policy)
{
  gsize n = 0;
  const Rule *rules = rule_table(&n);
  Json *list = json_array();

  for (gsize i = 0; i < n; i++)
    json_array_append_new(list, rule_json(&rules[i], policy));

  g_autoptr(Json) document = json_pack("{s:o, s:o}", "profile", policy_view_json(policy), "rules", list);

  cli_print_json(document);
}

static void print_list(const Policy *policy)
{
  gsize n = 0;
  const Rule *rules = rule_table(&n);
  g_autoptr(Table) table = table_new("RULE|GATE|SEVERITY|WHAT IT SAYS");

  for (gsize i = 0; i < n; i++) {
    RuleSeverity severity = rule_severity(&rules[i], policy);
    bool changed = severity != rules[i].severity[policy->profile];

    table_cell_styled(table, rules[i].id, STYLE_BOLD);
    table_cell(table, rule_gate_key(rules[i].gate));
    table_cell_styled(table, rule_severity_key(severity), changed ? STYLE_YELLOW : STYLE_PLAIN);
    table_cell(table, rule_text(&rules[i]));
  }
  table_print(table, stdout);
  printf("\nGates: store = never enters the store; publish = an error blocks publication, a warning needs "
         "--reason; finding = listed, blocks nothing.\n\n");
  policy_view_print(policy);
}

static void print_one(const Rule *rule, const Policy *policy)
{
  printf("%s%s%s\n\n%s\n%s\n\n", term_begin(stdout, STYLE_BOLD), rule->id, term_end(stdout, STYLE_BOLD),
         rule->text_en, rule->text_ja);
  printf("gate      %s\nseverity ", rule_gate_key(rule->gate));
  for (Profile profile = 0; profile < PROFILE_COUNT; profile++)
    printf("%s %s: %s", profile > 0 ? "," : "", policy_for(profile)->key,
           rule_severity_key(rule->severity[profile]));
  if (is_own(policy))
    printf(", %s: %s", policy->key, rule_severity_key(rule_severity(rule, policy)));
  putchar('\n');
  if (rule->override_en != NULL)
    printf("override  by a second person (kigen plan override), with the reason: %s\n",
           cli_is_japanese() ? rule->override_ja : rule->override_en);
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

/* The profile of --profile, else the one in force. A built-in one needs no kigen.conf. */
static bool find_policy(Cli *cli, const Args *args, Policy *ret_policy, GError **error)
{
  const char *name = args_text(args, "profile");
  const Config *config = NULL;
  Profile built_in;
  g_autofree char *hint = NULL;

  if (name != NULL && profile_parse(name, &built_in)) {
    *ret_policy = *policy_for(built_in);
    return true;
  }
  if (!cli_config(cli, &config, error))
    return false;
  if (config_policy(config, name != NULL ? name : config->profile, ret_policy, &hint))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--profile %s: no such profile: %s", name, hint);
  return false;
}

static bool rules_run(Cli *cli, const Args *args, GError **error)
{
  const char *id = args_word(args, 0);
  Policy policy;

  if (!find_policy(cli, args, &policy, error))
    return false;
  if (id != NULL && rule_find(id) == NULL)
    return refuse_unknown(id, error);
  if (id == NULL && cli_json(cli)) {
    print_json(&policy);
  } else if (id == NULL) {
    print_list(&policy);
  } else if (cli_json(cli)) {
    g_autoptr(Json) document = rule_json(rule_find(id), &policy);

    cli_print_json(document);
  } else {
    print_one(rule_find(id), &policy);
  }
  return true;
}

const Command cmd_rules = {
  .name = "rules",
  .summary = "List the rules and the profile in force, or explain one rule",
  .words = "[ID]",
  .max_words = 1,
  .options = { options },
  .run = rules_run,
};
