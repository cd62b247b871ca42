#ifndef KIGEN_NOTIFIER_EXCHANGE_HOLIDAYS_ICAL_H
#define KIGEN_NOTIFIER_EXCHANGE_HOLIDAYS_ICAL_H

/* Holidays out of an iCalendar file: its events of whole days (DTSTART as a DATE), repeated by RRULE and
 * RDATE without EXDATE, changed or cancelled occurrences (RECURRENCE-ID, STATUS:CANCELLED) among them. Events
 * with a time of day close nothing. Only holidays.c uses this. */

#include "planner/day.h"

#include <stdbool.h>

/* True when `text` is iCalendar. */
bool holidays_ical_is(const char *text);

/* Appends the days of `text`; `path` is for messages. Errors: IMPORT_ERROR_SYNTAX, with the line an event
 * begins on; some days may be appended then. */
bool holidays_ical_read(const char *text, const char *path, GArray *days, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
