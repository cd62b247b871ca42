#ifndef KIGEN_PLANNER_DATE_DOUBT_H
#define KIGEN_PLANNER_DATE_DOUBT_H

/* Why a text that is no date is none, and what to write instead. Private to planner/ (date_text). */

#include <glib.h>
#include <stdbool.h>

/* Sets DATE_TEXT_ERROR_FORM or DATE_TEXT_ERROR_EXCEL for `text` (NFKC, trimmed), and returns false. The
 * message goes on from the value: "looks like …: in Excel …". */
bool date_doubt_refuse(const char *text, GError **error);

#endif
