#ifndef KIGEN_CLI_ACKNOWLEDGEMENT_VIEW_H
#define KIGEN_CLI_ACKNOWLEDGEMENT_VIEW_H

/* Acknowledgements as people and programs read them. */

#include "db/acknowledgement_store.h"
#include "notifier/cli/cli.h"

Json *acknowledgement_view_json(const Acknowledgement *acknowledgement);
/* JSON array of all of `list` (of Acknowledgement). */
Json *acknowledgement_view_list_json(const GPtrArray *list);

/* One, as lines on standard output. */
void acknowledgement_view_print(const Acknowledgement *acknowledgement);
/* All of `list`, as a table with an empty line before it; nothing when there is none. */
void acknowledgement_view_print_list(const GPtrArray *list);

#endif
