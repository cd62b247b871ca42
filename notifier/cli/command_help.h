#ifndef KIGEN_CLI_COMMAND_HELP_H
#define KIGEN_CLI_COMMAND_HELP_H

/* The help of every command, printed from its row. */

#include "notifier/cli/command.h"

/* Prints the help of `command`, which is called as `path` ("kigen plan show"). */
void command_help_print(const Command *command, const char *path, FILE *stream);

#endif
