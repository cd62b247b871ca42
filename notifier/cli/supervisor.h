#ifndef KIGEN_CLI_SUPERVISOR_H
#define KIGEN_CLI_SUPERVISOR_H

/* Runs kigen's services as children and keeps them running: one that dies is started again, at once the first
 * time, then after 1 second doubling to a minute. The children end when their supervisor does, however it
 * ends. */

#include <glib.h>
#include <stdbool.h>

/* A child. Nothing is owned. */
typedef struct {
  const char *name;  /* for messages, "kigen web" */
  char *const *argv; /* the name it sees for itself first; the program is this very one */
  int reload_signal; /* what makes it read its configuration again */
} SupervisorProgram;

#define SUPERVISOR_ERROR (supervisor_error_quark())
typedef enum {
  SUPERVISOR_ERROR_START, /* a child cannot be started at all */
  SUPERVISOR_ERROR_STOP   /* one did not end in order when it was told to */
} SupervisorError;
GQuark supervisor_error_quark(void);

/* Runs them until SIGTERM or SIGINT, stops them with SIGTERM and waits; SIGHUP reaches each as its
 * reload_signal. A child that ends with an exit code of its own as soon as it was started for the first time
 * cannot work here (a port that is taken): the others are stopped, and *ret_exit is that code, after it has
 * said why itself. 0 otherwise. Starts and deaths are told on standard error. */
bool supervisor_run(const SupervisorProgram *programs, gsize n, int *ret_exit, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
