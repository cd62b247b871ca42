#ifndef KIGEN_CLI_DELIVERY_VIEW_H
#define KIGEN_CLI_DELIVERY_VIEW_H

/* What a delivery has done, as text and as JSON. */

#include "notifier/cli/cli.h"
#include "notifier/mail/deliver.h"

/* As one document. */
Json *delivery_view_json(const DeliverReport *report, const char *transport);
/* As lines on standard output, warnings on standard error. */
void delivery_view_print(const DeliverReport *report, const char *transport);

/* The exit code of a single run. */
CliExit delivery_view_exit(const DeliverReport *report);

#endif
