#ifndef KIGEN_NOTIFIER_FEED_ICAL_FOLD_H
#define KIGEN_NOTIFIER_FEED_ICAL_FOLD_H

/* Folding of iCalendar content lines (RFC 5545 §3.1), done again after libical: libical folds legally, but
 * leaves "SUMMARY:" alone on a line and blanks at line ends, which clients lose. Any bytes may come in; no
 * byte of a line's content is ever lost (blanks before its name and CRs at its end are none of it). */

#include <glib.h>

#define ICAL_FOLD_OCTETS                                                                                     \
  75 /* a line's most, its CRLF not counted, the blank that begins a folded one counted */

/* Appends `length` bytes of iCalendar `text`, however folded (lines end in CRLF or LF), unfolded and folded
 * anew: every line ends in CRLF and has at most ICAL_FOLD_OCTETS octets; none is split inside a UTF-8
 * sequence or an escape (\,), nor beside a blank where another place is near; no line of a folded one is
 * empty. Empty lines are dropped. */
void ical_fold_text(GString *out, const char *text, gsize length);

#endif
