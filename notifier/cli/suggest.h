#ifndef KIGEN_CLI_SUGGEST_H
#define KIGEN_CLI_SUGGEST_H

/* "Did you mean …?": the nearest of some known words. Pure. */

#include <glib.h>
#include <stdbool.h>

/* Single-character insertions, deletions, substitutions and swaps of neighbours from `a` to `b` (bytes). */
guint suggest_distance(const char *a, const char *b);

/* The word of `known` (NULL-terminated) nearest to `word`, or NULL when none is near enough to be meant. A
 * word that `word` begins counts as near. */
const char *suggest_nearest(const char *word, const char *const *known);

/* "did you mean lines?", or, where nothing is near, "known are: eol, eos". Own string. */
char *suggest_hint(const char *word, const char *const *known);

#endif
