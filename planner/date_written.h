#ifndef KIGEN_PLANNER_DATE_WRITTEN_H
#define KIGEN_PLANNER_DATE_WRITTEN_H

/* The grammar of dates in Japanese files: what is written, before anybody asks whether there is such a day.
 * Private to planner/ (date_text, date_doubt). The text is NFKC, without blanks at its ends. */

#include "planner/era.h"

typedef enum {
  ENDS_DAY,        /* year, month, day */
  ENDS_MONTH,      /* 2031年3月末 */
  ENDS_FISCAL_YEAR /* 2031年度末: 31 March of the next year */
} WrittenEnd;

typedef struct {
  bool in_era;
  Era era;
  int year; /* as written: of the era, if there is one */
  int month, day;
  WrittenEnd end;
} Written;

/* Reads the date that stands at the front of `text`. NULL when none does, else where it ends (blanks
 * skipped): the text is a date when that is its end. */
const char *date_written_read(const char *text, Written *ret_written);

/* The same for a year and a month without a day: 2031年, 2031年3月. */
const char *date_written_read_month(const char *text);

#endif
