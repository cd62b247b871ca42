#ifndef KIGEN_PLANNER_PERSON_H
#define KIGEN_PLANNER_PERSON_H

/* Whether a text names a person, for a request to show or to erase what is kept about them (個人情報保護法
 * 第33条, 第35条; GDPR art. 15, 17). Names are compared after NFKC and case folding, and written in kanji or
 * kana with or without blanks between their parts. A text that is about somebody else must not be taken for
 * theirs, for what is erased proves nothing any more: so a name counts only where it is no part of a longer
 * one (林 誠 is not in 小林誠一), and one in letters only as whole words. */

#include <glib.h>
#include <stdbool.h>

typedef struct Person Person;

/* By `name`, and by `email` (or NULL). */
Person *person_new(const char *name, const char *email);
void person_free(Person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)

/* True when `text` (NULL allowed) names them or holds their e-mail address. */
bool person_is_in(const Person *person, const char *text);

/* The same of a text that person_fold has made: for many persons and one text. */
bool person_is_in_folded(const Person *person, const char *folded);
/* NFKC, case folded, every run of blanks one space, none at the ends; what is no UTF-8 is mended. Own string.
 */
char *person_fold(const char *text);

/* The name by which two spellings are one: folded, without blanks. Own string; "" for a text of blanks. */
char *person_key(const char *name);

#endif
