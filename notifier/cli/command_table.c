#include "notifier/cli/cmd.h"

/* One row a line, so that two changes seldom meet. */
/* clang-format off */
const Command *const command_table[] = {
  &cmd_init,
  &cmd_import,
  &cmd_maker,
  &cmd_user,
  &cmd_check,
  &cmd_rules,
  &cmd_plan,
  &cmd_timeline,
  &cmd_schedule,
  &cmd_simulate,
  &cmd_extension,
  &cmd_feed,
  &cmd_web,
  &cmd_deliver,
  &cmd_deliver_sender,
  &cmd_serve,
  &cmd_outbox,
  &cmd_page,
  &cmd_contact,
  &cmd_correction,
  &cmd_documents,
  &cmd_audit,
  &cmd_doctor,
  &cmd_backup,
  &cmd_restore,
  &cmd_report,
  &cmd_help,
  NULL,
};
