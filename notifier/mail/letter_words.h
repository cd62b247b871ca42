#ifndef KIGEN_NOTIFIER_MAIL_LETTER_WORDS_H
#define KIGEN_NOTIFIER_MAIL_LETTER_WORDS_H

/* The words of a letter that depend on who is addressed and on the day (domain.md, Letters in Japanese):
 * 宛名, 貴院, remaining time, dates. `language` is "ja" or "en" everywhere. Pure. */

#include "planner/day.h"

/* 「あと6か月」, 「あと2年」, 「あと5か月余り」, 「あと12日」 / "6 months left", "2 years left", "a little
 * over 5 months left", "12 days left": from `today` to the last day `end`. NULL from that day on. Own string.
 */
char *letter_words_remaining(Day today, Day end, const char *language);

/* `name` without an honorific at its end (様, 殿, 先生, 御中), which the letter adds itself. Own string. */
char *letter_words_person(const char *name);

/* What a contact with `role` ("device-safety-manager" …, or NULL) is called where no title is given, or NULL.
 */
const char *letter_words_title(const char *role, const char *language);

/* The whole 宛名 line: organization, department, title (each may be NULL), and the person with 様; without
 * one ご担当者様. In English commas, and no honorific. Own string. */
char *letter_words_attention(const char *organization, const char *department, const char *title,
                             const char *name, const char *language);

/* 貴院 for hospitals and clinics, 貴社 for companies; NULL for a regulator and in English. `role` is the
 * organization's. */
const char *letter_words_second_person(const char *role, const char *language);

/* A day as letters show it (date_text.h), and short, for tables: 「2025年4月1日」 / "2025-04-01". Own
 * strings. */
char *letter_words_date(Day day, const char *language);
char *letter_words_short_date(Day day, const char *language);

/* 「3台」 / "3 units", "1 unit". Own string. */
char *letter_words_units(gint64 n, const char *language);

#endif
