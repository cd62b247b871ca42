#include "notifier/cli/command.h"

#include "notifier/cli/command_help.h"
#include "notifier/cli/suggest.h"

#include <poll.h>
#include <string.h>

#define TABLES_MAX (G_N_ELEMENTS(((Command *)NULL)->options) + 1)

static const Command root = { .name = "kigen", .words = "COMMAND", .subcommands = command_table };

static const Command *find_in(const Command *const *table, const char *name)
{
  for (guint i = 0; table[i] != NULL; i++)
    if (strcmp(table[i]->name, name) == 0)
      return table[i];
  return NULL;
}

static bool refuse_unknown(const Command *parent, const char *word, GError **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_autofree char *prefix = parent == &root ? g_strdup("") : g_strconcat(parent->name, " ", NULL);

  for (guint i = 0; parent->subcommands[i] != NULL; i++)
    if (!parent->subcommands[i]->hidden)
      g_strv_builder_add(builder, parent->subcommands[i]->name);

  g_auto(GStrv) names = g_strv_builder_end(builder);
  const char *nearest = suggest_nearest(word, (const char *const *)names);

  if (nearest != NULL)
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "unknown command %s%s: did you mean %s%s?", prefix, word,
                prefix, nearest);
  else
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "unknown command %s%s: kigen help%s%s lists them", prefix,
                word, parent == &root ? "" : " ", parent == &root ? "" : parent->name);
  return false;
}

/* The tables of options that `command` takes: its own, then the global one. */
static void option_tables(const Command *command, const ArgOption *ret_tables[TABLES_MAX + 1])
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS(command->options) && command->options[i] != NULL; i++)
    ret_tables[n++] = command->options[i];
  ret_tables[n++] = cli_options;
  ret_tables[n] = NULL;
}

/* Walks from the root down to the command that argv means; stops at a row with subcommands where no word is
 * left. */
static bool find_command(Args *args, char **argv, int *position, const Command **ret_command, char **ret_path,
                         GError **error)
{
  const ArgOption *const only_global[] = { cli_options, NULL };
  const Command *command = &root;
  g_autoptr(GString) path = g_string_new("kigen");

  while (command->subcommands != NULL) {
    if (!args_read(args, only_global, true, argv, position, error))
      return false;
    if (argv[*position] == NULL)
      break;

    const Command *next = find_in(command->subcommands, argv[*position]);

    if (next == NULL)
      return refuse_unknown(command, argv[*position], error);
    command = next;
    g_string_append_printf(path, " %s", command->name);
    ++*position;
  }
  *ret_command = command;
  *ret_path = g_strdup(path->str);
  return true;
}

static bool check_words(const Command *command, const char *path, const Args *args, GError **error)
{
  int n = (int)args_count(args);

  if (n < command->min_words) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: something is missing: %s %s", path, path,
                command->words);
    return false;
  }
  if (command->max_words >= 0 && n > command->max_words) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: \"%s\" is too much: %s %s", path,
                args_word(args, (guint)command->max_words), path, command->words);
    return false;
  }
  return true;
}

/* An invalid byte sequence in argv would reach the store and every JSON document. */
static bool check_utf8(char **argv, GError **error)
{
  for (guint i = 1; argv[i] != NULL; i++)
    if (!g_utf8_validate(argv[i], -1, NULL)) {
      g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "argument %u is not valid UTF-8", i);
      return false;
    }
  return true;
}

static bool run(Cli *cli, Args *args, char **argv, GError **error)
{
  const ArgOption *tables[TABLES_MAX + 1];
  g_autofree char *path = NULL;
  const Command *command = NULL;
  int position = 1;

  if (!check_utf8(argv, error) || !find_command(args, argv, &position, &command, &path, error))
    return false;
  option_tables(command, tables);
  if (!args_read(args, tables, false, argv, &position, error))
    return false;
  if (args_flag(args, "version")) {
    printf("kigen " KIGEN_VERSION "\n");
    return true;
  }
  if (args_flag(args, "help")) {
    command_help_print(command, path, stdout);
    return true;
  }
  if (command->subcommands != NULL) {
    command_help_print(command, path, stderr);
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "which command?");
    return false;
  }
  cli_set_command(cli, path, command->roles);
  return check_words(command, path, args, error) && command->run(cli, args, error);
}

/* True when all output was written; a reader that went away early (head) is no error. */
static bool output_is_written(void)
{
  struct pollfd out = { .fd = fileno(stdout) };

  if (fflush(stdout) == 0 && !ferror(stdout))
    return true;
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

int command_main(int argc, char **argv)
{
  g_autoptr(Args) args = args_new();
  g_autoptr(Cli) cli = cli_new(args);
  g_autoptr(GError) error = NULL;
  bool done = run(cli, args, argv, &error);

  if (!output_is_written() && done) {
    g_set_error(&error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "cannot write to standard output");
    done = false;
  }
  if (done)
    return cli_exit(cli);
  cli_report(error);
  return cli_error_exit(error);
}
