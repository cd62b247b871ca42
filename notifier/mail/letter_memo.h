#ifndef KIGEN_NOTIFIER_MAIL_LETTER_MEMO_H
#define KIGEN_NOTIFIER_MAIL_LETTER_MEMO_H

/* What letters that are made one after another share, so that it is made once: thousands of them tell of the
 * same plan, in the same words, by the same maker. It changes no byte of any letter. For one thread at a
 * time. */

#include "db/held_plans.h"
#include "notifier/feed/feed.h"
#include "notifier/template/context_part.h"

typedef struct LetterMemo LetterMemo;

LetterMemo *letter_memo_new(void);
void letter_memo_free(LetterMemo *memo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterMemo, letter_memo_free)

/* Forgets what depends on the store and on the maker's record. Call it whenever either may have changed: at
 * the latest with each read transaction. */
void letter_memo_begin(LetterMemo *memo);

/* The part that was kept as `key`; a new reference, NULL: none. NULL `memo`: nothing is ever kept. */
ContextPart *letter_memo_get(const LetterMemo *memo, const char *key);

/* Keeps `part` as `key`, with a reference of its own. */
void letter_memo_keep(LetterMemo *memo, const char *key, ContextPart *part);

/* What is remembered of calendars; NULL without a memo. */
FeedBlockMemo *letter_memo_blocks(LetterMemo *memo);

/* What is remembered of what is held; NULL without a memo. */
HeldPlans *letter_memo_plans(LetterMemo *memo);

#endif
