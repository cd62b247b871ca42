#ifndef KIGEN_NOTIFIER_MAIL_LETTER_ADVISORY_H
#define KIGEN_NOTIFIER_MAIL_LETTER_ADVISORY_H

/* One advisory of a letter as its templates see it (templates/CONTEXT.md, `notices`). Only letter_notice.c
 * uses this. */

#include "notifier/mail/letter_notice.h"

/* The object of `notice`, which is of an advisory, the `number`th of its letter. A new reference. */
json_t *letter_advisory_json(const OutboxNotice *notice, int number, const LetterNoticeStyle *style);

#endif
