#include "planner/rule.h"

#include <string.h>

void rule_finding_free(RuleFinding *finding)
{
  if (finding == NULL)
    return;
  g_free(finding->detail);
  g_free(finding);
}

const Rule *rule_find(const char *id)
{
  gsize n;
  const Rule *rules = rule_table(&n);

  for (gsize i = 0; id != NULL && i < n; i++) {
    if (g_ascii_strcasecmp(rules[i].id, id) == 0)
      return &rules[i];
  }
  return NULL;
}

/* The rule's place in the table. */
static gsize place_of(const Rule *rule)
{
  gsize n;
  gsize place = (gsize)(rule - rule_table(&n));

  g_assert(place < n && n <= POLICY_RULES_MAX);
  return place;
}

/* In the policy 0 stands for what the built-in profile says, 1 for off, and so on. */
RuleSeverity rule_severity(const Rule *rule, const Policy *policy)
{
  guint8 own = policy->severity[place_of(rule)];

  return own > 0 ? (RuleSeverity)(own - 1) : rule->severity[policy->profile];
}

bool rule_set_severity(Policy *policy, const Rule *rule, RuleSeverity severity)
{
  if (rule->gate == GATE_STORE && severity != SEVERITY_ERROR)
    return false;
  policy->severity[place_of(rule)] = (guint8)(severity + 1);
  return true;
}

static RuleFinding *finding_new(const Rule *rule, RuleOutcome outcome, RuleSeverity severity, char *detail)
{
  RuleFinding *finding = g_new0(RuleFinding, 1);

  *finding = (RuleFinding){ rule, outcome, severity, detail };
  return finding;
}

/* Each line of what is broken is a finding. */
static void add_broken(GPtrArray *findings, const Rule *rule, RuleSeverity severity, const char *detail)
{
  g_auto(GStrv) lines = g_strsplit(detail, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_ptr_array_add(findings, finding_new(rule, RULE_BROKEN, severity, g_strdup(lines[i])));
}

static const RuleOverride *find_override(const RuleFacts *facts, const Rule *rule)
{
  for (guint i = 0; rule->override_en != NULL && i < facts->n_overrides; i++) {
    if (g_ascii_strcasecmp(facts->overrides[i].rule, rule->id) == 0)
      return &facts->overrides[i];
  }
  return NULL;
}

/* Broken, and let pass: what is broken stays said. */
static void add_overridden(GPtrArray *findings, const Rule *rule, RuleSeverity severity, const char *detail,
                           const RuleOverride *override)
{
  char day[DAY_TEXT_SIZE];

  g_ptr_array_add(findings, finding_new(rule, RULE_OVERRIDDEN, severity,
                                        g_strdup_printf("%s; 例外承認 / overridden: %s (%s) %s: %s", detail,
                                                        override->by, override->role,
                                                        day_format(override->day, day), override->reason)));
}

static void evaluate(GPtrArray *findings, const Rule *rule, const RuleFacts *facts, const Policy *policy)
{
  RuleSeverity severity = rule_severity(rule, policy);
  g_autofree char *detail = NULL;
  RuleOutcome outcome = rule->check(facts, policy, &severity, &detail);
  const RuleOverride *override = find_override(facts, rule);

  if (outcome == RULE_BROKEN && override != NULL)
    add_overridden(findings, rule, severity, detail, override);
  else if (outcome == RULE_BROKEN)
    add_broken(findings, rule, severity, detail);
  else
    g_ptr_array_add(findings, finding_new(rule, outcome, severity, g_steal_pointer(&detail)));
}

GPtrArray *rule_check(const RuleFacts *facts, const Policy *policy)
{
  gsize n;
  const Rule *rules = rule_table(&n);
  GPtrArray *findings = g_ptr_array_new_with_free_func((GDestroyNotify)rule_finding_free);

  for (gsize i = 0; i < n; i++) {
    if (rule_severity(&rules[i], policy) != SEVERITY_OFF)
      evaluate(findings, &rules[i], facts, policy);
  }
  return findings;
}

const Rule *rule_store_gate(const SupportPlan *plan)
{
  const Policy *policy = policy_for(PROFILE_JP);
  RuleFacts facts = { .plan = plan };
  gsize n;
  const Rule *rules = rule_table(&n);

  for (gsize i = 0; i < n; i++) {
    RuleSeverity severity = SEVERITY_ERROR;
    g_autofree char *detail = NULL;

    if (rules[i].gate == GATE_STORE && rules[i].check(&facts, policy, &severity, &detail) == RULE_BROKEN)
      return &rules[i];
  }
  return NULL;
}

bool rule_finding_blocks(const RuleFinding *finding, bool reason_given)
{
  if (finding->outcome != RULE_BROKEN || finding->rule->gate == GATE_FINDING)
    return false;
  return finding->severity == SEVERITY_ERROR || (finding->severity == SEVERITY_WARNING && !reason_given);
}

#define OVERRIDE_REASON_MIN 8 /* characters: less says nothing, in Japanese too */

bool rule_override_reason_counts(const char *reason)
{
  return limited_support_doc_counts(reason) && g_utf8_strlen(reason, -1) >= OVERRIDE_REASON_MIN;
}

/* True when a broken rule of one of `gates` (bits) with this severity stands among `findings`. */
static bool any_broken(const GPtrArray *findings, guint gates, RuleSeverity severity)
{
  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (finding->outcome == RULE_BROKEN && finding->severity == severity &&
        (gates & (1u << finding->rule->gate)) != 0)
      return true;
  }
  return false;
}

bool rule_blocks_publication(const GPtrArray *findings)
{
  return any_broken(findings, 1u << GATE_STORE | 1u << GATE_PUBLISH, SEVERITY_ERROR);
}

bool rule_needs_reason(const GPtrArray *findings)
{
  return any_broken(findings, 1u << GATE_PUBLISH, SEVERITY_WARNING);
}

const char *rule_gate_key(RuleGate gate)
{
  static const char *const keys[] = {
    [GATE_STORE] = "store", [GATE_PUBLISH] = "publish", [GATE_FINDING] = "finding"
  };

  g_assert(gate < G_N_ELEMENTS(keys));
  return keys[gate];
}

static const char *const severity_keys[] = {
  [SEVERITY_OFF] = "off", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"
};

const char *rule_severity_key(RuleSeverity severity)
{
  g_assert(severity < G_N_ELEMENTS(severity_keys));
  return severity_keys[severity];
}

bool rule_severity_parse(const char *key, RuleSeverity *ret_severity)
{
  for (guint i = 0; key != NULL && i < G_N_ELEMENTS(severity_keys); i++) {
    if (strcmp(severity_keys[i], key) == 0) {
      *ret_severity = (RuleSeverity)i;
      return true;
    }
  }
  return false;
}

const char *rule_outcome_key(RuleOutcome outcome)
{
  static const char *const keys[] = { [RULE_OK] = "ok",
                                      [RULE_BROKEN] = "broken",
                                      [RULE_UNKNOWN] = "unknown",
                                      [RULE_NOT_APPLICABLE] = "not-applicable",
                                      [RULE_OVERRIDDEN] = "overridden" };

  g_assert(outcome < G_N_ELEMENTS(keys));
  return keys[outcome];
}
