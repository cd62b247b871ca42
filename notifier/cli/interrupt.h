#ifndef KIGEN_CLI_INTERRUPT_H
#define KIGEN_CLI_INTERRUPT_H

/* SIGINT and SIGTERM as a flag, so that long work and services end in order. A second signal ends the program
 * at once. */

#include <signal.h>
#include <stdbool.h>

/* Catches both from now on. *flag becomes non-zero when one came. */
const volatile sig_atomic_t *interrupt_watch(void);

/* Catches SIGHUP as well: it ends nothing, but wakes interrupt_wait. */
void interrupt_watch_hangup(void);
/* True when one came since the last call. */
bool interrupt_take_hangup(void);

/* A child that ends wakes interrupt_wait too, from now on. */
void interrupt_watch_children(void);

/* Keeps them away from this thread and those it starts from now on: only interrupt_wait lets them in. */
void interrupt_hold(void);
/* Lets them in again: for a child before it becomes another program, and for who waits in other ways. */
void interrupt_release(void);

/* Waits until a signal came, or `seconds` have passed (-1: without end). */
void interrupt_wait(int seconds);

#endif
