#ifndef KIGEN_NOTIFIER_FEED_FEED_TEXT_H
#define KIGEN_NOTIFIER_FEED_FEED_TEXT_H

/* Text on its way into a calendar: libical passes control bytes and bad UTF-8 through and lets CR/LF in some
 * values begin properties of their own, so every text is cleaned first. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  FEED_TEXT_LINE, /* one line: line breaks and tabs become spaces; at most FEED_TEXT_LINE_MAX bytes */
  FEED_TEXT_LINES /* line breaks stay, as \n; at most FEED_TEXT_LINES_MAX bytes */
} FeedTextShape;

#define FEED_TEXT_LINE_MAX 1024
#define FEED_TEXT_LINES_MAX (16 * 1024)

/* Sets `out` to `text` cleaned: bytes that are no UTF-8 and control characters become U+FFFD, CRLF and CR a
 * line break, blanks at both ends go, and what is too long ends in "…". NULL counts as empty. Returns
 * out->str. */
const char *feed_text_clean(GString *out, const char *text, FeedTextShape shape);

/* Sets `out` to `url` when it is an absolute http or https URL without blanks, control characters and
 * quotes, and not longer than 2,000 bytes; characters outside ASCII become %XX. False, and `out` empty,
 * otherwise (NULL included): an event without a link is better than one with a link that is something
 * else. */
bool feed_text_url(GString *out, const char *url);

/* Appends cleaned `text` escaped as a TEXT value (RFC 5545 §3.3.11), with `backslash` where the value is to
 * have a backslash. */
void feed_text_escape(GString *out, const char *text, char backslash);

#endif
