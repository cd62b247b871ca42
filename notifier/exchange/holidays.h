#ifndef KIGEN_NOTIFIER_EXCHANGE_HOLIDAYS_H
#define KIGEN_NOTIFIER_EXCHANGE_HOLIDAYS_H

/* Days closed besides weekends, out of a file that somebody else keeps: a list with one day a line, the
 * Cabinet Office's CSV of national holidays (国民の祝日・休日月日,国民の祝日・休日名称, in CP932), or an
 * iCalendar file (RFC 5545). Which of them it is the content says, not the name. */

#include "notifier/exchange/import_error.h"
#include "planner/day.h"

#include <stdbool.h>

/* Bytes of a file, and days it may name: more is not a list of holidays. */
#define HOLIDAYS_SIZE_MAX (4 * 1024 * 1024)
#define HOLIDAYS_DAYS_MAX 100000
/* Days of an iCalendar file count up to the last day of this year: a rule need not have an end. */
#define HOLIDAYS_LAST_YEAR 2100

/* Appends the days of the file at `path` to `days` (GArray of Day), rising, each once; *ret_last is
 * the latest. Errors: IMPORT_ERROR_FILE, IMPORT_ERROR_TEXT, IMPORT_ERROR_SYNTAX, with file, line and remedy;
 * `days` is then as before. */
bool holidays_read(const char *path, GArray *days, Day *ret_last, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
