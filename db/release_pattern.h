#ifndef KIGEN_DB_RELEASE_PATTERN_H
#define KIGEN_DB_RELEASE_PATTERN_H

/* Which releases a user's word means: "PRODUCT", "PRODUCT/RELEASE", with * and ? for anything (GPatternSpec).
 * A word without wildcards is left to the query, which finds it by index; a glob is matched row by row. For
 * the stores of db/ that list releases. */

#include "db/db.h"

typedef struct ReleasePattern ReleasePattern;

/* NULL means all. */
ReleasePattern *release_pattern_new(const char *pattern);
void release_pattern_free(ReleasePattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReleasePattern, release_pattern_free)

/* A query's condition over product p and release r; $1 is release_pattern_bind's. */
#define RELEASE_PATTERN_SQL "($1 IS NULL OR p.code = $1 OR p.code || '/' || r.name = $1)"
/* Binds $1 to the exact word, or to NULL where the query must give every release. */
void release_pattern_bind(const ReleasePattern *pattern, DbStatement *statement);

/* Whether a row that the query gave is meant. `release` NULL: the product as a whole. */
bool release_pattern_matches(const ReleasePattern *pattern, const char *product, const char *release);

#endif
