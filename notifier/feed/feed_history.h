#ifndef KIGEN_NOTIFIER_FEED_FEED_HISTORY_H
#define KIGEN_NOTIFIER_FEED_FEED_HISTORY_H

/* From the revisions of a plan and a holding to the state of one event (interop.md, Calendar feeds): is it
 * there, is it cancelled, and when did it change last. Pure.
 *
 * An event is what it says: its own day, EOL and EOS, for the events of EOL and EOS the limited-support plan
 * too and what feed_counter.h counts, and the holding (count, version). An extension for all of the holding
 * moves the event of EOS; the others say the plan's. A revision that changes none of these moves nothing.
 * What is said besides (names of product, organization and maker) is no part of the promise: a new name
 * reaches the feed, but raises no SEQUENCE. */

#include "db/held_set.h"

typedef struct {
  bool shown; /* false: no event; the rest is then not set */
  bool cancelled;
  const HeldRevision *revision; /* whose day and words it has; belongs to the holding's release */
  Day day;                      /* of EOS the extended one; the plan's is the revision's */
  int sequence;   /* revision since which it is as it is + holding version + withdrawals until then +
                     feed_counter.h */
  const char *at; /* LAST-MODIFIED: when that was; belongs to the holding or its release */
} FeedMoment;

/* The event of `milestone` of `holding` on `today`. A date that vanished, a plan withdrawn, a holding that
 * ended: the event stays for a year, cancelled, with its last day. What was over before the holding began, or
 * published after it ended, was never shown to it and is not shown now. */
FeedMoment feed_history_moment(const Holding *holding, Milestone milestone, Day today);

#endif
