#ifndef KIGEN_CLI_ADVISORY_VIEW_H
#define KIGEN_CLI_ADVISORY_VIEW_H

/* Advisories as commands show them. */

#include "db/advisory_store.h"
#include "db/advisory_telling.h"
#include "notifier/cli/cli.h"

/* Number, revision, state, kind, texts, releases, who did what when, and what it does not seem to say
 * (wants). */
Json *advisory_view_json(const AdvisoryRow *row);

/* All of it as text, with its history (GPtrArray of AdvisoryEvent). */
void advisory_view_print(const AdvisoryRow *row, const GPtrArray *events);
/* The history as JSON. */
Json *advisory_view_events_json(const GPtrArray *events);

/* "KG-A0001, revision 2". Own string. */
char *advisory_view_name(const AdvisoryRow *row);

/* Warns of what it does not seem to say: stops nothing. */
void advisory_view_warn(const AdvisoryRow *row);

/* "12 organizations told, 9 new messages". Own string; and as members organizations, told_before, messages.
 */
char *advisory_view_telling(const AdvisoryTelling *telling);
void advisory_view_add_telling(Json *document, const AdvisoryTelling *telling);

#endif
