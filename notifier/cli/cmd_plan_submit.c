#include "db/plan_review.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/finding_view.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/plan_work.h"

static const char help[] = "Hands drafts to whoever approves them. The rules are asked as at publication: an "
                           "error stops a plan, but "
                           "one that a signed\n"
                           "override can lift (LSP-3, CHG-2) is only named; a warning must be answered by "
                           "--reason. The reason stays "
                           "with the plan: it is\n"
                           "what customers read in the change notice.";

/* Sorts what stands in the way: what refuses, and what a second person can sign for. */
static void sort_findings(const GPtrArray *findings, bool reason_given, GPtrArray *refusing,
                          GString *liftable, Json *rules)
{
  for (guint i = 0; i < findings->len; i++) {
    RuleFinding *finding = findings->pdata[i];

    if (!rule_finding_blocks(finding, reason_given))
      continue;
    if (finding->severity != SEVERITY_ERROR || finding->rule->override_en == NULL) {
      g_ptr_array_add(refusing, finding);
      continue;
    }
    g_string_append_printf(liftable, "%s%s", liftable->len > 0 ? ", " : "", finding->rule->id);
    json_array_append_new(rules, json_string(finding->rule->id));
  }
}

/* Findings that the approver should know of: what the reason answers, what is to be signed for, and what is.
 */
static Json *findings_json(const GPtrArray *findings)
{
  Json *list = json_array();

  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (rule_finding_blocks(finding, false) || finding->outcome == RULE_OVERRIDDEN)
      json_array_append_new(list, finding_view_json(finding));
  }
  return list;
}

static bool ask_rules(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
{
  g_autoptr(PlanFacts) facts = NULL;
  g_autoptr(GPtrArray) refusing = g_ptr_array_new();
  g_autoptr(GString) liftable = g_string_new(NULL);
  g_autoptr(Json) rules = json_array();
  g_autofree char *name = plan_view_name(row);
  bool reason_given = work->reason != NULL;

  if (!plan_store_facts(work->db, row, work->context.today, reason_given, &facts, error))
    return false;

  g_autoptr(GPtrArray) findings = rule_check(plan_facts_get(facts), work->policy);

  sort_findings(findings, reason_given, refusing, liftable, rules);
  if (refusing->len > 0) {
    finding_view_refuse_all(refusing, name, "cannot be submitted", error);
    return false;
  }
  said->facts = json_pack("{s:o, s:O}", "findings", findings_json(findings), "needs_override", rules);
  if (liftable->len > 0)
    said->line = g_strdup_printf("a second person has to sign for %s: kigen plan override", liftable->str);
  return true;
}

static bool submit(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
{
  return ask_rules(work, row, said, error) &&
         plan_review_submit(work->db, &work->context, row->plan, work->reason, error);
}

static const PlanVerb verb = {
  .name = "submit",
  .done = "submitted",
  .event = REVISION_SUBMIT,
  .changes_state = true,
  .which = PLAN_OPEN,
  .shows_changes = true,
  .next = "kigen plan approve %s, by somebody who wrote nothing of it",
  .run = submit,
};

static bool submit_run(Cli *cli, const Args *args, GError **error)
{
  return plan_work_run(cli, args, &verb, error);
}

const Command cmd_plan_submit = {
  .name = "submit",
  .summary = "Hand drafts to whoever approves them",
  .words = "PRODUCT[/RELEASE]… | --all",
  .max_words = -1,
  .options = { plan_work_options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = submit_run,
};
