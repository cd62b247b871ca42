#ifndef KIGEN_NOTIFIER_MAIL_LETTER_EVENTS_H
#define KIGEN_NOTIFIER_MAIL_LETTER_EVENTS_H

/* The events of the calendar attached to a letter: what the context keeps of them (templates/CONTEXT.md,
 * `events`). A program that has both file and feed knows them for the same: UID, SEQUENCE, LAST-MODIFIED and
 * DTSTART are the answer of notifier/feed/feed_history.h, which the recipient's feed gives too. */

#include <jansson.h>

#include "db/outbox_letter.h"

/* The events of `notice` on `today`, in the order of Milestone: [ { key, uid, sequence, at, day } ]. Those in
 * force alone, with the revision that the notice tells of: of a plan that concerns the holder no more (its
 * market has one of its own now) there are none, for one UID cannot have two days; of a withdrawal neither.
 * `uid_domain` is the right-hand side of UIDs. A new reference. */
json_t *letter_events_json(const OutboxNotice *notice, Day today, const char *uid_domain);

#endif
