#ifndef KIGEN_PLANNER_DATE_TEXT_H
#define KIGEN_PLANNER_DATE_TEXT_H

/* Dates as people write them in Japanese files, and as letters show them. Import and forms use this; the
 * store does not: it keeps ISO. Accepted: 2031-03-31, 2031/3/31, 20310331, full-width digits,
 * 令和13年3月31日, R13.3.31, 2031年3月31日, 2031年3月末, 2031年度末 (= 2032-03-31), 平成43年3月31日 (with a
 * warning: the era had ended), ="2031-03-31" (Excel's text form); 99991231, 9999-12-31 and 未定 = not
 * announced (tba); 00000000 and empty = unknown. Refused, naming the likely cause: Excel serial numbers
 * (48304), 1.23E+13, a bare 2031/03, 31/03/2031 and every other guess. */

#include "planner/plan_date.h"

#define DATE_TEXT_ERROR (date_text_error_quark())
typedef enum {
  DATE_TEXT_ERROR_FORM,   /* not a form we know; the message says what it looks like and what to write instead
                           */
  DATE_TEXT_ERROR_NO_DAY, /* a form we know, but no such day (2031-02-29, 令和0年) */
  DATE_TEXT_ERROR_EXCEL   /* Excel's doing: a serial number, an exponent, a cut date */
} DateTextError;
GQuark date_text_error_quark(void);

/* Parses `text` (valid UTF-8, NULL counts as empty). *ret_warning (may be NULL) gets an own string or NULL:
 * what was accepted with doubt. Errors: DATE_TEXT_ERROR. */
bool date_text_parse(const char *text, PlanDate *ret_date, char **ret_warning, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* 「2031年3月31日（令和13年3月31日・月）」, the form of letters. From 明治6年 (1873) on; an earlier day has
 * no era part. */
char *date_text_japanese(Day day);

/* "Monday, 31 March 2031", the form of English letters. */
char *date_text_english(Day day);

#endif
