#include "notifier/cli/command_help.h"

#include "planner/role.h"

typedef struct {
  char *name;
  const char *text;
} HelpRow;

static void help_row_clear(gpointer row)
{
  g_free(((HelpRow *)row)->name);
}

static GArray *help_rows_new(void)
{
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(HelpRow));

  g_array_set_clear_func(rows, help_row_clear);
  return rows;
}

static void print_rows(const GArray *rows, FILE *stream)
{
  int width = 0;

  for (guint i = 0; i < rows->len; i++)
    width = MAX(width, term_width(g_array_index(rows, HelpRow, i).name));
  for (guint i = 0; i < rows->len; i++) {
    fputs("  ", stream);
    term_put(stream, g_array_index(rows, HelpRow, i).name, width + 2);
    fprintf(stream, "%s\n", g_array_index(rows, HelpRow, i).text);
  }
}

static void add_options(GArray *rows, const ArgOption *table)
{
  for (const ArgOption *option = table; option->name != NULL; option++) {
    HelpRow row = { .name = g_strconcat("--", option->name, option->value != NULL ? " " : NULL, option->value,
                                        NULL),
                    .text = option->help };

    g_array_append_val(rows, row);
  }
}

static void print_subcommands(const Command *const *table, FILE *stream)
{
  g_autoptr(GArray) rows = help_rows_new();

  for (guint i = 0; table[i] != NULL; i++) {
    if (table[i]->hidden)
      continue;

    HelpRow row = { .name = g_strdup(table[i]->name), .text = table[i]->summary };

    g_array_append_val(rows, row);
  }
  fputs("\nCommands:\n", stream);
  print_rows(rows, stream);
}

static void print_options(const Command *command, FILE *stream)
{
  g_autoptr(GArray) own = help_rows_new();
  g_autoptr(GArray) global = help_rows_new();

  for (guint i = 0; i < G_N_ELEMENTS(command->options) && command->options[i] != NULL; i++)
    add_options(own, command->options[i]);
  add_options(global, cli_options);
  if (own->len > 0)
    fputs("\nOptions:\n", stream);
  print_rows(own, stream);
  fputs("\nGlobal options:\n", stream);
  print_rows(global, stream);
}

static void print_roles(const Command *command, FILE *stream)
{
  g_autofree char *roles = role_format_set(command->roles);

  if (command->roles == ROLE_ANY)
    fprintf(stream, "\nTo write into a store that has users one must be one of them.\n");
  else if (command->roles != 0)
    fprintf(stream, "\nTo write into a store that has users one needs the role %s.\n", roles);
}

void command_help_print(const Command *command, const char *path, FILE *stream)
{
  bool own_options = command->options[0] != NULL;

  fprintf(stream, "Usage: %s%s%s%s\n", path, own_options ? " [OPTION…]" : "",
          command->words[0] != '\0' ? " " : "", command->words);
  if (command->summary != NULL)
    fprintf(stream, "%s%s\n", command->summary, ".");
  if (command->help != NULL)
    fprintf(stream, "\n%s\n", command->help);
  if (command->subcommands != NULL)
    print_subcommands(command->subcommands, stream);
  print_options(command, stream);
  print_roles(command, stream);
  if (command->subcommands != NULL)
    fprintf(stream, "\n%s COMMAND --help tells more about one of them.\n", path);
  else
    fprintf(
        stream,
        "\nExit codes: 0 done, 1 refused by a rule or bad input, 2 wrong usage, 3 the environment failed.\n");
}
