#include "db/plan_review.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_work.h"

static const char help[] =
    "Approves what was submitted, as it is: shows was and now, and approves. It takes a user with a role "
    "that "
    "the policy names\n"
    "(kigen user list), who neither wrote nor submitted any of the revision; of two approvals one wins. "
    "Whatever changes later\n"
    "makes it a draft again. --dry-run only shows.";

static bool approve(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
{
  return plan_review_approve(work->db, &work->context, row->plan, work->policy, work->reason, error) &&
         plan_work_say_who(work, row, said, error);
}

static const PlanVerb verb = {
  .name = "approve",
  .done = "approved",
  .event = REVISION_APPROVE,
  .changes_state = true,
  .which = PLAN_OPEN,
  .shows_changes = true,
  .next = "kigen plan publish %s",
  .run = approve,
};

static bool approve_run(Cli *cli, const Args *args, GError **error)
{
  return plan_work_run(cli, args, &verb, error);
}

const Command cmd_plan_approve = {
  .name = "approve",
  .summary = "Approve plans that somebody else submitted",
  .words = "PRODUCT[/RELEASE]… | --all",
  .max_words = -1,
  .options = { plan_work_options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_ANY, /* which of them the policy says, and the refusal names */
  .run = approve_run,
};
