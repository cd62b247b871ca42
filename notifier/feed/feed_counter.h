#ifndef KIGEN_NOTIFIER_FEED_FEED_COUNTER_H
#define KIGEN_NOTIFIER_FEED_FEED_COUNTER_H

/* How often that changed which an event says besides its own plan and holding: extensions, with which other
 * releases units are made, and when these end. A sum of counters of which none ever falls, so that SEQUENCE
 * does not; each moves only when the event's words do. Only events of EOL and EOS say any of it, of an
 * extension only EOS. Pure; part of feed_history.h. */

#include "db/held_set.h"

typedef struct {
  gint64 n;
  const char *at; /* when it last did, UTC instant; NULL: never. Belongs to the holding, or another one's */
} FeedCounter;

FeedCounter feed_counter(const Holding *holding, Milestone milestone);

#endif
