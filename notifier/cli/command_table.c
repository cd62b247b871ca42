#include "notifier/cli/cmd.h"

const Command *const command_table[] = {
  &cmd_init, &cmd_maker, &cmd_rules, &cmd_plan, &cmd_timeline, &cmd_feed, &cmd_help, NULL,
};
