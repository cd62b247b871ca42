#include "db/plan_review.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_work.h"

static const char help[] =
    "Throws open revisions away: drafts, submitted and approved ones. What is published stays as it is. The "
    "audit trail keeps what\n"
    "each of them was.";

static bool discard(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
{
  return plan_review_discard(work->db, &work->context, row->plan, work->reason, error);
}

static const PlanVerb verb = {
  .name = "discard",
  .done = "discarded",
  .event = REVISION_DISCARD,
  .changes_state = true,
  .which = PLAN_OPEN,
  .run = discard,
};

static bool discard_run(Cli *cli, const Args *args, GError **error)
{
  return plan_work_run(cli, args, &verb, error);
}

const Command cmd_plan_discard = {
  .name = "discard",
  .summary = "Throw open revisions away",
  .words = "PRODUCT[/RELEASE]… | --all",
  .max_words = -1,
  .options = { plan_work_options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = discard_run,
};
