#ifndef KIGEN_NOTIFIER_MAIL_LETTER_NOTICE_H
#define KIGEN_NOTIFIER_MAIL_LETTER_NOTICE_H

/* One notice of a letter as its templates see it (templates/CONTEXT.md, `notices`). */

#include <jansson.h>

#include "db/outbox_letter.h"
#include "notifier/mail/letter_memo.h"

/* What the notices of a letter share. */
typedef struct {
  const char *language;   /* "ja" or "en" */
  Day today;              /* for the remaining time */
  gint64 recipient;       /* row id of the recipient's organization */
  const char *uid_domain; /* right-hand side of event UIDs */
  LetterMemo *memo;       /* what its letter shares with letters before it; NULL: nothing */
  GPtrArray *parts;       /* of the letter: what a notice names goes in here */
} LetterNoticeStyle;

/* The object of `notice`, the `number`th of its letter (from 1), with its part still to be filled in. A new
 * reference. */
json_t *letter_notice_json(const OutboxNotice *notice, int number, const LetterNoticeStyle *style);

#endif
