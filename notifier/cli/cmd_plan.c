#include "notifier/cli/cmd.h"

/* clang-format off */
static const Command *const subcommands[] = {
  &cmd_plan_show,
  &cmd_plan_set,
  &cmd_plan_impact,
  &cmd_plan_submit,
  &cmd_plan_approve,
  &cmd_plan_reject,
  &cmd_plan_override,
  &cmd_plan_publish,
  &cmd_plan_present,
  &cmd_plan_assess,
  &cmd_plan_withdraw,
  &cmd_plan_discard,
  &cmd_plan_history,
  &cmd_plan_diff,
  NULL,
};
/* clang-format on */

const Command cmd_plan = {
  .name = "plan",
  .summary = "Support plans: change, approve, publish, withdraw",
  .words = "COMMAND",
  .subcommands = subcommands,
};
