#ifndef KIGEN_NOTIFIER_FEED_FEED_BLOCK_H
#define KIGEN_NOTIFIER_FEED_FEED_BLOCK_H

/* One event of a calendar as bytes. What differs from one customer's event to another's is the UID and what
 * the texts say of the customer: all else can be remembered. Only feed.c appends blocks. */

#include "notifier/feed/feed.h"

/* Stands for a backslash until libical is done: of X- values and CATEGORIES libical escapes the backslash,
 * but neither comma nor semicolon, so that nobody can escape those before it. Cleaned text has no control
 * character. */
#define FEED_BLOCK_BACKSLASH '\x01'

/* Appends libical's `text` of `length` bytes, which it changes: the marks become backslashes, and lines are
 * folded anew. */
void feed_block_append_folded(GString *out, char *text, gsize length);

/* Appends a content line (RFC 5545 3.1, 3.3.11) of `name` ("SUMMARY:") and cleaned `text`, folded, the bytes
 * that libical would write: it takes ten times as long, and such lines are nearly all of a calendar. An empty
 * one is left out: libical could not read it back. */
void feed_block_append_text(GString *out, const char *name, const GString *text);

/* Appends `event`, BEGIN to END, in `language`, with what `blocks` remembers; `scratch` may hold anything.
 * Errors: FEED_ERROR, and `out` is as it was. */
bool feed_block_append(GString *out, FeedBlockMemo *blocks, const char *language, const FeedEvent *event,
                       GString *scratch, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
