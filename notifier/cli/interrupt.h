#ifndef KIGEN_CLI_INTERRUPT_H
#define KIGEN_CLI_INTERRUPT_H

/* SIGINT and SIGTERM as a flag, so that long work ends in order. A second signal ends the program at once. */

#include <signal.h>

/* Catches both from now on. *flag becomes non-zero when one came. */
const volatile sig_atomic_t *interrupt_watch(void);

#endif
