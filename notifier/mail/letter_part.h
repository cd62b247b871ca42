#ifndef KIGEN_NOTIFIER_MAIL_LETTER_PART_H
#define KIGEN_NOTIFIER_MAIL_LETTER_PART_H

/* What many letters say in the same words, as a part of its own: in the store it is kept once, by its hash,
 * and a letter's context has its name. An object of the context with the member `part` has the members of
 * that part besides its own. */

#include <jansson.h>

#include "db/outbox_store.h"

/* Counts its references; of one thread. */
typedef struct LetterPart LetterPart;

/* Takes `json`, an object that nobody changes any more. */
LetterPart *letter_part_new(json_t *json);
LetterPart *letter_part_ref(LetterPart *part);
void letter_part_unref(LetterPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterPart, letter_part_unref)

/* For the parts of a letter: GPtrArray of LetterPart, free it with g_ptr_array_unref. */
GPtrArray *letter_part_array_new(void);

/* Gives `object` the `part` (taken), which goes into `parts` unless it is there. */
void letter_part_give(json_t *object, LetterPart *part, GPtrArray *parts);

/* The member `key` of `object` or else of its part among `parts`; NULL: none. Borrowed. */
const json_t *letter_part_member(const json_t *object, const GPtrArray *parts, const char *key);

/* Puts the members of their parts into the letter `context`, into its notices and their advisories, in place
 * of the parts' names. False: one that it names is not among `parts`; the others are filled in. */
bool letter_part_fill(json_t *context, const GPtrArray *parts);

/* The parts as the store keeps them, GPtrArray of OutboxPart with free function; and back. A stored part that
 * is no JSON object is left out. */
GPtrArray *letter_part_to_store(const GPtrArray *parts);
GPtrArray *letter_part_from_store(const GPtrArray *kept);

#endif
