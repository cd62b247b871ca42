#ifndef KIGEN_NOTIFIER_EXCHANGE_WORDS_H
#define KIGEN_NOTIFIER_EXCHANGE_WORDS_H

/* The words that columns of fixed words take (values_word): those the store keeps, and what Japanese files
 * say for them. */

#include "notifier/exchange/values.h"

extern const ValueWord words_scope[];        /* art12_3 */
extern const ValueWord words_harm[];         /* serious_harm */
extern const ValueWord words_kind[];         /* kind of a release */
extern const ValueWord words_organization[]; /* role of an organization */
extern const ValueWord words_language[];     /* language */
extern const ValueWord words_contact[];      /* role of a contact */
extern const ValueWord words_channel[];      /* channel */
extern const ValueWord words_status[];       /* status of a device */
extern const ValueWord words_custody[];      /* role of a custody */
extern const ValueWord words_presentation[]; /* how a plan was shown */
extern const ValueWord words_handover[];     /* how a notice was passed on */

#endif
