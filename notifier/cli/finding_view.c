#include "notifier/cli/finding_view.h"

#include <string.h>

const char *finding_view_word(const RuleFinding *finding)
{
  return finding->outcome == RULE_BROKEN ? rule_severity_key(finding->severity)
                                         : rule_outcome_key(finding->outcome);
}

TermStyle finding_view_style(const RuleFinding *finding)
{
  if (finding->outcome != RULE_BROKEN)
    return finding->outcome == RULE_OK ? STYLE_GREEN : STYLE_DIM;
  return finding->severity == SEVERITY_ERROR ? STYLE_RED : STYLE_YELLOW;
}

const char *finding_view_text(const Rule *rule)
{
  return cli_is_japanese() ? rule->text_ja : rule->text_en;
}

const char *finding_view_advice(const Rule *rule)
{
  return cli_is_japanese() ? rule->remedy_ja : rule->remedy_en;
}

typedef struct {
  const char *rule;
  const char *command; /* %s: PRODUCT/RELEASE */
} RemedyRow;

#define DECLARE "kigen plan set %s doc=NUMBER duties=TEXT lines=security-updates:DAY"

static const RemedyRow remedies[] = {
  { "LSP-1", "kigen plan set %s eos=DAY, or with the plan declared: " DECLARE },
  { "LSP-2a", DECLARE },
  { "LSP-2b", "kigen plan set %s eol=DAY" },
  { "LSP-2c", "kigen plan set %s eos=DAY" },
  { "LSP-3", "kigen plan set %s eos=DAY" },
  { "ORD-1", "kigen plan set %s eol=DAY eos=DAY" },
  { "ORD-2", "kigen plan set %s general_availability=DAY end_of_sale=DAY eol=DAY" },
  { "LEAD-1", "the same command with --reason TEXT" },
  { "CHG-1", "the same command with --reason TEXT" },
  { "CHG-2", "kigen plan set %s eol=DAY eos=DAY" },
  { "DOC-1", "kigen import products FILE" },
  { "DOC-2", "kigen documents set %s ITEM DOC" },
  { "TRN-1", "kigen documents set %s F.3a DOC, and F.3b" },
  { "REACH-1", "kigen import contacts FILE, or the same command with --reason TEXT" },
};

char *finding_view_remedy(const Rule *rule, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS(remedies); i++) {
    g_auto(GStrv) parts = NULL;

    if (strcmp(remedies[i].rule, rule->id) != 0)
      continue;
    parts = g_strsplit(remedies[i].command, "%s", -1);
    return g_strjoinv(name, parts);
  }
  return NULL;
}

void finding_view_refuse(const Rule *rule, const char *name, GError **error)
{
  g_autofree char *remedy = finding_view_remedy(rule, name);

  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s is refused by %s: %s\n  %s\n  source: %s%s%s", name,
              rule->id, rule->text_en, rule->text_ja, rule->source, remedy != NULL ? "\n  what to do: " : "",
              remedy != NULL ? remedy : "");
}

Json *finding_view_json(const RuleFinding *finding)
{
  return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:s}", "rule", finding->rule->id, "gate",
                   rule_gate_key(finding->rule->gate), "outcome", rule_outcome_key(finding->outcome),
                   "severity", rule_severity_key(finding->severity), "detail", cli_json_text(finding->detail),
                   "text", finding_view_text(finding->rule), "remedy", finding_view_advice(finding->rule));
}
