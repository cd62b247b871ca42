#ifndef KIGEN_NOTIFIER_PAGE_PAGE_DATE_H
#define KIGEN_NOTIFIER_PAGE_PAGE_DATE_H

/* Dates on pages: short in tables, long where one stands alone, and always with the days left until the end
 * of that last day (domain.md: every date is the LAST day of what it ends). `language` is "ja" or "en". Pure.
 */

#include <jansson.h>

#include "planner/effective.h"

/* 「2031年3月31日」 / "31 March 2031". Own string. */
char *page_date_short(Day day, const char *language);

/* 「あと494日」, 「本日まで」, 「12日前に終了」 / "494 days left", "today is the last day", "ended 12 days
 * ago". Own string. */
char *page_date_left(Day today, Day last, const char *language);

/* { text, long (with the era and weekday), iso, left, past } of a last day that is known, { text, tba } or
 * { text, unknown } of another. A new reference. */
json_t *page_date_json(PlanDate date, Day today, const char *language);

/* The same, and latest (it is the latest day that can hold), contract (an extension says it). */
json_t *page_date_end_json(EffectiveDate date, Day today, const char *language);

#endif
