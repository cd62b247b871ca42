#ifndef KIGEN_NOTIFIER_MAIL_LETTER_SUBJECT_H
#define KIGEN_NOTIFIER_MAIL_LETTER_SUBJECT_H

/* What a notice is about, as templates see it: whom it concerns, a product and its release, that customer's
 * devices of it. Of a plan's notice and of each part of an advisory's. Only letter_notice.c and
 * letter_advisory.c use this. */

#include "notifier/mail/letter_notice.h"

/* Sets organization { name, other }. */
void letter_subject_set_organization(json_t *object, const OutboxNotice *notice,
                                     const LetterNoticeStyle *style);
/* Sets product, release, release_kind, is_software. */
void letter_subject_set_release(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style);
/* Sets devices, ends_differ, devices_more, device_count. */
void letter_subject_set_devices(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style);
/* Sets asks_receipt, asks_transfer, and where it was given already receipt_given, transfer_given; and
 * escalated. Of an advisory every notice asks for a receipt, its withdrawal too. */
void letter_subject_set_answer(json_t *object, const OutboxNotice *notice);

#endif
