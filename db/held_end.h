#ifndef KIGEN_DB_HELD_END_H
#define KIGEN_DB_HELD_END_H

/* When what an organization holds ends: by the plan in force for it, and by its extensions
 * (planner/effective.h). Pure. */

#include "db/held_set.h"
#include "planner/effective.h"

/* The revision in force for the holding; NULL: none is, or `holding` is NULL. Belongs to its release. */
const HeldRevision *held_end_in_force(const Holding *holding);

/* EOL and EOS of the holding's release, now; `device`: the last day of a device's own extension (DAY_NONE: it
 * has none). Unknown for NULL, and where no plan is in force. */
EffectiveEnd held_end(const Holding *holding, Day device);

/* The plan's own date in force, before any extension. */
PlanDate held_end_planned(const Holding *holding, Milestone milestone);

/* True when the extension is something to tell beside the plan's EOS: it lies later, or it stands though the
 * plan has passed it. */
bool held_end_shows(HeldExtension extension, PlanDate eos);

#endif
