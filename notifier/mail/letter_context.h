#ifndef KIGEN_NOTIFIER_MAIL_LETTER_CONTEXT_H
#define KIGEN_NOTIFIER_MAIL_LETTER_CONTEXT_H

/* A whole letter as its templates see it (templates/CONTEXT.md), and the envelope that its bytes need
 * besides. */

#include <jansson.h>

#include "db/link_key.h"
#include "db/outbox_letter.h"
#include "notifier/mail/letter_memo.h"

/* What a letter has besides what it says. Nothing is owned. */
typedef struct {
  Day today;
  const char *now;          /* UTC instant, for the Date header */
  const char *from_name;    /* NULL: the maker's, in the letter's language */
  const char *from_address; /* mail.from */
  const char *reply_to;     /* or NULL: no such header */
  const char *uid_domain;   /* setting_store.h */
  GHashTable *maker;        /* maker_store.h */
  const char *audit_head;   /* audit_head_format_lines; NULL: the mail carries none */
  const char *base_url;     /* of the web service, for the acknowledgement link */
  const LinkKey *key;       /* for link and short code; NULL: the letter is answered by its document number */
  LetterMemo *memo;         /* what it shares with letters before it; NULL: nothing */
} LetterStyle;

/* Where `letter` goes: an e-mail address, or a webhook's; NULL: nowhere. Owned by the letter. */
const char *letter_context_address(const OutboxLetter *letter);

/* The context of `letter` without what it says in the same words as others: that goes into `parts`
 * (context_part.h), to be filled in. A new reference. Nothing in it but what the store and `style` say. */
json_t *letter_context_own(const OutboxLetter *letter, const LetterStyle *style, GPtrArray *parts);

/* The same, filled in; a new reference. */
json_t *letter_context_json(const OutboxLetter *letter, const LetterStyle *style);

#endif
