#include "db/plan_review.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_work.h"

static const char help[] =
    "Gives submitted or approved plans back to their authors as drafts, with the reason: "
    "kigen plan history shows it.";

static bool reject(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
{
  return plan_review_reject(work->db, &work->context, row->plan, work->policy, work->reason, error) &&
         plan_work_say_who(work, row, said, error);
}

static const PlanVerb verb = {
  .name = "reject",
  .done = "rejected",
  .event = REVISION_REJECT,
  .changes_state = true,
  .which = PLAN_OPEN,
  .needs_reason = "its author has to know what is wrong",
  .next = "its author: kigen plan set %s …, kigen plan submit",
  .run = reject,
};

static bool reject_run(Cli *cli, const Args *args, GError **error)
{
  return plan_work_run(cli, args, &verb, error);
}

const Command cmd_plan_reject = {
  .name = "reject",
  .summary = "Give submitted plans back to their authors",
  .words = "PRODUCT[/RELEASE]… | --all",
  .max_words = -1,
  .options = { plan_work_options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_ANY, /* which of them the policy says, and the refusal names */
  .run = reject_run,
};
