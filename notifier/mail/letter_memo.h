#ifndef KIGEN_NOTIFIER_MAIL_LETTER_MEMO_H
#define KIGEN_NOTIFIER_MAIL_LETTER_MEMO_H

/* What letters that are made one after another share, so that it is made once: thousands of them tell of the
 * same plan, in the same words, by the same maker. It changes no byte of any letter. For one thread at a
 * time. */

#include <jansson.h>

#include "notifier/feed/feed.h"

typedef struct LetterMemo LetterMemo;

LetterMemo *letter_memo_new(void);
void letter_memo_free(LetterMemo *memo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterMemo, letter_memo_free)

/* Forgets what depends on the store and on the maker's record. Call it whenever either may have changed: at
 * the latest with each read transaction. */
void letter_memo_begin(LetterMemo *memo);

/* The part that was kept as `key`; a new reference, NULL: none. Who takes it must not change it. NULL `memo`:
 * nothing is ever kept. */
json_t *letter_memo_get(const LetterMemo *memo, const char *key);

/* Keeps `part` as `key`, with a reference of its own. */
void letter_memo_keep(LetterMemo *memo, const char *key, json_t *part);

/* What is remembered of calendars; NULL without a memo. */
FeedBlockMemo *letter_memo_blocks(LetterMemo *memo);

#endif
