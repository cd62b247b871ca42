#ifndef KIGEN_CLI_SIMULATION_H
#define KIGEN_CLI_SIMULATION_H

/* Days to come, played on a copy of the store in a folder of its own, by the same code that delivers: what
 * would go to whom. */

#include "db/outbox_list.h"
#include "notifier/cli/due.h"

typedef struct Simulation Simulation;

/* Copies `db` and finds the days from `from` to `until` on which its published plans have something to tell;
 * with `silent` nobody ever confirms anything, and next contacts are asked on further days.
 * `policy` and `calendar` must live as long as the simulation. Errors: DB_ERROR, G_FILE_ERROR. */
bool simulation_new(Db *db, Day from, Day until, const Policy *policy, const BusinessCalendar *calendar,
                    bool silent, Simulation **ret_simulation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes the copy. */
void simulation_free(Simulation *simulation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Simulation, simulation_free)

/* Days to play (more may come while they are played), and how many of them are over. */
guint simulation_days(const Simulation *simulation);
guint simulation_played(const Simulation *simulation);

/* Plays the next day: *ret_day and *ret_tellings, which may be empty (GPtrArray of OutboxTelling, those of
 * one message behind one another). Call it while fewer than
 * simulation_days() are played. */
bool simulation_next(Simulation *simulation, Day *ret_day, GPtrArray **ret_tellings, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
