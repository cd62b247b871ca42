#ifndef KIGEN_NOTIFIER_MAIL_LETTER_EVENTS_H
#define KIGEN_NOTIFIER_MAIL_LETTER_EVENTS_H

/* The events of the calendar attached to a letter: what the context keeps of them (templates/CONTEXT.md,
 * `events`). A program that has both file and feed knows them for the same: UID, SEQUENCE, LAST-MODIFIED and
 * DTSTART are the answer of notifier/feed/feed_history.h, which the recipient's feed gives too. */

#include <jansson.h>

#include "db/outbox_letter.h"

typedef struct {
  const char *language; /* "ja" or "en" */
  Day today;
  const char *uid_domain; /* right-hand side of UIDs */
} LetterEventsStyle;

/* The events of `notice`, in the order of Milestone: [ { key, uid, sequence, at, day, date, and what
 * notifier/feed/feed_ends.h sets } ]. Those in force alone, with the revision that the notice tells of: of a
 * plan that is not the one in the recipient's feed (another market's) there are none, for one UID cannot have
 * two days; of a withdrawal neither. A new reference. */
json_t *letter_events_json(const OutboxNotice *notice, const LetterEventsStyle *style);

#endif
