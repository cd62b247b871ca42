#include "notifier/cli/impact_verdict.h"

#include "notifier/cli/finding_view.h"
#include "notifier/cli/table.h"

static bool stands(const RuleFinding *finding)
{
  return finding->outcome == RULE_BROKEN || finding->outcome == RULE_OVERRIDDEN;
}

/* The finding, with how many more of its rule there are. */
static void put_finding(Table *table, const RuleFinding *finding, guint more)
{
  const char *what = finding->detail != NULL ? finding->detail : finding_view_text(finding->rule);
  g_autofree char *text = more > 0 ? g_strdup_printf("%s, and %u more", what, more) : g_strdup(what);

  table_cell(table, finding->rule->id);
  table_cell_styled(table, finding_view_word(finding), finding_view_style(finding));
  table_cell(table, rule_gate_key(finding->rule->gate));
  table_cell(table, text);
}

/* How many findings behind the one at `i` are of its rule, too. */
static guint more_of_rule(const GPtrArray *findings, guint i)
{
  const RuleFinding *first = findings->pdata[i];
  guint n = 0;

  while (i + n + 1 < findings->len && ((const RuleFinding *)findings->pdata[i + n + 1])->rule == first->rule)
    n++;
  return n;
}

/* Broken and overridden rules with what was found, the unknown ones by name. */
static void print_rules(const ImpactReport *report)
{
  g_autoptr(Table) table = table_new("RULE|FINDING|GATE|WHAT");
  g_autoptr(GString) unknown = g_string_new(NULL);

  for (guint i = 0; i < report->findings->len; i++) {
    const RuleFinding *finding = report->findings->pdata[i];
    guint more = stands(finding) ? more_of_rule(report->findings, i) : 0;

    if (stands(finding))
      put_finding(table, finding, more);
    else if (finding->outcome == RULE_UNKNOWN)
      g_string_append_printf(unknown, "%s%s", unknown->len > 0 ? ", " : "", finding->rule->id);
    i += more;
  }
  putchar('\n');
  table_print(table, stdout);
  if (unknown->len > 0)
    printf("unknown for want of data: %s (kigen check --unknown says which)\n", unknown->str);
}

/* "CHG-2": what stands in the way, but can be signed for. Own string. */
static char *signable(const ImpactReport *report)
{
  g_autoptr(GString) ids = g_string_new(NULL);

  for (guint i = 0; i < report->findings->len; i++) {
    const RuleFinding *finding = report->findings->pdata[i];

    if (finding->rule->override_en != NULL && rule_finding_blocks(finding, true))
      g_string_append_printf(ids, "%s%s", ids->len > 0 ? ", " : "", finding->rule->id);
  }
  return g_strdup(ids->str);
}

static void print_refusal(const ImpactReport *report)
{
  g_autofree char *ids = signable(report);

  printf("%splan publish would refuse it%s: %s\n", term_begin(stdout, STYLE_RED), term_end(stdout, STYLE_RED),
         report->refused_by);
  if (ids[0] != '\0')
    printf("a second person can sign for %s: kigen plan override\n", ids);
}

static void print_verdict(const ImpactReport *report)
{
  g_autofree char *name = g_strconcat(report->row->product, "/", report->row->name, NULL);

  if (report->idle)
    return;
  putchar('\n');
  if (report->refused_by[0] != '\0') {
    print_refusal(report);
    return;
  }
  if (report->reason_for[0] != '\0')
    printf("plan publish would ask for a reason: %s\n", report->reason_for);
  else
    printf("no rule stands in its way\n");
  if (report->edited)
    printf("Next: kigen plan set %s FIELD=VALUE…\n", name);
  else if (report->problem != NULL)
    printf("Next: %s\n", report->problem);
  else
    printf("Next: kigen plan publish %s%s\n", name, report->reason_for[0] != '\0' ? " --reason TEXT" : "");
}

void impact_verdict_print(const ImpactReport *report)
{
  print_rules(report);
  print_verdict(report);
}
