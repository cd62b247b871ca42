#ifndef KIGEN_CLI_SERVICE_H
#define KIGEN_CLI_SERVICE_H

/* What a program has to do with the service manager that started it (systemd's sd_listen_fds(3) and
 * sd_notify(3), of which only the protocol is needed). Without one these do nothing. */

/* The listening socket that the manager handed over, or 0. Asked once: the environment then no longer says
 * so, and no child inherits it. */
int service_socket(void);

/* Tells the manager `state`, like "READY=1". */
void service_notify(const char *state);

/* Tells it that the configuration is being read again; "READY=1" ends it. */
void service_notify_reloading(void);

#endif
