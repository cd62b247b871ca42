#include "notifier/cli/finding_view.h"

#include <string.h>

const char *finding_view_word(const RuleFinding *finding)
{
  return finding->outcome == RULE_BROKEN ? rule_severity_key(finding->severity)
                                         : rule_outcome_key(finding->outcome);
}

TermStyle finding_view_style(const RuleFinding *finding)
{
  if (finding->outcome == RULE_OVERRIDDEN)
    return STYLE_YELLOW;
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
  { "LSP-3", "kigen plan set %s eos=DAY, or somebody else: kigen plan override LSP-3 %s --reason TEXT" },
  { "ORD-1", "kigen plan set %s eol=DAY eos=DAY" },
  { "ORD-2", "kigen plan set %s general_availability=DAY end_of_sale=DAY eol=DAY" },
  { "LEAD-1", "the same command with --reason TEXT" },
  { "CHG-1", "the same command with --reason TEXT" },
  { "CHG-2",
    "kigen plan set %s eol=DAY eos=DAY, or somebody else: kigen plan override CHG-2 %s --reason TEXT" },
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

/* What it means, what exactly was found, what to do: indented lines. Own string. */
static char *explain(const RuleFinding *finding, const char *name)
{
  g_autofree char *remedy = finding_view_remedy(finding->rule, name);
  GString *text = g_string_new(NULL);

  g_string_append_printf(text, "    %s\n", finding->rule->text_ja);
  if (finding->detail != NULL)
    g_string_append_printf(text, "    found: %s\n", finding->detail);
  g_string_append_printf(text, "    what to do: %s\n", finding_view_advice(finding->rule));
  if (remedy != NULL)
    g_string_append_printf(text, "                %s\n", remedy);
  return g_string_free(text, FALSE);
}

void finding_view_print(const RuleFinding *finding, const char *name)
{
  g_autofree char *explained = explain(finding, name);
  TermStyle style = finding_view_style(finding);

  printf("  %s%s %s%s: %s\n%s", term_begin(stdout, style), finding->rule->id, finding_view_word(finding),
         term_end(stdout, style), finding->rule->text_en, explained);
}

void finding_view_refuse_all(const GPtrArray *findings, const char *name, const char *what, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];
    g_autofree char *explained = explain(finding, name);

    g_string_append_printf(text, "\n  %s %s: %s\n%s", finding->rule->id, finding_view_word(finding),
                           finding->rule->text_en, explained);
    g_string_truncate(text, text->len - 1);
  }
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s %s:%s", name, what, text->str);
}

Json *finding_view_json(const RuleFinding *finding)
{
  return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:s}", "rule", finding->rule->id, "gate",
                   rule_gate_key(finding->rule->gate), "outcome", rule_outcome_key(finding->outcome),
                   "severity", rule_severity_key(finding->severity), "detail", cli_json_text(finding->detail),
                   "text", finding_view_text(finding->rule), "remedy", finding_view_advice(finding->rule));
}
