#include "db/plan_review.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/finding_view.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/plan_work.h"

static const ArgOption options[] = {
  { "market", "M", "only plans for that market" },
  { "dry-run", NULL, "show what would happen, change nothing" },
  { NULL },
};

static const char help[] =
    "Signs an open plan past one rule, LSP-3 or CHG-2: by a user in one of the roles that the policy names, "
    "who "
    "wrote none of it, and\n"
    "with a reason. For LSP-3 the reason says how every hospital is replaced or updated by that day; for "
    "CHG-2 "
    "why the date has to\n"
    "move, and how customers with less time are helped. It holds for the plan as it is now: whatever changes "
    "voids it. Signer, role\n"
    "and reason stand in the plan's history, in the audit trail and beside every notice of the publication.\n"
    "\n"
    "  kigen plan override LSP-3 CT-100/2.1 --as suzuki --reason "
    "\"全施設の更新を2031年2月までに当社費用で完了する\"";

/* The rule that the first word means. */
static bool find_rule(const Args *args, const Rule **ret_rule, GError **error)
{
  const Rule *rule = rule_find(args_word(args, 0));

  if (rule == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s is no rule: kigen plan override LSP-3 PRODUCT/RELEASE",
                args_word(args, 0));
    return false;
  }
  *ret_rule = rule;
  return true;
}

/* Refuses to sign for what does not stand in the way: it would be no override, but a blank cheque. */
static bool check_broken(const PlanWork *work, const PlanRow *row, const Rule *rule, GError **error)
{
  g_autoptr(PlanFacts) facts = NULL;
  g_autofree char *name = plan_view_name(row);

  if (!plan_store_facts(work->db, row, work->context.today, true, &facts, error))
    return false;

  g_autoptr(GPtrArray) findings = rule_check(plan_facts_get(facts), work->policy);

  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (finding->rule != rule)
      continue;
    if (finding->outcome == RULE_BROKEN)
      return true;
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s: there is nothing to override, %s is %s%s%s", name,
                rule->id, finding_view_word(finding), finding->detail != NULL ? ": " : "",
                finding->detail != NULL ? finding->detail : "");
    return false;
  }
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
              "%s: there is nothing to override, %s is off in this profile", name, rule->id);
  return false;
}

static bool override(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
{
  const Rule *rule = NULL;

  if (!find_rule(work->args, &rule, error) ||
      (rule->override_en != NULL && !check_broken(work, row, rule, error)) ||
      !plan_review_override(work->db, &work->context, row->plan, work->policy, rule, work->reason, error) ||
      !plan_work_say_who(work, row, said, error))
    return false;
  g_autofree char *who = said->line;

  said->line = g_strdup_printf("%s, %s", rule->id, who);
  json_object_set_new(said->facts, "rule", json_string(rule->id));
  return true;
}

static const PlanVerb verb = {
  .name = "override",
  .done = "overridden",
  .event = REVISION_APPROVE,
  .which = PLAN_OPEN,
  .first = 1,
  .needs_reason = "it is what customers and inspectors will ask for",
  .run = override,
};

static bool override_run(Cli *cli, const Args *args, GError **error)
{
  const Rule *rule = NULL;

  return find_rule(args, &rule, error) && plan_work_run(cli, args, &verb, error);
}

const Command cmd_plan_override = {
  .name = "override",
  .summary = "Sign a plan past LSP-3 or CHG-2, as a second person",
  .words = "RULE PRODUCT/RELEASE…",
  .min_words = 2,
  .max_words = -1,
  .options = { options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_ANY, /* which of them the policy says, and the refusal names */
  .run = override_run,
};
