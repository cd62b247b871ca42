#include "notifier/cli/advisory_work.h"
#include "notifier/cli/cmd.h"

static const char help[] =
    "Approves the draft as it is. It takes a user with a role that the policy names for its kind (kigen user "
    "list), "
    "who wrote none\n"
    "of it. Whatever changes later makes it a draft again. A store without users needs no approval.";

static bool approve(Db *db, const AuditContext *context, const AdvisoryRow *row, const Policy *policy,
                    const char *reason, AdvisoryTelling *telling, GError **error)
{
  return advisory_step_approve(db, context, row->id, policy, reason, error);
}

static const AdvisoryVerb verb = {
  .done = "approved",
  .next = "kigen advisory publish %s",
  .run = approve,
};

static bool approve_run(Cli *cli, const Args *args, GError **error)
{
  return advisory_work_run(cli, args, &verb, error);
}

const Command cmd_advisory_approve = {
  .name = "approve",
  .summary = "Approve an advisory that somebody else wrote",
  .words = "NUMBER",
  .min_words = 1,
  .max_words = 1,
  .options = { cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_ANY, /* which of them the policy says, and the refusal names */
  .run = approve_run,
};
