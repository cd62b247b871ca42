#ifndef KIGEN_CLI_HANDOVER_VIEW_H
#define KIGEN_CLI_HANDOVER_VIEW_H

/* How commands show what people did with a message: posted, returned, handed over, passed on. */

#include "db/handover_store.h"
#include "notifier/cli/cli.h"

/* `list` (of Handover) as JSON, and as a table after an empty line; without any nothing. */
Json *handover_view_list_json(const GPtrArray *list);
void handover_view_print_list(const GPtrArray *list);

/* Customers who were not reported back (of HandoverCustomer): their codes as JSON, and a line for each. */
Json *handover_view_open_json(const GPtrArray *list);
void handover_view_print_open(const GPtrArray *list);

#endif
