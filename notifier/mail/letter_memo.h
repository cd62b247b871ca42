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

/* Gives `object` the part that was kept as `key`, among the letter's `parts` (context_part_give). False: none
 * was, or `memo` is NULL. */
bool letter_memo_give(LetterMemo *memo, const char *key, json_t *object, GPtrArray *parts);

/* The same with a part made now of `json` (taken), which is kept as `key` unless `memo` is NULL. */
void letter_memo_give_new(LetterMemo *memo, const char *key, json_t *json, json_t *object, GPtrArray *parts);

/* What is remembered of calendars; NULL without a memo. */
FeedBlockMemo *letter_memo_blocks(LetterMemo *memo);

/* What is remembered of what is held; NULL without a memo. */
HeldPlans *letter_memo_plans(LetterMemo *memo);

#endif
