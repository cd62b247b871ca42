#ifndef KIGEN_CLI_PLAN_HISTORY_H
#define KIGEN_CLI_PLAN_HISTORY_H

/* What happened to a revision, as text and as JSON: every event with who, in which role, when and why. What
 * was done before kigen kept events is told from the revision's own row. */

#include "db/plan_event_store.h"
#include "notifier/cli/cli.h"

/* The events of `row`, oldest first: GPtrArray of PlanEvent with free function. `next`: the revision that was
 * published after it, or NULL: a superseded one ends with that. */
bool plan_history_load(Db *db, const PlanRow *row, const PlanRow *next, GPtrArray **ret_events,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints them as a table. */
void plan_history_print(const GPtrArray *events);
Json *plan_history_json(const GPtrArray *events);

#endif
