#include "db/plan_withdraw.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_work.h"

static const char help[] =
    "Takes published plans back: they hold no more, and nothing replaces them. Everyone who holds the "
    "release "
    "is told so, with the\n"
    "reason; messages of the plan that wait are overtaken; feeds show its events as cancelled. No rule stops "
    "it. In a store with\n"
    "users it takes a role that the policy names, and somebody who wrote none of the revision. A plan that "
    "is "
    "only wrong is better\n"
    "corrected: kigen plan set, and publish the next revision.";

static bool withdraw(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
{
  PlanWithdrawal withdrawal;

  if (!plan_withdraw(work->db, &work->context, row->plan, work->policy, work->reason, &withdrawal, error))
    return false;
  said->line = g_strdup_printf("%" G_GINT64_FORMAT " %s to tell, %" G_GINT64_FORMAT " new %s",
                               withdrawal.organizations,
                               withdrawal.organizations == 1 ? "organization" : "organizations",
                               withdrawal.messages, withdrawal.messages == 1 ? "message" : "messages");
  said->facts = json_pack("{s:I, s:I}", "organizations", (json_int_t)withdrawal.organizations, "messages",
                          (json_int_t)withdrawal.messages);
  return true;
}

static const PlanVerb verb = {
  .name = "withdraw",
  .done = "withdrawn",
  .event = REVISION_WITHDRAW,
  .changes_state = true,
  .which = PLAN_IN_FORCE,
  .needs_reason = "everyone who holds the release is told why",
  .next = "kigen outbox list ; kigen deliver --once",
  .run = withdraw,
};

static bool withdraw_run(Cli *cli, const Args *args, GError **error)
{
  return plan_work_run(cli, args, &verb, error);
}

const Command cmd_plan_withdraw = {
  .name = "withdraw",
  .summary = "Take published plans back and tell everyone",
  .words = "PRODUCT[/RELEASE]… | --all",
  .max_words = -1,
  .options = { plan_work_options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_ANY, /* which of them the policy says, and the refusal names */
  .run = withdraw_run,
};
