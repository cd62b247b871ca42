#ifndef KIGEN_CLI_SIMULATION_H
#define KIGEN_CLI_SIMULATION_H

/* Days to come, played on a copy of the store in a folder of its own: what would go to whom. */

#include "db/outbox_list.h"
#include "notifier/cli/due.h"

typedef struct Simulation Simulation;

/* Copies `db` and finds what its published plans have to tell from `from` to `until`. Errors: DB_ERROR,
 * G_FILE_ERROR. */
bool simulation_new(Db *db, Day from, Day until, const Policy *policy, const BusinessCalendar *calendar,
                    Simulation **ret_simulation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes the copy. */
void simulation_free(Simulation *simulation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Simulation, simulation_free)

/* Plays the next day on which something goes out: *ret_day and *ret_messages (GPtrArray of OutboxRow);
 * DAY_NONE and NULL behind the last. */
bool simulation_next(Simulation *simulation, Day *ret_day, GPtrArray **ret_messages, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
