#ifndef KIGEN_NOTIFIER_MAIL_LETTER_ENDS_H
#define KIGEN_NOTIFIER_MAIL_LETTER_ENDS_H

/* When support really ends for the recipient, as letters say it (templates/CONTEXT.md): by contract, and for
 * each device by its hardware and its software. */

#include <jansson.h>

#include "db/outbox_letter.h"

/* The EOS that a notice of EOS tells: the plan's, or the day to which contracts extended it for some. */
PlanDate letter_ends_told(const OutboxNotice *notice);

/* Sets in `object` extension and own_extensions, and of a notice of EOS told_eos and told_extended. */
void letter_ends_set_notice(json_t *object, const OutboxNotice *notice, const char *language);

/* Sets in `object` of a device of the notice eol_day and eos_day (ISO: its own last days, where they are
 * known), and `ends`: what of that is not simply the plan's date. Returns true when there is any. */
bool letter_ends_set_device(json_t *object, const OutboxDevice *device, const OutboxNotice *notice,
                            const char *language);

#endif
