#ifndef KIGEN_CLI_ERROR_H
#define KIGEN_CLI_ERROR_H

/* Errors of the command line's own, and what every error of every module means as an exit code. */

#include <glib.h>

#define CLI_ERROR (cli_error_quark())
typedef enum {
  CLI_ERROR_REFUSED,    /* by a rule, or bad input */
  CLI_ERROR_USAGE,      /* the command line itself is wrong */
  CLI_ERROR_ENVIRONMENT /* store, disk, network, configuration */
} CliError;
GQuark cli_error_quark(void);

/* Exit codes of the program (architecture.md, Command line). */
typedef enum {
  CLI_EXIT_DONE = 0,
  CLI_EXIT_REFUSED = 1,
  CLI_EXIT_USAGE = 2,
  CLI_EXIT_ENVIRONMENT = 3,
  CLI_EXIT_DATA = 65,     /* to a mail system: EX_DATAERR of sysexits(3), the mail goes back */
  CLI_EXIT_TRY_AGAIN = 75 /* to a mail system: EX_TEMPFAIL, it keeps the mail and tries again */
} CliExit;

/* The exit code that `error` (not NULL) stands for. */
CliExit cli_error_exit(const GError *error);

#endif
