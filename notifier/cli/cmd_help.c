#include "notifier/cli/cmd.h"

/* `kigen help plan show` is `kigen plan show --help`. */
static bool help_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  g_strv_builder_add(builder, "kigen");
  for (guint i = 0; i < args_count(args); i++)
    g_strv_builder_add(builder, args_word(args, i));
  g_strv_builder_add(builder, "--help");

  g_auto(GStrv) argv = g_strv_builder_end(builder);

  cli_set_exit(cli, command_main((int)g_strv_length(argv), argv));
  return true;
}

const Command cmd_help = {
  .name = "help",
  .summary = "Show how a command is used",
  .words = "[COMMAND]",
  .max_words = -1,
  .run = help_run,
};
