#ifndef KIGEN_CLI_EXTENSION_VIEW_H
#define KIGEN_CLI_EXTENSION_VIEW_H

/* How extensions are shown: by `kigen extension` and by the reports. */

#include "db/extension_list.h"
#include "db/extension_store.h"
#include "notifier/cli/cli.h"

/* What was set, or found to be so already, for what the user called `release` and `organization`. */
void extension_view_set(const Cli *cli, const char *release, const char *organization,
                        const ExtensionRequest *request, const ExtensionResult *result);
/* What was ended. */
void extension_view_ended(const Cli *cli, gint64 id, Day today);

/* The rows (ExtensionRow) as a table, or as one JSON document. */
void extension_view_list(const Cli *cli, const GPtrArray *rows);
/* The table alone; nothing when there is no row. */
void extension_view_table(const GPtrArray *rows);
/* An array of one object a row. */
Json *extension_view_json(const GPtrArray *rows);

#endif
