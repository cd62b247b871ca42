#include "notifier/cli/cmd.h"

static const Command *const subcommands[] = { &cmd_plan_show, &cmd_plan_set, &cmd_plan_publish,
                                              &cmd_plan_present, NULL };

const Command cmd_plan = {
  .name = "plan",
  .summary = "Show, change and publish support plans",
  .words = "COMMAND",
  .subcommands = subcommands,
};
