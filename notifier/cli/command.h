#ifndef KIGEN_CLI_COMMAND_H
#define KIGEN_CLI_COMMAND_H

/* Commands are rows: command_table names them all, a row may have a table of its own (plan show). This module
 * finds the row that a command line means, checks words and options, prints help, and runs it. */

#include "notifier/cli/cli.h"

typedef struct Command Command;
struct Command {
  const char *name;
  const char *summary;      /* one line for the list */
  const char *words;        /* its words in the usage line ("PRODUCT/RELEASE FIELD=VALUE…"), "" for none */
  int min_words, max_words; /* max -1: any number */
  const ArgOption *options[4]; /* tables of options besides the global ones; NULL ends */
  const char *help;            /* what else there is to know, or NULL */
  guint roles; /* who may run it in a store that has users, as ROLE_BITs; 0: it only reads, or acts as kigen
                  itself, and everybody may */
  /* Does the work and prints. Errors: any; cli_error_exit says what they mean. NULL for a row with
   * subcommands. */
  bool (*run)(Cli *cli, const Args *args, GError **error);
  const Command *const *subcommands; /* NULL-terminated; NULL: none */
  bool hidden;                       /* kigen itself calls it: no list shows it */
};

/* Every command, in the order of the list; NULL-terminated. */
extern const Command *const command_table[];

/* Runs the command line; errors are reported on standard error. Returns the exit code. */
int command_main(int argc, char **argv);

#endif
