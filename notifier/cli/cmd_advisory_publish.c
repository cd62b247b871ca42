#include "notifier/cli/advisory_work.h"
#include "notifier/cli/cmd.h"

static const char help[] = "Publishes the draft (in a store with users: what was approved, as it was "
                           "approved) and queues a message for "
                           "everyone who\n"
                           "uses, owns, sold or repairs a unit of one of its releases, due today, whatever "
                           "day it is. Who comes to hold "
                           "one later is\n"
                           "told by the next kigen deliver. A correction goes to everyone who was told the "
                           "revision before it, too. No "
                           "rule stops it.";

static bool publish(Db *db, const AuditContext *context, const AdvisoryRow *row, const Policy *policy,
                    const char *reason, AdvisoryTelling *telling, GError **error)
{
  return advisory_step_publish(db, context, row->id, reason, telling, error);
}

static const AdvisoryVerb verb = {
  .done = "published",
  .next = "kigen deliver --once ; kigen report coverage %s",
  .run = publish,
};

static bool publish_run(Cli *cli, const Args *args, GError **error)
{
  return advisory_work_run(cli, args, &verb, error);
}

const Command cmd_advisory_publish = {
  .name = "publish",
  .summary = "Publish an advisory: everyone concerned is told at once",
  .words = "NUMBER",
  .min_words = 1,
  .max_words = 1,
  .options = { cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_APPROVER) | ROLE_BIT(ROLE_SAFETY_OFFICER) |
           ROLE_BIT(ROLE_QUALITY) | ROLE_BIT(ROLE_GENERAL_MANAGER),
  .run = publish_run,
};
