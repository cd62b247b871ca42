#ifndef KIGEN_NOTIFIER_TEMPLATE_CONTEXT_PART_H
#define KIGEN_NOTIFIER_TEMPLATE_CONTEXT_PART_H

/* What many letters say in the same words, as a part of its own: in the store it is kept once, by its hash,
 * and a letter's context has its name. An object of the context with the member `part` has the members of
 * that part besides its own. Whoever shows what a kept message said reads it by context_part_parse: letters,
 * pages, a person's export. */

#include <jansson.h>

#include "db/outbox_store.h"

/* Counts its references; of one thread. */
typedef struct ContextPart ContextPart;

/* Takes `json`, an object that nobody changes any more. */
ContextPart *context_part_new(json_t *json);
ContextPart *context_part_ref(ContextPart *part);
void context_part_unref(ContextPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContextPart, context_part_unref)

/* For the parts of a letter: GPtrArray of ContextPart, free it with g_ptr_array_unref. */
GPtrArray *context_part_array_new(void);

/* Gives `object` the `part` (taken), which goes into `parts` unless it is there. */
void context_part_give(json_t *object, ContextPart *part, GPtrArray *parts);

/* The member `key` of `object` or else of its part among `parts`; NULL: none. Borrowed. */
const json_t *context_part_member(const json_t *object, const GPtrArray *parts, const char *key);

/* Puts the members of their parts into the letter `context`, into its notices and their advisories, in place
 * of the parts' names. False: one that it names is not among `parts`; the others are filled in. */
bool context_part_fill(json_t *context, const GPtrArray *parts);

/* The parts as the store keeps them, GPtrArray of OutboxPart with free function; and back. A stored part that
 * is no JSON object is left out. */
GPtrArray *context_part_to_store(const GPtrArray *parts);
GPtrArray *context_part_from_store(const GPtrArray *kept);

/* What the kept `context` says, filled in; a new reference. NULL: it is no JSON object (none is left of what
 * was erased). False in *ret_whole: a part that it names is missing or was changed in the store, and its name
 * stands there still. */
json_t *context_part_parse(const OutboxContext *context, bool *ret_whole);

#endif
