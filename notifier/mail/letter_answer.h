#ifndef KIGEN_NOTIFIER_MAIL_LETTER_ANSWER_H
#define KIGEN_NOTIFIER_MAIL_LETTER_ANSWER_H

/* How a letter is answered: the acknowledgement link and the short codes. What is frozen of them is what they
 * are made from; they themselves are made of it and the link key whenever the letter is rendered, and never
 * kept (db/acknowledgement_link.h). */

#include "notifier/mail/letter_context.h"

/* What a context keeps of it: { message, base_url, asks_transfer }. NULL where no notice of the letter asks
 * for anything, or `style` has no key or base_url. `notices`: the context's. A new reference. */
json_t *letter_answer_json(const OutboxLetter *letter, const LetterStyle *style, const json_t *notices);

/* True when `context` has one that was not put in yet, so that it takes a key to render it. */
bool letter_answer_needs_key(const json_t *context);

/* Puts link and codes into `context` (templates/CONTEXT.md, answer), which was frozen with them. */
void letter_answer_reveal(json_t *context, const LinkKey *key);

#endif
