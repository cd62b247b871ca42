#ifndef KIGEN_PLANNER_ERA_H
#define KIGEN_PLANNER_ERA_H

/* Japanese eras from 明治 on. Private to planner/: date_text reads and writes them. */

#include "planner/day.h"

typedef struct {
  const char *name; /* 「令和」 */
  char letter;      /* 'R' */
  int year_before;  /* the year before its first year: year 1 of the era is year_before + 1 */
  Day first;        /* from here on the era is read and written */
  Day last;         /* its last day, DAY_NONE: it goes on */
} Era;

/* The era that `day` is in, into *ret_era; false before 1873 (明治6年): until then Japan counted months by
 * the moon. A day on which the era changed belongs to the new one. */
bool era_of_day(Day day, Era *ret_era);

/* The era whose name or letter (either case) stands at *text; moves *text behind it. */
bool era_take(const char **text, Era *ret_era);

#endif
