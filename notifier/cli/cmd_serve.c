#include "notifier/cli/cmd.h"
#include "notifier/cli/supervisor.h"

#include <signal.h>

static const ArgOption options[] = {
  { "listen", "ADDR:PORT", "where the web service listens (kigen help web)" },
  { "transport", "URL", "what delivery hands messages to (kigen help deliver)" },
  { "connections", "N", "connections to the relay at a time, 1 to 64" },
  { "rate", "N", "messages a minute at most, 0 for no limit" },
  { NULL },
};

static const char help[] = "Runs kigen web and kigen deliver as two children until SIGTERM or SIGINT, and "
                           "starts one that dies again: "
                           "at once,\n"
                           "then after 1 second doubling to a minute. It stops both in order: deliveries "
                           "under way come to their end. "
                           "SIGHUP makes\n"
                           "both read kigen.conf again. When one cannot work at all (the port is taken, "
                           "kigen.conf is wrong) both are "
                           "stopped, and\n"
                           "the exit code is its own.";

/* Options that are passed on to a child, when they are given. */
static const char *const web_options[] = { "listen", NULL };
static const char *const deliver_options[] = { "transport", "connections", "rate", "by", NULL };

static void add_option(GPtrArray *argv, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_ptr_array_add(argv, g_strconcat("--", name, NULL));
  g_ptr_array_add(argv, g_strdup(value));
}

/* `kigen COMMAND` with the options of this run that are its own. */
static GPtrArray *command_line(const Cli *cli, const Args *args, const char *command,
                               const char *const *passed)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);

  g_ptr_array_add(argv, g_strdup("kigen"));
  g_ptr_array_add(argv, g_strdup(command));
  add_option(argv, "store", cli_store_url(cli));
  add_option(argv, "today", cli_setting(cli, "today", "KIGEN_TODAY"));
  for (; *passed != NULL; passed++)
    add_option(argv, *passed, args_text(args, *passed));
  g_ptr_array_add(argv, NULL);
  return argv;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) web = command_line(cli, args, "web", web_options);
  g_autoptr(GPtrArray) deliver = command_line(cli, args, "deliver", deliver_options);
  /* A delivery reads its configuration when it starts: told to end, it does so in order and is started again.
   */
  const SupervisorProgram programs[] = {
    { "kigen web", (char *const *)web->pdata, SIGHUP },
    { "kigen deliver", (char *const *)deliver->pdata, SIGTERM },
  };
  int code = 0;

  if (cli_json(cli)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--json is of no use here: serve prints no document");
    return false;
  }
  if (!supervisor_run(programs, G_N_ELEMENTS(programs), &code, error))
    return false;
  cli_set_exit(cli, (CliExit)code);
  return true;
}

const Command cmd_serve = {
  .name = "serve",
  .summary = "Run the web service and the delivery together",
  .words = "",
  .options = { options, cli_by_option },
  .help = help,
  .run = run,
};
