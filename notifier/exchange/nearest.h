#ifndef KIGEN_NOTIFIER_EXCHANGE_NEAREST_H
#define KIGEN_NOTIFIER_EXCHANGE_NEAREST_H

/* The known word that somebody probably meant: smallest edit distance, width and case ignored. */

#include <glib.h>

typedef struct Nearest Nearest;

/* Looks for what is near to `word`. */
Nearest *nearest_new(const char *word);
void nearest_free(Nearest *nearest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Nearest, nearest_free)

/* Considers `candidate`, which must outlive the search. */
void nearest_consider(Nearest *nearest, const char *candidate);

/* The best so far, or NULL when none is near (more than a third of the letters differ). */
const char *nearest_found(const Nearest *nearest);

#endif
