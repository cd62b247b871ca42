#ifndef KIGEN_NOTIFIER_FEED_FEED_ENDS_H
#define KIGEN_NOTIFIER_FEED_FEED_ENDS_H

/* What an event of EOL or EOS says besides its plan, as calendar templates see it (templates/CONTEXT.md):
 * when units end that are made of two releases, and what extensions there are. A feed and the calendar
 * attached to a mail say the same. Pure. */

#include <jansson.h>

#include "db/held_set.h"

/* Sets in `object` the members extended, extension, own_extensions and mixed of the event of `milestone` of
 * `holding`, whose own date by the plan is `planned`, in `language` ("ja", "en"). What there is not is taken
 * out; of other milestones nothing is set. */
void feed_ends_set(json_t *object, const Holding *holding, Milestone milestone, PlanDate planned,
                   const char *language);

#endif
