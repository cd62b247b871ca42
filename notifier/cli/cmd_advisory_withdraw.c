#include "notifier/cli/advisory_work.h"
#include "notifier/cli/cmd.h"

static const char help[] = "Takes a published advisory back: everyone who was told is told so, with the "
                           "reason; its messages that wait are "
                           "overtaken. No\n"
                           "rule stops it; in a store with users it takes a role that the policy names, and "
                           "somebody who wrote none of "
                           "it. A draft\n"
                           "is thrown away, by anybody, and nobody is told. One that is only wrong is better "
                           "corrected: kigen advisory "
                           "draft NUMBER.";

static bool withdraw(Db *db, const AuditContext *context, const AdvisoryRow *row, const Policy *policy,
                     const char *reason, AdvisoryTelling *telling, GError **error)
{
  return advisory_step_withdraw(db, context, row->id, policy, reason, telling, error);
}

static const AdvisoryVerb verb = {
  .done = "withdrawn",
  .needs_reason = "everyone who was told reads why",
  .next = "kigen deliver --once ; kigen report coverage %s",
  .run = withdraw,
};

static bool withdraw_run(Cli *cli, const Args *args, GError **error)
{
  return advisory_work_run(cli, args, &verb, error);
}

const Command cmd_advisory_withdraw = {
  .name = "withdraw",
  .summary = "Take an advisory back and tell everyone who was told",
  .words = "NUMBER",
  .min_words = 1,
  .max_words = 1,
  .options = { cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_ANY, /* which of them the policy says, and the refusal names */
  .run = withdraw_run,
};
