#ifndef KIGEN_NOTIFIER_MAIL_LETTER_WEBHOOK_H
#define KIGEN_NOTIFIER_MAIL_LETTER_WEBHOOK_H

/* A letter to a program: the JSON document that is posted to a contact's webhook (kigen-deliver(8),
 * Webhooks). It has the facts as codes and ISO dates, and the letter itself as text, so that nothing is said
 * less. */

#include "notifier/mail/letter_context.h"

/* True when `letter` goes to a webhook. */
bool letter_webhook_is(const OutboxLetter *letter);

/* The facts, to be frozen as the context's member "webhook". A new reference. */
json_t *letter_webhook_json(const OutboxLetter *letter, const LetterStyle *style);

/* The bytes to post, from a frozen context (with link and codes in it) that has facts, and the letter as its
 * templates render it. */
GBytes *letter_webhook_body(const json_t *context, const char *subject, const char *text);

#endif
